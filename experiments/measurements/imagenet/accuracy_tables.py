"""Tables of the accuracy of published networks: by way to run them, by order, at low precision, rectified."""

from collections.abc import Mapping, Sequence

from analysis.render.table import Table
from analysis.stats.proportions import mcnemar, wilson
from experiments.measurements.imagenet.rows import Accuracy, Bent, facts
from experiments.measurements.imagenet.rule import BITS, EVERY, SERIES, accuracy_order, clamped
from experiments.measurements.patterns.tables import interval


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
    columns = ("network", "activation", "bits", "a scale for each", "top-1", "minus float", "p",
               "minus the interpreter", "its p")  # fmt: skip
    low = [row for row in rows if row.runs == "quantised"]
    plain = {(row.network, row.activation): row for row in low if not row.bits}
    whole = {row.network: row.answers[::EVERY] for row in rows if row.runs == "interpreter"}
    lines = []
    for row in low:
        differs = ("", None)
        if row.bits:
            differs = compared(row.answers, plain[row.network, row.activation].answers)
        bits, weights = (row.bits, row.weights) if row.bits else ("float", "")
        of = whole.get(row.network, "")
        against = compared(row.answers, of) if len(of) == row.images else ("", None)
        top1 = wilson(row.right, row.images).percent
        lines.append((row.network, row.activation, bits, weights, top1, *differs, *against))
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
        "points on the same images, McNemar's exact p. Minus the interpreter: the same, from the file as it runs it.",
        *more,
        note,
        *facts(row.network for row in low),
    )
    return Table("Published networks at low precision", columns, lines, notes, 3)


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
