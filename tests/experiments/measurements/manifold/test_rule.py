"""A statement's verdict becomes a claim's, with the paper's own conditions granted."""

import pytest

from analysis.manifold.theory import TheoryVerdict
from experiments.measurements.manifold.rule import CLAIMS, GRANTED, judge


def made(claim, verdict, part=""):
    return TheoryVerdict(claim, part, "A", "statement", verdict, "because")


@pytest.mark.parametrize(
    ("claim", "word", "expected"),
    [
        ("relu-line-ray", "holds", "supported"),
        ("relu-line-ray", "holds when", "contradicted"),
        ("relu-line-ray", "fails", "contradicted"),
        ("relu-collapse-volume", "holds when", "supported"),
    ],
)
def test_a_condition_counts_where_the_paper_grants_it(claim, word, expected):
    (found,) = judge([made(claim, word)])
    assert found.verdict == expected
    assert found.why.startswith({"holds": "because", "fails": "fails: "}.get(word, "holds when ("))


def test_parts_and_statements_of_no_claim_are_left_out():
    assert judge([made("relu-line-ray", "holds", part="only if"), made("", "holds")]) == []
    assert set(GRANTED) <= set(CLAIMS)
