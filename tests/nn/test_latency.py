"""Turns are taken in rounds, each contestant as often as the others, and summed up by medians."""

from collections import Counter

import pytest
import torch

from analysis.arch import preset, unroll
from analysis.nn import build
from analysis.nn.latency import _summary, latencies, runs_eager


def test_every_contestant_has_a_turn_in_every_round():
    calls = Counter()
    found = latencies({name: lambda name=name: calls.update([name]) for name in "abc"}, rounds=3, seconds=0.0)
    assert calls == dict.fromkeys("abc", 3 * (2 + 3))  # two calls to warm up, three that count
    assert all(len(each.turns) == 3 and 0 <= each.low <= each.median <= each.high for each in found.values())


def test_a_summary_is_the_median_and_the_quartiles_of_the_turns():
    assert _summary([1.0, 2.0, 3.0, 4.0, 100.0])[:3] == (3.0, 2.0, 4.0)
    assert _summary([7.0])[:3] == (7.0, 7.0, 7.0)


def test_an_eager_run_does_one_image_in_evaluation_mode():
    network = build(unroll(preset("brief")))
    run = runs_eager(network)
    scores = run()
    assert not network.training
    assert scores.shape == (1, 10)
    assert torch.equal(scores, run())
    with pytest.raises(RuntimeError):  # an inference tensor: nothing is kept for a backward pass
        scores.sum().backward()
