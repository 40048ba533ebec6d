"""A study judged while it runs: looks at rising numbers of seeds, arms dropped once all that they serve is decided.

A part is a contrast of arms with a rule. At each look the design (`analysis.stats.boundaries`) gives an interval that
holds at all looks together, from Welch's or moderated variances (`analysis.stats.moderated`), and it alone decides:

- above the rule's margin: shown above. Below it: shown below.
- for "=", inside +-margin by the interval of 2 alpha: small, by two one-sided tests as in `analysis.stats.rules`. For
  ">", below what is negligible by that interval: small, as the difference is then none or on the other side.
- below the effect of interest, by that interval: the part ends undecided, as further runs are not worth their time. It
  may be ignored, so no error depends on it ("non-binding futility"). A rule to which all effects smaller than that of
  interest are negligible does without: it ends contradicted.

The parts of a study share alpha. With m parts, "small" needs the interval of one part at alpha / m. A side is judged
by Holm's steps: each part at alpha / m, and after r have shown a side the others at alpha / (m - r). Stopping does not
hurt that: the first false side among k parts without an effect needs an interval of level alpha / k or wider that
misses the truth at some look, which happens with probability alpha / (2 k) for each of the k (Maurer and Bretz 2013 for
alpha spending). "Small" does not free alpha for the others: a part that is rightly small could have been wrongly above.
With Holm's steps for both, three parts at the edge of what is negligible go wrong in 9 % of fixed studies of five seeds
instead of 5 %.
Decisions stay. The interval that is printed is that of one part at alpha, at its last look. It holds at all looks
together with probability 1 - alpha, and at the look where one stops more often than that.

`play` judges any number of studies at once, so that simulations use the code that judges one. `follow` judges one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from analysis.problem import Problem
from analysis.stats.boundaries import Design
from analysis.stats.moderated import Arms, Contrasts, Spread, contrasts
from analysis.stats.rules import Rule

if TYPE_CHECKING:
    from numpy.typing import NDArray

ABOVE, BELOW, SMALL, OPEN = 1, -1, 2, 0
"""What a contrast is shown to be: above the margin, below it, too small to count; or nothing is shown."""


@dataclass(frozen=True)
class Part:
    """A weighted sum of arms (weights by arm, summing to 0), what it is called, and the rule that judges it."""

    title: str
    weights: Mapping[str, float]
    rule: Rule = field(default_factory=lambda: Rule(">"))


class Played(NamedTuple):
    """How studies end: arrays (studies, parts), and `runs` of shape (studies, arms).

    - `shown`: ABOVE, BELOW, SMALL or OPEN. `look`: index of the last look at the part.
    - `effects`, `low`, `high`: at that look, with the interval of level 1 - alpha that is valid after stopping.
    - `over`: False where the part would go on, had the runs not ended.
    - `runs`: seeds of each arm that were used.
    """

    shown: "NDArray[Any]"
    look: "NDArray[Any]"
    effects: "NDArray[Any]"
    low: "NDArray[Any]"
    high: "NDArray[Any]"
    over: "NDArray[Any]"
    runs: "NDArray[Any]"


def summaries(values: "NDArray[Any]", looks: Sequence[int]) -> Arms:
    """Counts, means and variances of the first n of `values` (studies, arms, runs), arrays (studies, arms, looks).

    NaN is a run without a value: one that diverged, or one that has not been.
    """
    import numpy as np

    ends = np.asarray(looks) - 1
    there = ~np.isnan(values)
    first = np.where(there[..., :1], values[..., :1], 0.0)
    filled = np.where(there, values - first, 0.0)  # small numbers: their squares lose no digits
    counts = there.cumsum(-1)[..., ends]
    means = filled.cumsum(-1)[..., ends] / np.maximum(counts, 1)
    squares = (filled**2).cumsum(-1)[..., ends] - counts * means**2
    return Arms(counts, first + means, np.maximum(squares, 0) / np.maximum(counts - 1, 1))


def play(
    design: Design,
    parts: Sequence[tuple["NDArray[Any]", Rule]],
    seen: Arms,
    spread: Spread = "moderated",
    forced: "NDArray[Any] | None" = None,
) -> Played:
    """Judge studies look by look.

    `parts`: each one's weights (arms,) and rule. `seen`: from `summaries` at the design's looks. Fewer looks are a
    study that is under way. `forced`: what other evidence shows, (studies, parts, looks): one of the four, or NaN
    where accuracies decide.
    """
    import numpy as np

    weights = np.array([each for each, _ in parts], float)
    rules = [rule for _, rule in parts]
    studies, arms, looks = seen.counts.shape
    shape, serves = (studies, len(parts)), weights != 0
    shown, look = np.zeros(shape, int), np.zeros(shape, int)
    over = np.zeros(shape, bool)
    effects, low, high = np.zeros(shape), np.full(shape, -np.inf), np.full(shape, np.inf)
    counts, means, variances = (np.zeros((studies, arms)) for _ in range(3))
    runs = np.zeros((studies, arms), int)
    for k in range(looks):
        live = ~over
        active = (live[:, :, None] & serves).any(1)
        runs = np.where(active, design.looks[k], runs)
        counts, means, variances = (
            np.where(active, new[..., k], old) for new, old in zip(seen, (counts, means, variances), strict=True)
        )
        found = contrasts(Arms(counts, means, variances), weights, spread)
        information = 1 / np.where(serves, weights**2 / np.maximum(counts, 1)[:, None, :], 0.0).sum(-1)

        reach = partial(_reach, design, k, found, information)
        own, narrow = reach(design.alpha), reach(2 * design.alpha / len(parts))
        effects = np.where(live, found.effects, effects)
        low, high = np.where(live, found.effects - own, low), np.where(live, found.effects + own, high)
        look = np.where(live, k, look)
        says = np.full(shape, np.nan) if forced is None else forced[..., k]
        while True:
            left = len(parts) - np.isin(shown, (ABOVE, BELOW)).sum(1)
            before = shown
            for many in np.unique(left[(live & (shown == OPEN)).any(1)]):
                evidence = _evidence(rules, found.effects, reach(design.alpha / many), narrow)
                evidence = np.where(np.isnan(says), evidence, says).astype(int)
                shown = np.where((left == many)[:, None] & live & (before == OPEN), evidence, shown)
            if (shown == before).all():
                break
        over = over | (shown != OPEN) | (_futile(rules, found.effects, reach(2 * design.alpha)) & np.isnan(says))
    return Played(shown, look, effects, low, high, over, runs)


def _reach(design: Design, look: int, found: Contrasts, information: "NDArray[Any]", alpha: float) -> "NDArray[Any]":
    """Half widths of the intervals of level 1 - alpha at a look, (studies, parts)."""
    return design.critical(look, alpha, found.degrees, information) * found.errors


def _evidence(
    rules: Sequence[Rule], effects: "NDArray[Any]", wide: "NDArray[Any]", narrow: "NDArray[Any]"
) -> "NDArray[Any]":
    """What intervals effect -+ wide (two-sided) and effect -+ narrow (one-sided each) show, (studies, parts)."""
    import numpy as np

    columns = []
    for j, rule in enumerate(rules):
        effect, outer, inner = effects[:, j], wide[:, j], narrow[:, j]
        small = rule.margin if rule.direction == "=" else rule.negligible
        bounds = (-rule.margin, rule.margin) if rule.direction == "=" else (rule.margin, rule.margin)
        sides = np.where(effect - outer > bounds[1], ABOVE, np.where(effect + outer < bounds[0], BELOW, OPEN))
        size = rule.sign * effect if rule.sign else np.abs(effect)
        within = np.zeros(len(effect), bool) if small is None else size + inner < small
        columns.append(np.where(within, SMALL, sides))
    return np.stack(columns, axis=1)


def _futile(rules: Sequence[Rule], effects: "NDArray[Any]", narrow: "NDArray[Any]") -> "NDArray[Any]":
    """Where the effect of interest is excluded, (studies, parts)."""
    import numpy as np

    columns = []
    for j, rule in enumerate(rules):
        least = rule.sign * (rule.effect_of_interest or 0.0)
        applies = least > (rule.negligible or 0.0)
        columns.append(applies & (rule.sign * effects[:, j] + narrow[:, j] < least))
    return np.stack(columns, axis=1)


def checked(parts: Sequence[Part], arms: Sequence[str]) -> "list[tuple[NDArray[Any], Rule]]":
    """The parts as `play` takes them: weights in the order of `arms`.

    Raises:
        Problem: no part, a part with an arm that is not there, or weights that do not sum to 0.
    """
    import numpy as np

    if not parts:
        raise Problem("a study without parts has nothing to decide")
    for part in parts:
        if strangers := sorted(set(part.weights) - set(arms)):
            raise Problem(f"part {part.title!r} weighs arms that are not there: {', '.join(strangers)}")
        if not any(part.weights.values()) or abs(sum(part.weights.values())) > 1e-9:
            raise Problem(f"weights of part {part.title!r} do not sum to 0, or are all 0")
    return [(np.array([part.weights.get(name, 0.0) for name in arms]), part.rule) for part in parts]
