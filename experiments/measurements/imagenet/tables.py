"""Tables of published networks: accuracy, order, low precision, Figure 7, dimensions, rectified bottlenecks, twins."""

import math
from collections.abc import Iterable, Mapping, Sequence

from analysis.manifold.trained.null import null_components
from analysis.manifold.trained.rows import Dimension, Positive, Recovery
from analysis.render.table import Table
from analysis.stats.intervals import mean_interval
from analysis.stats.proportions import mcnemar, wilson
from experiments.measurements.imagenet.agreement import TOLERANCE
from experiments.measurements.imagenet.rows import FACTS, Accuracy, Agreement, Bent, Six, Twin
from experiments.measurements.imagenet.rule import BITS, EVERY, SERIES, accuracy_order, clamped
from experiments.measurements.patterns.tables import interval

PARTS = ("expand.activation", "depthwise.activation", "project.norm")


def facts(names: Iterable[str]) -> tuple[str, ...]:
    """What has to be said of the networks of a table, in their order."""
    return tuple(FACTS[name] + "." for name in dict.fromkeys(names) if name in FACTS)


def compared(first: str, second: str) -> tuple[str, float]:
    """The difference of two rows of answers in points with its interval, and McNemar's p."""
    one, other = ([digit == "1" for digit in answers] for answers in (first, second))
    pair = mcnemar(one, other)
    return pair.points, pair.p


def accuracy_table(rows: Sequence[Accuracy], published: Mapping[str, float], note: str) -> Table:
    """A row for each network and way to run it, compared with the interpreter image by image."""
    columns = ("network", "runs", "published top-1", "top-1", "top-5", "first class as the interpreter's, %",
               "scores off, mean", "scores off, 99 %", "minus the interpreter", "p")  # fmt: skip
    plain = [row for row in rows if row.runs != "quantised"]
    reference = {row.network: row for row in plain if row.runs == "interpreter"}
    lines = []
    for row in plain:
        of = reference.get(row.network)
        differs = compared(row.answers, of.answers) if of and of is not row else ("", None)
        shares = [wilson(count, row.images).percent for count in (row.right, row.five)]
        agreement = (100 * row.agree / row.images, row.off, row.off_high) if row.agree >= 0 else (None, None, None)
        printed = published.get(SERIES.get(row.network, ""))
        lines.append((row.network, row.runs, printed, *shares, *agreement, *differs))
    notes = (
        "In percent, with Wilson's 95 % intervals. Float: weights off their grids, activations as they come. Rounded: "
        "float sums, each result on the file's grid. Integers: exact sums, rounded as XNNPACK does. The interpreter of "
        "TensorFlow Lite runs its own kernels. Scores off: distance from its scores. Minus the interpreter: points of "
        "top-1 on the same images, with McNemar's exact p.",
        "The images are easier than the whole validation set: compare networks with one another.",
        note,
        *facts(row.network for row in plain),
    )
    return Table("Published networks on ImageNet images", columns, lines, notes, 3)


def order_table(rows: Sequence[Accuracy], published: Mapping[str, float], note: str) -> Table:
    """The networks of one series by published top-1, measured next to it, each compared with the one before it."""
    at = {row.network: row for row in rows if row.runs == "interpreter"}
    names = sorted((name for name in SERIES if name in at), key=lambda name: -published[SERIES[name]])
    lines, before = [], ""
    for name in names:
        row = at[name]
        differs = compared(row.answers, at[before].answers) if before else ("", None)
        lines.append((name, published[SERIES[name]], wilson(row.right, row.images).percent, *differs))
        before = name
    found = accuracy_order(rows, published)
    tau = ""
    if found:
        tau = f"Kendall's tau of the two columns: {found.tau:.2f} [{found.low:.2f}, {found.high:.2f}], from images "
        tau += "drawn again for all networks at once."
    notes = tuple(filter(None, (tau, "Minus the one above: points on the same images, McNemar's exact p.", note)))
    columns = ("network", "published top-1", "top-1 here", "minus the one above", "p")
    return Table("Accuracy against width and resolution", columns, lines, notes, 3)


def low_table(rows: Sequence[Accuracy], note: str) -> Table:
    """A row for each network, activation, number of bits and kind of scale: top-1, and the loss from float."""
    columns = ("network", "activation", "bits", "a scale for each", "top-1", "minus float", "p")
    low = [row for row in rows if row.runs == "quantised"]
    plain = {(row.network, row.activation): row for row in low if not row.bits}
    lines = []
    for row in low:
        differs = ("", None)
        if row.bits:
            differs = compared(row.answers, plain[row.network, row.activation].answers)
        bits, weights = (row.bits, row.weights) if row.bits else ("float", "")
        lines.append((row.network, row.activation, bits, weights, wilson(row.right, row.images).percent, *differs))
    more = []
    for bits in BITS:
        values = list(clamped(rows, bits).values())
        if len(values) > 1:
            more.append(
                f"At {bits} bits with a scale for each channel ReLU loses {interval(values)} points more than ReLU6, "
                f"over {len(values)} networks."
            )
    notes = (
        "The weights were trained with ReLU6. ReLU is put in its place without training. Quantised by this suite: "
        "symmetric weights, activations on ranges of 20 images. Every second image. Minus float: the same activation, "
        "points on the same images, McNemar's exact p.",
        *more,
        note,
        *facts(row.network for row in low),
    )
    return Table("Published networks at low precision", columns, lines, notes, 3)


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


def bent_table(rows: Sequence[Bent], accuracy: Sequence[Accuracy], note: str) -> Table:
    """A row for each network and block: what a ReLU6 on its projection destroys.

    `accuracy`: rows with what each network has right as float, with which the bent ones are paired.
    """
    columns = ("network", "block", "channels", "below 0", "above 6", "variance lost, channel by channel",
               "variance lost, all channels", "top-1 without", "points with it", "p")  # fmt: skip
    plain = {row.network: row.answers[::EVERY] for row in accuracy if row.runs == "float"}
    lines = []
    for row in rows:
        stated = (row.channels, row.negative, row.above, row.alone, row.map) if row.channels else (None,) * 5
        before, differs = None, ("", None)
        if row.right >= 0:
            before = 100 * row.plain / row.images
            differs = f"{100 * row.right / row.images - before:+.1f}", None
            if len(plain.get(row.network, "")) == row.images:
                differs = compared(row.answers, plain[row.network])
        lines.append((row.network, row.block, *stated, before, *differs))
    notes = (
        "A ReLU6 on the projection of one trained block, or of all, without any training after it. Below 0, above 6: "
        "shares of its values. Variance lost: share that is not recovered from the rectified values by an affine map "
        "of each channel alone, or of all channels (fitted on half of the images, judged on the others). Points with "
        "it: change of top-1 on every second image, as float, with McNemar's interval. Networks without a classifier "
        "have no top-1.",
        note,
        *facts(row.network for row in rows),
    )
    return Table("A ReLU6 on trained bottlenecks", columns, lines, notes)


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
        f"furthest at {worst:.1g}.",
        note,
        *facts(row.network for row in rows),
    )
    return Table("Two readings of Keras's files", columns, lines, notes, 3)
