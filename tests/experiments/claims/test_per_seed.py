"""Values of seeds on a side of a limit decide a claim."""

import math

import pytest

from experiments.claims.per_seed import Part, finding, judged, weakest


def test_a_part_that_straddles_its_limit_is_undecided_and_says_what_is_needed():
    part = Part("share", (0.05, 0.09, 0.14), 0.1)
    assert finding(part, 0.05) == "undecided"
    verdict = judged("figure7-initial", (part, Part("other", (0.01, 0.02, 0.01), 0.1)), "here")
    assert (verdict.verdict, verdict.n) == ("undecided", 3)
    assert verdict.needs
    assert verdict.where == "share; here"
    assert verdict.low < 0.1 < verdict.high


@pytest.mark.parametrize(
    ("values", "above", "word"),
    [
        ((0.2, 0.21, 0.19), True, "supported"),
        ((0.2, 0.21, 0.19), False, "contradicted"),
        ((0.01, 0.02, 0.01), False, "supported"),
        ((0.01, 0.02, 0.01), True, "contradicted"),
    ],
)
def test_the_side_is_that_of_the_interval(values, above, word):
    assert finding(Part("share", values, 0.1, above), 0.05) == word


def test_a_contradiction_needs_the_level_that_parts_share():
    part = Part("share", (0.13, 0.16, 0.19), 0.1)
    assert finding(part, 0.10) == "contradicted"
    assert finding(part, 0.001) == "undecided"


def test_ratios_are_logarithms_inside_and_ratios_in_print():
    part = Part("growth", (math.log(2), math.log(2.1), math.log(1.9)), math.log(1.25), above=True, ratio=True)
    verdict = judged("figure7-initial", (part,), "here")
    assert verdict.verdict == "supported"
    assert verdict.effect == pytest.approx((2 * 2.1 * 1.9) ** (1 / 3))
    assert 1.25 < verdict.low < verdict.effect < verdict.high
    assert verdict.why.startswith("growth: 2.00 [1.76, 2.26], above 1.25 claimed")
    alone = judged("figure7-initial", (part._replace(values=(0.7,)),), "here")
    assert (alone.verdict, alone.low, alone.high) == ("undecided", None, None)
    assert "growth: 2.01, above 1.25 claimed" in alone.why


def test_where_all_must_hold_the_weakest_decides():
    assert weakest(["supported", "undecided", "contradicted"]) == "contradicted"
    assert weakest(["supported", "undecided"]) == "undecided"
    assert weakest(["supported"]) == "supported"
