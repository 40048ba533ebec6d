"""Tables of the activations of trained networks: means over seeds with their 95 % t intervals."""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from analysis.manifold.trained.rows import Dimension, Positive, Recovery
from analysis.render.table import Table
from analysis.stats.intervals import interval, mean_interval

Row = TypeVar("Row", Positive, Dimension, Recovery)
STAGES = ("initial", "trained")


def over_seeds(rows: Iterable[Row], quantity: Callable[[Sequence[Row]], float]) -> list[float]:
    """`quantity` of each seed's rows, seeds ascending. Seeds where it is NaN are left out."""
    by_seed: dict[int, list[Row]] = {}
    for row in rows:
        by_seed.setdefault(row.seed, []).append(row)
    values = [quantity(by_seed[seed]) for seed in sorted(by_seed)]
    return [value for value in values if value == value]


def mean_of(measure: Callable[[Row], float]) -> Callable[[Sequence[Row]], float]:
    """The mean of `measure` over rows, those left out where it is NaN."""

    def mean(rows: Sequence[Row]) -> float:
        values = [value for row in rows if (value := measure(row)) == value]
        return sum(values) / len(values) if values else float("nan")

    return mean


def arms(rows: Iterable[Row]) -> list[str]:
    """Arms in the order of the rows."""
    return list(dict.fromkeys(row.arm for row in rows))


def blocks(rows: Iterable[Row]) -> list[str]:
    """Blocks in the order of the rows."""
    return list(dict.fromkeys(row.block for row in rows))


def layers_table(rows: Sequence[Positive], arm: str, note: str) -> Table:
    """Figure 7 for one arm: a row for each stage and expansion layer."""
    columns = ("stage", "layer", "shortcut", "threshold", "channels", "least", "0.1 %", "mean share", "most",
               "spread, share", "seeds below", "pixels below", "pixels below, linear part")  # fmt: skip
    lines = []
    for stage in STAGES:
        chosen = [row for row in rows if (row.arm, row.stage) == (arm, stage)]
        for block in blocks(chosen):
            here = [row for row in chosen if row.block == block]
            lines.append(
                (
                    stage,
                    block,
                    "yes" if here[0].shortcut else "no",
                    here[0].inputs,
                    here[0].channels,
                    min(row.least for row in here),
                    min(row.low for row in here),
                    interval(over_seeds(here, mean_of(lambda row: row.mean / row.channels))),
                    max(row.most for row in here),
                    interval(over_seeds(here, mean_of(lambda row: row.sd / row.channels))),
                    f"{sum(row.least < row.inputs for row in here)} of {len(here)}",
                    interval(over_seeds(here, mean_of(lambda row: row.below)), 4),
                    interval(over_seeds(here, mean_of(lambda row: row.below_linear)), 4),
                )
            )
    notes = (
        "Channels of each expansion that are positive at a pixel, over all pixels of all images: least, 0.1 % "
        "quantile, mean, most, standard deviation; extremes over all seeds, means with 95 % t intervals over seeds. "
        "Threshold: the block's input channels. Pixels below: with fewer positive channels than the threshold; linear "
        "part: with fewer channels above 0 and under the 6 at which ReLU6 stops.",
        note,
    )
    return Table(f"Positive channels, {arm}", columns, lines, notes)


def arms_table(rows: Sequence[Positive], note: str) -> Table:
    """A row for each arm and stage: share, spread, layers below the threshold and which of them have a shortcut."""
    columns = ("arm", "stage", "layers", "without shortcut", "mean share", "furthest from half", "mean spread",
               "layers below", "of these without shortcut", "layers below at 0.1 %")  # fmt: skip
    lines = []
    for arm in arms(rows):
        for stage in STAGES:
            here = [row for row in rows if (row.arm, row.stage) == (arm, stage)]
            one = [row for row in here if row.seed == here[0].seed]
            counted = [
                over_seeds(here, lambda found, keep=keep: float(sum(keep(row) for row in found)))
                for keep in (
                    lambda row: row.least < row.inputs,
                    lambda row: row.least < row.inputs and not row.shortcut,
                    lambda row: row.low < row.inputs,
                )
            ]
            lines.append(
                (
                    arm,
                    stage,
                    len(one),
                    sum(not row.shortcut for row in one),
                    interval(over_seeds(here, mean_of(lambda row: row.mean / row.channels))),
                    interval(over_seeds(here, lambda found: max(abs(row.mean / row.channels - 0.5) for row in found))),
                    interval(over_seeds(here, mean_of(lambda row: row.sd / row.channels)), 3),
                    *(interval(values, 1) for values in counted),
                )
            )
    notes = (
        "Layers below: with a pixel that has fewer positive channels than the block has input channels; at 0.1 %: with "
        "more than that share of such pixels. Means over seeds with 95 % t intervals.",
        note,
    )
    return Table("Positive channels by arm", columns, lines, notes)


def published_table(rows: Sequence[dict[str, str]]) -> Table:
    """Figure 7 as published, with the share of channels and whether the least lies below the threshold."""
    columns = ("layer", "shortcut", "threshold", "channels", "initial share", "initial least", "trained share",
               "trained least", "trained most", "below")  # fmt: skip
    lines = []
    for row in rows:
        channels, inputs, least = (int(row[name]) for name in ("expanded_ch", "in_ch", "trained_min"))
        shares = [float(row[name]) / channels for name in ("step0_avg", "trained_avg")]
        low, most = int(row["step0_min"]), int(row["trained_max"])
        at = (int(row["layer_index"]), row["has_shortcut"], inputs, channels)
        lines.append((*at, shares[0], low, shares[1], least, most, "yes" if least < inputs else "no"))
    below = [line for line in lines if line[-1] == "yes"]
    notes = (
        f"Below: fewer channels positive at some pixel of the trained network than the threshold. {len(below)} of "
        f"{len(lines)} layers are below, {sum(line[1] == 'no' for line in below)} of them without a shortcut.",
        f"Source: {rows[0]['source']}.",
    )
    return Table("Positive channels as published (Figure 7)", columns, lines, notes)


def dimension_table(rows: Sequence[Dimension], note: str) -> Table:
    """A row for each arm, stage and tensor: dimensions averaged over blocks."""
    columns = ("arm", "stage", "tensor", "channels", "rank", "participation ratio", "components for 95 %",
               "share of channels", "TwoNN")  # fmt: skip
    lines = []
    for arm in arms(rows):
        for stage in STAGES:
            here = [row for row in rows if (row.arm, row.stage) == (arm, stage)]
            for tensor in dict.fromkeys(row.tensor for row in here):
                found = [row for row in here if row.tensor == tensor]
                measures: tuple[tuple[Callable[[Dimension], float], int], ...] = (
                    (lambda row: row.rank, 1),
                    (lambda row: row.participation, 1),
                    (lambda row: row.components, 1),
                    (lambda row: row.components / row.channels, 2),
                    (lambda row: row.twonn, 1),
                )
                cells = [interval(over_seeds(found, mean_of(measure)), digits) for measure, digits in measures]
                channels = mean_interval(over_seeds(found, mean_of(lambda row: row.channels))).mean
                lines.append((arm, stage, tensor, f"{channels:.1f}", *cells))
    notes = (
        "Pixels as points, a coordinate a channel; averages over the network's blocks, then means over seeds with "
        "95 % t intervals. Rank, participation ratio and components are of the covariance over all pixels; TwoNN "
        "estimates the dimension of the set from nearest neighbours among 1,500 pixels. An expansion "
        "before its activation is linear in the input and cannot have a higher rank.",
        note,
    )
    return Table("Dimensions that activations fill", columns, lines, notes)


def recovery_table(rows: Sequence[Recovery], note: str) -> Table:
    """A row for each arm and stage: how well a block's input is recovered from its activated expansion."""
    columns = ("arm", "expansion", "stage", "R^2, linear", "R^2, random features", "worst block, linear",
               "worst block, random features")  # fmt: skip
    lines = []
    for arm in arms(rows):
        for stage in STAGES:
            here = [row for row in rows if (row.arm, row.stage) == (arm, stage)]
            cells: tuple[Callable[[Sequence[Recovery]], float], ...] = (
                mean_of(lambda row: row.linear),
                mean_of(lambda row: row.nonlinear),
                lambda found: min(row.linear for row in found),
                lambda found: min(row.nonlinear for row in found),
            )
            ratio = here[0].channels / here[0].inputs
            lines.append((arm, f"{ratio:g}", stage, *(interval(over_seeds(here, cell), 3) for cell in cells)))
    notes = (
        "Held-out R^2 of maps from the activated expansion of a pixel back to the block's input there, fitted on half "
        "of the images and judged on the others: affine (ridge), and with 512 rectified random features "
        "besides. Averages over blocks, then means over seeds with 95 % t intervals. Blocks of "
        "expansion 1 have no expansion layer.",
        note,
    )
    return Table("What ReLU6 leaves of a block's input", columns, lines, notes)


def bottleneck_table(rows: Sequence[Dimension], arm: str, note: str) -> Table:
    """A row for each stage and block of an arm with an activation after its projections: before and after it."""
    columns = ("stage", "block", "channels", "dead", "rank before", "rank after", "participation before",
               "participation after", "components before", "components after")  # fmt: skip
    lines = []
    for stage in STAGES:
        here = [row for row in rows if (row.arm, row.stage) == (arm, stage)]
        for block in blocks(here):
            before, after = (
                [row for row in here if (row.block, row.tensor) == (block, f"project.{part}")]
                for part in ("norm", "activation")
            )
            cells = [interval(over_seeds(after, mean_of(lambda row: row.dead)), 1)]
            for name in ("rank", "participation", "components"):
                cells += [
                    interval(over_seeds(side, mean_of(lambda row, name=name: getattr(row, name))), 1)
                    for side in (before, after)
                ]
            lines.append((stage, block, after[0].channels, *cells))
    notes = (
        "Dead: channels that are positive at no pixel of any image. Before and after: the activation. Means over seeds "
        "with 95 % t intervals.",
        note,
    )
    return Table(f"An activation in the bottleneck, {arm}", columns, lines, notes)
