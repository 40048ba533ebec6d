"""One study judged look by look from its runs so far: what is decided, and which runs are wanted next."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from analysis.problem import Problem
from analysis.stats.boundaries import Design
from analysis.stats.moderated import Arms, Spread, contrasts, summary
from analysis.stats.rules import Finding
from analysis.stats.samples import Runs, finite, mostly_diverged
from analysis.stats.sequential import ABOVE, BELOW, OPEN, SMALL, Part, Played, checked, play, summaries

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Outcome:
    """What is known of a part at the last look at it.

    - `finding`: by its rule. `over`: it wants no further runs, whether decided or not.
    - `effect`, `low`, `high`: the interval at 1 - alpha that is valid after stopping, infinite before the first look.
    - `seeds`: of each arm, planned at that look. `looks`: how many there were.
    - `reason`: a sentence. Names arms that diverged. `needs`: what would decide it, empty where it is decided.
    """

    part: Part
    finding: Finding
    over: bool
    effect: float
    low: float
    high: float
    seeds: int
    looks: int
    reason: str
    needs: str

    @property
    def size(self) -> Finding | None:
        """Finding on the claimed size, by the interval. None where the rule names none."""
        if self.part.rule.size is None:
            return None
        least, most = self.part.rule.size
        if least <= self.low and self.high <= most:
            return "supported"
        return "contradicted" if self.high < least or self.low > most else "undecided"


@dataclass(frozen=True)
class Progress:
    """A study under way.

    - `outcomes`: of its parts, in order. `used`: seeds of each arm that they rest on.
    - `wanted`: arm -> the seeds that it lacks for the next look. Empty where the study is over.
    """

    outcomes: tuple[Outcome, ...]
    used: Mapping[str, int]
    wanted: Mapping[str, tuple[int, ...]]

    @property
    def over(self) -> bool:
        """Whether no further run is wanted."""
        return not self.wanted


def follow(
    design: Design,
    parts: Sequence[Part],
    arms: Mapping[str, Runs],
    seeds: Sequence[int],
    spread: Spread = "moderated",
) -> Progress:
    """Judge a study at every look that its runs allow, and say which runs the next one wants.

    `arms`: runs by seed, further ones are ignored. Every arm of a part has a place, be it empty. `seeds`: in the order
    in which they are run, at least as many as the design's last look. The answer depends on the runs alone, so that a
    study that was interrupted goes on as if it had not been.

    Diverged runs have no accuracy and count as runs. At a look at which one of two arms has diverged in more than half
    of its runs, accuracies are not compared: the arm that diverges significantly more often (Fisher's exact test at
    what the design spends at that look) is the worse one. Where an arm wins on the runs that finished but diverged
    more often, or nearly identical arms diverged unequally often, nothing is decided at that look.

    Raises:
        Problem: too few seeds, parts of unknown arms, a value that is not finite.
    """
    import numpy as np

    names = list(arms)
    if len(seeds) < design.looks[-1]:
        raise Problem(f"{len(seeds)} seeds for a design of up to {design.looks[-1]}: give as many")
    prepared = checked(parts, names)
    values = np.full((1, len(names), design.looks[-1]), np.nan)
    for i, name in enumerate(names):
        for j, seed in enumerate(seeds[: design.looks[-1]]):
            if (value := arms[name].get(seed)) is not None:
                values[0, i, j] = finite([value])[0]
    seen = summaries(values, design.looks)
    lost = np.stack(
        [[sum(arms[name].get(seed, 0.0) is None for seed in seeds[:n]) for n in design.looks] for name in names]
    )
    forced = _forced(design, parts, names, seen.means[0], lost)
    for looks in range(len(design.looks) + 1):
        played = play(design, prepared, Arms(*(each[..., :looks] for each in seen)), spread, forced)
        live = (~played.over[0][:, None] & (np.array([w for w, _ in prepared]) != 0)).any(0)
        if looks == len(design.looks) or not live.any():
            wanted = {}
            break
        due = seeds[: design.looks[looks]]
        wanted = {
            name: tuple(s for s in due if s not in arms[name]) for name, on in zip(names, live, strict=True) if on
        }
        if wanted := {name: missing for name, missing in wanted.items() if missing}:
            break
    runs = dict(zip(names, played.runs[0].tolist(), strict=True))
    outcomes = tuple(_outcome(design, part, j, played, lost, names, looks > 0) for j, part in enumerate(parts))
    return Progress(outcomes, runs, wanted)


class Bounds(NamedTuple):
    """A difference with an interval that holds after stopping, and the seeds of each arm that it rests on."""

    mean: float
    low: float
    high: float
    n: int


def bounds_at(
    design: Design,
    weights: Mapping[str, float],
    arms: Mapping[str, Runs],
    seeds: Sequence[int],
    used: Mapping[str, int],
    spread: Spread = "moderated",
) -> Bounds:
    """A further contrast of a study that `follow` has judged, with the runs that the study has used.

    `used`: as of its Progress. The interval is that of the look at which the arms with a weight ended, at level
    1 - alpha. It is infinite before the first look.
    """
    import numpy as np

    names = [name for name, weight in weights.items() if weight]
    least, most = min(used[name] for name in names), max(used[name] for name in names)
    if least < design.looks[0]:
        return Bounds(math.nan, -math.inf, math.inf, 0)
    taken = [{seed: runs[seed] for seed in seeds[: used[name]] if seed in runs} for name, runs in arms.items()]
    row = np.array([[weights.get(name, 0.0) for name in arms]])
    seen = summary(taken)
    found = contrasts(seen, row, spread)
    information = 1 / np.where(row != 0, row**2 / np.maximum(seen.counts, 1), 0.0).sum(-1)
    look = max(k for k, n in enumerate(design.looks) if n <= most)
    reach = float((design.critical(look, design.alpha, found.degrees, information) * found.errors)[0])
    effect = float(found.effects[0])
    return Bounds(effect, effect - reach, effect + reach, least)


def _forced(
    design: Design, parts: Sequence[Part], names: Sequence[str], means: "NDArray[Any]", lost: "NDArray[Any]"
) -> "NDArray[Any]":
    """What diverged runs show or forbid to show, (1, parts, looks). NaN where accuracies decide."""
    import numpy as np

    forced = np.full((1, len(parts), len(design.looks)), np.nan)
    for j, part in enumerate(parts):
        rows = [names.index(name) for name, weight in part.weights.items() if weight]
        for k, n in enumerate(design.looks):
            gone = [int(lost[row, k]) for row in rows]
            weights = [part.weights[names[row]] for row in rows]
            if any(mostly_diverged(n, range(each)) for each in gone):
                forced[0, j, k] = OPEN
                if len(rows) == 2 and gone[0] != gone[1]:
                    from scipy.stats import fisher_exact  # takes as long to import as all else here

                    p = fisher_exact([gone, [n - each for each in gone]]).pvalue  # type: ignore[attr-defined]
                    if p <= design.spent(k, design.alpha / len(parts)):
                        forced[0, j, k] = ABOVE if (gone[0] < gone[1]) == (weights[0] > 0) else BELOW
            elif len(rows) == 2 and gone[0] != gone[1]:
                effect = sum(weight * means[row, k] for weight, row in zip(weights, rows, strict=True))
                wins = (gone[0] > gone[1]) == (weights[0] * effect > 0)
                if wins or part.rule.direction == "=":
                    forced[0, j, k] = OPEN
    return forced


def _outcome(
    design: Design, part: Part, j: int, played: Played, lost: "NDArray[Any]", names: Sequence[str], looked: bool
) -> Outcome:
    """The outcome of part `j`."""
    rule, shown, look = part.rule, int(played.shown[0, j]), int(played.look[0, j])
    seeds, over = design.looks[look] if looked else 0, bool(played.over[0, j])
    finding: Finding = "undecided"
    if shown == SMALL and rule.direction == "=":
        finding, what = "supported", f"is within ±{rule.margin:g}"
    elif shown == SMALL:
        least = f"{'less' if rule.sign > 0 else 'more'} than {rule.sign * (rule.negligible or 0.0):g}"
        other = float(played.high[0, j]) < 0 if rule.sign > 0 else float(played.low[0, j]) > 0
        opposite = f"is {'below' if rule.sign > 0 else 'above'} 0"
        finding, what = "contradicted", opposite if other else f"is {least}, which counts as none"
    elif shown != OPEN and rule.direction == "=":
        finding, what = "contradicted", f"is beyond ±{rule.margin:g}"
    elif shown != OPEN:
        finding = "supported" if shown == rule.sign else "contradicted"
        what = f"is {'above' if shown == ABOVE else 'below'} {rule.margin:g}"
    elif over:
        what = f"is shown to be less than the {rule.effect_of_interest:g} of interest, and not to be there"
    else:
        what = "is open" if looked else "has no runs to look at"
    gone = {name: int(lost[names.index(name), look]) for name, weight in part.weights.items() if weight and looked}
    reason = "; ".join([f"{part.title} {what}", *(f"{name} diverged in {n} runs" for name, n in gone.items() if n)])
    needs = ""
    if finding == "undecided":
        ended = over or seeds == design.looks[-1]
        needs = f"more than {seeds} seeds of each arm" if ended else "the runs of the next look"
    effect, low, high = (float(each[0, j]) for each in (played.effects, played.low, played.high))
    return Outcome(part, finding, over, effect, low, high, seeds, look + looked, reason, needs)
