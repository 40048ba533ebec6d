"""The page of all results: its sections in order, and the file."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from analysis.files import write_whole
from analysis.render.page.page import chart_library, page
from analysis.render.page.parts import Section, grid
from analysis.trials import Record
from experiments.answers.answer import Answer, Drawing, write
from experiments.answers.conditions import SYNTHETIC
from experiments.audit import Row, audit
from experiments.audit.report import ALT, summary
from experiments.audit.report import answer as audit_answer
from experiments.audit.report import table as audit_table
from experiments.claims.scoreboard import tally
from experiments.page.ablations import Asked, ablation_sections
from experiments.page.chapters import FIRST, chapter_sections, drawn_section, grids, rest_section, still
from experiments.page.environment import command_table, environment_table
from experiments.page.imagenet import imagenet_chart, imagenet_table
from experiments.page.imagenet import measured as measured_latencies
from experiments.page.scatters import tradeoff_answer, tradeoff_chart, tradeoff_table
from experiments.page.scoreboard import board_section
from experiments.page.tradeoff import Point, points

TITLE = "What does each part of MobileNetV2 buy?"


def write_page(
    board: Sequence[dict[str, Any]],
    asked: Sequence[Asked],
    measured: Mapping[str, Sequence[Answer]],
    records: Sequence[Record],
    results: Path,
) -> list[Path]:
    """Write report.html and figures/tradeoff.* below `results`, and return their paths.

    `board`: rows of `experiments.claims.scoreboard.scoreboard`. `asked`: the studies with their answers, in order.
    `measured`: name of a measurement -> its answers. `records`: of all runs.

    Raises:
        Problem: the folder cannot be written to, or holds a figure that cannot be read.
    """
    found, rows = points(records), audit()
    paths = write(tradeoff_answer(found), results) if found else []
    made = list(sections(board, rows, asked, measured, records, found, results))
    text = page(TITLE, lead(board, rows, records), made, chart_library())
    return [*paths, write_whole(results / "report.html", text.encode())]


def lead(board: Sequence[dict[str, Any]], rows: Sequence[Row], records: Sequence[Record]) -> tuple[str, ...]:
    """The paragraphs under the title."""
    variants = len({record.trial.variant for record in records})
    return (
        f"MobileNetV2's paper makes {len(board)} statements that a program can check. Here each meets arithmetic, "
        f"theory or trained networks. {tally(board)} The two lists are never counted together.",
        f"The page rests on {len(records):,} stored runs of {variants} networks and {len(rows)} printed numbers, "
        "counted again. Accuracies are of the last epoch on the test set, read once; every mean comes with its runs "
        "and a 95 % t interval, and differences are paired by seed. Counts are of one image; a multiply-add counts 1.",
    )


def sections(
    board: Sequence[dict[str, Any]],
    rows: Sequence[Row],
    asked: Sequence[Asked],
    measured: Mapping[str, Sequence[Answer]],
    records: Sequence[Record],
    found: Sequence[Point],
    results: Path,
) -> Iterator[Section]:
    """The sections of the page, in order. One that has nothing to show is left out."""
    front, made = tradeoff_answer(found), [board_section(board), *chapter_sections(measured, results, [FIRST])]
    made.append(audit_section(rows, results))
    if found:
        made.append(tradeoff_section(found, front.figures["tradeoff"], results))
    if panels := ablation_sections(asked, results, chart_library() is not None):
        text = (
            "One question a panel: every run as a point, with the mean and its 95 % t interval; point at a run to see "
            "the runs that share its seed and, with it, their order of images.",
        )
        made.append(Section("ablations", "Ablations", text, panels=panels))
    if networks := drawn_section(results):
        made.append(networks)
    made += chapter_sections(measured, results)
    more = [answer for each in asked if each.question.conditions.dataset != SYNTHETIC for answer in each.more]
    others = [table for answer in more for table in grids(answer)]
    known = [audit_answer(rows), front, *(answer for answers in measured.values() for answer in answers)]
    known += [answer for each in asked for answer in (each.answer, *each.more)]
    if rest := rest_section(sorted(others, key=lambda each: each.name), known, results):
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
    drawn = still(results, "audit", ALT, "Printed over computed, a dot a number.")
    differs = audit_table(f"What differs: {len(differing)} of {len(rows)}", differing)
    parts = [
        *([drawn] if drawn else []),
        grid("audit-summary", summary(rows)),
        grid("audit-differs", replace(differs, notes=()), folded=True),
        grid("audit", audit_table("All printed costs", rows), folded=True),
    ]
    text = (
        "Every printed cost follows from an architecture, so it can be counted again. What differs is followed by the "
        "hypothesis that reproduces the printed number, where one does.",
    )
    return Section("audit", "The paper's numbers, recomputed", text, "mnv2 audit", parts)


def tradeoff_section(found: Sequence[Point], drawing: Drawing, results: Path) -> Section:
    """Accuracy against cost: ours, and then what was published."""
    caption = "Mean test accuracy with its 95 % t interval; the dashed line joins the front of the means."
    drawn = still(results, "tradeoff", drawing.alt, caption)
    charts, timed = chart_library() is not None, measured_latencies(results)
    ours = [tradeoff_chart(found, drawn) if charts else drawn, tradeoff_table(found)]
    published = [imagenet_chart(timed)] if charts else []
    panels = [
        Section("tradeoff-ours", "Trained here, on CIFAR-10", (), "mnv2 report", [part for part in ours if part]),
        Section("tradeoff-imagenet", "Published, on ImageNet", (), "", [*published, imagenet_table(timed)]),
    ]
    text = ("How much accuracy a cost buys, and which variants nothing beats.",)
    return Section("tradeoff", "Accuracy against cost", text, panels=panels)
