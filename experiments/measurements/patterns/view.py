"""Tables, figures and verdicts of the activations of trained networks, from the stored rows."""

import json
from pathlib import Path

from analysis.files import write_whole
from analysis.reference import table
from analysis.render.style import style, write_figure
from experiments.measurements.patterns import figures as draw
from experiments.measurements.patterns import tables
from experiments.measurements.patterns.measure import LADDER, Measured
from experiments.measurements.patterns.rule import ARM, verdicts

BENT = "relu6 bottleneck"


def write(found: Measured, note: str, results: Path, name: str = "patterns") -> list[Path]:
    """Write tables, figures and verdicts below `results`; `note` says on which data all was measured.

    Raises:
        Problem: a file cannot be written to.
    """
    published = table("figure7_activation_patterns")
    made = {
        "": tables.layers_table(found.positive, ARM, note),
        "-arms": tables.arms_table(found.positive, note),
        "-published": tables.published_table(published),
        "-dimension": tables.dimension_table(found.dimensions, note),
        "-recovery": tables.recovery_table(found.recovery, note),
        "-bottleneck": tables.bottleneck_table(found.dimensions, BENT, note),
    }
    paths = [path for stem, each in made.items() for path in each.write(results / "tables" / f"{name}{stem}")]
    figures = {
        "layers": (2.0, 0.6, lambda: draw.patterns_figure(found.positive, (ARM, "no shortcut"), published)),
        "dimension": (2.0, 0.6, lambda: draw.dimension_figure(found.dimensions, ARM)),
        "recovery": (1.2, 0.75, lambda: draw.recovery_figure(found.recovery, LADDER)),
        "bottleneck": (2.0, 0.42, lambda: draw.bottleneck_figure(found.dimensions, BENT)),
    }
    for stem, (columns, aspect, figure) in figures.items():
        with style(columns=columns, aspect=aspect):
            paths += write_figure(figure(), results / "figures" / "manifold" / f"{name}-{stem}", ("png", "svg"))
    board = [verdict.row() for verdict in verdicts(found.positive, found.dimensions, note)]
    text = json.dumps(board, indent=1) + "\n"
    return [*paths, write_whole(results / "verdicts" / f"{name}.json", text.encode())]
