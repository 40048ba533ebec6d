"""Section 3.2: "ReLU of a line has n joints in R^n, and is a ray in R^1".

Checked: bends of random lines, counted exactly, against the closed form of the share that has all n of them, and
against bends found on a sampled curve.
"""

from collections.abc import Sequence

import numpy as np

from analysis.manifold.line import full_share, random_curves, sample, sampled_bends
from analysis.manifold.theory.statements.count import Count, measured, with_intervals
from analysis.manifold.theory.statements.verdict import TheoryVerdict

LINE_DIMENSIONS = (1, 2, 3, 4, 6, 8)  # in which random lines are counted, `Checks.lines` in this order


def lines(generator: np.random.Generator, draws: int = 250) -> list[Count]:
    """How many of `draws` random lines in R^n have n bends, for n up to 8."""
    return with_intervals([_line(n, draws, generator) for n in LINE_DIMENSIONS])


def _line(n: int, draws: int, generator: np.random.Generator) -> Count:
    curves = random_curves(n, draws, generator)
    return Count(f"n = {n}", sum(curve.bends == n for curve in curves), draws, full_share(n))


def sampled(generator: np.random.Generator, draws: int = 60) -> Count:
    """On how many lines as many bends are seen as counted. Joints closer than a sample resolves are left out."""
    agree = cases = 0
    while cases < draws:
        (line,) = random_curves(int(generator.integers(1, 6)), 1, generator, bound=9)
        gaps = np.diff([float(t) for t in line.joints])
        if len(gaps) and gaps.min() < 0.01:
            continue
        cases += 1
        steps = 4 * (float(line.joints[-1] - line.joints[0]) + 2) / min([1.0, *gaps])
        agree += sampled_bends(sample(line, int(steps) + 2)) == line.bends
    return Count("sampled", agree, cases)


def verdicts(counts: Sequence[Count], seen: Count) -> list[TheoryVerdict]:
    """What `lines` and `sampled` say of the statement."""
    return [
        TheoryVerdict(
            "relu-line-ray", "", "3.2", "ReLU of a line has n joints in R^n, and is a ray in R^1.", "holds when",
            "the n sign changes are distinct and the line misses the orthant where all coordinates are <= 0, where "
            "it rests at the origin: with sign-symmetric coordinates that has probability 1 - (n+1)/2^n, 0 for n = "
            f"1 (always a ray) and near 1 from n = 8 on. Measured (closed form): {measured(counts)}; "
            f"sampled curves agree with the exact count on {seen.out_of} lines.",
            {"point": [-1, -2], "direction": [1, 1], "joints in t": [1, 2], "bends": 1},
        ),
    ]  # fmt: skip
