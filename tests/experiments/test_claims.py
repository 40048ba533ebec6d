"""Rules fit the studies that they judge, and every claim has its row on the scoreboard."""

import json

import pytest

from analysis.problem import Problem
from analysis.reference import claims
from experiments.audit.judge import Row
from experiments.claims.ablations import CLAIMS
from experiments.claims.scoreboard import AUDITED, audited, scoreboard
from experiments.commands.claims import main
from experiments.studies.registry import STUDIES, find_study


def test_every_part_weighs_arms_that_its_study_has():
    parts = [(claim, part) for claim in CLAIMS for part in claim.parts]
    assert len(parts) == 36
    for claim, part in parts:
        assert claim.id in claims()
        assert claim.study in STUDIES
        assert set(part.weights) <= set(find_study(claim.study).names), part.title
        assert sum(part.weights.values()) == pytest.approx(0)


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
    assert needs["linear-bottleneck"] == "mnv2 study run linear-bottleneck"
    assert set(AUDITED) <= {name for name, claim in claims().items() if claim["kind"] in ("count", "memory", "theory")}


def test_a_claim_of_numbers_holds_where_all_follow():
    good = Row("a", "here", "first", 1.0, 1.0, 1.0, "exact", "")
    off = Row("b", "here", "second", 3.0, 2.0, 1.5, "differs", "not explained", 4)
    assert audited("x", [good]).verdict == "supported"
    found = audited("x", [good, off])
    assert (found.verdict, found.n) == ("contradicted", 2)
    assert "1 of 2 printed numbers" in found.why
    assert "furthest off: second, printed 3, computed 2" in found.why


def row(verdict, effect, where):
    return {
        "id": "linear-bottleneck",
        "verdict": verdict,
        "where": where,
        "effect": effect,
        "low": effect - 1,
        "high": effect + 1,
        "n": 5,
        "size": None,
        "why": "because",
        "needs": "",
    }


def test_the_largest_budget_of_the_fullest_study_counts_and_the_others_stand_beside(tmp_path):
    folder = tmp_path / "verdicts"
    folder.mkdir()
    for stem, verdict, effect in (
        ("headline-cifar10-short", "supported", 4.0),
        ("linear-bottleneck-cifar10-brief", "supported", 6.0),
        ("linear-bottleneck-cifar10-short", "contradicted", -3.0),
        ("linear-bottleneck-cifar10-short-seeds-100", "supported", 2.0),
        ("linear-bottleneck-synthetic-full", "supported", 9.0),
    ):
        (folder / f"{stem}.json").write_text(json.dumps([row(verdict, effect, stem)]))
    found = next(r for r in scoreboard(tmp_path) if r["id"] == "linear-bottleneck")
    assert (found["verdict"], found["effect"]) == ("contradicted", -3.0)
    assert "linear-bottleneck-cifar10-brief: supported (6 [5, 7], n = 5)" in found["also"]
    assert found["also"].startswith("THESE DISAGREE: ")
    assert found["also"].count(":") == 4
    assert "synthetic" not in found["also"]


def test_the_scoreboard_goes_into_the_page_between_its_markers(tmp_path, capsys):
    page = tmp_path / "README.md"
    page.write_text("before\n<!-- scoreboard: mnv2 claims -->\nyesterday\n<!-- end of the scoreboard -->\nafter\n")
    main(results=tmp_path, readme=page)
    text = page.read_text()
    assert text.startswith("before\n")
    assert text.endswith("\nafter\n")
    assert "yesterday" not in text
    assert text.count("\n| `") == len(claims())
    first = (tmp_path / "VERDICTS.md").read_bytes()
    main(results=tmp_path, readme=page)
    assert page.read_text() == text
    assert (tmp_path / "VERDICTS.md").read_bytes() == first
    capsys.readouterr()
    main(json=True, results=tmp_path)
    assert len(json.loads(capsys.readouterr().out)) == len(claims())


def test_a_file_that_holds_no_verdicts_is_named(tmp_path):
    (tmp_path / "verdicts").mkdir()
    (tmp_path / "verdicts" / "x.json").write_text("[1, 2")
    with pytest.raises(Problem, match=r"x\.json holds no verdicts"):
        scoreboard(tmp_path)
