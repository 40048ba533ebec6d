"""Every claim has its row, and the first of its judges decides."""

from pathlib import Path

import pytest

from analysis.problem import Problem
from analysis.reference import claims
from analysis.stats import Verdict
from experiments.answers.answer import Answer, write
from experiments.audit.judge import Row
from experiments.claims.evidence import Evidence
from experiments.claims.scoreboard import audited, scoreboard
from experiments.claims.vocabulary import WORDS
from experiments.page.scoreboard import FIELDS

RESULTS = Path(__file__).parents[3] / "results"


def test_every_claim_has_a_row_on_one_of_two_lists(tmp_path):
    board = scoreboard(tmp_path)
    assert [row["id"] for row in board] == list(claims())
    for row in board:
        assert row["verdict"] in WORDS[row["list"]]
        assert set(FIELDS) == set(row)
    verdicts = {row["id"]: row["verdict"] for row in board}
    assert verdicts["slim-grid"] == "number off"  # misprints among its 76 numbers
    assert verdicts["expansion-of-input"] == "holds"
    assert verdicts["block-madds"] == "holds within scope"
    assert verdicts["figure7-threshold"] == "refuted"
    assert verdicts["linear-bottleneck"] == verdicts["relu-line-ray"] == "not tested"  # nothing is stored
    needs = {row["id"]: row["needs"] for row in board}
    assert needs["linear-bottleneck"] == "mnv2 study run linear-bottleneck"  # the first of the cheapest
    assert needs["memory-split-speed"] == "mnv2 bench split"
    assert needs["relu-line-ray"] == "mnv2 manifold"


@pytest.mark.parametrize("stored", [True, False])
def test_every_measured_row_has_its_budget_and_every_effect_its_unit(tmp_path, stored):
    for row in scoreboard(RESULTS if stored else tmp_path):
        assert row["budget"] or row["list"] == "exact", row["id"]
        assert row["unit"] or row["effect"] is None, row["id"]
        judged = row["list"] == "measured" and row["verdict"] != "not tested"
        assert not judged or (row["n"] and row["scope"] and row["analysis"] and row["unit"]), row["id"]
        assert row["verdict"] != "unresolved" or row["shows"] > 0, row["id"]


def test_a_rule_that_was_written_when_its_numbers_were_known_says_so():
    rows = {row["id"]: row for row in scoreboard(RESULTS)}
    after = ("figure7-initial", "low-dimensional-manifold", "latency-follows-madds", "linear-bottleneck-size",
             "expansion-above-one", "memory-split-efficiency")  # fmt: skip
    assert all("known" in rows[name]["analysis"] for name in after)
    assert all("known" in row["analysis"] for row in rows.values() if row["list"] == "exact")
    assert "registered before the runs" in rows["linear-bottleneck"]["analysis"]
    assert "by the rule registered before the measurement: undecided" in rows["figure7-initial"]["also"]


def test_a_claim_of_numbers_says_how_far_the_worst_is_off():
    good = Row("a", "here", "first", 1.0, 1.0, 1.0, "exact", "")
    off = Row("b", "here", "second", 3.0, 2.0, 1.5, "differs", "not explained", 4)
    assert audited({}, [good, good])["n"] == 1
    found = audited({}, [good, off])
    assert (found["verdict"], found["off"], found["n"], found["effect"]) == ("number off", 1, 2, 50.0)
    assert found["why"].startswith("1 of 2 numbers follow. Furthest off: second, printed 3, computed 2")
    found = audited({"scope": "b aside", "outside": ["b"]}, [good, off])
    assert (found["verdict"], found["off"], found.get("effect")) == ("holds within scope", 0, None)
    assert found["why"].endswith("1 of them lie outside the scope, where 1 differ")


def store(results, stem, verdict, effect, **evidence):
    """One stored verdict on linear-bottleneck."""
    made = Verdict("linear-bottleneck", verdict, stem, effect, effect - 1, effect + 1, 5, why="because")
    rests = Evidence(
        **{"judge": "study:linear-bottleneck", "dataset": "cifar10", "recipe": "brief", "epochs": 1} | evidence
    )
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
    assert (row["verdict"], row["finding"], row["effect"]) == ("not reproduced", "contradicted", -3.0)
    assert row["also"].startswith("THESE DISAGREE: ")
    assert [each.partition(":")[0] for each in row["also"].removeprefix("THESE DISAGREE: ").split("; ")] == [
        "study linear-bottleneck, 10 epochs of CIFAR-10, fresh seeds",
        "study linear-bottleneck, 1 epoch of CIFAR-10",
        "study linear-bottleneck, 200 epochs of CIFAR-100",
        "study headline, 10 epochs of CIFAR-10",
    ]
    assert "1 epoch of CIFAR-10: reproduced (6 [5, 7] points of test accuracy, n = 5)" in row["also"]


def test_the_first_judge_decides_whatever_the_budget_of_the_others(tmp_path):
    store(tmp_path, "headline full", "supported", 4.0, judge="study:headline", epochs=200)
    store(tmp_path, "linear", "contradicted", -3.0)
    assert found(tmp_path)["verdict"] == "not reproduced"
    store(tmp_path, "ten", "supported", 5.0, judge="study:ten-epochs", epochs=10)
    assert found(tmp_path)["effect"] == 5.0


def test_a_judge_that_the_claim_does_not_name_decides_nothing(tmp_path):
    store(tmp_path, "mine", "supported", 4.0, judge="study:mine")
    row = found(tmp_path)
    assert (row["verdict"], row["needs"]) == ("not tested", "mnv2 study run linear-bottleneck")
    assert row["also"].startswith("study mine, 1 epoch of CIFAR-10: reproduced")


def test_a_file_that_holds_no_verdicts_is_named(tmp_path):
    (tmp_path / "verdicts").mkdir()
    (tmp_path / "verdicts" / "x.json").write_text("[1, 2")
    with pytest.raises(Problem, match=r"x\.json holds no verdicts"):
        scoreboard(tmp_path)
    (tmp_path / "verdicts" / "x.json").write_text('[{"id": "linear-bottleneck", "verdict": "supported"}]')
    with pytest.raises(Problem, match=r"x\.json holds no verdicts of this version .*: delete it and run mnv2 report"):
        scoreboard(tmp_path)
