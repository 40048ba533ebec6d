"""The verdict on a claim: one row of the scoreboard."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args

from analysis.problem import Problem
from analysis.stats.judgements import Judgement
from analysis.stats.rules import Finding


@dataclass(frozen=True)
class Verdict:
    """The verdict on a claim.

    - `claim`: its id. `where`: data set, budget and conditions under which it was judged.
    - `effect`, `low`, `high`, `n`: the deciding difference with its interval and its number of pairs. They are None
      for a claim without statistics (counts, theory) and for ends that are not finite.
    - `size`: finding on the claimed size of the effect, None if no size is claimed.
    - `why`: what decided it. `needs`: what would decide it, if it is undecided.
    - `analysis`: how it was analysed and when the rule was written, empty where both are as registered at first.
    - `unit`: of the effect, where claims.yaml does not say it. `shows`: the true effect, in that unit, that the design
      would have shown with probability 0.8.

    Raises:
        Problem: an unknown word, an undecided verdict without `needs`, or any other verdict with it.
    """

    claim: str
    verdict: Finding
    where: str
    effect: float | None = None
    low: float | None = None
    high: float | None = None
    n: int | None = None
    size: Finding | None = None
    why: str = ""
    needs: str = ""
    analysis: str = ""
    unit: str = ""
    shows: float | None = None

    def __post_init__(self) -> None:
        if self.verdict not in get_args(Finding):
            raise Problem(f"verdict {self.verdict!r} is not one of {', '.join(get_args(Finding))}")
        if (self.verdict == "undecided") != bool(self.needs):
            raise Problem(f"verdict on {self.claim}: give `needs` if it is undecided, and only then")

    @property
    def sentence(self) -> str:
        """In words: on the direction, on the claimed size, what decided, what would decide it."""
        size = f"; its size {self.size}" if self.size else ""
        return f"{self.verdict}{size}. {self.why}" + (f"; {self.needs}" if self.needs else "")

    def row(self) -> dict[str, str | float | int | None]:
        """Plain values for JSON and tables, with the claim under `id`. Of the later fields those that are set."""
        later = ("analysis", "unit", "shows")
        values = {name: value for name, value in vars(self).items() if name not in later or value}
        return {"id": values.pop("claim"), **values}


def verdict(claim: str, where: str, judgement: Judgement) -> Verdict:
    """The verdict that follows from a judged difference."""
    difference = judgement.difference
    return Verdict(
        claim,
        judgement.finding,
        where,
        effect=_known(difference.mean) if difference.comparable else None,
        low=_known(difference.low) if difference.comparable else None,
        high=_known(difference.high) if difference.comparable else None,
        n=difference.n,
        size=judgement.size,
        why=judgement.reason,
        needs=judgement.needs,
    )


def all_of(judgements: Sequence[Judgement]) -> Judgement:
    """The judgement that decides a claim of several parts, all of which must hold.

    - If any part is contradicted, it is the contradicted part with the smallest p.
    - Otherwise, if any part is undecided, it is the undecided part with the largest p.
    - Otherwise all parts are supported, and it is the one with the largest p.

    Judge the parts together, so that many parts do not contradict a claim by chance.

    Raises:
        Problem: no part is given.
    """
    if not judgements:
        raise Problem("a claim needs at least one judged part")
    parts = {finding: [j for j in judgements if j.finding == finding] for finding in get_args(Finding)}
    if parts["contradicted"]:
        return min(parts["contradicted"], key=lambda judgement: judgement.p)
    return max(parts["undecided"] or parts["supported"], key=lambda judgement: judgement.p)


def _known(value: float) -> float | None:
    return value if math.isfinite(value) else None
