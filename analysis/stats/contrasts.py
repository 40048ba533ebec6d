"""What a change does on average over pairs of things that differ in nothing else, each measured several times."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence

from analysis.problem import Problem
from analysis.stats.intervals import Estimate


def matched(runs: Mapping[str, Sequence[float]], pairs: Sequence[tuple[str, str]]) -> Estimate:
    """The mean over `pairs` of the second's mean less the first's.

    Its interval is that of measuring again: the pairs are all there are, so only the runs are random. Their variance
    is pooled over all things in `pairs`, each with two runs or more. A thing in several pairs counts so often, and so
    does its noise.

    Raises:
        Problem: no pairs, a thing without runs, or none with two.
    """
    if not pairs:
        raise Problem("there are no pairs to compare")
    if lacking := [key for pair in pairs for key in pair if not len(runs.get(key, ()))]:
        raise Problem(f"{lacking[0]!r} has no runs")
    signs: Counter[str] = Counter()
    for first, second in pairs:
        signs[first] -= 1
        signs[second] += 1
    things = {key for pair in pairs for key in pair}
    means = {key: math.fsum(runs[key]) / len(runs[key]) for key in things}
    degrees = sum(len(runs[key]) - 1 for key in things)
    if not degrees:
        raise Problem("no thing has two runs, so their noise is not known")
    squares = math.fsum((value - means[key]) ** 2 for key in things for value in runs[key])
    mean = math.fsum(sign * means[key] for key, sign in signs.items()) / len(pairs)
    spread = math.fsum(sign**2 / len(runs[key]) for key, sign in signs.items())
    return Estimate(mean, math.sqrt(squares / degrees * spread) / len(pairs), degrees, len(pairs))
