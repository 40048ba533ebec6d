"""The counter-example to Lemma 1 for compositions, replayed in plain integers."""

import numpy as np
from plain import relu

from analysis.manifold.theory.statements.count import Count
from analysis.manifold.theory.statements.interior import interior
from analysis.manifold.theory.statements.interior import verdicts as verdicts_of


def test_replay_composition_is_not_affine_on_interior_images(verdicts):
    example = verdicts["relu-interior-linear", "deep networks"].counterexample
    images = [relu(example["A"], relu(example["B"], x))[0] for x in example["points"]]
    first, middle, last = (x[0] for x in example["points"])
    assert images == example["images"]
    assert min(images) > 0
    assert middle - first == last - middle
    assert images[1] - images[0] != images[2] - images[1]


def test_interior_images_are_linear_and_an_expansion_has_none():
    linear, expanded = interior(np.random.default_rng(1), 80)
    assert linear.hits == linear.cases > 0
    assert (expanded.hits, expanded.cases > 0) == (0, True)
    (lemma, deep) = verdicts_of(linear, expanded)
    assert (lemma.verdict, deep.verdict) == ("holds", "fails")
    assert verdicts_of(linear, Count("an interior image", 1, 9))[0].verdict == "fails"
