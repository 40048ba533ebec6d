"""Every claim has its row, and the first of its judges decides."""

import pytest

from analysis.problem import Problem
from analysis.reference import claims
from analysis.stats import Verdict
from experiments.answers.answer import Answer, write
from experiments.audit.judge import Row
from experiments.claims.evidence import Evidence
from experiments.claims.scoreboard import audited, scoreboard


def test_every_claim_has_a_row_and_only_published_accuracy_is_not_judged(tmp_path):
    board = scoreboard(tmp_path)
    assert [row["id"] for row in board] == list(claims())
    unjudged = {row["id"] for row in board if row["verdict"] == "shown beside, not judged"}
    assert unjudged == {name for name, claim in claims().items() if claim["kind"] == "published"}
    for row in board:
        assert {"id", "verdict", "effect", "low", "high", "n", "where"} <= set(row)
    verdicts = {row["id"]: row["verdict"] for row in board}
    assert verdicts["slim-grid"] == "contradicted"  # misprints among its 76 numbers
    assert verdicts["expansion-of-input"] == "supported"
    assert verdicts["linear-bottleneck"] == "undecided"  # nothing is stored
    needs = {row["id"]: row["needs"] for row in board}
    assert needs["linear-bottleneck"] == "mnv2 study run ten-epochs"
    assert needs["memory-split-speed"] == "mnv2 bench split"
    assert needs["relu-line-ray"] == "mnv2 manifold"
    assert all(row["needs"] for row in board if row["verdict"] == "undecided")


def test_a_claim_of_numbers_holds_where_all_follow():
    good = Row("a", "here", "first", 1.0, 1.0, 1.0, "exact", "")
    off = Row("b", "here", "second", 3.0, 2.0, 1.5, "differs", "not explained", 4)
    assert audited("x", [good]).verdict == "supported"
    found = audited("x", [good, off])
    assert (found.verdict, found.n) == ("contradicted", 2)
    assert "1 of 2 printed numbers" in found.why
    assert "furthest off: second, printed 3, computed 2" in found.why


def store(results, stem, verdict, effect, **evidence):
    """One stored verdict on linear-bottleneck."""
    made = Verdict("linear-bottleneck", verdict, stem, effect, effect - 1, effect + 1, 5, why="because")
    rests = Evidence(**{"judge": "study:linear-bottleneck", "dataset": "cifar10", "epochs": 1} | evidence)
    write(Answer(stem, verdicts=[made], evidence=rests), results)


def found(results):
    """The row of linear-bottleneck."""
    return next(row for row in scoreboard(results) if row["id"] == "linear-bottleneck")


def test_the_largest_budget_of_a_study_counts_and_the_others_are_shown_next_to_it(tmp_path):
    store(tmp_path, "headline short", "supported", 4.0, judge="study:headline", epochs=10)
    store(tmp_path, "brief", "supported", 6.0)
    store(tmp_path, "short", "contradicted", -3.0, epochs=10)
    store(tmp_path, "short again", "supported", 2.0, epochs=10, fresh=True)
    store(tmp_path, "elsewhere", "supported", 7.0, dataset="cifar100", epochs=200)
    store(tmp_path, "invented", "supported", 9.0, dataset="synthetic", epochs=200)
    row = found(tmp_path)
    assert (row["verdict"], row["effect"]) == ("contradicted", -3.0)
    assert row["also"].startswith("THESE DISAGREE: ")
    assert [each.partition(":")[0] for each in row["also"].removeprefix("THESE DISAGREE: ").split("; ")] == [
        *("short again", "brief", "elsewhere", "headline short")
    ]
    assert "brief: supported (6 [5, 7], n = 5)" in row["also"]


def test_the_first_judge_decides_whatever_the_budget_of_the_others(tmp_path):
    store(tmp_path, "headline full", "supported", 4.0, judge="study:headline", epochs=200)
    store(tmp_path, "linear", "contradicted", -3.0)
    assert found(tmp_path)["verdict"] == "contradicted"
    store(tmp_path, "ten", "supported", 5.0, judge="study:ten-epochs", epochs=10)
    assert found(tmp_path)["effect"] == 5.0


def test_a_judge_that_the_claim_does_not_name_decides_nothing(tmp_path):
    store(tmp_path, "mine", "supported", 4.0, judge="study:mine")
    row = found(tmp_path)
    assert (row["verdict"], row["needs"]) == ("undecided", "mnv2 study run ten-epochs")
    assert row["also"].startswith("mine: supported")


def test_a_file_that_holds_no_verdicts_is_named(tmp_path):
    (tmp_path / "verdicts").mkdir()
    (tmp_path / "verdicts" / "x.json").write_text("[1, 2")
    with pytest.raises(Problem, match=r"x\.json holds no verdicts"):
        scoreboard(tmp_path)
    (tmp_path / "verdicts" / "x.json").write_text('[{"id": "linear-bottleneck", "verdict": "supported"}]')
    with pytest.raises(Problem, match=r"x\.json holds no verdicts of this version .*: delete it and run mnv2 report"):
        scoreboard(tmp_path)
