"""One study judged look by look: by hand, with diverged runs, and as thousands are."""

import numpy as np
import pytest

from analysis.problem import Problem
from analysis.stats import Rule
from analysis.stats.boundaries import LOOKS, AnytimeValid, GroupSequential
from analysis.stats.following import bounds_at, follow
from analysis.stats.moderated import difference
from analysis.stats.sequential import ABOVE, BELOW, OPEN, SMALL, Part, play, summaries

BETTER = Rule(">", negligible=0.5)
WEIGHTS = np.array([[1.0, -1.0, 0.0, 0.0], [1.0, 0.0, -1.0, 0.0], [0.0, 0.0, 1.0, -1.0]])
NAMES = ("linear", "relu6", "expansion", "none")
PARTS = tuple(
    Part(f"part {i}", {name: w for name, w in zip(NAMES, row, strict=True) if w}, BETTER)
    for i, row in enumerate(WEIGHTS.tolist())
)
DESIGNS = (GroupSequential(), AnytimeValid())


def planted(means, sd=1.0, studies=4000, seed=4):
    noise = np.random.default_rng(seed).standard_normal((studies, len(means), LOOKS[-1]))
    return 60 + np.array(means)[:, None] + np.reshape(sd, (-1, 1)) * noise


def as_runs(values):
    return {name: dict(enumerate(row)) for name, row in zip(NAMES, values.tolist(), strict=True)}


@pytest.mark.parametrize("design", DESIGNS)
def test_one_study_is_followed_as_thousands_are_played(design):
    values = planted((0, -7, -1.5, -12), studies=6)
    played = play(design, [(row, BETTER) for row in WEIGHTS], summaries(values, design.looks))
    words = {ABOVE: "supported", BELOW: "contradicted", SMALL: "contradicted", OPEN: "undecided"}
    for i, study in enumerate(values):
        progress = follow(design, PARTS, as_runs(study), range(LOOKS[-1]))
        assert progress.over
        assert list(progress.used.values()) == played.runs[i].tolist()
        for j, outcome in enumerate(progress.outcomes):
            assert outcome.finding == words[int(played.shown[i, j])]
            assert outcome.seeds == design.looks[played.look[i, j]]
            assert (outcome.low, outcome.high) == pytest.approx((played.low[i, j], played.high[i, j]))


def test_wanted_runs_lead_to_the_end_and_arms_that_serve_nothing_open_are_dropped():
    truth = as_runs(planted((0, -7, -1.0, -12), studies=1, seed=11)[0])
    runs = {name: {} for name in NAMES}
    design, steps = GroupSequential(), 0
    while (progress := follow(design, PARTS, runs, range(40))).wanted:
        assert not progress.over
        for name, seeds in progress.wanted.items():
            runs[name] |= {seed: truth[name][seed] for seed in seeds}
        steps += 1
    used = {name: len(each) for name, each in runs.items()}
    assert used == progress.used
    assert used["relu6"] == used["none"] < used["linear"] == used["expansion"]
    assert [outcome.finding for outcome in progress.outcomes] == ["supported"] * 3
    assert progress.outcomes[1].looks == steps
    assert follow(design, PARTS, truth, range(40)) == progress  # further runs change nothing


def test_nothing_is_decided_before_the_first_look():
    progress = follow(GroupSequential(), PARTS, {name: {0: 60.0} for name in NAMES}, range(40))
    assert progress.wanted == dict.fromkeys(NAMES, (1, 2))
    assert progress.used == dict.fromkeys(NAMES, 0)
    for outcome in progress.outcomes:
        assert (outcome.finding, outcome.seeds, outcome.looks) == ("undecided", 0, 0)
        assert outcome.needs == "the runs of the next look"


def test_one_look_with_one_part_is_the_fixed_analysis():
    runs = as_runs(planted((0, -7, -2, -12), studies=1)[0])
    outcome = follow(GroupSequential((5,)), PARTS[:1], runs, range(5)).outcomes[0]
    five = {name: {seed: arm[seed] for seed in range(5)} for name, arm in runs.items() if name in ("linear", "relu6")}
    fixed = difference(five, {"linear": 1, "relu6": -1})
    assert (outcome.effect, outcome.low, outcome.high) == pytest.approx((fixed.mean, fixed.low, fixed.high))


@pytest.mark.parametrize(
    ("rule", "mean", "finding"),
    [
        (Rule(">"), 3, "supported"),
        (Rule(">"), -3, "contradicted"),
        (Rule("<"), -3, "supported"),
        (Rule("<"), 3, "contradicted"),
        (Rule(">", negligible=0.5, interest=0.5), 0, "contradicted"),
        (Rule("<", negligible=0.5, interest=-0.5), 0, "contradicted"),
        (Rule(">", negligible=0.5, interest=0.5), -0.3, "contradicted"),
        (Rule("=", margin=0.5), 0, "supported"),
        (Rule("=", margin=0.5), 3, "contradicted"),
        (Rule("=", margin=0.5), -3, "contradicted"),
        (Rule(">", margin=2), 3, "supported"),
        (Rule(">", margin=-2), -0.5, "supported"),
        (Rule(">", interest=5.0, negligible=0.01), 0.2, "undecided"),
    ],
)
def test_rules_decide_as_they_do_at_fixed_n(rule, mean, finding):
    runs = {name: arm for name, arm in as_runs(planted((mean, 0, 0, 0), sd=0.3, studies=1)[0]).items()}
    outcome = follow(GroupSequential(), [Part("a - b", {"linear": 1, "relu6": -1}, rule)], runs, range(40)).outcomes[0]
    assert outcome.finding == finding
    assert outcome.over
    if finding == "undecided":
        assert "less than the 5 of interest" in outcome.reason
        assert outcome.needs == f"more than {outcome.seeds} seeds of each arm"


def test_sizes_are_judged_by_the_interval_that_is_valid_after_stopping():
    runs = as_runs(planted((7, 0, 0, 0), sd=0.3, studies=1)[0])
    for size, finding in (((2.0, 10.0), "supported"), ((9.0, 10.0), "contradicted"), ((7.0, 10.0), "undecided")):
        part = Part("a - b", {"linear": 1, "relu6": -1}, Rule(">", size=size))
        assert follow(GroupSequential(), [part], runs, range(40)).outcomes[0].size == finding
    assert follow(GroupSequential(), PARTS[:1], runs, range(40)).outcomes[0].size is None


@pytest.mark.parametrize("values", [(62.5, 60.0), (62.504, 60.0)])
def test_runs_that_do_not_vary_decide_nothing(values):
    arms = {name: dict.fromkeys(range(5), value) for name, value in zip(NAMES, values, strict=False)}
    outcome = follow(GroupSequential((3, 5)), [Part("a - b", {"linear": 1, "relu6": -1})], arms, range(5)).outcomes[0]
    assert outcome.finding == "undecided"
    assert outcome.needs == "more than 5 seeds of each arm"


def test_an_arm_that_diverges_is_the_worse_one_whatever_the_others_say():
    good = {seed: 60.0 + 0.1 * seed for seed in range(40)}
    lost = {seed: None if seed % 8 else 70.0 + seed for seed in range(40)}
    parts = [Part("good - lost", {"good": 1, "lost": -1}, BETTER), Part("lost - good", {"lost": 1, "good": -1}, BETTER)]
    first, second = follow(GroupSequential(), parts, {"good": good, "lost": lost}, range(40)).outcomes
    assert (first.finding, second.finding) == ("supported", "contradicted")
    assert first.seeds > 5
    assert "lost diverged in" in first.reason
    some = {seed: None if seed == 2 else 70.0 + 0.1 * seed for seed in range(40)}
    better = follow(GroupSequential(), parts[1:], {"good": good, "lost": some}, range(40)).outcomes[0]
    assert (better.finding, better.seeds) == ("undecided", 40)  # wins where it finished, but diverged more often
    same = follow(
        GroupSequential(),
        [Part("same", {"good": 1, "lost": -1}, Rule("=", margin=20))],
        {"good": good, "lost": some},
        range(40),
    ).outcomes[0]
    assert same.finding == "undecided"


def test_parts_of_unknown_arms_and_too_few_seeds_are_refused():
    arms = {"a": {}, "b": {}}
    for parts, seeds, message in (
        ([Part("x", {"a": 1, "z": -1})], range(40), "z"),
        ([Part("x", {"a": 1, "b": 1})], range(40), "sum to 0"),
        ([], range(40), "nothing to decide"),
        ([Part("x", {"a": 1, "b": -1})], range(5), "5 seeds"),
    ):
        with pytest.raises(Problem, match=message):
            follow(GroupSequential(), parts, arms, seeds)


def test_a_further_contrast_has_the_interval_of_the_look_at_which_its_arms_ended():
    design = GroupSequential().upto(10)
    values = planted((0, -7, -1.5, -12), studies=1)[0]
    runs = as_runs(values)
    progress = follow(design, PARTS, runs, range(LOOKS[-1]))
    part = max(progress.outcomes, key=lambda each: each.looks)  # nothing has changed since it ended
    found = bounds_at(design, part.part.weights, runs, range(LOOKS[-1]), progress.used)
    assert found == pytest.approx((part.effect, part.low, part.high, part.seeds))
    other = {"relu6": 1.0, "none": -1.0}
    found = bounds_at(design, other, runs, range(LOOKS[-1]), progress.used)
    used = progress.used
    assert found.mean == pytest.approx(values[1, : used["relu6"]].mean() - values[3, : used["none"]].mean())
    assert found.low < found.mean < found.high and found.n == min(used["relu6"], used["none"])
    fixed = difference(
        {name: dict(enumerate(row[: used[name]])) for name, row in zip(NAMES, values, strict=True)}, other
    )
    assert found.high - found.low > fixed.high - fixed.low  # what looking costs


def test_a_contrast_without_a_look_has_no_ends():
    found = bounds_at(
        GroupSequential(),
        {"relu6": 1.0, "linear": -1.0},
        {"linear": {}, "relu6": {}},
        range(40),
        dict.fromkeys(NAMES, 0),
    )
    assert (found.low, found.high, found.n) == (-np.inf, np.inf, 0)
