"""Tables of the layers of published networks: Figure 7, dimensions, values at 6, twins, readings of Keras's files."""

import math
from collections.abc import Mapping, Sequence

from analysis.manifold.trained.null import null_components
from analysis.manifold.trained.rows import Dimension, Positive, Recovery
from analysis.render.table import Table
from analysis.stats.intervals import mean_interval
from experiments.measurements.imagenet.agreement import TOLERANCE
from experiments.measurements.imagenet.rows import Agreement, Six, Twin, facts

PARTS = ("expand.activation", "depthwise.activation", "project.norm")


def layers_table(rows: Sequence[Positive], published: Sequence[Mapping[str, str]], note: str) -> Table:
    """Figure 7: a row for each network and expansion layer, with the published values where they are of its size."""
    columns = ("network", "seed", "layer", "shortcut", "threshold", "channels", "least", "0.1 %", "mean share", "most",
               "spread, share", "pixels below", "published least", "published share")  # fmt: skip
    printed = {f"bottleneck{int(row['layer_index']) + 2}": row for row in published}
    lines = []
    for row in rows:
        of = printed.get(row.block, {})
        name = "step0" if row.stage == "initial" else "trained"
        same = bool(of) and int(of["expanded_ch"]) == row.channels
        theirs = (int(of[f"{name}_min"]), float(of[f"{name}_avg"]) / row.channels) if same else (None, None)
        shares = row.mean / row.channels, row.most, row.sd / row.channels, row.below
        lines.append((row.arm, row.seed, row.block, "yes" if row.shortcut else "no", row.inputs, row.channels,
                      row.least, row.low, *shares, *theirs))  # fmt: skip
    notes = (
        "Channels of each expansion that are positive at a pixel, over all pixels of all images. Threshold: the "
        "block's input channels. Pixels below: share with fewer positive channels. Untrained networks have the norms "
        "of these images. The paper does not say on how many images its extremes were taken.",
        note,
        *facts(row.arm for row in rows),
    )
    return Table("Positive channels of published networks (Figure 7)", columns, lines, notes, 3)


def networks_table(rows: Sequence[Positive], note: str) -> Table:
    """A row for each network: what Figure 7 says of it, in one line."""
    columns = ("network", "layers", "mean share", "furthest from half", "spread, share", "layers below",
               "of these without shortcut", "which")  # fmt: skip
    lines = []
    for arm in dict.fromkeys(row.arm for row in rows):
        here = [row for row in rows if row.arm == arm and row.seed == 0]
        below = [row for row in here if row.least < row.inputs]
        shares = [row.mean / row.channels for row in here]
        spread = math.fsum(row.sd / row.channels for row in here) / len(here)
        apart = sum(not row.shortcut for row in below)
        stated = math.fsum(shares) / len(shares), max(abs(share - 0.5) for share in shares), spread
        lines.append((arm, len(here), *stated, len(below), apart, ", ".join(row.block for row in below)))
    notes = (
        "Layers below: with a pixel that has fewer positive channels than the block has input channels. Of the "
        "published curves three layers are below, all without a shortcut. Of several untrained seeds the first.",
        note,
        *facts(row.arm for row in rows),
    )
    return Table("What Figure 7 says of published networks", columns, lines, notes, 3)


def dimension_table(
    rows: Sequence[Dimension], positive: Sequence[Positive], recovery: Sequence[Recovery], note: str
) -> Table:
    """A row for each network and tensor: dimensions, against the Gaussian that fills all inputs, means over blocks."""
    columns = ("network", "tensor", "blocks", "components for 95 %, share of channels", "of a full Gaussian's",
               "participation ratio, share", "TwoNN", "input recovered, R^2")  # fmt: skip
    inputs = {(row.arm, row.block): row.inputs for row in positive}
    lines = []
    for arm in dict.fromkeys(row.arm for row in rows):
        for part in PARTS:
            here = [row for row in rows if (row.arm, row.seed, row.tensor) == (arm, 0, part)]
            here = [row for row in here if (arm, row.block) in inputs]
            if not here:
                continue
            logs = []
            if part == "expand.activation":
                sizes = [(inputs[arm, row.block], row) for row in here]
                logs = [math.log(row.components / null_components(n, n, row.channels)) for n, row in sizes]
            back = [row.linear for row in recovery if (row.arm, row.seed) == (arm, 0)]
            twonn = [row.twonn for row in here if not math.isnan(row.twonn)]
            lines.append(
                (
                    arm,
                    part,
                    len(here),
                    math.fsum(row.components / row.channels for row in here) / len(here),
                    _ratio(logs),
                    math.fsum(row.participation / row.channels for row in here) / len(here),
                    math.fsum(twonn) / len(twonn) if twonn else None,
                    math.fsum(back) / len(back) if back and part == "expand.activation" else None,
                )
            )
    notes = (
        "Pixels as points, a coordinate a channel. Of a full Gaussian's: components for 95 % of the variance, over "
        "those of ReLU6(norm(B x)) where x fills all of the block's input dimensions and B is random; geometric mean "
        "over blocks with a 95 % t interval. Input recovered: held-out R^2 of an affine map from the activated "
        "expansion back to the block's input.",
        note,
        *facts(row.arm for row in rows),
    )
    return Table("Dimensions of published networks' activations", columns, lines, notes)


def _ratio(logs: Sequence[float]) -> str:
    if len(logs) < 2:
        return ""
    at = mean_interval(logs)
    return f"{math.exp(at.mean):.2f} [{math.exp(at.low):.2f}, {math.exp(at.high):.2f}]"


def six_table(rows: Sequence[Six], note: str) -> Table:
    """A row for each network and layer."""
    columns = ("network", "block", "layer", "channels", "values at 6, share", "channels that reach 6, share")
    lines = [tuple(row) for row in rows]
    notes = ("Values at 6: where ReLU6 has cut its input.", note, *facts(row.network for row in rows))
    return Table("What reaches ReLU6's limit", columns, lines, notes, 4)


def twin_table(rows: Sequence[Twin], note: str) -> Table:
    """A row for each layer of a float network and its quantised twin."""
    columns = ("network", "twin", "layer", "images", "correlation of weights", "correlation of results")
    notes = (
        "Weights with their norms folded. Results of the same images, both as float, each after its own layers before "
        "it, with its activation.",
        note,
        *facts(name for row in rows for name in (row.network, row.other)),
    )
    return Table("A network and its quantised twin", columns, [tuple(row) for row in rows], notes, 3)


def agreement_table(rows: Sequence[Agreement], note: str) -> Table:
    """A row for each layer of a network of Keras: how far two readings of its file are apart."""
    columns = ("network", "layer", "images", "largest value", "largest distance", "share of the largest value")
    lines = [(row.network, row.layer, row.images, row.largest, row.distance, row.share) for row in rows]
    worst = max(row.share for row in rows)
    beyond = sum(row.share > TOLERANCE for row in rows)
    within = f"{beyond} of {len(rows)} layers are beyond it" if beyond else f"all {len(rows)} layers are within it"
    notes = (
        "Results of this suite's network in float32 against those of an ONNX model that is made from the arrays of the "
        f"file alone and run by ONNX Runtime. Tolerance: {TOLERANCE:g} of the largest value of a layer; {within}, the "
        f"furthest at {worst:.2g}.",
        note,
        *facts(row.network for row in rows),
    )
    return Table("Two readings of Keras's files", columns, lines, notes, 3)
