"""What the rules of measurements say under stated truths, at the noise of the stored measurements.

Latency: the 22 networks take a time that follows multiply-adds up to a factor of each network's own, and rounds of the
stored measurement are drawn for the noise, whole, so that what a round does to all networks stays together. Patterns:
one value a seed, normal around the truth with the spread of the stored seeds.
"""

import math
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from analysis.render.table import Table
from analysis.stats.intervals import mean_interval
from analysis.stats.rules import Finding
from experiments.claims.measured import (
    MOST_FILLED,
    MOST_RATIO,
    MOST_SWAPPED,
    filled,
    follows,
    little,
    low_dimensional,
    mean_ratios,
    swapped,
)
from experiments.claims.per_seed import ALPHA, Part, finding
from experiments.measurements.gradients import rule as gradients
from experiments.measurements.latency import rows as latency
from experiments.measurements.patterns import rows as patterns
from experiments.measurements.patterns.rule import ARM

Line = tuple[str, str, str, int, float, float, float, float, float]
STEM = "power-measured"
SHARES = (0.0, MOST_SWAPPED / 2, MOST_SWAPPED, 2 * MOST_SWAPPED)
RATIOS = (1.0, MOST_RATIO, MOST_RATIO**2)
SPREADS = (0.06, 0.25)
"""Standard deviations over seeds of a log ratio of gradients: that of the pilot, eight other seeds at initialisation,
and four times it, because nothing was known of trained networks."""
GRADIENTS = (1.0, math.exp(gradients.LEAST), 2.0)
FILLED = (math.exp(2 * MOST_FILLED), math.exp(MOST_FILLED), 1.0)


def measured_table(results: Path, studies: int = 4000) -> Table:
    """How often each verdict comes, for the measurements that are stored below `results`.

    Raises:
        Problem: a stored file is damaged.
    """
    rows: list[Line] = []
    for found in latency.stored(results):
        if found.conditions["threads"] == 1:
            costs = [row["madds"] for row in found.networks]
            for name in found.runtimes:
                rows += _orders(name, costs, [time["turns"] for time in found.times(name)], studies)
    for found in patterns.stored(results):
        if found.name == patterns.NAME:
            rows += _patterns(found.rows, studies)
    rows += _gradients(studies)
    notes = (
        f"{studies:,} simulated measurements a line. Latency: whole rounds of the stored measurement drawn as noise, "
        "which swaps close pairs more often than it restores them, so the interval leaves out a share of 0. Patterns: "
        "normal values, one a seed, with the spread of the stored seeds. Limits, which the claims meet at the limit "
        f"itself: {MOST_SWAPPED:g} of the pairs swapped, {MOST_RATIO:g} times the spread of independent coins, "
        f"{math.exp(MOST_FILLED):g} of the components of a Gaussian. Gradients: normal log ratios, one a seed, at two "
        f"spreads; a part of the claim holds above {math.exp(gradients.LEAST):g}. Wrong: supported beyond the limit, "
        "contradicted within it. Coverage: of the 95 % interval.",
    )
    columns = ("claim", "measured", "truth", "values", "supported %", "contradicted %", "undecided %", "wrong %",
               "coverage %")  # fmt: skip
    return Table("What the rules of measurements say under stated truths", columns, rows, notes, digits=1)


def write(results: Path, studies: int = 4000) -> list[Path]:
    """Write tables/power-measured.* below `results`."""
    return measured_table(results, studies).write(results / "tables" / STEM)


def _orders(name: str, costs: Sequence[float], turns: Sequence[Sequence[float]], studies: int) -> Iterator[Line]:
    """Latency: a line for each share of swapped pairs. The factors of the networks are drawn anew in each study, and
    those studies count whose true share is the stated one, to half a pair in a hundred."""
    logs, rng = np.log(np.asarray(turns, float)), np.random.default_rng(2018)
    noise = logs - np.median(logs, axis=1, keepdims=True)
    many, rounds = noise.shape
    for share in SHARES:
        words: list[Finding] = []
        held: list[bool] = []
        while len(words) < studies:
            base = np.log(costs) + rng.normal(0, _scatter(share), many)
            truth = swapped(costs, np.exp(np.repeat(base[:, None], 2, 1)), draws=1).share
            if abs(truth - share) > 0.005:
                continue
            found = swapped(costs, np.exp(base[:, None] + noise[:, rng.integers(0, rounds, rounds)]), draws=400)
            words.append(follows(found))
            held.append(found.low <= truth <= found.high)
        yield _line("latency-follows-madds", f"latency, {name}", f"{share:.0%} of pairs swapped", rounds, words, held,
                    share <= MOST_SWAPPED)  # fmt: skip


def _scatter(share: float) -> float:
    """Standard deviation of the networks' own log factors that swaps about this share of the pairs."""
    return 3.5 * share


def _patterns(rows: patterns.Rows, studies: int) -> Iterator[Line]:
    """Activations: a line for each truth of the two claims."""
    positive = [row for row in rows.positive if row.arm == ARM]
    inputs = {row.block: row.inputs for row in positive}
    ratios = mean_ratios(row for row in positive if row.stage == "initial")
    logs = filled((row for row in rows.dimensions if (row.arm, row.stage) == (ARM, "trained")), inputs)
    rng = np.random.default_rng(2018)
    coins = np.log(ratios)
    for ratio in RATIOS:
        drawn = np.exp(rng.normal(math.log(ratio), coins.std(ddof=1), (studies, len(coins))))
        found = [little(values) for values in drawn.tolist()]
        yield _line("figure7-initial", "spread in that of coins", f"{ratio:.2f}", len(coins),
                    [word for word, _ in found], [e.low <= math.log(ratio) <= e.high for _, e in found],
                    ratio <= MOST_RATIO)  # fmt: skip
    for share in FILLED:
        drawn = rng.normal(math.log(share), np.std(logs, ddof=1), (studies, len(logs)))
        found = [low_dimensional(values) for values in drawn.tolist()]
        yield _line("low-dimensional-manifold", "components in those of a Gaussian", f"{share:.2f}", len(logs),
                    [word for word, _ in found], [e.low <= math.log(share) <= e.high for _, e in found],
                    share <= math.exp(MOST_FILLED))  # fmt: skip


def _gradients(studies: int) -> Iterator[Line]:
    """One part of the claim on gradients: a line for each spread and true ratio."""
    rng, seeds = np.random.default_rng(2018), len(gradients.SEEDS)
    for sd in SPREADS:
        for ratio in GRADIENTS:
            parts = [
                Part("", tuple(values), gradients.LEAST, above=True)
                for values in rng.normal(math.log(ratio), sd, (studies, seeds)).tolist()
            ]
            words: list[Finding] = [finding(part, ALPHA / gradients.PARTS) for part in parts]
            means = [mean_interval(part.values) for part in parts]
            held = [mean.low <= math.log(ratio) <= mean.high for mean in means]
            what = f"a ratio, sd of its log {sd:g}"
            holds = ratio > math.exp(gradients.LEAST)
            yield _line("shortcuts-carry-gradients", what, f"{ratio:g}", seeds, words, held, holds)


def _line(
    claim: str, what: str, truth: str, values: int, words: Sequence[Finding], held: Sequence[bool], holds: bool
) -> Line:
    """A row of the table from the finding and the coverage of each study."""
    shares = {word: 100 * words.count(word) / len(words) for word in ("supported", "contradicted", "undecided")}
    wrong = shares["contradicted" if holds else "supported"]
    for_it, against, neither = shares.values()
    return (claim, what, truth, values, for_it, against, neither, wrong, 100 * sum(held) / len(held))
