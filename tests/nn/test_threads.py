"""Work is counted in whatever thread it runs; work that goes elsewhere is named."""

import _thread
import multiprocessing
import threading
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing.pool import Pool, ThreadPool

import pytest
import torch

from analysis.nn.counting import Totals
from analysis.nn.threads import ELSEWHERE, everywhere

X = torch.ones(3, 4)


def product(_=None):
    return X @ X.T


def counted(run):
    totals = Totals()
    with everywhere(totals):
        run()
    return totals


def bare():
    done = threading.Event()
    _thread.start_new_thread(lambda: (product(), done.set()), ())
    done.wait()


OLD, OLD_POOL = ThreadPoolExecutor(1), ThreadPool(1)


@pytest.fixture(scope="module", autouse=True)
def pools():
    """They end with the tests."""
    yield
    OLD.shutdown()
    OLD_POOL.terminate()


WAYS = {
    "bare": bare,
    "executor": lambda: OLD.submit(product).result(),
    "map of an executor": lambda: list(OLD.map(product, [0])),
    "apply": lambda: OLD_POOL.apply(product),
    "map": lambda: OLD_POOL.map(product, [0]),
    "starmap": lambda: OLD_POOL.starmap(product, [(0,)]),
    "imap": lambda: list(OLD_POOL.imap(product, [0])),
    "imap in pieces": lambda: list(OLD_POOL.imap_unordered(product, [0], 2)),
}


@pytest.mark.parametrize("way", WAYS)
def test_functions_in_threads_and_old_pools_are_counted(way):
    OLD.submit(int).result()  # its thread is there
    totals = counted(WAYS[way])
    assert (totals.counts["madds"], totals.notes) == (3 * 4 * 3, [])


def processes():
    context = multiprocessing.get_context("fork")
    process = context.Process(target=int)
    process.start()
    process.join()


def executor():
    with ProcessPoolExecutor(1, multiprocessing.get_context("fork")) as pool:
        pool.submit(int).result()


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("run", [processes, executor])
def test_work_for_another_process_is_named(run):
    assert counted(run).notes == [ELSEWHERE]


def test_everything_is_as_before_after_an_error():
    places = [
        (threading.Thread, "start"),
        (_thread, "start_new_thread"),
        (ThreadPoolExecutor, "submit"),
        (Pool, "imap"),
    ]
    before = [getattr(*place) for place in places]
    with pytest.raises(ZeroDivisionError):
        counted(lambda: 1 / 0)
    assert [getattr(*place) for place in places] == before
