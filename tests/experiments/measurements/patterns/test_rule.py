"""The rules for Figure 7 and for low dimension decide planted measurements."""

import pytest

from analysis.manifold.trained.rows import Dimension, Positive
from experiments.measurements.patterns.rule import judge, nulls


def positive(seed, stage, block="bottleneck1", mean=48.0, sd=5.0, least=20):
    return Positive("baseline", seed, stage, block, False, 16, 96, 1000, least, 30, mean, 60, sd, 0.0, 0.0)


def dimension(seed, tensor, components):
    return Dimension("baseline", seed, "trained", "bottleneck1", tensor, 96, 96, 5.0, components, 4.0, 0)


def board(before=5.0, after=9.0, mean=48.0, low=0, components=10):
    rows = []
    for seed in range(3):
        for i in range(max(1, low)):
            rows.append(positive(seed, "initial", f"bottleneck{i}", sd=before))
            rows.append(positive(seed, "trained", f"bottleneck{i}", mean + seed, after, least=12 if i < low else 20))
    tensors = ("expand.activation", "depthwise.activation")
    filled = [dimension(seed, tensor, components + seed) for seed in range(3) for tensor in tensors]
    return {v.claim: v.verdict for v in judge(rows, filled, "here")}


def test_what_the_paper_describes_is_supported():
    assert set(board().values()) == {"supported"}


@pytest.mark.parametrize(
    ("planted", "claim"),
    [
        ({"before": 30.0, "after": 40.0}, "figure7-initial"),
        ({"after": 2.0}, "figure7-trained"),
        ({"mean": 80.0}, "figure7-trained"),
        ({"low": 4}, "figure7-trained"),
        ({"components": 60}, "low-dimensional-manifold"),
    ],
)
def test_each_part_can_contradict_its_claim(planted, claim):
    found = board(**planted)
    assert found.pop(claim) == "contradicted"
    assert set(found.values()) == {"supported"}


def against_nulls(sd=4.9, components=10, mean=48.0):
    initial = [positive(seed, "initial", mean=mean, sd=sd + seed / 50) for seed in range(3)]
    tensors = ("expand.activation", "project.norm")
    filled = [dimension(seed, tensor, components + seed % 2) for seed in range(3) for tensor in tensors]
    return {v.claim: v for v in nulls(initial, filled, "here")}


def test_the_nulls_are_independent_coins_and_a_gaussian_of_full_dimension():
    found = against_nulls()
    assert {v.verdict for v in found.values()} == {"supported"}
    assert found["figure7-initial"].effect == pytest.approx(1.0, abs=0.02)  # sd of 96 fair coins: 4.9
    assert all("known" in v.analysis and v.unit for v in found.values())
    assert "Of the bottleneck's own channels 0.1" in found["low-dimensional-manifold"].why


@pytest.mark.parametrize(
    ("planted", "claim"),
    [
        ({"sd": 9.0}, "figure7-initial"),
        ({"mean": 80.0, "sd": 3.0}, "figure7-initial"),
        ({"components": 60}, "low-dimensional-manifold"),
    ],
)
def test_more_than_the_null_contradicts(planted, claim):
    found = {name: v.verdict for name, v in against_nulls(**planted).items()}
    assert found.pop(claim) == "contradicted"
    assert set(found.values()) == {"supported"}
