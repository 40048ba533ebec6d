"""The counter-example to the joints of a line, replayed in plain integers."""

import numpy as np

from analysis.manifold.theory.statements.line import lines, sampled


def test_replay_line_with_fewer_bends_than_dimensions(verdicts):
    example = verdicts["relu-line-ray", ""].counterexample
    p, v = example["point"], example["direction"]
    images = [tuple(max(0, a + t * b) for a, b in zip(p, v, strict=True)) for t in (-1, 0, 1, 2, 3)]
    assert images == [(0, 0), (0, 0), (0, 0), (1, 0), (2, 1)]  # rests, then one bend at (1, 0)


def test_lines_have_n_bends_as_often_as_the_closed_form_says():
    counts = lines(np.random.default_rng(1), 100)
    assert all(count.agrees for count in counts)
    assert counts[0].hits == 0  # n = 1: always a ray
    seen = sampled(np.random.default_rng(1), 10)
    assert (seen.hits, seen.cases) == (10, 10)
