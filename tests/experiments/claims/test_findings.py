"""The README's findings follow the scoreboard, and its words are left out where they no longer hold."""

from pathlib import Path

import pytest

from analysis.reference import claims
from experiments.claims.findings import END, FINDINGS, START, between, block, counts
from experiments.claims.scoreboard import scoreboard

ROOT = Path(__file__).parents[3]
FIRST = {"id": FINDINGS[0].claim, "verdict": FINDINGS[0].verdict, "effect": 3.04, "low": 2.0, "high": 4.1, "n": 7,
         "budget": "2 epochs"}  # fmt: skip


def test_five_claims_of_the_paper_are_found_and_the_readme_has_them():
    assert len(FINDINGS) == 5 and {each.claim for each in FINDINGS} <= set(claims())
    made = block(scoreboard(ROOT / "results"))
    lines = made.splitlines()
    assert len(lines) == 5 and all(
        "[" in line and f"`{f.claim}`" in line for line, f in zip(lines, FINDINGS, strict=True)
    )
    page = (ROOT / "README.md").read_text()
    assert between(page, START, END, made) == page and START in page


def test_the_lists_are_counted_apart_and_the_readme_has_the_counts():
    words = [("exact", "holds"), ("exact", "holds"), ("exact", "refuted"), ("measured", "unresolved")]
    made = counts({"list": name, "verdict": word} for name, word in words)
    assert "Arithmetic and theory, 3 statements: 2 hold, 1 refuted.\n- Measured, 1 statements: 1 unresolved." in made
    assert "4" not in made
    assert counts(scoreboard(ROOT / "results")) in (ROOT / "README.md").read_text()


def test_words_come_with_the_numbers_of_the_verdict_and_its_budget():
    first = block([FIRST]).splitlines()[0]
    assert "costs 3.0 points" in first and "[2.0, 4.1]" in first
    assert "reproduced, n\u00a0=\u00a07; 2 epochs)" in first


@pytest.mark.parametrize("changes", [{"verdict": "unresolved"}, {"effect": None, "low": None, "high": None}])
def test_words_that_no_longer_hold_are_left_out(changes):
    verdict = changes.get("verdict", FIRST["verdict"])
    assert block([FIRST | changes]).splitlines()[0] == f"- `{FINDINGS[0].claim}`: {verdict}."


def test_what_is_not_on_the_board_says_so():
    assert block([]).count("not measured yet") == 5


@pytest.mark.parametrize(
    ("page", "written"),
    [("a\n<s>\nold\n<e>\nb", "a\n<s>\nnew\n<e>\nb"), ("no markers", "no markers"), ("<s> only", "<s> only")],
)
def test_a_page_is_changed_between_its_markers_only(page, written):
    assert between(page, "<s>", "<e>", "new") == written
