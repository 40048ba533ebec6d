"""How much an explanation of the audit weighs: would a wrong hypothesis have fitted as well?

Rule, for an explanation of a number that differs: it may be chance where wrong hypotheses would fit more than `LIMIT`
times, spread evenly or as the audit's own hypotheses are, whichever says more, unless the same hypothesis reproduces
another number of the same place too.
"""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from experiments.audit.judge import Row
from experiments.audit.misprints import between

LIMIT = 0.1


def weighed(rows: Sequence[Row]) -> tuple[Row, ...]:
    """The rows with `observed` filled in, and explanations that may be chance marked as such."""
    differing = [row for row in rows if row.tried]
    reproduced: dict[tuple[str, str], set[float]] = defaultdict(set)
    for row in differing:
        for label in row.fits:
            reproduced[row.where, label].add(row.computed)
    result = []
    for row in rows:
        if row.tried:
            row = replace(row, observed=round(observed(row, differing), 4))
            alone = all(len(reproduced[row.where, label]) == 1 for label in row.fits)
            if row.fits and alone and max(row.chance, row.observed) > LIMIT:
                row = replace(row, chance_likely=True)
        result.append(row)
    return tuple(result)


def observed(row: Row, others: Sequence[Row]) -> float:
    """How many hypotheses would fit a number if they were wrong and lay about the computed value as those of the other
    numbers do, which is nearer than evenly: each other number's hypotheses, as ratios to its own computed value, are
    tried on this one, and all numbers count the same."""
    low, high = row.window
    shares = [
        sum(low <= ratio * row.computed < high for ratio in other.ratios) / len(other.ratios)
        for other in others
        if other.computed != row.computed and other.ratios
    ]
    return row.tried * sum(shares) / len(shares) if shares else math.nan


def explained(rows: Sequence[Row]) -> list[Row]:
    """Numbers that differ and that some hypothesis reproduces."""
    return [row for row in rows if row.fits]


def caveats(rows: Sequence[Row]) -> tuple[str, ...]:
    """What the number of explanations does not say, counted."""
    differing, found = [row for row in rows if row.verdict == "differs"], explained(rows)
    distinct = len({row.computed for row in found})
    few = sum(row.tried <= 2 for row in found)
    even, near = (sum(min(1.0, getattr(row, of)) for row in differing) for of in ("chance", "observed"))
    weak = [row for row in found if row.chance_likely]
    wrong = sum(row.misprint for row in rows)
    nothing = [row for row in weak if max(row.chance, row.observed) >= 1]
    ratios = [ratio for row in differing for ratio in row.ratios]
    close = sum(abs(ratio - 1) <= 0.1 for ratio in ratios) / len(ratios)
    return (
        f"The {len(found)} explained numbers are {distinct} different computed ones, as tables repeat each other.",
        f"The hypotheses were written after the numbers had been seen; {few} of the {len(found)} had at most two, "
        "so that their `chance` says little.",
        f"{close:.0%} of all hypotheses lie within 10 % of the computed number; spread evenly in the logarithm "
        f"between half and twice, {math.log(1.1 / 0.9) / math.log(4):.0%} would. Were all wrong, {even:.1f} of the "
        f"{len(differing)} numbers that differ would be explained if they were spread evenly (`chance`), "
        f"{near:.1f} if as the hypotheses on the other numbers are (`observed`).",
        f"{len(weak)} explanations may be chance: wrong hypotheses would fit more than {LIMIT:g} times, and the "
        "explanation reproduces no other number of its place. The rule is in `experiments/audit/chance.py`."
        + (f" Those of {'; '.join(f'{r.where}, {r.quantity}' for r in nothing)} mean nothing." if nothing else ""),
        f"{between()} multiply-adds of the slim tables and of Figure 5 stand between two others of their width; "
        f"{wrong} of them cannot, and without these all others fit (`experiments/audit/misprints.py`).",
    )
