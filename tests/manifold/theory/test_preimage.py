"""Whether a preimage is unique: against brute force over extreme rays, and by hand."""

from fractions import Fraction
from itertools import combinations

import numpy as np
from plain import relu

from analysis.manifold.theory.exact import dot, null_vector, rank, rational, relu_image
from analysis.manifold.theory.preimage import decide, lone_origin_share


def brute_force_unique(matrix, x0):
    """Uniqueness by the extreme rays of {d: b_i d = 0 on positive, <= 0 on zero rows}, in Fractions."""
    rows, x = rational(matrix), tuple(map(Fraction, x0))
    active = [row for row in rows if dot(row, x) > 0]
    tight = [row for row in rows if dot(row, x) == 0]
    if rank((*active, *tight)) < len(x):
        return False
    for chosen in combinations(tight, max(len(x) - 1 - rank(active), 0)):
        d = null_vector((*active, *chosen), len(x))
        if d is None or rank((*active, *chosen)) < len(x) - 1:
            continue
        for sign in (1, -1):
            if all(sign * dot(row, d) <= 0 for row in tight):
                return False
    return True


def test_decide_agrees_with_brute_force_and_certifies():
    generator = np.random.default_rng(1)
    seen = set()
    for _ in range(150):
        m, n = int(generator.integers(1, 8)), int(generator.integers(1, 4))
        b = generator.integers(-2, 3, size=(m, n)).tolist()
        x0 = generator.integers(-1, 2, size=n).tolist()
        answer = decide(b, x0)
        assert answer.unique == brute_force_unique(b, x0)
        assert not answer.lemma or answer.unique
        if not answer.unique:
            assert answer.second != tuple(x0)
            assert answer.second is not None
            assert relu_image(rational(b), answer.second) == tuple(relu(b, x0))
        seen.add((answer.unique, answer.lemma))
    assert seen == {(True, True), (True, False), (False, False)}


def test_lone_origin_share_by_hand():
    # n = 1: alone unless all m signs agree. n = 2, m = 3: three random directions surround 0 with probability 1/4.
    assert lone_origin_share(1, 5) == 1 - Fraction(2, 2**5)
    assert lone_origin_share(2, 3) == Fraction(1, 4)
