"""The audit as tables, a figure and a page."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.render.style import COLOURS, MARKERS
from analysis.render.table import Table
from experiments.answers.answer import Answer, Drawing
from experiments.answers.study import stem
from experiments.audit.chance import LIMIT, caveats, explained
from experiments.audit.judge import Row
from experiments.studies import segmentation_heads, segmentation_long, ssd_heads

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# Tables of the paper -> the study that trains such detectors or segmentation networks.
TRAINED = {
    "Tables 5 and 6": ssd_heads.STUDY,
    "Table 7": segmentation_heads.STUDY,
    "Table 7 for longer": segmentation_long.STUDY,
}
ALT = (
    "Ratio of printed to computed cost, a dot a number, by place in the paper: most lie at 1; those that differ spread "
    "from about one half to two."
)
VERDICTS = ("exact", "rounds to", "differs")
COLUMNS = (
    *("where", "quantity", "printed", "computed", "ratio", "verdict", "explanation"),
    *("tried", "fit", "chance", "observed"),
)
NOTES = (
    "Ratio: printed over computed. Rounds to: the computed number gives the printed one at its last digit, to nearest "
    "unless said otherwise. An explanation is a computed value that agrees with the printed one; where several "
    "hypotheses do, two are named. Tried: hypotheses, of which so many fit; chance: how many would, were they wrong "
    "and spread evenly in their logarithm between half and twice the printed number; observed: the same, spread as the "
    f"hypotheses on the other numbers are. Where either is above {LIMIT:g} and the hypothesis reproduces no other "
    "number of the place, the explanation may be chance and says so.",
    "Not audited: entries of Table 3 printed as O(1).",
)


def cells(row: Row) -> tuple[object, ...]:
    """The columns that a reader sees, numbers short."""
    values = asdict(row) | {"explanation": row.words}
    return tuple(f"{v:,.6g}" if isinstance(v := values[name], float) else v for name in COLUMNS)


def table(title: str, rows: Sequence[Row]) -> Table:
    """Rows under a title."""
    return Table(title, COLUMNS, [cells(row) for row in rows], NOTES)


def summary(rows: Sequence[Row]) -> Table:
    """How many numbers of each place have each verdict, and how many differences are explained."""
    places = list(dict.fromkeys(row.where for row in rows))
    counts = Counter((row.where, row.verdict) for row in rows)
    wrong = [row for row in rows if row.verdict == "differs"]
    reproduced = Counter(row.where for row in explained(wrong))
    weak = Counter(row.where for row in wrong if row.chance_likely)
    misprinted = Counter(row.where for row in wrong if row.misprint)
    more = (reproduced, weak, misprinted)
    grid = [(*(counts[place, verdict] for verdict in VERDICTS), *(of[place] for of in more)) for place in places]
    lines = [(place, *numbers) for place, numbers in zip(places, grid, strict=True)]
    total = ("total", *map(sum, zip(*grid, strict=True)))
    columns = ("where", *VERDICTS, "explained", "of these maybe by chance", "misprints")
    return Table("Verdicts", columns, [*lines, total], caveats(rows))


def trained(results: Path) -> list[str]:
    """Links from the tables on detectors and segmentation networks to what such networks reach that were trained here.
    None where `results` has no answer of their studies."""
    stems = {place: stem(study, study.dataset, study.recipe) for place, study in TRAINED.items()}
    there = {place: f"tables/{name}.md" for place, name in stems.items() if (results / f"tables/{name}.md").is_file()}
    links = ", ".join(f"[{place}]({path})" for place, path in there.items())
    return (
        [f"What such networks as in {links} reach, trained here at smaller sizes and on other data.", ""]
        if there
        else []
    )


def page(rows: Sequence[Row], links: Sequence[str] = ()) -> str:
    """AUDIT.md, with `links` below the figure."""
    differing = [row for row in rows if row.verdict == "differs"]
    return "\n".join(
        [
            "# Audit of the printed costs",
            "",
            "Written by `mnv2 audit`. Every printed cost is recomputed from a Plan; what differs is followed by what",
            "reproduces it.",
            "",
            "![ratio of printed to computed](figures/audit.png)",
            "",
            *links,
            summary(rows).markdown(),
            table(f"What differs ({len(differing)} of {len(rows)})", differing).markdown(),
            table("All rows", rows).markdown(),
        ]
    )


def figure(rows: Sequence[Row]) -> "Figure":
    """Printed over computed, one dot a number, by place and verdict."""
    import matplotlib.pyplot as plt

    places = list(dict.fromkeys(row.where for row in rows))
    drawn, axes = plt.subplots()
    for offset, (verdict, colour, marker) in enumerate(zip(VERDICTS, COLOURS, MARKERS, strict=False)):
        chosen = [row for row in rows if row.verdict == verdict]
        heights = [places.index(row.where) + 0.22 * (offset - 1) for row in chosen]
        ratios = [row.ratio for row in chosen]
        axes.scatter(ratios, heights, s=10, color=colour, marker=marker, label=f"{verdict} ({len(chosen)})", alpha=0.7)
    axes.set_xscale("log", base=2)
    ticks = (0.5, 0.7, 1.0, 1.4, 2.0)
    axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.minorticks_off()
    axes.set_yticks(range(len(places)), places)
    axes.invert_yaxis()
    axes.set_xlabel("printed / computed")
    drawn.legend(loc="outside upper center", ncols=3)
    return drawn


def answer(rows: Sequence[Row], links: Sequence[str] = ()) -> Answer:
    """The audit as files: AUDIT.md, the table of all rows, the figure."""
    return Answer(
        "audit",
        {"": table("Audit of the printed costs", rows)},
        {"audit": Drawing(partial(figure, rows), columns=1.6, aspect=0.8, alt=ALT)},
        kept={"AUDIT.md": page(rows, links).encode()},
    )
