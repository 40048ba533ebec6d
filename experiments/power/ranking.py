"""What the rules of the study short-predicts-long say under stated truths, on the published networks themselves."""

import math
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import kendalltau, norm

from analysis.arch import unroll
from analysis.arch.nas_bench_macro import variant
from analysis.cost import count
from analysis.render.table import Table
from analysis.stats.ranking import Ranking
from experiments.answers.ranking import LEAST, LEVEL
from experiments.studies.short_predicts_long import ACCURACIES, NETWORKS, drawn

STEM = "power-ranking"
TAUS = (0.3, LEAST, 0.7, 0.8, 0.85)
"""Truths: Kendall's tau of one epoch with the published accuracy, over the whole benchmark."""


def ranking_table(studies: int = 4000, draws: int = 500) -> Table:
    """How often each verdict comes, a row for each true tau and rule.

    One epoch's accuracy is the published one's normal score with normal noise of its own, as much as gives the tau.
    Each study draws its networks as the real one does. `draws`: of each interval.
    """
    keys = sorted(ACCURACIES, key=lambda key: (ACCURACIES[key], key))
    published = np.array([ACCURACIES[key] for key in keys])
    madds = np.array([count(unroll(variant(key))).madds for key in keys])
    scores = norm.ppf((np.arange(len(keys)) + 0.5) / len(keys))
    correlation: Any = kendalltau(madds, published)
    counting, rows = float(correlation.statistic), []
    place = {key: i for i, key in enumerate(keys)}
    for tau in TAUS:
        rho = math.sin(math.pi / 2 * tau)
        found: list[list[tuple[float, float, float]]] = [[], []]
        for study in range(studies):
            generator = np.random.default_rng([2018, study])
            chosen = [place[key] for key in drawn(ACCURACIES, seed=study)]
            noise = generator.standard_normal(NETWORKS)
            ours = (rho * scores[chosen] + math.sqrt(1 - rho**2) * noise).tolist()
            ranking = Ranking(published[chosen].tolist(), LEVEL, draws, study)
            for each, made in zip(
                found, (ranking.tau(ours), ranking.tau_difference(ours, madds[chosen].tolist())), strict=True
            ):
                each.append((made.value, made.low, made.high))
        for statement, margin, truth, each in (
            (f"tau above {LEAST:g}", LEAST, tau, found[0]),
            ("tau above that of multiply-adds", 0.0, tau - counting, found[1]),
        ):
            rows.append((statement, tau, truth - margin, *_shares(np.array(each), margin, truth)))
    columns = (
        "rule",
        "true tau",
        "above the margin by",
        "supported %",
        "contradicted %",
        "undecided %",
        "wrong %",
        "coverage %",
    )
    notes = (
        f"{studies:,} simulated studies a line, of {NETWORKS} networks each, drawn from the benchmark as the study "
        f"draws its own. True tau: of one epoch with the published accuracy. That of multiply-adds is {counting:.2f}. "
        "Wrong: the verdict on the other side of the truth. Coverage: of the "
        f"{100 * LEVEL:g} % interval, which is wider than that because groups of equal size are a better sample than "
        "networks at random.",
    )
    return Table("What the rules of short-predicts-long say under stated truths", columns, rows, notes)


def write(results: Path, studies: int = 4000) -> list[Path]:
    """Write tables/power-ranking.* below `results`."""
    return ranking_table(studies).write(results / "tables" / STEM)


def _shares(found: "NDArray[np.float64]", margin: float, truth: float) -> tuple[float, ...]:
    """Percent supported, contradicted, undecided, wrong, and of intervals that hold the truth."""
    supported = float((found[:, 1] > margin).mean())
    contradicted = float((found[:, 2] < margin).mean())
    wrong = (supported if truth <= margin else 0.0) + (contradicted if truth >= margin else 0.0)
    held = float(((found[:, 1] <= truth) & (truth <= found[:, 2])).mean())
    return tuple(100 * share for share in (supported, contradicted, 1 - supported - contradicted, wrong, held))
