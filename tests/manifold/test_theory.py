"""The theory: counter-examples replayed in plain integers, decisions against brute force, bounds against proofs."""

from fractions import Fraction
from itertools import combinations, product
from math import comb, log2

import numpy as np
import pytest

from analysis.manifold.theory import theory_checks, theory_verdicts
from analysis.manifold.theory.bounds import LINKS, first_link, holds_from, last_link, second_link, whole_chain
from analysis.manifold.theory.collapse import collapsed_share, monte_carlo, patterns_collapsed, patterns_kept
from analysis.manifold.theory.exact import dot, null_vector, rank, rational, relu_image
from analysis.manifold.theory.interior import image_is_interior
from analysis.manifold.theory.operator import AFFINE_SHARE_OF_RELU
from analysis.manifold.theory.preimage import decide, lone_origin_share
from experiments.measurements.manifold.rule import CLAIMS, GRANTED, judge


@pytest.fixture(scope="module")
def checks():
    return theory_checks(seed=0)


@pytest.fixture(scope="module")
def verdicts(checks):
    return {(v.claim, v.part): v for v in theory_verdicts(checks)}


def relu(matrix, x):
    return [max(0, sum(a * b for a, b in zip(row, x, strict=True))) for row in matrix]


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
    assert set(rows) == {claim for claim, part in verdicts if claim and not part} == set(CLAIMS)
    for name, row in rows.items():
        word = verdicts[name, ""].verdict
        assert row.verdict == ("supported" if word == "holds" or name in GRANTED else "contradicted")
        assert ("holds when" in row.why) == (word == "holds when")


def test_every_measured_share_agrees_with_its_closed_form(checks):
    assert len(checks.cells) == 30
    for measured in (*checks.cells, *checks.orthogonal, *checks.lines, *checks.origins):
        assert measured.agrees, measured
    assert checks.sampled.hits == checks.sampled.cases > 0
    for operator in checks.operators:
        assert operator.affine_relu == pytest.approx(AFFINE_SHARE_OF_RELU, abs=0.02)


def test_replay_lemma_2_a_unique_preimage_without_enough_positive_rows(verdicts):
    for part in ("", "only if"):
        example = verdicts["relu-invertible-iff", part].counterexample
        b, x0, y0 = example["B"], example["x0"], example["y0"]
        assert relu(b, x0) == y0
        assert sum(y != 0 for y in y0) == example["non-zero"] < example["n"]
        # The half-spaces b_i x <= y_i, written out: two opposite rows pin one coordinate, a positive row the other.
        grid = product([Fraction(k, 8) for k in range(-24, 25)], repeat=len(x0))
        assert [list(x) for x in grid if relu(b, x) == y0] == [x0]


def test_replay_composition_is_not_affine_on_interior_images(verdicts):
    example = verdicts["relu-interior-linear", "deep networks"].counterexample
    images = [relu(example["A"], relu(example["B"], x))[0] for x in example["points"]]
    first, middle, last = (x[0] for x in example["points"])
    assert images == example["images"]
    assert min(images) > 0
    assert middle - first == last - middle
    assert images[1] - images[0] != images[2] - images[1]


def test_replay_line_with_fewer_bends_than_dimensions(verdicts):
    example = verdicts["relu-line-ray", ""].counterexample
    p, v = example["point"], example["direction"]
    images = [tuple(max(0, a + t * b) for a, b in zip(p, v, strict=True)) for t in (-1, 0, 1, 2, 3)]
    assert images == [(0, 0), (0, 0), (0, 0), (1, 0), (2, 1)]  # rests, then one bend at (1, 0)


def test_replay_theorem_1_needs_independent_rows_and_names_the_kept_share(verdicts):
    example = verdicts["relu-collapse-volume", ""].counterexample
    assert example["collapsed share"] == 1.0  # one direction: ReLU(Bx) never has rank 2
    assert example["formula"] == sum(comb(12, k) for k in range(2)) / 2**12
    example = verdicts["relu-collapse-volume", "which fraction"].counterexample
    assert example["N/2^m"] > 0.99
    assert example["collapsed share measured"] < 0.02


def test_replay_bounds_at_the_expansion_of_the_paper(verdicts):
    for part, link in (("", last_link), ("last link at m = 6n", last_link), ("ends at m = 6n", whole_chain)):
        example = verdicts["relu-collapse-bound", part].counterexample
        assert not link(example["n"], example["m"])
    assert not any(last_link(n, 6 * n) for n in range(1, 500))
    assert [n for n in range(1, 40) if whole_chain(n, 6 * n)] == [1, 2, 3, 4, 5]


def test_links_are_the_inequalities_of_the_paper():
    for n, m in product(range(1, 9), range(1, 60)):
        if m < n:
            continue
        kept = Fraction(patterns_kept(n, m), 2**m)
        first = 1 - Fraction(m ** (n + 1), 2**m * np.prod(range(1, n + 1), dtype=object))
        second = 1 - Fraction(m ** (n + 1), 2**m)
        assert first_link(n, m) == (kept >= first) is True
        assert second_link(n, m) == (first >= second) is True
        exponent = (n + 1) * log2(m) - m
        if abs(exponent + m / 2) > 1e-9:
            assert last_link(n, m) == (exponent <= -m / 2)
        assert whole_chain(n, m) == ((1 - kept) ** 2 <= Fraction(1, 2**m))


@pytest.mark.parametrize("name", ["last", "whole", "middle positive"])
def test_holds_from_is_where_a_link_starts_to_hold(name):
    link = LINKS[name]
    for n in range(1, 13):
        start = holds_from(link, n)
        assert all(link(n, m) for m in range(start, start + 200))
        assert start <= max(n, 3) or not link(n, start - 1)


def test_patterns_are_counted_right():
    for n, m in product(range(1, 5), range(1, 9)):
        positive = [sum(signs) for signs in product((0, 1), repeat=m)]
        assert patterns_kept(n, m) == sum(k >= n for k in positive)
        assert patterns_collapsed(n, m) == sum(k < n for k in positive)
        assert collapsed_share(n, m) == 1 - Fraction(patterns_kept(n, m), 2**m)


def test_monte_carlo_refutes_a_wrong_formula():
    (cell,) = monte_carlo("gaussian", [(2, 4)], draws=1000)
    assert cell.agrees
    assert not cell._replace(exact=1 - cell.exact).agrees


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


@pytest.mark.parametrize(
    ("matrix", "x", "interior"),
    [
        ([[1, 0], [0, 1]], [1, 2], True),
        ([[1, 0], [0, 1]], [1, 0], False),
        ([[1, 1], [2, 2]], [1, 1], False),  # rank 1: the image is a ray in the plane
        ([[1], [2]], [1], False),  # m > n
    ],
)
def test_interior_images(matrix, x, interior):
    assert image_is_interior(matrix, x) is interior
