"""The rule on gradients decides planted measurements."""

import pytest

from experiments.measurements.gradients.rows import BETWEEN, BLOCK, REST, WITHIN, Passed
from experiments.measurements.gradients.rule import PARTS, growth, judge


def passed(arm, seed, share, rms, directions, block="bottleneck1", site=BETWEEN, span=REST, image=0):
    return Passed(arm, seed, share, image, site, span, block, 256, rms, directions, 0.1, 1.0, 2.0, 3.0)


def board(growths=(20.0, 100.0), directions=(0.1, 0.05), trained=(2.0, 4.0), after=(0.2, 0.1)):
    rows = []
    for seed in range(3):
        jitter = 1 + seed / 100
        for i, arm in enumerate(("bottleneck", "none")):
            for image in (0, 1):
                rows.append(passed(arm, seed, 0.0, growths[i] * jitter**i, directions[i] * jitter**i, image=image))
                rows.append(passed(arm, seed, 1.0, trained[i] * jitter**i, after[i] * jitter**i, image=image))
            # What must not count: later blocks, other tensors, single blocks.
            rows.append(passed(arm, seed, 0.0, 1.0, 1.0, block="bottleneck2"))
            rows.append(passed(arm, seed, 0.0, 9.0, 0.9, site=WITHIN))
            rows.append(passed(arm, seed, 1.0, 9.0, 0.9, span=BLOCK))
    (verdict,) = judge(rows, "here")
    return verdict


def test_gradients_that_pass_better_support_the_claim():
    found = board()
    assert (found.claim, found.verdict, found.n) == ("shortcuts-carry-gradients", "supported", 3)
    assert found.why.count("claimed") == PARTS
    assert "growth without shortcuts over that with them, before training: 5.05 [4.93, 5.18]" in found.why


@pytest.mark.parametrize(
    "planted",
    [
        {"growths": (100.0, 20.0)},
        {"directions": (0.05, 0.1)},
        {"trained": (4.0, 4.0)},
        {"after": (0.1, 0.1)},
        {"trained": (0.2, 4.0)},  # a gradient that shrinks fivefold passes no better than one that grows fourfold
    ],
)
def test_each_part_can_contradict_it(planted):
    assert board(**planted).verdict == "contradicted"


def test_growth_and_shrinking_count_alike():
    assert growth(passed("none", 0, 0.0, 4.0, 0.1)) == pytest.approx(growth(passed("none", 0, 0.0, 0.25, 0.1)))
