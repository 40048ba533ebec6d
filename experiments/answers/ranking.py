"""The answer of a study that compares the order of its networks with a published one: rank correlations, pairs.

The rules were fixed before the runs of the study short-predicts-long, with the table power-ranking of what they say
under stated truths (`experiments.power.ranking`). Both share 5 %, so each interval holds with 97.5 %. Scores of the
first of a study's lines are judged:

- Kendall's tau with the published scores is above `LEAST`: three of four pairs of networks are in the right order.
- It is above that of multiply-adds, which need no training.
"""

import itertools
import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from analysis.render.arms import Arm
from analysis.render.style import COLOURS, MARKERS
from analysis.render.table import Note, Table
from analysis.stats import finished, rank_correlation
from analysis.stats.ranking import Ranking, Resampled
from analysis.stats.rules import Finding
from experiments.answers.collect import NoRuns
from experiments.study import Study

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LEAST = 0.5
"""Kendall's tau at which three of four pairs are in the right order: (1 + tau) / 2."""

LEVEL = 0.975
"""Of each interval: two rules share 5 %."""

GAPS = (0.0, 0.25, 0.5, 1.0, 2.0, 5.0, math.inf)
"""Points between two published scores, by which pairs are grouped."""

MADDS, PARAMS = "multiply-adds", "parameters"


class Line(NamedTuple):
    """The networks of one of a study's lines that have finished runs: their arms, and predictors by name."""

    name: str
    arms: Sequence[Arm]
    predictors: Mapping[str, Sequence[float]]
    ranking: Ranking


class Found(NamedTuple):
    """A rule's statement, its finding, and the statistic that decides."""

    statement: str
    finding: Finding
    statistic: Resampled


def lines_of(study: Study, arms: Sequence[Arm]) -> list[Line]:
    """The lines all of whose networks have run. Some are not a sample of all, and judging them would be peeking.
    A network whose runs diverged is left out.

    Besides its own scores, each line has those of the same networks in the other lines.

    Raises:
        NoRuns: a network of the first line has not run.
    """
    ran = {arm.name for arm in arms if arm.runs}
    known = {arm.name: arm for arm in arms if finished(arm.runs)}
    first = next(iter(study.lines))
    if lacking := [name for name in study.lines[first] if name not in ran]:
        raise NoRuns(f"study {study.name} waits for {len(lacking)} networks of {first}: {study.command}")
    found = []
    for name, names in study.lines.items():
        if not ran.issuperset(names):
            continue
        mine = [known[arm] for arm in names if arm in known]
        networks = [arm.variant.text for arm in mine]
        predictors = {}
        for other, others in study.lines.items():
            scores = {known[arm].variant.text: known[arm].estimate.mean for arm in others if arm in known}
            if set(networks) <= set(scores):
                predictors[other] = [scores[text] for text in networks]
        predictors[MADDS] = [arm.cost.madds for arm in mine]
        predictors[PARAMS] = [arm.cost.params for arm in mine]
        found.append(Line(name, mine, predictors, Ranking([study.order[arm.name] for arm in mine], LEVEL)))
    return found


def judged(line: Line) -> list[Found]:
    """Both rules, by the scores of the line."""
    tau = line.ranking.tau(line.predictors[line.name])
    above = line.ranking.tau_difference(line.predictors[line.name], line.predictors[MADDS])
    return [
        Found(f"tau of {line.name} is above {LEAST:g}", side(tau, LEAST), tau),
        Found(f"tau of {line.name} is above that of {MADDS}", side(above, 0.0), above),
    ]


def side(statistic: Resampled, margin: float) -> Finding:
    """Where the whole interval lies: above the margin (supported), below it (contradicted), on both sides."""
    if statistic.low > margin:
        return "supported"
    return "contradicted" if statistic.high < margin else "undecided"


def tables(study: Study, arms: Sequence[Arm], conditions: Sequence[Note]) -> dict[str, Table]:
    """Rank correlations; pairs in the right order by their published gap ("-pairs"); all networks ("-networks").

    Raises:
        NoRuns: as `lines_of`.
    """
    lines = lines_of(study, arms)
    notes = [*conditions, *_missing(study, lines), *_findings(lines[0]), Note("reading", _reading(study))]
    return {
        "": _correlations(study, lines, notes),
        "-pairs": _pairs(study, lines),
        "-networks": _networks(study, arms),
    }


def _correlations(study: Study, lines: Sequence[Line], notes: Sequence[Note]) -> Table:
    rows = []
    for line in lines:
        for name, scores in line.predictors.items():
            tau, rho = line.ranking.tau(scores), rank_correlation(scores, line.ranking.reference, LEVEL)
            rows.append((name, tau.n, tau.value, tau.low, tau.high, rho.value, rho.low, rho.high))
    columns = ("ordered by", "networks", "tau", "tau from", "tau to", "rho", "rho from", "rho to")
    return Table(study.question, columns, rows, tuple(notes))


def _pairs(study: Study, lines: Sequence[Line]) -> Table:
    line = lines[0]
    rows = []
    for least, most in itertools.pairwise(GAPS):
        gap = f"{least:g} to {most:g}" if most < math.inf else f"{least:g} and more"
        shares = [line.ranking.pairs_right(scores, least, most) for scores in line.predictors.values()]
        if shares[0].n:
            cells = [100 * value for share in shares for value in (share.value, share.low, share.high)]
            rows.append((gap, shares[0].n, *cells))
    names = [f"{name} %" for name in line.predictors]
    columns = ["gap in points", "pairs"]
    for name in names:
        columns += [name, f"{name} from", f"{name} to"]
    notes = (f"Pairs of networks in the order of {study.order_by}, by how far those scores are apart.",)
    return Table("Pairs in the right order", tuple(columns), rows, notes, digits=1)


def _networks(study: Study, arms: Sequence[Arm]) -> Table:
    known = {arm.name: arm for arm in arms if arm.runs}
    rows = [
        (name, arm.cost.madds, arm.cost.params, study.order[name], arm.estimate.mean if finished(arm.runs) else None)
        for name, arm in known.items()
    ]
    return Table("The networks", ("network", "MAdds", "parameters", "published %", "accuracy %"), rows)


def _missing(study: Study, lines: Sequence[Line]) -> list[Note]:
    ran = {arm.name for line in lines for arm in line.arms}
    lacking = [name for name in study.names if name not in ran]
    return [Note("missing", f"NOT RUN, or diverged: {'; '.join(lacking)}.")] if lacking else []


def _findings(line: Line) -> list[Note]:
    return [
        Note(
            "claim",
            f"{each.statement[0].upper()}{each.statement[1:]}: {each.finding}, {each.statistic.value:.2f} "
            f"[{each.statistic.low:.2f}, {each.statistic.high:.2f}], {len(line.arms)} networks.",
        )
        for each in judged(line)
    ]


def _reading(study: Study) -> str:
    return (
        f"Kendall's tau and Spearman's rho with {study.order_by}. A tau of {LEAST:g} is {50 * (1 + LEAST):g} % of "
        f"pairs in the right order. Intervals: {100 * LEVEL:g} %, as two rules share 5 %. Of tau: "
        "percentiles over networks drawn again."
    )


def summary(study: Study, arms: Sequence[Arm]) -> Table:
    """Rank correlations alone, for a terminal.

    Raises:
        NoRuns: as `lines_of`.
    """
    return _correlations(study, lines_of(study, arms), ())


def figure(study: Study, arms: Sequence[Arm], title: str) -> "Figure":
    """Published scores against those of the first line, and against multiply-adds."""
    import matplotlib.pyplot as plt

    line = lines_of(study, arms)[0]
    drawn, panels = plt.subplots(1, 2, sharey=True)
    named = ((line.name, f"accuracy after {line.name}, %"), (MADDS, "multiply-adds (millions)"))
    for axes, (name, label), colour, marker in zip(panels, named, COLOURS, MARKERS, strict=False):
        scores, tau = line.predictors[name], line.ranking.tau(line.predictors[name])
        x = [score / 1e6 for score in scores] if name == MADDS else scores
        axes.plot(x, line.ranking.reference, marker, color=colour, markersize=3.5)
        axes.set(xlabel=label, title=f"tau {tau.value:.2f} [{tau.low:.2f}, {tau.high:.2f}]")
    panels[0].set_ylabel(f"{study.order_by}, %")
    drawn.suptitle(title, fontsize="medium")
    return drawn
