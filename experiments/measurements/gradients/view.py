"""Tables, figures and the verdict of measured gradients."""

from experiments.answers.answer import Answer, Drawing
from experiments.claims.evidence import Evidence
from experiments.measurements.gradients.figures import blocks_figure, depth_figure
from experiments.measurements.gradients.rows import Measured
from experiments.measurements.gradients.rule import judge
from experiments.measurements.gradients.tables import blocks_table, passed_table


def answer(measured: Measured) -> Answer:
    """Two tables, two figures, the verdict, and the rows themselves."""
    rows, name, note = measured.rows, measured.name, measured.conditions["note"]
    figures = {
        "depth": (
            lambda: depth_figure(rows),
            0.75,
            "By block, at four points of the training: growth of a gradient to the last block and directions that "
            "pass, on log axes, and norms of gradients by weights, with shortcuts between bottlenecks, between "
            "expansions, and none.",
        ),
        "blocks": (
            lambda: blocks_figure(rows.passed),
            0.5,
            "Singular values of single blocks' Jacobians: median, middle 90 % and largest, before and after training. "
            "Those below 0.001 are drawn there.",
        ),
    }
    return Answer(
        name,
        {"": passed_table(rows, note), "-blocks": blocks_table(rows.passed, note)},
        {
            f"{name}-{stem}": Drawing(draw, 2.0, aspect, formats=("png", "svg"), alt=alt)
            for stem, (draw, aspect, alt) in figures.items()
        },
        judge(rows.passed, note),
        Evidence("measurement:gradients", measured.conditions["dataset"]),
        measured.kept,
    )
