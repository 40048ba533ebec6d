"""Every trained variant is one point of its budget, with its place on the front of a group."""

from dataclasses import replace

from analysis.arch import preset
from analysis.tasks.recipes import recipe
from analysis.trials import Record, Trial
from experiments.answers.conditions import Conditions
from experiments.page.tradeoff import BEATEN, EVERY, FRONT, UNPLACED, UNTOLD, Point, groups, placements, points
from experiments.studies.headline import STUDY

HERE = Conditions("cifar10", (), recipe("brief"))


def point(name, madds, accuracies, studies=("s",), axes=("kernel",)):
    runs = dict(enumerate(accuracies))
    return Point(
        preset("brief", last=name), HERE, runs, {study: "arm" for study in studies}, axes, {"madds": float(madds)}
    )


def test_places_on_the_front():
    cheap, good = point(1, 100, [50, 51, 52]), point(2, 200, [60, 61, 62.5])
    beaten, close = point(3, 300, [40, 41, 43]), point(4, 210, [60.5, 60.9, 62])
    partly = point(5, 90, [55, None, 60])
    found = placements([cheap, good, beaten, close, partly], "madds")
    assert [found[p.variant.text].place for p in (cheap, good, beaten, close, partly)] == [
        FRONT,
        FRONT,
        BEATEN,
        UNTOLD,
        UNPLACED,
    ]
    assert {p.place for p in placements([point(1, 1, [5.0]), point(2, 2, [6.0])], "madds").values()} == {UNPLACED}


def test_groups_are_every_choice_of_study_and_axis():
    base = point(1, 1, [1.0], ("s", "t"), ())
    wide, other = point(2, 2, [1.0], ("s",), ("width",)), point(3, 3, [1.0], ("t",), ("kernel", "rounding"))
    found = {(study, axis): chosen for _, study, axis, chosen in groups([base, wide, other])}
    assert set(found) == {
        *((EVERY, axis) for axis in (EVERY, "width", "kernel", "rounding")),
        *(("s", axis) for axis in (EVERY, "width")),
        *(("t", axis) for axis in (EVERY, "kernel", "rounding")),
    }
    assert found[EVERY, "width"] == found["s", "width"] == [base, wide]
    assert found["t", EVERY] == [base, other]


def record(name, budget="brief", seed=0, dataset="cifar10", note="", status="finished"):
    trial = Trial(STUDY.arms[name].text, recipe(budget).text, dataset, "d", seed)
    return Record(trial, status, {"test_correct": 5000 + seed, "test_images": 10000}, note)


def test_points_are_sorted_by_budget_and_then_as_the_arms_of_the_studies():
    first, second, *_ = STUDY.arms
    found = points([record(second), record(first), record(first, "short"), record(first, note="JPEG copy")])
    assert [(p.variant, p.budget.recipe.name, p.budget.notes) for p in found] == [
        (STUDY.arms[first], "brief", ("",)),
        (STUDY.arms[second], "brief", ("",)),
        (STUDY.arms[first], "short", ("",)),
        (STUDY.arms[first], "brief", ("JPEG copy",)),
    ]
    assert found[0].studies[STUDY.name] == first


def test_budgets_are_told_apart_by_facts_and_not_by_their_words():
    """Another rate is another budget, though no word of the conditions says so."""
    first, *_ = STUDY.arms
    one = record(first)
    other = replace(one, trial=replace(one.trial, recipe=replace(recipe("brief"), peak_rate=0.123).text))
    assert len({p.budget for p in points([one, other])}) == 2
    assert len({p.budget.text for p in points([one, other])}) == 1


def test_what_is_not_a_point():
    first, *_ = STUDY.arms
    none = [
        record(first, dataset="synthetic"),
        record(first, status="failed"),
        record(first, seed=12345),  # of no study
        record(first, "camvid", dataset="camvid"),
    ]
    assert points(none) == []
    assert [p.runs for p in points([*none, record(first, seed=1)])] == [{1: 50.01}]
