"""Tables of measured gradients: means over seeds with their 95 % t intervals."""

import math
from collections.abc import Callable, Iterator, Sequence

from analysis.render.table import Table
from analysis.stats.intervals import geometric, interval
from experiments.measurements.gradients.rows import BLOCK, REST, SHARES, Gradient, Passed, Rows


def per_seed(rows: Sequence[Passed], measure: Callable[[Passed], float]) -> list[float]:
    """Of each seed, in order, the geometric mean of `measure` over its rows."""
    by_seed: dict[int, list[float]] = {}
    for row in rows:
        by_seed.setdefault(row.seed, []).append(math.log(measure(row)))
    return [math.exp(math.fsum(logs) / len(logs)) for _, logs in sorted(by_seed.items())]


def first_over_last(rows: Sequence[Gradient], blocks: Sequence[str]) -> list[float]:
    """Of each seed, in order: norm of the gradient by the first block's weights over that by the last block's."""
    norms = {(row.seed, row.block): row.norm for row in rows}
    return [norms[seed, blocks[0]] / norms[seed, blocks[-1]] for seed in sorted({seed for seed, _ in norms})]


def networks(rows: Sequence[Passed]) -> list[tuple[str, str]]:
    """Arms with the tensors that their gradients are taken between, in the order of the rows."""
    return list(dict.fromkeys((row.arm, row.site) for row in rows))


def passed_table(rows: Rows, note: str) -> Table:
    """What a gradient meets on its way from the last block to the first, for each arm and share of the training."""
    lines = []
    for arm, site in networks(rows.passed):
        for share in SHARES:
            here = [row for row in rows.passed if (row.arm, row.site, row.share) == (arm, site, share)]
            whole = [row for row in here if row.span == REST]
            first = [row for row in whole if row.block == whole[0].block]
            single = [row for row in here if row.span == BLOCK]
            gradients = [row for row in rows.gradients if (row.arm, row.share) == (arm, share)]
            blocks = [row.block for row in gradients if row.seed == gradients[0].seed and "bottleneck" in row.block]
            lines.append(
                (
                    arm,
                    site,
                    100 * share,
                    geometric(per_seed(first, lambda row: row.rms)),
                    interval([100 * value for value in per_seed(first, lambda row: row.directions)], 1),
                    geometric(first_over_last(gradients, blocks)),
                    interval(per_seed(single, lambda row: row.median)),
                    interval(per_seed(single, lambda row: row.largest)),
                    interval([100 * value for value in per_seed(single, lambda row: row.directions)], 1),
                )
            )
    columns = ("shortcuts", "tensors", "training %", "growth", "directions %", "first over last weights",
               "block: median", "block: largest", "block: directions %")  # fmt: skip
    notes = (
        note,
        "Growth: root mean square of the singular values of the Jacobian from the first block's tensor to the last "
        "block's output, by which a random gradient grows on its way back. Directions: participation ratio of their "
        "squares, in percent of their number: 100 where all directions arrive alike. First over last weights: norms "
        "of the loss's gradient by the weights of the first and of the last block, in a training step. Block: "
        "singular values of the Jacobians of single blocks that keep the shape, geometric mean over blocks (up to "
        "1,536 values). 95 % t intervals over seeds; of growth and of first over last those of the logarithms.",
    )
    return Table("How gradients pass", columns, lines, notes, digits=1)


def blocks_table(rows: Sequence[Passed], note: str) -> Table:
    """The same by depth: from each block's tensor to the last block."""
    return Table(
        "How gradients pass, by block",
        ("shortcuts", "tensors", "training %", "block", "growth", "directions %"),
        list(_by_block(rows)),
        (note, "From the tensor of each block to the last block's output. Growth and directions as in gradients."),
        digits=1,
    )


def _by_block(rows: Sequence[Passed]) -> Iterator[tuple]:
    for arm, site in networks(rows):
        for share in SHARES:
            here = [r for r in rows if (r.arm, r.site, r.share, r.span) == (arm, site, share, REST)]
            for block in dict.fromkeys(row.block for row in here):
                found = [row for row in here if row.block == block]
                directions = [100 * value for value in per_seed(found, lambda row: row.directions)]
                yield (
                    arm,
                    site,
                    100 * share,
                    block,
                    geometric(per_seed(found, lambda r: r.rms)),
                    interval(directions, 1),
                )
