"""Tables, figures and verdicts of published networks."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from analysis.reference import table
from analysis.render.table import Table
from experiments.answers.answer import Answer, Drawing
from experiments.claims.evidence import Evidence
from experiments.measurements.imagenet import accuracy_tables, tables
from experiments.measurements.imagenet import figures as draw
from experiments.measurements.imagenet.rows import NAME, Measured
from experiments.measurements.imagenet.rule import EVERY, PATTERN_IMAGES, SERIES, judge

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SHOWN = (
    "untrained_1.0_224",
    "untrained_1.0_160",
    "mobilenet_v2_1.0_224_quant",
    "tf2_mobilenet_v2_1.0_224_ptq",
    "mobilenet_v2_1.0_160_keras",
)
ALT = {
    "layers": "Share of positive channels by expansion layer, least, mean and most: published, and of networks trained "
    "on ImageNet, untrained above, with the threshold of one input channel each.",
    "bent": "By block, the variance that a ReLU6 on the trained projection loses, and the change of top-1.",
    "low": "Top-1 as float and at 8, 6 and 4 bits, with ReLU6 and with ReLU.",
    "order": "Top-1 on these images against the published top-1, six networks of one series.",
}


def operating_answer(made: Table) -> Answer:
    """The table of what the rules say under known truths."""
    return Answer(f"{NAME}-operating", {"": made})


def published_accuracy() -> dict[str, float]:
    """Top-1 in percent that the authors printed, by checkpoint."""
    return {row["checkpoint"]: float(row["top1"]) for row in table("slim_mobilenet_v2")}


def answer(measured: Measured) -> Answer:
    """The tables and figures of what has been measured, and the verdicts on the claims whose networks are all there."""
    rows, note, printed = measured.rows, measured.note, published_accuracy()
    some = f"the first {PATTERN_IMAGES} of {note}"
    other = f"one in {EVERY} of {note}"
    figure7 = table("figure7_activation_patterns")
    made: dict[str, Table] = {}
    figures: dict[str, tuple[Callable[[], Figure], float, float]] = {}
    if rows.accuracy:
        made[""] = accuracy_tables.accuracy_table(rows.accuracy, printed, note)
        made["-order"] = accuracy_tables.order_table(rows.accuracy, printed, note)
        figures["order"] = (lambda: draw.order_figure(rows.accuracy, printed, SERIES), 1.2, 0.75)
    if any(row.runs == "quantised" for row in rows.accuracy):
        made["-low"] = accuracy_tables.low_table(rows.accuracy, other)
        figures["low"] = (lambda: draw.low_figure(rows.accuracy), 1.2, 0.75)
    if rows.positive:
        made["-networks"] = tables.networks_table(rows.positive, some)
        made["-layers"] = tables.layers_table(rows.positive, figure7, some)
        made["-dimension"] = tables.dimension_table(rows.dimensions, rows.positive, rows.recovery, some)
        there = {row.arm for row in rows.positive}
        arms = [arm for arm in SHOWN if arm in there] or sorted(there)
        figures["layers"] = (lambda: draw.layers_figure(rows.positive, arms, figure7), 2.0, 0.6)
    if rows.bent:
        made["-bent"] = accuracy_tables.bent_table(rows.bent, rows.accuracy, other)
        figures["bent"] = (lambda: draw.bent_figure(rows.bent), 2.0, 0.5)
    if rows.six:
        made["-six"] = tables.six_table(rows.six, some)
    if rows.twin:
        made["-twin"] = tables.twin_table(rows.twin, note)
    if rows.agreement:
        made["-agreement"] = tables.agreement_table(rows.agreement, note)
    data = {"order": note, "low": other, "layers": some, "bent": other}
    drawings = {
        f"{NAME}-{stem}": Drawing(
            partial(_titled, make, data[stem]), columns, ratio, formats=("png", "svg"), alt=ALT[stem]
        )
        for stem, (make, columns, ratio) in figures.items()
    }
    return Answer(
        NAME,
        made,
        drawings,
        judge(rows, printed, f"{note}; activations: {some}; low precision: {other}"),
        Evidence("measurement:imagenet", NAME),
    )


def _titled(make: Callable[[], "Figure"], data: str) -> "Figure":
    """The figure with what it was measured on above it."""
    figure = make()
    figure.suptitle(data, fontsize="medium")
    return figure
