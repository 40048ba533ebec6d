"""Live bytes over an inference or a training step, one panel a schedule."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from analysis.cost.graph import Timeline
from analysis.render.style import COLOURS

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def timeline_figure(timelines: Mapping[str, Timeline], title: str) -> "Figure":
    """Live bytes while each operation runs, in order; a panel for each schedule (title -> its timeline).

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
