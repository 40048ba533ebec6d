"""Stored verdicts: what they rest on, which come first, and which share their runs."""

import pytest

from analysis.problem import Problem
from analysis.stats import Verdict
from analysis.stats.power import smallest_detectable
from experiments.answers.answer import Answer, write
from experiments.answers.looks import ANALYSIS
from experiments.claims.evidence import Evidence
from experiments.claims.judges import Judge
from experiments.claims.stored import rank, read_stored, shared

CLAIM = "linear-bottleneck"


def stored(results, stem="one", **evidence):
    made = Verdict(CLAIM, "supported", "here", 2.0, 1.0, 3.0, 5, why="because", **evidence.pop("more", {}))
    rests = Evidence(**{"judge": "study:headline", "dataset": "cifar10", "recipe": "brief", "epochs": 1} | evidence)
    write(Answer(stem, verdicts=[made], evidence=rests), results)
    return next(each for each in read_stored(results)[CLAIM] if each.stem == stem)


def test_a_verdict_says_its_budget_unit_and_analysis(tmp_path):
    found = stored(tmp_path)
    assert (found.budget, found.unit) == ("1 epoch of CIFAR-10", "points of test accuracy")
    looks = stored(tmp_path, "looks", more={"analysis": ANALYSIS, "shows": 0.9})
    assert (looks.analysis, looks.detectable) == (ANALYSIS, 0.9)
    fixed = stored(tmp_path, "fixed", judge="study:ten-epochs")
    assert fixed.analysis.startswith("registered before the runs: paired by seed")
    assert stored(tmp_path, "ten", epochs=10).budget == "10 epochs of CIFAR-10"
    later = stored(tmp_path, "later", more={"analysis": "moderated", "unit": "ms", "shows": 0.5})
    assert (later.analysis, later.unit, later.detectable) == ("moderated", "ms", 0.5)


def test_what_a_design_would_have_shown_shares_alpha_over_the_parts_of_its_study(tmp_path):
    found = stored(tmp_path)
    sd = 1.0 / 2.776445 * 5**0.5  # half width over the t quantile of four degrees of freedom
    assert found.detectable == pytest.approx(smallest_detectable(sd, 5, alpha=0.05 / 3), rel=1e-5)
    assert stored(tmp_path, "alone", judge="measurement:splitting").detectable == pytest.approx(
        smallest_detectable(sd, 5), rel=1e-5
    )


def test_two_studies_that_share_runs_count_once(tmp_path):
    first = stored(tmp_path, "ten", judge="study:ten-epochs", recipe="short", epochs=10)
    same = stored(tmp_path, "headline short", recipe="short", epochs=10)
    fresh = stored(tmp_path, "fresh", recipe="short", epochs=10, fresh=True)
    other = same._replace(row={**same.row, "effect": 2.5})  # of another copy of the data
    assert first.runs == same.runs and len(first.runs) == 2
    assert shared([first, same, fresh, other]) == {0: False, 1: True, 2: False, 3: False}
    assert stored(tmp_path, "none", judge="measurement:latency").runs == frozenset()


def test_a_later_analysis_comes_before_the_one_registered_first(tmp_path):
    registered = stored(tmp_path, "a")
    later = stored(tmp_path, "b", more={"analysis": "moderated"})
    named = [Judge.of("study:headline")]
    assert sorted([registered, later], key=lambda each: rank(each, named)) == [later, registered]


def test_synthetic_images_are_left_out_and_a_damaged_file_is_named(tmp_path):
    stored(tmp_path, "real")
    made = Verdict(CLAIM, "supported", "here", why="so")
    write(Answer("made", verdicts=[made], evidence=Evidence("study:headline", "synthetic")), tmp_path)
    assert [each.stem for each in read_stored(tmp_path)[CLAIM]] == ["real"]
    (tmp_path / "verdicts" / "x.json").write_text("[1, 2")
    with pytest.raises(Problem, match=r"x\.json holds no verdicts"):
        read_stored(tmp_path)
