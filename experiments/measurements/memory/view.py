"""Peak memory as a table, and live bytes over an inference or a training step."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from analysis.arch import label
from analysis.cost.graph import Timeline
from analysis.render.style import COLOURS
from analysis.render.table import Table
from experiments.answers.answer import Answer, Drawing
from experiments.answers.names import file_name
from experiments.measurements.memory.measure import WORDS, Measured

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def answer(measured: Measured) -> Answer:
    """A table and a timeline."""
    bits, name = measured.arguments.bits, label(measured.variant)
    stem = f"memory-{file_name(measured.variant)}" + ("" if bits == 32 else f"-{bits}-bit")
    named = {WORDS[schedule].format(groups): timeline for (schedule, groups), timeline in measured.timelines.items()}
    drawing = Drawing(
        lambda: timeline_figure(named, f"{name}: live activations, {bits} bit"),
        columns=2,
        aspect=0.17 * len(named) + 0.08,
        look=measured.arguments.style,
        alt=f"Live bytes over the operations of {name} under several schedules, with their peaks.",
    )
    return Answer(stem, {"": table(measured)}, {stem: drawing})


def table(measured: Measured) -> Table:
    """A row a schedule."""
    bits, batch = measured.arguments.bits, measured.arguments.batch
    columns = ("schedule", "peak (bytes)", "at", "least over orders (bytes)", "at")
    lines = [
        (WORDS[r["schedule"]].format(r["ways"]), r["peak"], r["at"], r["least"], r["least_at"] or "")
        for r in measured.rows
    ]
    images = "one image" if batch == 1 else f"{batch} images"
    note = (
        f"{bits}-bit activations of {images}, live while the operation named runs, its result with it. Training: at "
        "the end of the forward pass, what autograd has saved; no order changes that."
    )
    return Table(f"Peak activation memory of {label(measured.variant)}", columns, lines, (note,))


def timeline_figure(timelines: Mapping[str, Timeline], title: str) -> "Figure":
    """Live bytes while each operation runs, in order, in a panel for each schedule (title -> its timeline).

    The operation at the peak is marked and named. Panels have bytes axes of their own: training would flatten the rest.
    """
    import matplotlib.pyplot as plt

    drawn, axes = plt.subplots(len(timelines), 1, squeeze=False)
    for ax, (name, timeline) in zip(axes[:, 0], timelines.items(), strict=True):
        live = [moment.bytes / 1e6 for moment in timeline.moments]
        places = range(len(live))
        ax.fill_between(places, live, step="mid", color=COLOURS[0], alpha=0.25, lw=0)
        ax.step(places, live, where="mid", color=COLOURS[0], lw=0.8)
        at = timeline.moments.index(timeline.peak)
        ax.plot(at, live[at], "v", ms=4, color=COLOURS[1])
        side = "right" if at > 0.6 * len(live) else "left"
        words = f" {timeline.peak.name}: {live[at]:.3g} MB "
        ax.text(at, 1.12 * live[at], words, ha=side, va="center", fontsize="small")
        ax.set_title(name, loc="left", fontsize="small")
        ax.set(xlim=(-0.5, len(live) - 0.5), ylim=(0, 1.3 * live[at]), ylabel="MB")
        ax.set_xticks([])
        ax.grid(axis="x", visible=False)
    axes[-1, 0].set_xlabel("operations in order of execution")
    drawn.suptitle(title)
    return drawn
