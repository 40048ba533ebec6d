"""The answer of a study that chooses a rate: which rate suits, and whether a conclusion depends on it.

The rules were fixed before the runs of the study learning-rate, with the table power-rates of what they say under
stated truths (`experiments.power.rates`). Scores are accuracies on held-out images. A diverged run counts as chance.

- Common rate: the highest mean over all networks, budgets and seeds. Of equal ones the lowest.
- Own rate of a network: its highest mean at the largest budget. Of equal ones the lowest.
- A conclusion is the side of a difference, the first network minus another one, at one budget. A side is shown where
  the interval excludes 0. The intervals are unpaired, with variances moderated over all networks and rates of a budget.
  The conclusion "depends on the rate" where both sides are shown, at rates or at own rates. The differences of a budget
  at all these places share 5 % (Bonferroni). It "holds" where one side is shown at all of them. The differences alone
  share 5 % then, as every place has to show it. Otherwise it is "open".
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from analysis.problem import Problem
from analysis.render.arms import Arm
from analysis.render.style import COLOURS, MARKERS
from analysis.render.table import Note, Table
from analysis.stats.moderated import Arms, contrasts
from experiments.answers.collect import NoRuns
from experiments.study import Study

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ALPHA = 0.05
HOLDS, DEPENDS, OPEN = "holds", "depends on the rate", "open"

Values = NDArray[Any]


class Grid(NamedTuple):
    """The scores of a study in percent by budget, network, rate and seed, and the names of the first three.

    `values`: (budgets, networks, rates, seeds), the budgets rising.
    """

    budgets: tuple[str, ...]
    networks: tuple[str, ...]
    rates: tuple[float, ...]
    values: Values


class Sides(NamedTuple):
    """Differences at one budget with their standard errors and degrees of freedom: arrays (..., differences, places).
    The places are the rates, and last the own rates."""

    effects: Values
    errors: Values
    degrees: Values

    def reach(self, tests: int) -> Values:
        """Half widths of intervals of which so many share 5 %."""
        return -stdtrit(self.degrees, ALPHA / tests / 2) * self.errors

    def shown(self, tests: int) -> Values:
        """1 where a difference is shown to be above 0, -1 where below, 0 where neither."""
        reach = self.reach(tests)
        return (self.effects > reach).astype(int) - (self.effects < -reach)


def grid_of(study: Study, arms: Sequence[Arm]) -> Grid:
    """The scores of a study by budget, network, rate and seed.

    Raises:
        NoRuns: an arm lacks a seed. Half a study would be judged by what happened to run first.
        Problem: the lines are not every network at every budget, or differ in their rates.
    """
    known = {arm.name: arm for arm in arms}
    if lacking := [name for name in study.arms if len(known[name].runs) < len(study.seeds)]:
        raise NoRuns(f"study {study.name} waits for {len(lacking)} of {len(study.arms)} arms: {study.command}")
    lines = {study.chooses[line]: names for line, names in study.lines.items()}
    networks, budgets = (tuple(dict.fromkeys(key[i] for key in lines)) for i in (0, 1))
    rates = {tuple(float(known[name].at or 0) for name in names) for names in lines.values()}
    if len(lines) != len(networks) * len(budgets) or len(rates) != 1:
        raise Problem(f"study {study.name}: every network runs at every budget with the same rates")
    values = [
        [[_scores(known[name], study.seeds) for name in lines[network, budget]] for network in networks]
        for budget in budgets
    ]
    return Grid(budgets, networks, rates.pop(), np.array(values))


def _scores(arm: Arm, seeds: Sequence[int]) -> list[float]:
    chance = 100 / arm.variant.classes
    return [chance if (score := arm.runs[seed]) is None else score for seed in seeds]


def common(values: Values) -> NDArray[np.intp]:
    """Place of the common rate for scores (..., budgets, networks, rates, seeds): shape (...)."""
    return np.argmax(values.mean((-4, -3, -1)), -1)


def own(values: Values) -> NDArray[np.intp]:
    """Place of each network's own rate: shape (..., networks)."""
    return np.argmax(values[..., -1, :, :, :].mean(-1), -1)


def sides(values: Values, owned: NDArray[np.intp]) -> Sides:
    """The first network minus each other one, for scores (..., networks, rates, seeds) at one budget.

    `owned`: place of each network's own rate, (..., networks).
    """
    *_, networks, rates, seeds = values.shape
    flat = values.reshape(*values.shape[:-3], networks * rates, seeds)
    arms = Arms(np.full(flat.shape[:-1], seeds), flat.mean(-1), flat.var(-1, ddof=1))
    weights = np.zeros((networks - 1, rates, rates, networks, rates))
    for other in range(1, networks):
        for mine in range(rates):
            weights[other - 1, mine, :, 0, mine] = 1.0
            weights[other - 1, :, mine, other, mine] = -1.0
    found = contrasts(arms, weights.reshape(-1, networks * rates))
    shape = (*values.shape[:-3], networks - 1, rates, rates)
    return Sides(*(_picked(each.reshape(shape), owned) for each in found))


def _picked(each: Values, owned: NDArray[np.intp]) -> Values:
    """From values by (difference, rate of the first, rate of the other): those at one rate, then those at own rates."""
    same = np.diagonal(each, axis1=-2, axis2=-1)
    first = np.broadcast_to(owned[..., :1, None, None], (*each.shape[:-2], 1, each.shape[-1]))
    at_first = np.take_along_axis(each, first, -2)[..., 0, :]
    return np.concatenate([same, np.take_along_axis(at_first, owned[..., 1:, None], -1)], -1)


def conclusions(found: Sides) -> Values:
    """What becomes of each conclusion: HOLDS, DEPENDS or OPEN, an array (..., differences)."""
    *_, differences, places = found.effects.shape
    strict, each = found.shown(differences * places), found.shown(differences)
    both, one = (strict == 1).any(-1) & (strict == -1).any(-1), abs(each.sum(-1)) == places
    return np.where(both, DEPENDS, np.where(one, HOLDS, OPEN))


def tables(study: Study, arms: Sequence[Arm], conditions: Sequence[Note]) -> dict[str, Table]:
    """Scores by network and rate with the rates chosen, and the differences at each rate ("-differences").

    Raises:
        NoRuns: as `grid_of`.
    """
    grid = grid_of(study, arms)
    return {"": _scores_table(study, grid, conditions), "-differences": _differences(grid)}


def _scores_table(study: Study, grid: Grid, conditions: Sequence[Note]) -> Table:
    means, owned, chosen = grid.values.mean(-1), own(grid.values), grid.rates[int(common(grid.values))]
    rows = [
        (budget, network, *row.tolist(), grid.rates[int(row.argmax())])
        for budget, each in zip(grid.budgets, means, strict=True)
        for network, row in zip(grid.networks, each, strict=True)
    ]
    over_all = means.mean((0, 1))
    rows.append(("all", "mean of all", *over_all.tolist(), chosen))
    each = ", ".join(f"{name} {grid.rates[int(place)]:g}" for name, place in zip(grid.networks, owned, strict=True))
    notes = (
        *conditions,
        Note("claim", f"Common rate: {chosen:g}, the highest mean over networks and budgets."),
        Note("claim", f"Own rates, by {grid.budgets[-1]}: {each}."),
        Note("reading", "Accuracy in percent on images held out from the training images, mean of the seeds."),
    )
    columns = ("budget", "network", *(f"rate {rate:g} %" for rate in grid.rates), "best rate")
    return Table(study.question, columns, rows, notes)


def _differences(grid: Grid) -> Table:
    owned = own(grid.values)
    first, *others = grid.networks
    rows: list[tuple[object, ...]] = []
    for budget, values in zip(grid.budgets, grid.values, strict=True):
        found = sides(values, owned)
        words, reach = conclusions(found), found.reach(found.effects.size)
        for i, other in enumerate(others):
            for j, at in enumerate([*(f"rate {rate:g}" for rate in grid.rates), "own rates"]):
                effect, half = float(found.effects[i, j]), float(reach[i, j])
                rows.append((f"{first} - {other}", budget, at, effect, effect - half, effect + half, str(words[i])))
    notes = (
        "In points. The intervals of a budget share 5 %, variances moderated over its arms. A conclusion "
        "depends on the rate where both sides are shown. It holds where its side is shown at every rate and at own "
        "rates, by intervals of which only those of one row of each difference share 5 %.",
    )
    columns = ("difference", "budget", "at", "points", "from", "to", "conclusion")
    return Table("Differences at each rate", columns, rows, notes)


def figure(study: Study, arms: Sequence[Arm], title: str) -> "Figure":
    """Score against rate, a panel a budget and a line a network."""
    import matplotlib.pyplot as plt

    grid = grid_of(study, arms)
    drawn, panels = plt.subplots(1, len(grid.budgets), squeeze=False)
    for axes, budget, values in zip(panels[0], grid.budgets, grid.values, strict=True):
        for i, (network, row) in enumerate(zip(grid.networks, values, strict=True)):
            style = {"color": COLOURS[i % len(COLOURS)], "marker": MARKERS[i % len(MARKERS)], "markersize": 4}
            axes.plot(grid.rates, row.mean(-1), label=network, linewidth=1, **style)
            axes.plot(np.repeat(grid.rates, row.shape[-1]), row.ravel(), linestyle="none", alpha=0.35, **style)
        axes.set_xscale("log")
        axes.set_xticks(grid.rates, [f"{rate:g}" for rate in grid.rates])
        axes.minorticks_off()
        axes.set(xlabel="peak learning rate", title=budget)
    panels[0][0].set_ylabel("accuracy on held-out images (%)")
    panels[0][-1].legend(fontsize="small")
    drawn.suptitle(title, fontsize="medium")
    return drawn


def summary(study: Study, arms: Sequence[Arm]) -> Table:
    """Scores by network and rate, for a terminal.

    Raises:
        NoRuns: as `grid_of`.
    """
    return _scores_table(study, grid_of(study, arms), ())
