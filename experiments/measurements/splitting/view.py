"""What splitting costs and saves as JSON, a table, a figure and a verdict."""

from math import exp
from statistics import median
from typing import TYPE_CHECKING

from analysis.render.style import COLOURS
from analysis.render.table import Table
from analysis.stats import Verdict
from experiments.answers.answer import Answer, Drawing, as_json
from experiments.claims.evidence import Evidence
from experiments.measurements.splitting.rows import Measured
from experiments.measurements.splitting.rule import ROUNDS, SMALL, efficiency, judge, slower

if TYPE_CHECKING:
    from matplotlib.figure import Figure

STEM = "splitting"
ALT = "Peak of live activations, falling with the number of ways until four, and time, rising ever faster."


def answer(measured: Measured) -> Answer:
    """The numbers as JSON, a table, a figure. The claim is judged from as many rounds on as the rule wants."""
    judged = verdict(measured)
    values = {**measured._asdict(), "verdict": judged.row() if judged else None}
    return Answer(
        STEM,
        {"": table(measured)},
        {STEM: Drawing(lambda: figure(measured), columns=2, aspect=0.4, alt=ALT)},
        [judged, efficiency(measured.times, _where(measured, f"time at 1 way / time at {SMALL}"))] if judged else None,
        Evidence("measurement:splitting"),
        {f"{STEM}.json": as_json(values)},
    )


def verdict(measured: Measured) -> Verdict | None:
    """The verdict on `memory-split-speed`, None for fewer rounds than the rule wants."""
    if measured.conditions["rounds"] < ROUNDS:
        return None
    return judge(measured.times, _where(measured, f"100 ln(time at g / time at {SMALL})"))


def _where(measured: Measured, what: str) -> str:
    return f"{what}; MobileNetV2 at 224, eager torch, one thread of {measured.environment['processor']}"


def line(measured: Measured) -> str:
    """The verdict in one line, or why there is none."""
    judged = verdict(measured)
    if not judged:
        return f"not judged: the rule wants {ROUNDS} rounds"
    return f"{judged.claim}: {judged.verdict} ({judged.why})"


def table(measured: Measured) -> Table:
    """A row for each g."""
    rows = []
    for row in measured.ways:
        d = slower(measured.times, row["ways"], 1) if row["ways"] > 1 else None
        cells = (d.mean, d.low, d.high) if d else (None, None, None)
        rows.append((row["ways"], row["measured"], row["planned"], median(row["ms"]), *cells))
    conditions = measured.conditions
    note = (
        f"MobileNetV2 at 224, one image, {conditions['threads']} thread of {measured.environment['processor']}, eager "
        f"torch, norms folded, {conditions['rounds']} interleaved rounds. `slower`: 100 ln(time / time at 1 way), "
        "paired by round, with its 95 % t interval."
    )
    columns = ("ways", "peak measured (bytes)", "peak by the Plan (bytes)", "median (ms)", "slower", "low", "high")
    return Table("What splitting the inner tensors saves and costs", columns, rows, (note,))


def figure(measured: Measured) -> "Figure":
    """Peak memory and relative time against g: a dot a round, the geometric mean with its 95 % t interval."""
    import matplotlib.pyplot as plt

    drawn, (left, right) = plt.subplots(1, 2)
    found, ways = measured.times, [row["ways"] for row in measured.ways]
    left.plot(ways, [row["measured"] / 1e6 for row in measured.ways], "o-", ms=4, color=COLOURS[0], label="measured")
    left.plot(ways, [row["planned"] / 1e6 for row in measured.ways], "x", ms=6, color=COLOURS[1], label="by the Plan")
    left.set(ylabel="peak of live activations (MB)", ylim=(0, None))
    left.legend()
    for g in ways[1:]:
        ratios = [a / b for a, b in zip(found[g], found[1], strict=True)]
        right.plot([g] * len(ratios), ratios, "o", ms=2.5, color=COLOURS[0], alpha=0.35)
        d = slower(found, g, 1)
        low, mean, high = (exp(value / 100) for value in (d.low, d.mean, d.high))
        right.errorbar(g * 1.06, mean, [[mean - low], [high - mean]], fmt="s", ms=4, capsize=2.5, color=COLOURS[1])
    right.axhline(1, color="#888888", lw=0.8)
    right.set_ylabel("time / time unsplit")
    for axes in (left, right):
        axes.set(xscale="log", xlabel="ways (g)")
        axes.set_xticks(ways, [str(g) for g in ways])
        axes.minorticks_off()
    drawn.suptitle(f"MobileNetV2 at 224, inner tensors split: n = {measured.conditions['rounds']} rounds")
    return drawn
