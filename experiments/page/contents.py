"""The page of all results: its sections in order, and the file."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from analysis.files import write_whole
from analysis.render.page.page import chart_library, page
from analysis.render.page.parts import Section, grid
from analysis.trials import Record
from experiments.audit import Row, audit
from experiments.audit.report import summary
from experiments.audit.report import table as audit_table
from experiments.claims.scoreboard import tally
from experiments.page.ablations import Answer, ablation_sections
from experiments.page.environment import command_table, environment_table
from experiments.page.imagenet import imagenet_chart, imagenet_table, measured
from experiments.page.scatters import tradeoff_chart, tradeoff_table, write_tradeoff
from experiments.page.scoreboard import board_section
from experiments.page.shelves import AUDIT, SHELVES, rest_section, shelf_section, still
from experiments.page.tradeoff import Point, points

TITLE = "What does each part of MobileNetV2 buy?"


def write_page(
    board: Sequence[dict[str, Any]], answers: Sequence[Answer], records: Sequence[Record], results: Path
) -> list[Path]:
    """Write report.html and figures/tradeoff.* below `results`; return their paths.

    Raises:
        Problem: the folder cannot be written to, or holds a figure or a table that cannot be read.
    """
    found = points(records)
    paths = write_tradeoff(found, results) if found else []
    rows = audit()
    made = list(sections(board, rows, answers, records, found, results))
    text = page(TITLE, lead(board, rows, records), made, chart_library())
    return [*paths, write_whole(results / "report.html", text.encode())]


def lead(board: Sequence[dict[str, Any]], rows: Sequence[Row], records: Sequence[Record]) -> tuple[str, ...]:
    """The paragraphs under the title."""
    variants = len({record.trial.variant for record in records})
    return (
        f"MobileNetV2's paper makes {len(board)} statements that a program can check. Here each meets arithmetic, "
        f"theory or trained networks: {tally(board)}.",
        f"Behind the page are {len(records):,} stored runs of {variants} networks and {len(rows)} printed numbers, "
        "counted again. Accuracies are of the last epoch on the test set, read once; every mean comes with its runs "
        "and a 95 % t interval, and differences are paired by seed. Counts are of one image; a multiply-add counts 1.",
    )


def sections(
    board: Sequence[dict[str, Any]],
    rows: Sequence[Row],
    answers: Sequence[Answer],
    records: Sequence[Record],
    found: Sequence[Point],
    results: Path,
) -> Iterator[Section]:
    """The sections that the files below `results` give, in the order of the page."""
    made = [board_section(board), audit_section(rows, results)]
    if found:
        made.append(tradeoff_section(found, results))
    if panels := ablation_sections(answers, results, chart_library() is not None):
        text = (
            "One question a panel: every run as a point, with the mean and its 95 % t interval; point at a run to see "
            "the runs that share its seed and, with it, their order of images.",
        )
        made.append(Section("ablations", "Ablations", text, panels=panels))
    made += [section for shelf in SHELVES if (section := shelf_section(shelf, results))]
    if rest := rest_section(results, made):
        made.append(rest)
    yield from made
    tables = [environment_table(records)] if records else []
    text = (
        "Every number comes from a stored record or from arithmetic, and the command that made it makes it again. A "
        "single run is repeated bit for bit by `mnv2 trial rerun ID`, on the machine and versions below.",
    )
    parts = [grid("environment", table) for table in tables] + [grid("commands", command_table(made))]
    yield Section("environment", "Environment and commands", text, "mnv2 report", parts)


def audit_section(rows: Sequence[Row], results: Path) -> Section:
    """What the audit found."""
    differing = [row for row in rows if row.verdict == "differs"]
    drawn, differs = results / "figures" / "audit.svg", f"What differs: {len(differing)} of {len(rows)}"
    parts = [
        *([still(drawn, caption="Printed over computed, a dot a number.")] if drawn.is_file() else []),
        grid("audit-summary", summary(rows)),
        replace(grid("audit-differs", audit_table(differs, differing), folded=True), notes=()),
        grid("audit", audit_table("All printed costs", rows), folded=True),
    ]
    return Section("audit", AUDIT.title, AUDIT.text, AUDIT.command, parts)


def tradeoff_section(found: Sequence[Point], results: Path) -> Section:
    """Accuracy against cost: ours, and beside it what was published."""
    drawn = still(
        results / "figures" / "tradeoff.svg",
        "Test accuracy against multiply-adds of the trained variants; the numbers are in the table below.",
        "Mean test accuracy with its 95 % t interval; the dashed line joins the front of the means.",
    )
    charts, timed = chart_library() is not None, measured(results)
    ours = [tradeoff_chart(found, drawn) if charts else drawn, tradeoff_table(found)]
    published = [imagenet_chart(timed)] if charts else []
    panels = [
        Section("tradeoff-ours", "Trained here, on CIFAR-10", (), "mnv2 report", ours),
        Section("tradeoff-imagenet", "Published, on ImageNet", (), "", [*published, imagenet_table(timed)]),
    ]
    text = ("How much accuracy a cost buys, and which variants nothing beats.",)
    return Section("tradeoff", "Accuracy against cost", text, panels=panels)
