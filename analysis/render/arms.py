"""Arms of a study made visible: what each costs and reaches, seed by seed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import fill
from typing import TYPE_CHECKING

from analysis.arch import Variant, unroll
from analysis.cost import Cost, count
from analysis.render.quantities import QUANTITIES
from analysis.render.style import COLOURS, MARKERS
from analysis.render.table import Note, Table
from analysis.stats import (
    Candidate,
    Difference,
    Estimate,
    Runs,
    diverged,
    finished,
    holm,
    mean_interval,
    paired_difference,
    pareto_front,
)
from analysis.stats.following import Bounds

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class Arm:
    """A variant under its name in a study, with its runs: seed -> score in percent, None where diverged.

    `at`: its place on an axis that is none of its variant's, such as the bits that it was scored at.
    """

    name: str
    variant: Variant
    runs: Runs
    at: float | None = None

    @property
    def cost(self) -> Cost:
        """Counts of the variant."""
        return count(unroll(self.variant))

    @property
    def estimate(self) -> Estimate:
        """Mean score of the finished runs with its 95 % t interval."""
        return mean_interval(finished(self.runs).values())

    def minus(self, baseline: "Arm") -> Difference:
        """Score of this arm minus the baseline's, in points, paired by seed."""
        return paired_difference(self.runs, baseline.runs, (self.name, baseline.name))


def arms_table(
    title: str,
    arms: Sequence[Arm],
    notes: Sequence[str | Note] = (),
    front: bool = False,
    metric: str = "test accuracy",
    against: Mapping[str, Bounds] | None = None,
) -> Table:
    """One row an arm: counts, runs, mean `metric` with its 95 % t interval, and the difference to the first arm, the
    baseline: paired by seed, or as `against` has it by arm. With `front` also the probability of being on the front of
    metric and MAdds."""
    counts = (QUANTITIES[name].heading for name in ("madds", "params"))
    columns = ("arm", *counts, "n", "diverged", f"{metric.removeprefix('test ')} %", "low", "high")
    more, differences, reading = _paired(arms) if against is None else _given(arms, against)
    rows = []
    for arm, difference in zip(arms, differences, strict=True):
        e = arm.estimate
        row = [arm.name, arm.cost.madds, arm.cost.params, e.n, len(diverged(arm.runs)), e.mean, e.low, e.high]
        rows.append([*row, *difference])
    if front and min(row[3] for row in rows) > 1:
        placements = pareto_front([Candidate(arm.name, arm.cost.madds, arm.runs) for arm in arms])
        rows = [[*row, place.probability] for row, place in zip(rows, placements, strict=True)]
        more = (*more, "on front")
        reading += " `on front`: probability that no arm is both as cheap and as accurate."
    return Table(title, columns + more, rows, (*notes, Note("reading", reading)))


Differences = tuple[tuple[str, ...], list[list[float | None]], str]


def _paired(arms: Sequence[Arm]) -> Differences:
    """Columns, a row an arm, and how to read them: differences paired by seed. Equal ones have no interval and no p."""
    columns = ("difference", "from", "to", "p", "correlation", "detectable")
    found = [arm.minus(arms[0]) for arm in arms[1:]]
    rows: list[list[float | None]] = [[None] * len(columns)]
    for d, p in zip(found, holm([d.p if d.varied else 1.0 for d in found]), strict=True):
        spread = [d.low, d.high, p, d.correlation, d.detectable]
        rows.append([d.mean, *(spread if d.varied else [None] * len(spread))])
    reading = (
        f"`difference` is to {arms[0].name}, in points, paired by seed, with its 95 % t interval; `p` is adjusted for "
        "the rows of the table (Holm); `correlation` between the arms over seeds is what pairing buys; `detectable` is "
        "the smallest true difference that this many seeds show with probability 0.8."
    )
    if not all(d.varied for d in found):
        reading += " Differences that are equal over seeds have no interval and no p: they do not show how runs vary."
    return columns, rows, reading


def _given(arms: Sequence[Arm], against: Mapping[str, Bounds]) -> Differences:
    """`_paired`, of differences that are given by arm."""
    found = [against.get(arm.name) for arm in arms]
    rows: list[list[float | None]] = [[d.mean, d.low, d.high, d.n] if d else [None] * 4 for d in found]
    reading = (
        f"`difference` is to {arms[0].name}, in points, with a 95 % interval that holds after stopping, at the look at "
        "which it was decided: on the first `seeds` seeds of each arm."
    )
    return ("difference", "from", "to", "seeds"), rows, reading


def arms_figure(
    arms: Sequence[Arm], title: str, metric: str = "test accuracy", against: Mapping[str, Bounds] | None = None
) -> "Figure":
    """Every seed's `metric` as a point, with mean and 95 % t interval.

    Each arm but the first is labelled with its difference to the first and its interval: paired by seed, runs of one
    seed joined by a line, or as `against` has it by arm.
    """
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots()
    done = [finished(arm.runs) for arm in arms]
    for seed in sorted(set().union(*done)) if against is None else ():
        places = [(i - 0.08, runs[seed]) for i, runs in enumerate(done) if seed in runs]
        axes.plot(*zip(*places, strict=True), color="#bbbbbb", linewidth=0.6, zorder=1)
    for i, (arm, runs) in enumerate(zip(arms, done, strict=True)):
        colour, marker = COLOURS[i % len(COLOURS)], MARKERS[i % len(MARKERS)]
        axes.plot([i - 0.08] * len(runs), list(runs.values()), marker, color=colour, alpha=0.6, markersize=4)
        if len(runs) > 1:
            e = arm.estimate
            axes.errorbar(i + 0.12, e.mean, e.mean - e.low, fmt=marker, color=colour, capsize=4, markersize=6)
    axes.set_xticks(range(len(arms)), [_tick(arm, arms[0], against) for arm in arms])
    axes.set_xlim(-0.5, len(arms) - 0.5)
    axes.grid(axis="x", visible=False)
    axes.set_ylabel(f"{metric} (%)")
    axes.set_title(title)
    return figure


def _tick(arm: Arm, baseline: Arm, against: Mapping[str, Bounds] | None) -> str:
    name = fill(arm.name, 12, break_long_words=False)  # a line of the figure's share of an arm
    if arm is baseline:
        return name
    d = arm.minus(baseline) if against is None else against[arm.name]
    if d.n < 2:
        return name
    if isinstance(d, Difference) and not d.varied:
        return f"{name}\n{d.mean:+.1f}".replace("-", "−")
    return f"{name}\n{d.mean:+.1f}\n[{d.low:+.1f}, {d.high:+.1f}]".replace("-", "−")
