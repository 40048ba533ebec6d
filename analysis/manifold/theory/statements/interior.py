"""Lemma 1 of appendix A: "where ReLU(Bx) is an interior point of the image in R^m, ReLU(Bx) = Bx", and compositions.

Checked: random matrices with small integers, each case decided exactly (`analysis.manifold.theory.interior`).
"""

import numpy as np

from analysis.manifold.theory.interior import COMPOSITION, compose, image_is_interior, is_linear_there
from analysis.manifold.theory.statements.count import Count, integers
from analysis.manifold.theory.statements.verdict import TheoryVerdict, holds_if


def interior(generator: np.random.Generator, draws: int = 300) -> tuple[Count, Count]:
    """How many interior images are those of a linear map, and how many images of an expansion (m > n) are interior."""
    inside = linear = expanded = inside_expanded = 0
    for _ in range(draws):
        n, m = map(int, generator.integers(1, 5, size=2))
        b, x = integers(m, n, 5, generator)
        if m > n:
            expanded += 1
            inside_expanded += image_is_interior(b, x)
        elif image_is_interior(b, x):
            inside += 1
            linear += is_linear_there(b, x)
    return Count("interior", linear, inside), Count("interior, m > n", inside_expanded, expanded)


def verdicts(linear: Count, expanded: Count) -> list[TheoryVerdict]:
    """What the two counts of `interior` say of Lemma 1, and a counter-example to its extension to compositions."""
    return [
        TheoryVerdict(
            "relu-interior-linear", "", "3.2, A (Lemma 1)",
            "Where ReLU(Bx) is an interior point of the image in R^m, ReLU(Bx) = Bx.",
            holds_if(not expanded.hits and linear.hits == linear.cases),
            "an interior point has no coordinate 0. It needs rank B = m: for m > n, every expansion, the image has no "
            f"interior and nothing is said ({expanded.out_of} interior); for m <= n "
            f"{linear.out_of} interior images were Bx.",
        ),
        TheoryVerdict(
            "relu-interior-linear", "deep networks", "3.2, A",
            "A composition of such layers is linear on the part of the input that it maps to the interior of its "
            "image.", "fails",
            "ReLU(A ReLU(Bx)) = |x| is the smallest case: an expansion by 2 and a projection, no volume collapsed "
            "anywhere, and three evenly spaced points whose images, all interior, are not evenly spaced.",
            {**COMPOSITION, "images": [int(compose(x)[0]) for x in COMPOSITION["points"]]},
        ),
    ]  # fmt: skip
