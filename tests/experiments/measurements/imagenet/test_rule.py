"""The rules of published networks: each word where it belongs, nothing before all is measured."""

from dataclasses import replace

import pytest

from analysis.manifold.trained.null import null_components
from analysis.manifold.trained.rows import Dimension, Positive
from experiments.measurements.imagenet import rule
from experiments.measurements.imagenet.rows import Accuracy


def layer(arm, block="bottleneck2", seed=0, mean=48.0, sd=4.9, least=30):
    return Positive(arm, seed, "trained", block, False, 16, 96, 1000, least, least, mean, 70, sd, 0.0, 0.0)


def test_figure7_initial_needs_every_seed_and_asks_for_half_and_coins():
    rows = [layer(rule.UNTRAINED, seed=seed, sd=4.9 + seed / 50) for seed in rule.SEEDS]
    assert rule.initial(rows[:2], "") is None
    assert rule.initial(rows, "").verdict == "supported"
    assert rule.initial([row._replace(sd=9.0 + row.seed / 50) for row in rows], "").verdict == "contradicted"
    assert rule.initial([row._replace(mean=20.0 + row.seed / 50) for row in rows], "").verdict == "contradicted"
    assert rule.initial([row._replace(sd=4.9 + 2.0 * row.seed) for row in rows], "").verdict == "undecided"


def networks(below=(0, 0), sd=8.0, mean=48.0):
    blocks = [f"bottleneck{i}" for i in range(2, 6)]
    rows = [layer(rule.UNTRAINED_PAPERS, block) for block in blocks]
    for name, count in zip(rule.PAPERS, below, strict=True):
        rows += [layer(name, block, mean=mean, sd=sd, least=10 if i < count else 30) for i, block in enumerate(blocks)]
    return rows


@pytest.mark.parametrize(
    ("rows", "word"),
    [
        (networks(), "supported"),
        (networks((2, 1)), "supported"),
        (networks((3, 1)), "undecided"),
        (networks((3, 4)), "contradicted"),
        (networks(sd=4.0), "contradicted"),
        (networks(mean=20.0), "contradicted"),
    ],
)
def test_figure7_trained_is_judged_in_two_trainings(rows, word):
    assert rule.trained(rows, "").verdict == word
    assert rule.trained([row for row in rows if row.arm != rule.PAPERS[1]], "") is None


def test_low_dimensional_is_below_three_quarters_of_a_full_gaussian():
    full = null_components(16, 16, 96)

    def judged(*shares):
        rows, found = [], []
        for name, share in zip(rule.PAPERS, shares, strict=True):
            for i in range(4):
                block = f"bottleneck{i + 2}"
                rows.append(layer(name, block))
                found.append(Dimension(name, 0, "trained", block, "expand.activation", 96, 96, 9.0,
                                       round(full * share) + i % 2, 9.0, 0))  # fmt: skip
        return rule.low_dimensional(found, rows, "")

    assert judged(0.5, 0.5).verdict == "supported"
    assert judged(1.0, 1.1).verdict == "contradicted"
    assert judged(0.5, 1.1).verdict == "undecided"
    assert rule.low_dimensional([], [], "") is None


def answers(network, right, of=100, **more):
    made = Accuracy(
        network, "quantised", 0, "", "relu6", of, right, right, -1, -1.0, -1.0, "1" * right + "0" * (of - right)
    )
    return made._replace(**more)


def low(lost):
    rows = []
    for i, name in enumerate(rule.INTEGERS):
        for activation in ("relu6", "relu"):
            rows.append(answers(name, 70, activation=activation))
            for bits in rule.BITS:
                right = 60 - (lost + i % 2 if activation == "relu" else 0)
                rows.append(answers(name, right, activation=activation, bits=bits, weights="channel"))
    return rows


@pytest.mark.parametrize(("lost", "word"), [(5, "supported"), (-5, "contradicted"), (0, "contradicted")])
def test_low_precision_compares_what_both_lose(lost, word):
    assert rule.clamped(low(lost), 8)[rule.INTEGERS[1]] == lost + 1
    found = rule.low_precision(low(lost), "")
    assert found.verdict == word or (lost == 0 and found.verdict == "undecided")
    assert lost == 0 or found.effect * lost > 0
    assert rule.low_precision(low(lost)[3:], "") is None
    flat = rule.clamp_finding([dict.fromkeys("abcdefg", 0.1) | {"a": 0.2}] * 2)
    assert flat[0] == "contradicted"


def test_an_order_needs_the_whole_series_on_the_same_images():
    published = {row: 80.0 - 5 * i for i, row in enumerate(rule.SERIES.values())}
    rows = [answers(name, 90 - 10 * i, runs="interpreter") for i, name in enumerate(rule.SERIES)]
    assert rule.accuracy(rows, published, "").verdict == "supported"
    assert rule.accuracy(rows[1:], published, "") is None
    reversed_ = [answers(name, 30 + 10 * i, runs="interpreter") for i, name in enumerate(rule.SERIES)]
    assert rule.accuracy(reversed_, published, "").verdict == "contradicted"
    assert replace(rule.accuracy_order(rows, published), tau=1.0).tau == 1.0
