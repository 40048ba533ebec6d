"""Rows of the scoreboard."""

import json
import subprocess
import sys

import pytest

from analysis.problem import Problem
from analysis.stats import Rule, Verdict, all_of, judge, paired_difference, verdict


def judgement(*differences):
    a = {seed: 60.0 + value for seed, value in enumerate(differences)}
    return judge(Rule(">"), paired_difference(a, dict.fromkeys(a, 60.0), ("a", "b")))


UP, DOWN, OPEN = judgement(2.0, 2.1, 1.9), judgement(-2.0, -2.1, -1.9), judgement(1.0, -1.0, 0.5)
SURER_UP, MORE_OPEN, SURER_DOWN = (
    judgement(5.0, 5.1, 4.9),
    judgement(1.0, -1.0, 0.1),
    judgement(-5.0, -5.1, -4.9),
)


def test_a_row_is_plain_json():
    row = verdict("linear-bottleneck", "CIFAR-10, brief", OPEN).row()
    assert json.loads(json.dumps(row, allow_nan=False)) == row
    assert list(row)[:2] == ["id", "verdict"]
    assert row["id"] == "linear-bottleneck"
    assert row["effect"] == pytest.approx(1 / 6)
    assert (row["low"], row["high"]) == (OPEN.difference.low, OPEN.difference.high)
    assert (row["verdict"], row["n"], row["needs"]) == ("undecided", 3, OPEN.needs)


def test_ends_that_are_not_finite_and_arms_that_diverged_have_no_number():
    one = verdict("x", "here", judgement(2.0)).row()
    assert (one["effect"], one["low"], one["high"], one["n"]) == (2.0, None, None, 1)
    lost = paired_difference({0: 60.0, 1: 61.0, 2: 60.0}, {0: 50.0, 1: None, 2: None})
    judged = verdict("x", "here", judge(Rule(">"), lost))
    assert (judged.effect, judged.low, judged.high) == (None, None, None)
    assert "arm 2 diverged in 2 of 3 runs (seeds 1, 2)" in judged.why


@pytest.mark.parametrize(
    ("parts", "deciding"),
    [
        ([UP, SURER_UP], UP),
        ([UP, OPEN, MORE_OPEN], MORE_OPEN),
        ([UP, OPEN, DOWN, SURER_DOWN], SURER_DOWN),
    ],
)
def test_a_claim_of_several_parts(parts, deciding):
    assert all_of(parts) is deciding
    assert all_of(parts[::-1]) is deciding


def test_wrong_verdicts_are_problems():
    with pytest.raises(Problem, match="'proved' is not one of supported"):
        Verdict("x", "proved", "here")  # type: ignore[arg-type]
    with pytest.raises(Problem, match="give `needs` if it is undecided"):
        Verdict("x", "undecided", "here")
    with pytest.raises(Problem, match="and only then"):
        Verdict("x", "supported", "here", needs="more seeds")
    with pytest.raises(Problem, match="at least one judged part"):
        all_of([])


def test_importing_the_statistics_imports_nothing_heavy():
    heavy = {"scipy", "numpy", "pandas", "torch", "matplotlib"}
    code = f"import sys, analysis.stats; print(sorted({heavy} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
