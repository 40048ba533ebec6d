"""Every network has its turns, and the answer is written."""

import torch

from analysis.nn.latency import latencies
from experiments.answers.answer import write
from experiments.measurements.latency.measure import measure
from experiments.measurements.latency.rows import COSTS, correlations, published, stored
from experiments.measurements.latency.view import answer


def test_every_contestant_has_its_turns():
    calls = []
    found = latencies({name: lambda name=name: calls.append(name) for name in "ab"}, rounds=3, seconds=0.0)
    assert all(len(found[name].turns) == 3 and found[name].low <= found[name].median for name in "ab")
    assert calls.count("a") == calls.count("b") == 3 * (2 + 3)


def test_measured_and_written(tmp_path):
    threads = torch.get_num_threads()
    chosen = [r | {"width": 0.05, "resolution": 32 * i} for i, r in enumerate(published()[:6], start=1)]
    try:
        measured = measure(chosen, ("eager",), threads=1, rounds=2, seconds=0.0)
    finally:
        torch.set_num_threads(threads)
    assert set(correlations(measured, "eager")) == set(COSTS)
    assert answer(measured).verdicts is None
    paths = {str(path.relative_to(tmp_path)) for path in write(answer(measured), tmp_path)}
    assert {"latency.json", "tables/latency.md", "tables/latency-pairs.csv", "figures/latency.pdf"} <= paths
    assert not any(path.startswith("verdicts") for path in paths)
    (again,) = stored(tmp_path)
    assert answer(again).kept == answer(measured).kept
