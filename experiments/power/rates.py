"""What the rules of the study learning-rate say under stated truths, by simulation with the code that judges it."""

import math
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from analysis.render.table import Table
from analysis.trials import Record, Store
from experiments.answers.rates import DEPENDS, HOLDS, common, conclusions, own, sides
from experiments.power.pilots import spread_at
from experiments.studies.learning_rate import NETWORKS, RATES, STUDY

STEM = "power-rates"

EPOCHS = (1, 10)
BEST = 0.3
"""The rate that is best in the simulated studies."""

CURVES = {1: (-6.0, -4.0, 0.0, -1.0), 10: (-3.0, -1.0, 0.0, -0.5)}
"""Points of each rate minus the best one's, the same for all networks: at one epoch about as in a pilot."""

INTEREST = {1: 9.0, 10: 4.5}
"""Points: the difference of two networks that the study's two seeds can show at every rate."""

NAMES = ("no effect", "the same side at every rate", "another side at the two higher rates")
TRUTHS = dict(zip(NAMES, ((0, 0, 0, 0), (1, 1, 1, 1), (1, 1, -1, -1)), strict=True))
"""True differences in units of that of interest, by rate."""


def rates_table(records: Iterable[Record], studies: int = 4000) -> Table:
    """How often each conclusion comes, a row for each truth and budget, and what the chosen common rate loses."""
    records, rows = list(records), []
    sds = {epochs: spread_at(records, epochs) for epochs in EPOCHS}
    for truth, signs in TRUTHS.items():
        values = np.empty((studies, len(EPOCHS), len(NETWORKS), len(RATES), len(STUDY.seeds)))
        generator = np.random.default_rng(2018)
        for b, epochs in enumerate(EPOCHS):
            effects = INTEREST[epochs] * np.array(signs)
            means = np.tile(np.array(CURVES[epochs]), (len(NETWORKS), 1))
            means[1:] -= effects
            values[:, b] = means[:, :, None] + sds[epochs] * generator.standard_normal(
                values.shape[:1] + values.shape[2:]
            )
        chosen, owned = common(values), own(values)
        for b, epochs in enumerate(EPOCHS):
            words = conclusions(sides(values[:, b], owned))
            holds, depends = (100 * float((words == word).mean()) for word in (HOLDS, DEPENDS))
            any_wrong = {
                NAMES[0]: (words != "open").any(-1),
                NAMES[1]: (words == DEPENDS).any(-1),
                NAMES[2]: (words == HOLDS).any(-1),
            }[truth]
            loss = -np.array([CURVES[epochs][i] for i in chosen])
            picked = 100 * float((np.array(RATES)[chosen] == BEST).mean())
            shares = (holds, depends, 100 - holds - depends, 100 * float(any_wrong.mean()))
            rows.append(
                (truth, epochs, sds[epochs], INTEREST[epochs] * any(signs), *shares, picked, float(loss.mean()))
            )
    columns = (
        "truth", "epochs", "sd", "difference", "holds %", "depends %", "open %", "any wrong %", "best rate chosen %",
        "points lost",
    )  # fmt: skip
    notes = (
        f"{studies:,} simulated studies a line, of {len(NETWORKS)} networks at {len(RATES)} rates with "
        f"{len(STUDY.seeds)} seeds, normal accuracies. Every rate but {BEST:g} is worse, by "
        + "; ".join(
            f"{', '.join(f'{abs(v):g}' for v in CURVES[e])} points after {e} epoch{'s' if e > 1 else ''}"
            for e in EPOCHS
        )
        + ". Difference: of the first network to each other one. Holds, depends, open: of the six conclusions. Any "
        "wrong: studies with a false one. Best rate chosen, points lost: of the common rate.",
        "sd: pooled over stored arms at the same number of epochs.",
    )
    return Table("What the rules of learning-rate say under stated truths", columns, rows, notes, digits=1)


def write(results: Path, studies: int = 4000) -> list[Path]:
    """Write tables/power-rates.* below `results`. Nothing without stored runs, whose spread is needed."""
    records, _ = Store(results / "trials").records()
    if math.isnan(spread_at(records, 1)):
        return []
    return rates_table(records, studies).write(results / "tables" / STEM)
