"""Differences judged by rules: by hand, with diverged runs, and on planted effects."""

import math
from typing import Literal

import numpy as np
import pytest

from analysis.problem import Problem
from analysis.stats import (
    Rule,
    detection_power,
    equivalence_power,
    interaction,
    judge,
    judge_together,
    paired_difference,
)


def difference(mean, spread=0.1, seeds=5):
    """A paired difference of the given mean whose values lie within about +-spread."""
    noise = spread * (np.arange(seeds) - (seeds - 1) / 2)
    return paired_difference(dict(enumerate(60 + mean + noise)), dict.fromkeys(range(seeds), 60.0), ("a", "b"))


@pytest.mark.parametrize(
    ("rule", "mean", "finding", "size"),
    [
        (Rule(">"), 2, "supported", None),
        (Rule(">"), -2, "contradicted", None),
        (Rule(">"), 0.1, "undecided", None),
        (Rule("<"), -2, "supported", None),
        (Rule("<"), 2, "contradicted", None),
        (Rule(">", margin=1), 2, "supported", None),
        (Rule(">", margin=1), 0.5, "contradicted", None),
        (Rule(">", margin=-1), -0.5, "supported", None),
        (Rule(">", margin=-1), -1.1, "undecided", None),
        (Rule(">", negligible=0.5), 0.1, "contradicted", None),
        (Rule(">", negligible=0.5), 2, "supported", None),
        (Rule(">", negligible=0.5), 0.45, "supported", None),
        (Rule("=", margin=1), 0.5, "supported", None),
        (Rule("=", margin=1), -1.5, "contradicted", None),
        (Rule("=", margin=1), 0.95, "undecided", None),
        (Rule(">", size=(1, 3)), 2, "supported", "supported"),
        (Rule(">", size=(3, 10)), 2, "supported", "contradicted"),
        (Rule(">", size=(2, 10)), 2, "supported", "undecided"),
        (Rule("<", size=(-10, -3)), -2, "supported", "contradicted"),
    ],
)
def test_direction_and_size_are_judged_apart(rule, mean, finding, size):
    judgement = judge(rule, difference(mean))
    assert (judgement.finding, judgement.size) == (finding, size)
    assert bool(judgement.needs) == (finding == "undecided")


@pytest.mark.parametrize(("direction", "side"), [(">", "above"), ("<", "below")])
@pytest.mark.parametrize("mean", [0.1, -0.1])
def test_what_is_not_shown_is_what_the_rule_asks_for(direction, side, mean):
    """This holds on either side of 0."""
    judgement = judge(Rule(direction), difference(mean))
    assert judgement.finding == "undecided"
    assert f"is not shown to be {side} 0" in judgement.reason
    shown = judge(Rule(direction), difference(30 * mean))
    assert f"is {'above' if mean > 0 else 'below'} 0" in shown.reason


def test_comparisons_that_wait_for_runs_are_corrected_for():
    """A p of 0.02 is enough for a single comparison, but not if two more are to come. The same holds for the size."""
    rule, seen = Rule(">", size=(0.5, 20)), difference(2, spread=0.85)
    alone, early = judge_together([(rule, seen)])[0], judge_together([(rule, seen)], waiting=2)[0]
    assert 0.017 < alone.p < 0.05
    assert (alone.finding, early.finding) == ("supported", "undecided")
    assert early.p == pytest.approx(3 * alone.p)
    assert early.alpha == pytest.approx(alone.alpha / 3)
    with_nothing_else = judge_together([(rule, seen), *[(rule, difference(0, spread=1))] * 2])[0]
    assert early.p == pytest.approx(with_nothing_else.p)


def test_reasons_are_sentences():
    clear, open_case = difference(2), difference(0.1)
    assert judge(Rule(">"), clear).reason == f"a - b is above 0 (p = {clear.p:.2g})"
    assert judge(Rule(">"), open_case).reason == f"a - b is not shown to be above 0 (p = {open_case.p:.2g})"
    assert judge(Rule(">", interest=0.1), open_case).needs == (
        "about 22 seeds to show a difference of 0.1; 5 show one of 0.27 with probability 0.8"
    )
    assert judge(Rule(">"), open_case).needs == "more seeds: 5 show one of 0.27 with probability 0.8"


@pytest.mark.parametrize(
    ("rule", "effect"),
    [
        (Rule(">"), None),
        (Rule(">", negligible=0.5), 1.0),
        (Rule("<", negligible=0.5), -1.0),
        (Rule(">", negligible=0.5, size=(2.0, 10.0)), 2.0),
        (Rule("<", size=(-10.0, -2.0)), -2.0),
        (Rule(">", size=(-1.0, 10.0)), None),
        (Rule(">", negligible=0.5, interest=3.0), 3.0),
        (Rule("=", margin=1.0), 0.0),
    ],
)
def test_plans_are_made_for_an_effect_of_interest(rule, effect):
    assert rule.effect_of_interest == effect


@pytest.mark.parametrize("rule", [(">", 0.0, -1.0), ("<", 0.0, 1.0), (">", 1.0, 1.0), ("=", 1.0, 0.5)])
def test_an_effect_of_interest_lies_on_the_claimed_side(rule):
    direction, margin, interest = rule
    with pytest.raises(Problem, match="effect of interest"):
        Rule(direction, margin=margin, interest=interest)


def test_what_it_takes_does_not_depend_on_the_difference_seen():
    """Also where only the correction for several comparisons left a case undecided, and where none is enough."""
    rule = Rule(">", negligible=0.05)
    needs = [judge(rule, difference(mean)).needs.partition(";")[0] for mean in (0.1, 0.12, -0.08)]
    assert set(needs) == {"about 22 seeds to show a difference of 0.1"}
    judged = judge_together([(rule, difference(0.1))] * 2)
    assert [int(each.needs.split()[1]) for each in judged] == [27, 27]
    assert judge(Rule("=", margin=0.001), difference(0.1)).needs.startswith("more than 10,000 seeds")
    near = judge(Rule("=", margin=0.3), difference(0.25)).needs
    assert near.startswith("about 5 seeds to show a difference of 0 to be within ±0.3; 5 show one of")


@pytest.mark.parametrize("seeds", [2, 3, 5])
@pytest.mark.parametrize("rule", [Rule(">", negligible=0.5, size=(2.0, 10.0)), Rule("=", margin=3.0), Rule("<")])
def test_equal_differences_decide_nothing(rule, seeds):
    """They say how coarse the accuracy is, not how sure the difference."""
    for spread in (0.0, 0.005):
        judgement = judge(rule, difference(2.5, spread=spread, seeds=seeds))
        assert judgement.finding == "undecided"
        assert judgement.p == 1
        assert judgement.size in (None, "undecided")
        assert "0.01, the accuracy's own grid" in judgement.reason
        assert judgement.needs.startswith("more seeds")


def test_a_size_is_judged_by_an_interval_for_all_comparisons():
    size = (1.75, 10)
    assert judge(Rule(">", size=size), difference(2)).size == "supported"
    judged = judge_together([(Rule(">", size=size), difference(2))] * 5)
    assert [judgement.size for judgement in judged] == ["undecided"] * 5


STEADY = {seed: 60.0 + 0.1 * seed for seed in range(5)}


def rival(mean, lost):
    """An arm of five seeds at another mean, of which the first `lost` diverged."""
    return {seed: None if seed < lost else mean + 0.05 * seed * seed for seed in range(5)}


@pytest.mark.parametrize(
    ("direction", "mean", "lost", "finding"),
    [
        (">", 50, 1, "supported"),  # the better arm diverged less often
        ("<", 50, 1, "contradicted"),
        (">", 70, 1, "undecided"),  # better where it finished, but diverged more often
        ("<", 70, 1, "undecided"),
        ("=", 60, 1, "undecided"),  # not the same if only one of them diverges
        (">", 70, 3, "undecided"),  # 3 of 5 against 0 of 5: p = 0.17
        (">", 70, 4, "supported"),  # 4 of 5: p = 0.048
        (">", 70, 5, "supported"),
        ("<", 50, 5, "contradicted"),
        ("=", 60, 5, "contradicted"),
    ],
)
def test_diverged_runs(direction, mean, lost, finding):
    margin = 1.0 if direction == "=" else 0.0
    judgement = judge(
        Rule(direction, margin, size=(5, 20)), paired_difference(STEADY, rival(mean, lost), ("steady", "rival"))
    )
    assert judgement.finding == finding
    assert f"rival diverged in {lost} of 5 runs (seeds 0" in judgement.reason
    if lost > 2:
        assert judgement.size == "undecided"
    other: Literal[">", "<", "="] = ">" if direction == "<" else "<" if direction == ">" else "="
    assert judge(Rule(other, margin), paired_difference(rival(mean, lost), STEADY)).finding == finding


def test_arms_that_both_diverge_and_contrasts_with_a_lost_arm_stay_undecided():
    both = paired_difference(rival(60, 5), rival(50, 5))
    assert judge(Rule(">"), both).finding == "undecided"
    four = interaction(STEADY, STEADY, STEADY, rival(50, 5))
    assert judge(Rule(">"), four).finding == "undecided"
    assert judge(Rule(">"), four).needs == "more runs that finish"


def test_one_seed_decides_nothing():
    assert judge(Rule(">"), difference(5, seeds=1)).finding == "undecided"


def at_most(hits, rate):
    """Whether the share of hits is at most `rate` within four standard errors."""
    hits = list(hits)
    return sum(hits) / len(hits) <= rate + 4 * math.sqrt(rate * (1 - rate) / len(hits))


def test_planted_effects_are_judged_as_promised(simulate, at_rate):
    rule = Rule(">", size=(1, 5))
    some = [judge(rule, paired_difference(a, b)) for a, b in simulate([2.5, 0])]
    assert at_rate((j.finding == "supported" for j in some), detection_power(2.5, math.sqrt(2), 5))
    assert at_most((j.size == "contradicted" for j in some), 0.05)
    edge = [judge(rule, paired_difference(a, b)) for a, b in simulate([5, 0])]
    assert at_most((j.size != "undecided" for j in edge), 0.05)


def test_no_effect_is_not_found(simulate, at_rate):
    """Without an effect, each verdict occurs in 2.5 % of studies. With `negligible` stated, "none" is found."""
    none = [paired_difference(a, b) for a, b in simulate([0, 0])]
    judged = [judge(Rule(">"), d).finding for d in none]
    assert at_rate((finding == "supported" for finding in judged), 0.025)
    assert at_rate((finding == "contradicted" for finding in judged), 0.025)
    seeds = 12
    many = [judge(Rule(">", negligible=1.5), paired_difference(a, b)) for a, b in simulate([0, 0], seeds)]
    found = sum(j.finding == "contradicted" for j in many) / len(many)
    assert found > equivalence_power(1.5, math.sqrt(2), seeds) - 0.02
    edge = [judge(Rule(">", negligible=1.5), paired_difference(a, b)) for a, b in simulate([1.5, 0], seeds)]
    assert at_most((j.finding == "contradicted" for j in edge), 0.05)


@pytest.mark.parametrize("margin", [1.0, 2.5])
def test_equality_at_its_margin_is_judged_either_way_by_chance_only(simulate, margin):
    rule = Rule("=", margin=margin)
    judged = [judge(rule, paired_difference(a, b)).finding for a, b in simulate([margin, 0], 8)]
    assert at_most((finding == "supported" for finding in judged), 0.05)
    assert at_most((finding == "contradicted" for finding in judged), 0.025)


def test_a_study_makes_a_false_verdict_in_at_most_5_percent(simulate):
    """Four comparisons of mixed rules, each without an effect or at the limit where its verdict is hardest."""
    rules = (Rule(">"), Rule("<"), Rule("=", margin=2.0), Rule(">", margin=1.0))
    wrong = []
    for baseline, *others in simulate([0, 0, 0, 2.0, 1.0], 6, number=2000):
        cases = [(rule, paired_difference(arm, baseline)) for rule, arm in zip(rules, others, strict=True)]
        wrong.append(any(judgement.finding != "undecided" for judgement in judge_together(cases)))
    assert at_most(wrong, 0.05)


@pytest.mark.parametrize(("seeds", "chance"), [(5, 0.1), (5, 0.6), (20, 0.6)])
def test_arms_that_diverge_alike_are_not_told_apart(simulate, seeds, chance):
    generator = np.random.default_rng(4)
    wrong = []
    for study in simulate([0, 0], seeds, number=1000):
        a, b = ({s: None if generator.random() < chance else v for s, v in arm.items()} for arm in study)
        wrong.append(judge(Rule(">"), paired_difference(a, b)).finding != "undecided")
    assert at_most(wrong, 0.05)
