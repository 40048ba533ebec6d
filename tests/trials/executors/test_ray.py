"""A sweep on a Ray cluster of two logical nodes on this machine, one of which is lost in the middle."""

import os
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest
from fake_trials import is_there, run, run_here, run_when_free, run_with_data_until_2, trial, wait_for

from analysis.problem import Problem
from analysis.trials import Store
from analysis.trials.executors.ray import _start, on_ray
from analysis.trials.sweep import sweep

ray = pytest.importorskip("ray", reason="needs the extra [ray]")
SUPPORT = Path(__file__).parents[2] / "support"


OBJECT_STORE = 80 * 1024**2  # bytes; Ray wants this much at least


@pytest.fixture(scope="module", autouse=True)
def workers_find_the_fakes():
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(SUPPORT), prepend=os.pathsep)
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        yield


@pytest.fixture(scope="module")
def head():
    """A cluster of one node with two processors and a logical GPU, started and stopped here."""
    from ray.cluster_utils import Cluster

    node = {"num_cpus": 2, "num_gpus": 1, "object_store_memory": OBJECT_STORE, "include_dashboard": False}
    try:
        cluster = Cluster(initialize_head=True, head_node_args=node)
    except Exception:  # a busy machine misses the 30 s that Ray waits for its own processes
        cluster = Cluster(initialize_head=True, head_node_args=node)
    yield cluster
    cluster.shutdown()


@pytest.fixture
def cluster(head, monkeypatch):
    """The cluster, named by RAY_ADDRESS."""
    monkeypatch.setenv("RAY_ADDRESS", head.address)
    yield head
    ray.shutdown()


def started(folder):
    """Node and process of each trial that has started."""
    return [(node, int(process)) for _, node, process in (path.name.split("@") for path in folder.glob("*@*"))]


def test_a_node_is_lost_and_nothing_with_it(cluster, tmp_path):
    """Both nodes are full when one is killed; its trials start again on the other, the rest start once."""
    other = cluster.add_node(num_cpus=2, object_store_memory=OBJECT_STORE)
    trials = [trial(seed) for seed in range(8)]

    def lose_a_node():
        wait_for(lambda: len(started(tmp_path)) == 4)  # as many as there are processors
        lost = [process for node, process in started(tmp_path) if node == other.node_id]
        cluster.remove_node(other, allow_graceful=False)
        wait_for(lambda: not any(map(is_there, lost)))
        (tmp_path / "go").touch()
        return len(lost)

    with ThreadPoolExecutor() as pool:
        loss = pool.submit(lose_a_node)
        records = sweep(trials, Store(tmp_path / "store"), on_ray(partial(run_when_free, tmp_path), jobs=4))
    assert loss.result() == 2
    assert [record.result for record in records] == [run(trial).result for trial in trials]
    assert sorted(record.attempts for record in records) == [1] * 6 + [2] * 2
    assert not ray.is_initialized()


def test_four_trials_share_a_gpu(cluster, tmp_path):
    """A quarter of the one GPU each: four run, the fifth waits."""
    execute = on_ray(partial(run_when_free, tmp_path), cpus=0, gpus=0.25)
    trials, most = [trial(seed) for seed in range(6)], []

    def look(event, trial, record):
        if event == "started" and trial.seed == 5:  # five are submitted
            wait_for(lambda: len(started(tmp_path)) >= 4)
            time.sleep(0.5)  # in which another one would start if it could
            most.append(len(started(tmp_path)))
            (tmp_path / "go").touch()

    assert len(sweep(trials, Store(tmp_path / "store"), execute, look)) == 6
    assert most == [4]


def test_without_a_cluster_a_local_one_starts_and_stops(tmp_path, monkeypatch):
    """It runs what it is given in processes of its own, and does not retry a trial's own error."""
    store, starts = Store(tmp_path), []
    monkeypatch.delenv("RAY_ADDRESS", raising=False)
    with pytest.raises(Problem, match="^no data here$"):
        sweep(
            [trial(seed) for seed in range(3)],
            store,
            on_ray(run_with_data_until_2, jobs=1),
            lambda event, trial, record: starts.append(trial.seed) if event == "started" else None,
        )
    assert starts == [0, 1, 2]
    assert [r.attempts for r in store.records()[0]] == [1, 1]
    assert all(r.provenance["process"] != os.getpid() for r in store.records()[0])
    assert not ray.is_initialized()


@pytest.mark.parametrize(("failures", "starts"), [(1, 2), (2, 2)])
def test_a_start_that_times_out_is_tried_again_once(monkeypatch, failures, starts):
    asked, stopped = [], []

    def init(*_, **__):
        asked.append(True)
        if len(asked) <= failures:
            raise Exception("The current node timed out during startup.")

    fake = SimpleNamespace(init=init, shutdown=lambda: stopped.append(True))
    if failures < 2:
        _start(fake)
    else:
        with pytest.raises(Problem, match="did not start on this machine within 30 s, twice"):
            _start(fake)
    assert (len(asked), len(stopped)) == (starts, failures)


def test_another_error_of_the_start_is_its_own(monkeypatch):
    def init(*_, **__):
        raise ValueError("no such option")

    with pytest.raises(ValueError, match="no such option"):
        _start(SimpleNamespace(init=init, shutdown=lambda: None))


def test_a_gpu_that_is_not_there(tmp_path, monkeypatch):
    """It would be waited for without end."""
    stopped = []
    fake = SimpleNamespace(
        is_initialized=bool, init=lambda *a, **k: None, cluster_resources=dict, shutdown=lambda: stopped.append(True)
    )
    monkeypatch.delenv("RAY_ADDRESS", raising=False)
    monkeypatch.setattr("analysis.trials.executors.ray._ray", lambda: fake)
    with pytest.raises(Problem, match="a trial wants 2 GPU and this machine has none to give"):
        sweep([trial(9)], Store(tmp_path), on_ray(run_here, gpus=2))
    assert stopped == [True]
