"""The README's findings follow the stored verdicts, and its words are left out where they no longer hold."""

import json
from pathlib import Path

import pytest

from analysis.problem import Problem
from analysis.reference import claims
from experiments.claims.findings import END, FINDINGS, START, between, block, counts
from experiments.claims.scoreboard import scoreboard

ROOT = Path(__file__).parents[3]


def stored(results: Path, **changes) -> None:
    """The verdict file of the first finding with `changes`."""
    row = {"id": FINDINGS[0].claim, "verdict": FINDINGS[0].verdict, "effect": 3.04, "low": 2.0, "high": 4.1, "n": 7}
    (results / "verdicts").mkdir(exist_ok=True)
    (results / "verdicts" / f"{FINDINGS[0].judge}.json").write_text(json.dumps([row | changes]))


def test_five_claims_of_the_paper_are_found_and_the_readme_has_them():
    assert len(FINDINGS) == 5 and {each.claim for each in FINDINGS} <= set(claims())
    lines = block(ROOT / "results").splitlines()
    assert len(lines) == 5 and all(
        "[" in line and f"`{f.claim}`" in line for line, f in zip(lines, FINDINGS, strict=True)
    )
    page = (ROOT / "README.md").read_text()
    assert between(page, START, END, block(ROOT / "results")) == page and START in page


def test_verdicts_are_counted_and_the_readme_has_the_counts():
    words = ("supported", "contradicted", "supported", "elsewhere")
    assert counts({"verdict": word} for word in words).startswith(
        "Of 4 claims of the paper: 2 supported, 1 contradicted, 0 undecided, 1 not judged. [VERDICTS.md]"
    )
    assert counts(scoreboard(ROOT / "results")) in (ROOT / "README.md").read_text()


def test_words_come_with_the_numbers_of_the_verdict(tmp_path):
    stored(tmp_path)
    first = block(tmp_path).splitlines()[0]
    assert "costs 3.0 points" in first and "[2.0, 4.1]" in first and "supported, n\u00a0=\u00a07)" in first


@pytest.mark.parametrize("changes", [{"verdict": "undecided"}, {"effect": None, "low": None, "high": None}])
def test_words_that_no_longer_hold_are_left_out(tmp_path, changes):
    stored(tmp_path, **changes)
    verdict = changes.get("verdict", "supported")
    assert block(tmp_path).splitlines()[0] == f"- `{FINDINGS[0].claim}`: {verdict}."


def test_what_is_not_measured_says_so(tmp_path):
    assert block(tmp_path).count("not measured yet") == 5


def test_a_broken_file_is_named(tmp_path):
    (tmp_path / "verdicts").mkdir()
    (tmp_path / "verdicts" / f"{FINDINGS[0].judge}.json").write_text("{")
    with pytest.raises(Problem, match=rf"{FINDINGS[0].judge}.json .*delete it"):
        block(tmp_path)


@pytest.mark.parametrize(
    ("page", "written"),
    [("a\n<s>\nold\n<e>\nb", "a\n<s>\nnew\n<e>\nb"), ("no markers", "no markers"), ("<s> only", "<s> only")],
)
def test_a_page_is_changed_between_its_markers_only(page, written):
    assert between(page, "<s>", "<e>", "new") == written
