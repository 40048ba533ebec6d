"""Rules that are stated before the runs, as plain data."""

import math
from dataclasses import dataclass
from typing import Literal

from analysis.problem import Problem
from analysis.stats.intervals import between_0_and_1

Finding = Literal["supported", "contradicted", "undecided"]


@dataclass(frozen=True)
class Rule:
    """A claim about a difference, as plain data. Direction and size are judged separately.

    - `direction` ">": supported if the difference is shown to be above `margin`, contradicted if it is shown to be
      below (two-sided t test at `alpha`). A negative margin makes it a test of non-inferiority.
    - `direction` "<": the mirror image.
    - `direction` "=": nearly identical. Supported if two one-sided tests at `alpha` show that |difference| < `margin`,
      contradicted if it is shown to be outside (two-sided at `alpha`).
    - `negligible`: for ">" and "<" at margin 0. A difference shown to be within +-negligible (two one-sided tests)
      counts as none and contradicts the claim, however certain its sign. Without it, no number of seeds can contradict
      a claim whose true effect is 0.
    - `size`: the claimed range of the difference, in its unit. Supported if the interval lies inside, contradicted if
      it lies outside, undecided if it contains an end.
    - `interest`: the smallest effect that matters, stated before the runs. Plans are made for it, never for the effect
      that was seen. Without it, see `effect_of_interest`.
    - Everything else is undecided.

    Raises:
        Problem: an unknown direction, a margin, a `negligible` or an `interest` that does not go with it, a size that
            is not a range, or an alpha outside (0, 0.5).
    """

    direction: Literal[">", "<", "="]
    margin: float = 0.0
    negligible: float | None = None
    size: tuple[float, float] | None = None
    alpha: float = 0.05
    interest: float | None = None

    def __post_init__(self) -> None:
        if self.direction not in (">", "<", "="):
            raise Problem(f"direction {self.direction!r} of a rule is not one of >, <, =")
        if not math.isfinite(self.margin) or (self.direction == "=" and self.margin <= 0):
            needed = "a number above 0" if self.direction == "=" else "a finite number"
            raise Problem(f"margin {self.margin!r} does not suit direction {self.direction}: give {needed}")
        if self.negligible is not None and (self.margin != 0 or not self.negligible > 0):
            raise Problem(f"negligible {self.negligible!r} is not valid: it is above 0, for rules > and < at margin 0")
        if self.size is not None and not self.size[0] < self.size[1]:
            raise Problem(f"size {self.size!r} is not a range: give (low, high) with low below high")
        if self.interest is not None and (
            self.direction == "=" or not self.interest * self.sign > self.margin * self.sign
        ):
            raise Problem(f"effect of interest {self.interest!r} does not lie on the claimed side of {self.margin:g}")
        between_0_and_1("2 x alpha", 2 * self.alpha)

    @property
    def sign(self) -> int:
        """1 where a larger difference is claimed, -1 where a smaller one is, 0 for "="."""
        return {">": 1, "<": -1, "=": 0}[self.direction]

    @property
    def effect_of_interest(self) -> float | None:
        """The difference that a plan should be able to show.

        0 for "=". Else `interest`, or the end of the claimed size that is nearer to 0, or twice what counts as none.
        None where the rule says none of these.
        """
        if self.direction == "=":
            return 0.0
        if self.interest is not None:
            return self.interest
        if self.size is not None and min(end * self.sign for end in self.size) > 0:
            return min(self.size, key=abs)
        return None if self.negligible is None else 2 * self.sign * self.negligible

    @property
    def sentence(self) -> str:
        """The rule in words, for tables."""
        level = f"{100 * self.alpha:g} %"
        if self.direction == "=":
            text = f"within ±{self.margin:g} (two one-sided tests, {level} each)"
        else:
            text = f"{'above' if self.direction == '>' else 'below'} {self.margin:g} (two-sided, {level})"
        if self.negligible is not None:
            text += f"; shown to be within ±{self.negligible:g} counts as none"
        return text + (f"; size {self.size[0]:g} to {self.size[1]:g} judged apart" if self.size else "")
