"""`mnv2 memory`: the peak activation memory of a network under named schedules (section 5.1)."""

import json as jsonlib
from pathlib import Path
from typing import Annotated, Any, Literal

import tyro

from analysis.arch import Plan, Variant, label, unroll
from analysis.cost.folding import folded
from analysis.cost.graph import Timeline
from analysis.cost.memory import least_memory, memory
from analysis.cost.splitting import splittable
from analysis.render.table import Table
from experiments.answers.restored import remember
from experiments.commands.options import Network, file_name

WORDS = {
    "eager": "eager inference",
    "folded": "norms folded",
    "split": "norms folded, inner tensors split {} ways",
    "block": "each block one operation",
    "training": "training",
}


def main(
    network: Annotated[Network, tyro.conf.OmitArgPrefixes] = Network(),  # noqa: B008 (frozen)
    bits: Literal[8, 16, 32] = 32,
    ways: tuple[int, ...] = (2, 4),
    batch: int = 1,
    format: Literal["text", "csv", "markdown", "latex", "json"] = "text",
    json: bool = False,
    style: Literal["paper", "slides"] = "paper",
    results: Path = Path("results"),
) -> None:
    """Count the bytes of activations that are live at once: at the peak of each schedule, and in the best order.

    Weights and a kernel's own workspace do not count. `block` leaves out what is inside blocks. The least peak over
    orders of execution is exact; nothing is held in it beyond its last use but the image. With format `text` it also
    writes the table and a timeline.

    Args:
        network: the network.
        bits: of an element.
        ways: numbers of groups into which inner tensors are split.
        batch: images at once.
        format: how to print.
        json: the same as --format json.
        style: of the timeline, for a paper or for a slide.
        results: folder of table and timeline.
    """
    variant = network.choose()
    plan = unroll(variant)
    found = schedules(plan, bits, ways, batch)
    rows = [row(schedule, groups, timeline, plan, bits, batch) for (schedule, groups), timeline in found.items()]
    form = "json" if json else format
    if form == "json":
        answer = {"variant": variant.text, "bits": bits, "batch": batch, "schedules": rows}
        print(jsonlib.dumps(answer, indent=2))
        return
    whole = table(label(variant), rows, bits, batch)
    if form != "text":
        print({"csv": whole.csv, "markdown": whole.markdown, "latex": whole.latex}[form](), end="")
        return
    print(whole.markdown())
    written = write(whole, variant, found, bits, style, results)
    numbers = {"--bits": [bits], "--ways": ways, "--batch": [batch]}
    words = [word for option, values in numbers.items() for word in (option, *map(str, values))]
    remember(results, ["memory", "--variant", variant.text, *words, "--style", style], written)
    print("\n".join(map(str, written)))


def schedules(plan: Plan, bits: int, ways: tuple[int, ...], batch: int) -> dict[tuple[str, int], Timeline]:
    """(schedule, groups) -> live bytes in the Plan's own order; a network without blocks to split has no split ones.

    Raises:
        Problem: more groups than a block has inner channels.
    """
    found: dict[tuple[str, int], Timeline] = {}
    for schedule in WORDS:
        for groups in ways if schedule == "split" else (1,):
            if schedule != "split" or splittable(folded(plan)):
                found[schedule, groups] = memory(plan, schedule, bits, groups, batch)
    return found


def row(schedule: str, groups: int, timeline: Timeline, plan: Plan, bits: int, batch: int) -> dict[str, Any]:
    """Peak, the operation that sets it, and the least peak over orders of execution (None in training)."""
    least = None if schedule == "training" else least_memory(plan, schedule, bits, groups, batch).peak
    return {
        "schedule": schedule,
        "ways": groups if schedule == "split" else None,
        "peak": timeline.peak.bytes,
        "at": timeline.peak.name,
        "least": least.bytes if least else None,
        "least_at": least.name if least else None,
    }


def table(name: str, rows: list[dict[str, Any]], bits: int, batch: int) -> Table:
    """A row a schedule."""
    columns = ("schedule", "peak (bytes)", "at", "least over orders (bytes)", "at")
    lines = [
        (WORDS[r["schedule"]].format(r["ways"]), r["peak"], r["at"], r["least"], r["least_at"] or "") for r in rows
    ]
    images = "one image" if batch == 1 else f"{batch} images"
    note = (
        f"{bits}-bit activations of {images}, live while the operation named runs, its result with it. Training: at "
        "the end of the forward pass, what autograd has saved; no order changes that."
    )
    return Table(f"Peak activation memory of {name}", columns, lines, (note,))


def write(
    whole: Table,
    variant: Variant,
    found: dict[tuple[str, int], Timeline],
    bits: int,
    style: str,
    results: Path,
) -> list[Path]:
    """tables/memory-NAME.* and figures/memory-NAME.* below `results`."""
    from analysis.render.style import style as styled
    from analysis.render.style import write_figure
    from experiments.measurements.memory.figures import timeline_figure

    stem = f"memory-{file_name(variant)}" + ("" if bits == 32 else f"-{bits}-bit")
    named = {WORDS[schedule].format(groups): timeline for (schedule, groups), timeline in found.items()}
    with styled(style, columns=2, aspect=0.17 * len(named) + 0.08):
        figure = timeline_figure(named, f"{label(variant)}: live activations, {bits} bit")
        return [*whole.write(results / "tables" / stem), *write_figure(figure, results / "figures" / stem)]
