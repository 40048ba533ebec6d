"""What the rules of `rule` say under known truths, by simulation with fixed draws and the rules' own functions."""

import math
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from analysis.manifold.trained.null import null_components
from analysis.manifold.trained.rows import Positive
from analysis.reference import table
from analysis.render.table import Table
from analysis.stats.intervals import mean_interval
from analysis.stats.proportions import order
from analysis.stats.rules import Finding
from experiments.measurements.imagenet import rule

IMAGES, HALF_OF_THEM = 700, 350
TIMES = 200
WORDS = ("supported", "contradicted", "undecided")


@dataclass(frozen=True)
class Arguments:
    """How often each truth is simulated."""

    times: int = TIMES


def measure(arguments: Arguments) -> Table:
    """The table of operating characteristics."""
    return operating_table(arguments.times)


def operating_table(times: int = TIMES) -> Table:
    """A row for each claim and truth: how often each verdict comes out."""
    rows = []
    for claim, truth, verdicts in _cases(np.random.default_rng(26), times):
        counts = Counter(verdicts)
        rows.append((claim, truth, *(counts[word] / len(verdicts) for word in WORDS), len(verdicts)))
    notes = (
        "Simulated with the functions that judge. Networks of the manifold's rows are one draw each: their Gaussians "
        f"fill the named share of each block's input. Low precision: {len(rule.INTEGERS)} networks, {HALF_OF_THEM} "
        f"images, 15 % of which change. Order: the published top-1 on {IMAGES} images that are alike hard for all.",
    )
    return Table("What the rules for published networks say under known truths",
                 ("claim", "truth", *WORDS, "simulated"), rows, notes)  # fmt: skip


def _cases(rng: np.random.Generator, times: int) -> Iterator[tuple[str, str, list[str]]]:
    for ratio in (1.0, 1.2, 1.3, 1.6):
        found = [_initial(rng, ratio) for _ in range(times)]
        yield "figure7-initial", f"spread {ratio:g} times that of coins, seeds differ by 3 %", found
    for below in (0, 2, 3):
        verdict = rule.trained(_trained(below), "")
        assert verdict is not None
        yield "figure7-trained", f"half positive, spread doubled, {below} layers below in both", [verdict.verdict]
    for share in (1.0, 0.75, 0.5, 0.25):
        yield "low-dimensional-manifold", f"a Gaussian that fills {share:.0%} of each input", [_filled(share)]
    for points in (-3.0, 0.0, 1.0, 3.0, 5.0):
        found = [_clamped(rng, points) for _ in range(times)]
        yield "relu6-low-precision", f"ReLU loses {points:g} points more, networks differ by 1.5", found
    published = [float(row["top1"]) for row in table("slim_mobilenet_v2") if row["checkpoint"] in rule.SERIES.values()]
    truths: dict[str, Callable[[], list[float]]] = {
        "as published": lambda: published,
        "all alike": lambda: [65.0] * len(published),
        "reversed": lambda: published[::-1],
    }
    for truth, shares in truths.items():
        found = [_order(rng, shares(), published) for _ in range(max(1, times // 10))]
        yield "table4-accuracy", truth, found


def _initial(rng: np.random.Generator, ratio: float) -> Finding:
    rows = []
    for seed in rule.SEEDS:
        sd = ratio * math.exp(0.03 * rng.standard_normal()) * math.sqrt(96 / 4)
        rows.append(_layer(rule.UNTRAINED, seed, "bottleneck2", least=30, sd=sd))
    verdict = rule.initial(rows, "")
    assert verdict is not None
    return verdict.verdict  # type: ignore[return-value]


def _trained(below: int) -> list[Positive]:
    blocks = [f"bottleneck{i}" for i in range(2, 18)]
    rows = [_layer(rule.UNTRAINED_PAPERS, 0, block, least=30, sd=5.0) for block in blocks]
    for name in rule.PAPERS:
        rows += [_layer(name, 0, block, 10 if i < below else 30, 10.0) for i, block in enumerate(blocks)]
    return rows


def _layer(arm: str, seed: int, block: str, least: int, sd: float) -> Positive:
    return Positive(arm, seed, "trained", block, False, 16, 96, 1000, least, least, 48.0, 70, sd, 0.0, 0.0)


def _filled(share: float) -> Finding:
    sizes = [(int(row["in_ch"]), int(row["expanded_ch"])) for row in table("figure7_activation_patterns")]
    logs = [math.log(null_components(max(1, round(share * n)), n, m) / null_components(n, n, m)) for n, m in sizes]
    estimate = mean_interval(logs)
    if estimate.high <= rule.FILLED:
        return "supported"
    return "contradicted" if estimate.low > rule.FILLED else "undecided"


def _clamped(rng: np.random.Generator, points: float) -> Finding:
    noise = 100 * math.sqrt(0.15 / HALF_OF_THEM)
    spread = math.hypot(1.5, noise)
    parts = [dict(enumerate(points + spread * rng.standard_normal(len(rule.INTEGERS)))) for _ in rule.BITS]
    return rule.clamp_finding([{str(k): float(v) for k, v in part.items()} for part in parts])[0]


def _order(rng: np.random.Generator, shares: list[float], published: list[float]) -> Finding:
    from scipy.special import ndtri

    hardness = rng.standard_normal(IMAGES)
    own = rng.standard_normal((len(shares), IMAGES))
    latent = math.sqrt(0.8) * hardness + math.sqrt(0.2) * own
    right = latent < ndtri(np.array(shares) / 100)[:, None]
    return rule.tau_finding(order(right, published, draws=300))
