"""A statement's verdict becomes a claim's, with the paper's own conditions granted."""

import json
from pathlib import Path

import pytest

from analysis.manifold.theory import TheoryVerdict
from analysis.reference import claims
from experiments.measurements.manifold.rule import CLAIMS, GRANTED, PARTS, judge


def made(claim, verdict, part=""):
    return TheoryVerdict(claim, part, "A", "statement", verdict, "because")


@pytest.mark.parametrize(
    ("claim", "word", "expected"),
    [
        ("relu-line-ray", "holds", "supported"),
        ("relu-line-ray", "holds when", "supported"),
        ("relu-line-ray", "fails", "contradicted"),
        ("relu-collapse-volume", "holds when", "supported"),
    ],
)
def test_a_statement_is_contradicted_where_it_fails(claim, word, expected):
    (found,) = judge([made(claim, word)])
    assert found.verdict == expected
    assert found.why.startswith({"holds": "because", "fails": "fails: "}.get(word, "holds when ("))


def test_parts_and_statements_of_no_claim_are_left_out():
    assert judge([made("relu-line-ray", "holds", part="only if"), made("", "holds")]) == []
    assert set(GRANTED) <= set(CLAIMS)


def test_a_part_that_is_a_claim_of_its_own_is_judged():
    (found,) = judge([made("relu-interior-linear", "fails", part="deep networks")])
    assert (found.claim, found.verdict) == ("deep-networks-linear", "contradicted")
    assert set(PARTS.values()) <= set(CLAIMS)


def test_a_condition_that_the_paper_does_not_grant_is_the_scope_of_its_claim():
    """Or else "holds when" would be shown as "holds". The stored verdicts say which statements have a condition."""
    stored = json.loads((Path(__file__).parents[4] / "results" / "verdicts" / "manifold.json").read_text())
    conditional = {row["id"] for row in stored if row["why"].startswith("holds when (which the paper does not state)")}
    assert {"relu-invertible-iff", "figure1-information-loss"} <= conditional
    assert all(claims()[name].get("scope") for name in conditional)
