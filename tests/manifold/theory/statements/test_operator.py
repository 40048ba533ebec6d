"""The verdict on A ReLU(Bx) reads the operator at the paper's expansion."""

from analysis.manifold.theory.operator import operators
from analysis.manifold.theory.statements.operator import verdicts


def test_the_verdict_reads_the_operator_at_six_times_n():
    found = operators(4, (1, 6), draws=2)
    (row,) = verdicts(found)
    assert row.counterexample == {"n": 4, "m": 24, "A": "random", "share of draws that fold": found[1].folds_random}
    assert f"R^2 {found[1].recovered:.3f}" in row.why
