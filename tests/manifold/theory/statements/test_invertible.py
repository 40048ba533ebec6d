"""The counter-examples to Lemma 2, replayed in plain fractions."""

from dataclasses import replace
from fractions import Fraction
from itertools import product

import numpy as np
from plain import relu

from analysis.manifold.theory.statements.invertible import origins, preimages
from analysis.manifold.theory.statements.invertible import verdicts as verdicts_of


def test_replay_lemma_2_a_unique_preimage_without_enough_positive_rows(verdicts):
    for part in ("", "only if"):
        example = verdicts["relu-invertible-iff", part].counterexample
        b, x0, y0 = example["B"], example["x0"], example["y0"]
        assert relu(b, x0) == y0
        assert sum(y != 0 for y in y0) == example["non-zero"] < example["n"]
        # The half-spaces b_i x <= y_i, written out: two opposite rows pin one coordinate, a positive row the other.
        grid = product([Fraction(k, 8) for k in range(-24, 25)], repeat=len(x0))
        assert [list(x) for x in grid if relu(b, x) == y0] == [x0]


def test_a_condition_that_suffices_holds_and_one_that_is_not_needed_fails():
    decided = preimages(np.random.default_rng(1), 40)
    for at in decided:
        assert at.both + at.unique_only + at.second == at.cases
        assert at.lemma_only == 0
        assert at.unique_only <= at.tight
    assert [row.verdict for row in verdicts_of(decided, [])] == ["holds when", "holds", "fails"]
    wrong = replace(decided[0], lemma_only=1)
    assert [row.verdict for row in verdicts_of([wrong], [])] == ["holds when", "fails", "fails"]


def test_the_origin_is_alone_as_often_as_wendel_says():
    assert all(count.agrees for count in origins(np.random.default_rng(2)))
