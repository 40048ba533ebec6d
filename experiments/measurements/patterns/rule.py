"""How measured activation patterns judge the claims figure7-initial, figure7-trained and low-dimensional-manifold.

Fixed before the measurement. The history of this file shows it. Judged is the baseline, one value a seed. A part holds
where the 95 % t interval of its mean over seeds lies on the claimed side of its limit. It fails where the interval lies
on the other side at a level shared by the claim's parts (Bonferroni). A claim is contradicted where a part fails and
supported where all hold.

"About half": between 40 and 60 % of the channels, in the layer that is furthest from half. "Little spread": a
standard deviation over pixels and images of at most 10 % of the channels, in the layer of the largest. "All but
two": at most two layers with a pixel that has fewer positive channels than the block has input channels. "Low": a
quarter of the expanded channels hold 95 % of the variance, averaged over layers, after the activation of the
expansion and after that of the depthwise convolution alike. Before the activation an expansion is low-dimensional
by construction, so nothing is judged there.

Two of these limits ask the wrong thing. A tenth of the channels is met by independent coins on many channels and
missed on few, and any nonlinearity spreads even a Gaussian over more than a quarter of the channels. So `nulls` judges
these two from now on (`experiments.claims.measured`): the spread against that of independent coins, and the components
against those of a Gaussian that fills all dimensions of the block's input alike. It was written when the stored
measurement was known. results/tables/power-measured.md, committed before it judged anything, has what it says under
stated truths.

Measured on all pixels of IMAGES validation images, the first of the split. An untrained network's norms take the
statistics of these images, as its first training step would take its batch's: running statistics are not yet any.
"""

import math
from collections.abc import Callable, Iterable, Sequence

from analysis.manifold.trained.rows import Dimension, Positive
from analysis.stats import Verdict
from analysis.stats.intervals import Estimate, interval
from analysis.stats.rules import Finding
from experiments.claims.measured import (
    KNOWN,
    MOST_FILLED,
    MOST_RATIO,
    filled,
    little,
    low_dimensional,
    mean_ratios,
)
from experiments.claims.per_seed import ALPHA, Part, finding, judged, weakest

CLAIMS = ("figure7-initial", "figure7-trained", "low-dimensional-manifold")
ARM = "baseline"
IMAGES = 1000
HALF, LITTLE, LAYERS_BELOW, LOW = 0.1, 0.1, 2.0, 0.25
LIMITATION = "networks of 3 M multiply-adds trained for one epoch of CIFAR-10, not ImageNet"


def judge(positive: Iterable[Positive], dimensions: Iterable[Dimension], where: str) -> list[Verdict]:
    """The verdicts on the three claims, from rows of the arm "baseline" at both stages."""
    rows = [row for row in positive if row.arm == ARM]
    filled = [row for row in dimensions if row.arm == ARM and row.stage == "trained"]
    initial, trained = ([row for row in rows if row.stage == stage] for stage in ("initial", "trained"))
    return [
        judged(
            "figure7-initial",
            (
                Part("share of positive channels, furthest from half", _worst(initial, _from_half), HALF),
                Part("largest spread over pixels, share of channels", _worst(initial, _spread), LITTLE),
            ),
            f"{where}; {LIMITATION}",
        ),
        judged(
            "figure7-trained",
            (
                Part("share of positive channels, furthest from half", _worst(trained, _from_half), HALF),
                Part("log of trained over initial spread, mean of layers", _growth(initial, trained), 0.0, above=True),
                Part("layers that fall below the threshold", _layers_below(trained), LAYERS_BELOW),
            ),
            f"{where}; {LIMITATION}",
        ),
        judged(
            "low-dimensional-manifold",
            tuple(
                Part(f"share of channels for 95 % of variance behind {tensor}", _filled(filled, tensor), LOW)
                for tensor in ("expand.activation", "depthwise.activation")
            ),
            f"{where}; {LIMITATION}",
        ),
    ]


def nulls(positive: Iterable[Positive], dimensions: Iterable[Dimension], where: str) -> list[Verdict]:
    """The verdicts on figure7-initial and low-dimensional-manifold against what chance and full dimension give.

    Effects are ratios to these: 1 is what independent coins, or a Gaussian of full dimension, have.
    """
    rows = [row for row in positive if row.arm == ARM]
    initial = [row for row in rows if row.stage == "initial"]
    half = Part("share of positive channels, furthest from half", _worst(initial, _from_half), HALF)
    coins, spread = little(mean_ratios(initial))
    dims = [row for row in dimensions if (row.arm, row.stage) == (ARM, "trained")]
    flat, components = low_dimensional(filled(dims, {row.block: row.inputs for row in rows}))
    width = interval(_filled(dims, "project.norm"))
    return [
        _against_null(
            "figure7-initial",
            weakest((finding(half, ALPHA), coins)),
            spread,
            f"spread over pixels in that of independent coins, at most {MOST_RATIO:g} claimed: {coins}; {half.title}: "
            f"{interval(half.values)}, at most {HALF:g} claimed: {finding(half, ALPHA)}",
            where,
            "spread over pixels, in that of independent coins",
        ),
        _against_null(
            "low-dimensional-manifold",
            flat,
            components,
            "components for 95 % of variance after the expansion, in those of a Gaussian of full dimension, at most "
            f"{math.exp(MOST_FILLED):g} claimed: {flat}. Of the bottleneck's own channels {width} hold as much",
            where,
            "components, in those of a Gaussian of full dimension",
        ),
    ]


def _against_null(claim: str, word: Finding, found: Estimate, why: str, where: str, unit: str) -> Verdict:
    low, high = (math.exp(end) if math.isfinite(end) else None for end in (found.low, found.high))
    return Verdict(
        claim,
        word,
        f"{where}; {LIMITATION}",
        math.exp(found.mean),
        low,
        high,
        found.n,
        why=why,
        needs="more seeds" if word == "undecided" else "",
        unit=unit,
        analysis=f"ratio to a null, 95 % t interval of its log over seeds; {KNOWN}",
    )


def _from_half(row: Positive) -> float:
    return abs(row.mean / row.channels - 0.5)


def _spread(row: Positive) -> float:
    return row.sd / row.channels


def _seeds(rows: Iterable[Positive | Dimension]) -> list[int]:
    return sorted({row.seed for row in rows})


def _worst(rows: Sequence[Positive], measure: Callable[[Positive], float]) -> tuple[float, ...]:
    return tuple(max(measure(row) for row in rows if row.seed == seed) for seed in _seeds(rows))


def _growth(initial: Sequence[Positive], trained: Sequence[Positive]) -> tuple[float, ...]:
    before = {(row.seed, row.block): row.sd for row in initial}
    values = []
    for seed in _seeds(trained):
        logs = [math.log(row.sd / before[seed, row.block]) for row in trained if row.seed == seed]
        values.append(math.fsum(logs) / len(logs))
    return tuple(values)


def _layers_below(rows: Sequence[Positive]) -> tuple[float, ...]:
    return tuple(float(sum(row.least < row.inputs for row in rows if row.seed == seed)) for seed in _seeds(rows))


def _filled(rows: Sequence[Dimension], tensor: str) -> tuple[float, ...]:
    values = []
    for seed in _seeds(rows):
        shares = [row.components / row.channels for row in rows if row.seed == seed and row.tensor == tensor]
        values.append(math.fsum(shares) / len(shares))
    return tuple(values)
