"""The counter-examples to Theorem 1 and to the text after it, recomputed."""

from math import comb

from analysis.manifold.theory.statements.volume import verdicts as verdicts_of


def test_replay_theorem_1_needs_independent_rows_and_names_the_kept_share(verdicts):
    example = verdicts["relu-collapse-volume", ""].counterexample
    assert example["collapsed share"] == 1.0  # one direction: ReLU(Bx) never has rank 2
    assert example["formula"] == sum(comb(12, k) for k in range(2)) / 2**12
    example = verdicts["relu-collapse-volume", "which fraction"].counterexample
    assert example["N/2^m"] > 0.99
    assert example["collapsed share measured"] < 0.02


def test_theorem_1_fails_where_one_cell_disagrees(checks):
    (lone,) = checks.one_direction
    assert verdicts_of(checks.cells, checks.orthogonal, lone)[0].verdict == "holds when"
    wrong = [cell._replace(exact=1 - cell.exact) for cell in checks.orthogonal]
    assert verdicts_of(checks.cells, wrong, lone)[0].verdict == "fails"
