"""Tables, figures and verdicts of the activations of trained networks."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from analysis.reference import table
from experiments.answers.answer import Answer, Drawing
from experiments.claims.evidence import Evidence
from experiments.measurements.patterns import figures as draw
from experiments.measurements.patterns import tables
from experiments.measurements.patterns.rows import LADDER, Measured
from experiments.measurements.patterns.rule import ARM, judge, nulls

if TYPE_CHECKING:
    from matplotlib.figure import Figure

BENT = "relu6 bottleneck"
ALT = {
    "layers": "Share of positive channels by expansion layer, least, mean and most, published and of networks trained "
    "here, untrained above and trained below, with the threshold of one input channel each.",
    "dimension": "Components for 95 % of the variance, and TwoNN, by block: input, expansion, depthwise and output.",
    "recovery": "Held-out R^2 of a block's input, recovered from its activated expansion, against expansion.",
    "bottleneck": "Participation ratio before and after a ReLU6 behind each projection, rank, dead channels.",
}


def answer(measured: Measured) -> Answer:
    """Six tables, four figures, the verdicts on three claims, and the rows themselves."""
    published, (positive, dimensions, recovery) = table("figure7_activation_patterns"), measured.rows
    name, note = measured.name, measured.conditions["note"]

    figures: dict[str, tuple[Callable[[], Figure], float, float]] = {
        "layers": (lambda: draw.patterns_figure(positive, (ARM, "no shortcut"), published), 2.0, 0.6),
        "dimension": (lambda: draw.dimension_figure(dimensions, ARM), 2.0, 0.6),
        "recovery": (lambda: draw.recovery_figure(recovery, LADDER), 1.2, 0.75),
        "bottleneck": (lambda: draw.bottleneck_figure(dimensions, BENT), 2.0, 0.42),
    }
    drawings = {
        f"manifold/{name}-{stem}": Drawing(*each, formats=("png", "svg"), alt=ALT[stem])
        for stem, each in figures.items()
    }
    return Answer(
        name,
        {
            "": tables.layers_table(positive, ARM, note),
            "-arms": tables.arms_table(positive, note),
            "-published": tables.published_table(published),
            "-dimension": tables.dimension_table(dimensions, note),
            "-recovery": tables.recovery_table(recovery, note),
            "-bottleneck": tables.bottleneck_table(dimensions, BENT, note),
        },
        drawings,
        [*judge(positive, dimensions, note), *nulls(positive, dimensions, note)],
        Evidence("measurement:patterns", measured.conditions["dataset"]),
        measured.kept,
    )
