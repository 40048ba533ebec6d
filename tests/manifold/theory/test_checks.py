"""All statements at once: each has a verdict, each failure a counter-example, each share its closed form."""

import pytest

from analysis.manifold.theory.operator import AFFINE_SHARE_OF_RELU
from experiments.measurements.manifold.rule import PARTS, judge


def test_each_statement_has_a_verdict_and_each_failure_a_counterexample(verdicts):
    claims = {claim for claim, part in verdicts if not part}
    assert claims == {
        "relu-line-ray",
        "relu-interior-linear",
        "relu-invertible-iff",
        "relu-collapse-volume",
        "relu-collapse-bound",
        "figure1-information-loss",
    }
    assert all(v.counterexample for v in verdicts.values() if v.verdict != "holds")
    assert verdicts["relu-interior-linear", ""].verdict == "holds"
    assert verdicts["relu-invertible-iff", "if"].verdict == "holds"
    assert verdicts["relu-collapse-bound", "first link"].verdict == "holds"
    assert verdicts["figure1-information-loss", "information"].verdict == "holds"
    assert verdicts["figure1-information-loss", "as drawn"].verdict == "fails"


def test_the_scoreboard_hears_of_each_claim_once(verdicts):
    rows = {row.claim: row for row in judge(verdicts.values())}
    parts = {name: part for part, name in PARTS.items()}  # rows of their own on the scoreboard
    assert set(rows) == {claim for claim, part in verdicts if claim and not part} | set(parts)
    for name, row in rows.items():
        word = verdicts[parts.get(name, (name, ""))].verdict
        assert row.verdict == ("contradicted" if word == "fails" else "supported")
        assert ("holds when" in row.why) == (word == "holds when")


def test_every_measured_share_agrees_with_its_closed_form(checks):
    assert len(checks.cells) == 30
    for measured in (*checks.cells, *checks.orthogonal, *checks.lines, *checks.origins):
        assert measured.agrees, measured
    assert checks.sampled.hits == checks.sampled.cases > 0
    for operator in checks.operators:
        assert operator.affine_relu == pytest.approx(AFFINE_SHARE_OF_RELU, abs=0.02)
