"""All rows of the audit, in the paper's order."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache

from experiments.audit import claims, classifiers, heads, memory, schedules
from experiments.audit.chance import weighed
from experiments.audit.judge import Row
from experiments.audit.misprints import misprints

PARTS: tuple[Callable[[], Iterator[Row]], ...] = (
    claims.table1,
    classifiers.table2,
    memory.table3,
    classifiers.table4,
    heads.table5,
    heads.table6,
    heads.table7,
    heads.zoo,
    classifiers.figure5,
    classifiers.slim,
    claims.separable_convolutions,
    claims.block_formula,
    claims.architecture,
    claims.family_range,
    claims.segmentation_ratios,
    claims.inner_depth_zero,
    claims.split,
    claims.freedom,
    claims.figure7,
    schedules.memory_order,
    schedules.memory_bottleneck,
)


@cache
def audit() -> tuple[Row, ...]:
    """Every printed cost with its verdict."""
    rows, wrong = [row for part in PARTS for row in part()], misprints()
    for at, row in enumerate(rows):
        if row.verdict == "differs" and not row.fits and row.id in wrong:
            rows[at] = replace(row, explanation=wrong[row.id], misprint=True)
    return weighed(rows)
