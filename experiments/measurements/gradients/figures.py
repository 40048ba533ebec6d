"""Figures of measured gradients."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from analysis.render.curves import seeds_line
from experiments.measurements.gradients.rows import BETWEEN, BLOCK, REST, SHARES, Passed, Rows
from experiments.measurements.gradients.tables import networks, per_seed

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LEAST = 1e-3
TICKS = (2, 5, 10, 20, 50)
WHEN = {0.0: "before training", 1.0: "after training"}


def depth_figure(rows: Rows) -> "Figure":
    """By block and at each share of the training: growth to the last block, directions, gradients by weights."""
    import matplotlib.pyplot as plt

    figure, grid = plt.subplots(3, len(SHARES), sharex=True, sharey="row", squeeze=False)
    kinds: tuple[tuple[str, Callable[[Passed], float]], ...] = (
        ("growth", lambda row: row.rms),
        ("directions (%)", lambda row: 100 * row.directions),
    )
    for column, share in enumerate(SHARES):
        grid[0, column].set_title(WHEN.get(share, f"after {share:.0%}"))
        for line, (title, measure) in enumerate(kinds):
            grid[line, column].set_yscale("log")
            for i, (arm, site) in enumerate(networks(rows.passed)):
                found = [r for r in rows.passed if (r.arm, r.site, r.share, r.span) == (arm, site, share, REST)]
                label = arm if site == BETWEEN or arm != "none" else "none, expanded tensors"
                seeds_line(grid[line, column], *by_block(found, measure), i, label)
            grid[line, 0].set_ylabel(title)
        grid[1, column].set_yticks(TICKS, [f"{tick}" for tick in TICKS])
        grid[1, column].minorticks_off()
        grid[2, column].set_yscale("log")
        for i, arm in enumerate(dict.fromkeys(row.arm for row in rows.gradients)):
            found = [row for row in rows.gradients if (row.arm, row.share) == (arm, share)]
            names = [name for name in dict.fromkeys(row.block for row in found) if name.startswith("bottleneck")]
            seeds = [[row.norm for row in found if row.block == name] for name in names]
            seeds_line(grid[2, column], list(map(_place, names)), seeds, i, "")
        grid[2, column].set_xlabel("block")
    grid[2, 0].set_ylabel("gradient norm")
    figure.legend(*grid[0, 0].get_legend_handles_labels(), loc="outside lower center", ncols=4)
    return figure


def blocks_figure(rows: Sequence[Passed]) -> "Figure":
    """Singular values of the Jacobians of single blocks: median with the band of the middle 90 %, and the largest. What
    is below LEAST is drawn there."""
    import matplotlib.pyplot as plt

    rows = [row for row in rows if row.span == BLOCK]
    shown = [SHARES[0], SHARES[-1]]
    figure, grid = plt.subplots(len(shown), len(networks(rows)), sharex=True, sharey=True, squeeze=False)
    for line, share in enumerate(shown):
        for column, (arm, site) in enumerate(networks(rows)):
            axes = grid[line, column]
            found = [row for row in rows if (row.arm, row.site, row.share) == (arm, site, share)]
            places, lows = by_block(found, lambda row: max(row.low, LEAST))
            _, highs = by_block(found, lambda row: row.high)
            axes.set_yscale("log")
            axes.vlines(places, [min(v) for v in lows], [max(v) for v in highs], color="0.8", linewidth=4)
            seeds_line(axes, *by_block(found, lambda row: max(row.median, LEAST)), 0, "median")
            seeds_line(axes, *by_block(found, lambda row: row.largest), 1, "largest")
            axes.set_title(f"{arm}\n{site}\n{WHEN[share]}" if line == 0 else WHEN[share])
            axes.set_xticks(range(4, 15, 2))
            grid[-1, column].set_xlabel("block")
        grid[line, 0].set_ylabel("singular value")
    figure.legend(*grid[0, 0].get_legend_handles_labels(), loc="outside lower center", ncols=2)
    return figure


def by_block(rows: Sequence[Passed], measure: Callable[[Passed], float]) -> tuple[list[int], list[list[float]]]:
    """Numbers of the blocks, and `measure` of each one's seeds."""
    names = dict.fromkeys(row.block for row in rows)
    return list(map(_place, names)), [per_seed([row for row in rows if row.block == name], measure) for name in names]


def _place(block: str) -> int:
    return int(block.removeprefix("bottleneck"))
