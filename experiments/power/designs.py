"""What designs and rules do under known truths: the tables that a rule is registered with.

Three designs for a study of four arms and three parts, as the headline: seeds in looks with alpha spending, seeds in
looks with an interval that holds at any time, and a fixed number of seeds. Each meets accuracies that are normal,
heavy-tailed, skewed, or of unequal spread, with a baseline that two parts share. `write` writes the tables.
"""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from analysis.render.table import Table
from analysis.stats import Rule
from analysis.stats.boundaries import LOOKS, AnytimeValid, Design, GroupSequential
from analysis.stats.moderated import Spread
from analysis.trials.store import Store
from experiments.power.operating import looks_table, rules_table
from experiments.power.pilots import pairing_table, runs_of
from experiments.power.repeats import repeats_table
from experiments.power.simulated import NOISES, UNEQUAL, line, noise
from experiments.studies.registry import find_study

ARMS = ("linear", "relu6", "expansion shortcut", "no shortcut")
WEIGHTS = ((1.0, -1.0, 0.0, 0.0), (1.0, 0.0, -1.0, 0.0), (0.0, 0.0, 1.0, -1.0))
BRIEF = Rule(">", negligible=0.5)
LONG = Rule(">", negligible=0.2, interest=0.4)
SD = 1.3
"""Points: what an arm varies by at one epoch, pooled over the 108 stored ones."""

STEMS = ("power-designs", "power-rules", "power-looks", "power-pairing", "power-repeats")
"""The names of the tables that `write` writes."""

FIXED = 33
"""The fewest seeds, of those in LOOKS, with which a fixed design shows each effect of interest with probability 0.8."""

DESIGNS: Mapping[str, tuple[Design, Spread]] = {
    "looks, alpha spending": (GroupSequential(), "moderated"),
    "looks, alpha spending, Welch": (GroupSequential(), "welch"),
    "looks, O'Brien-Fleming": (GroupSequential(spending="obrien-fleming"), "moderated"),
    "any time": (AnytimeValid(), "moderated"),
    "any time, Welch": (AnytimeValid(), "welch"),
    "5 seeds": (GroupSequential((5,)), "moderated"),
    f"{FIXED} seeds": (GroupSequential((FIXED,)), "moderated"),
}

TRUTHS: Mapping[str, tuple[tuple[float, ...], float, Rule]] = {
    "no effect": ((0.0, 0.0, 0.0, 0.0), SD, BRIEF),
    "all at the edge of none": ((0.0, -0.5, -0.5, -1.0), 0.3, BRIEF),
    "effect of interest": ((0.0, -1.0, -1.0, -2.0), SD, BRIEF),
    "as seen at one epoch": ((0.0, -6.9, -1.9, -14.4), SD, BRIEF),
    "as Figure 6 ends": ((0.0, -0.63, -0.52, -1.39), 0.3, LONG),
}
"""Means of the arms relative to the first and the spread of an arm, in points, and the rule of all parts."""

SPREADS: Mapping[str, tuple[float, ...]] = {"": (1.0,) * len(ARMS), "unequal": UNEQUAL}


def designs_table(studies: int = 4000, seed: int = 2018) -> Table:
    """A row for each truth, distribution, and design, on the same simulated accuracies for all designs.

    A design of its own or a distribution of its own is left out where it adds nothing: the variants with Welch's
    spread and O'Brien-Fleming's spending meet normal accuracies only.
    """
    rows = []
    for truth, (means, sd, rule) in TRUTHS.items():
        parts = [(np.array(row), rule) for row in WEIGHTS]
        for kind in NOISES:
            for unequal, relative in SPREADS.items():
                generator = np.random.default_rng(seed)
                centre = np.array(means)
                draws = noise(kind, (studies, len(ARMS), LOOKS[-1]), generator)
                values = centre[:, None] + sd * np.array(relative)[:, None] * draws
                for name, (design, spread) in DESIGNS.items():
                    if kind != NOISES[0] and ("Welch" in name or "Fleming" in name):
                        continue
                    found = line(design, parts, values, centre, spread)
                    what = f"{kind}, {unequal} spread" if unequal else kind
                    rows.append((truth, what, sd, name, *found.values()))
    columns = (
        "truth", "accuracies", "sd", "design", "wrong %", "coverage %", "at all looks %", "all supported %",
        "any contradicted %", "trials", "median trials", "seeds", "median seeds",
    )  # fmt: skip
    notes = (
        f"{studies:,} simulated studies a line: arms {', '.join(ARMS)}; parts linear - relu6, linear - expansion "
        "shortcut, expansion shortcut - no shortcut, each judged as better, sharing 5 %. Less than 0.5 points counts "
        "as none, and a part ends where 1 point is excluded. With Figure 6's gaps these are 0.2 and 0.4 points. "
        f"Sampling error of a share of 5 %: {100 * (0.05 * 0.95 / studies) ** 0.5:.1f}.",
        "Wrong: any part with a false finding. Coverage: of the 95 % interval at the stop, the least of the parts. At "
        "all looks: the share of studies in which that interval would hold at every look, had none stopped, the least "
        f"of the parts. Unequal spread: {', '.join(f'{share:g}' for share in UNEQUAL)} times sd.",
        f"Alpha spending: looks at {', '.join(map(str, LOOKS))} seeds. Any time: a look at every number from "
        f"{LOOKS[0]} to {LOOKS[-1]}. Spreads are moderated over the arms where nothing else is said.",
    )
    return Table("What designs do under known truths", columns, rows, notes, digits=1)


def write(results: Path, studies: int = 4000) -> list[Path]:
    """Write the tables of designs, registered rules, rules in looks, pairing, and the headline's repeats.

    The last needs its finished runs and is left out without them. Returns the paths.

    `results`: with the stored trials in its folder `trials`, whose spreads the rules are tested at. `studies`: of each
    line.

    Raises:
        Problem: the folder cannot be written to.
    """
    records, _ = Store(results / "trials").records()
    tables = [
        designs_table(studies),
        rules_table(records, studies),
        looks_table(records, studies),
        pairing_table(records),
    ]
    runs = runs_of(find_study("headline"), records)
    if min(sum(value is not None for value in arm.values()) for arm in runs.values()) >= LOOKS[0]:
        tables.append(repeats_table(records))
    named = zip(STEMS, tables, strict=False)  # the last may be missing
    return [path for stem, table in named for path in table.write(results / "tables" / stem)]
