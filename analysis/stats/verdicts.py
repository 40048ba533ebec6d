"""What the runs say of a claim: one row of the scoreboard."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from analysis.problem import Problem
from analysis.stats.judgements import Judgement
from analysis.stats.rules import Finding

Word = Literal["supported", "contradicted", "undecided", "shown beside, not judged"]


@dataclass(frozen=True)
class Verdict:
    """The verdict on a claim.

    - `claim`: its id. `where`: data set, budget and conditions under which it was judged.
    - `effect`, `low`, `high`, `n`: the deciding difference with its interval and its number of pairs; None
      for a claim without statistics (counts, theory) and for ends that are not finite.
    - `size`: finding on the claimed size of the effect, None where none is claimed.
    - `why`: what decided it. `needs`: what it would take, where undecided.

    Raises:
        Problem: an unknown word, undecided without `needs`, or decided with.
    """

    claim: str
    verdict: Word
    where: str
    effect: float | None = None
    low: float | None = None
    high: float | None = None
    n: int | None = None
    size: Finding | None = None
    why: str = ""
    needs: str = ""

    def __post_init__(self) -> None:
        if self.verdict not in get_args(Word):
            raise Problem(f"verdict {self.verdict!r} is not one of {', '.join(get_args(Word))}")
        if (self.verdict == "undecided") != bool(self.needs):
            raise Problem(f"verdict on {self.claim}: undecided comes with what it would take, the others without")

    def row(self) -> dict[str, str | float | int | None]:
        """Plain values for JSON and tables, the claim under `id`."""
        values = dict(vars(self))
        return {"id": values.pop("claim"), **values}


def verdict(claim: str, where: str, judgement: Judgement) -> Verdict:
    """The verdict that a judged difference gives."""
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

    Contradicted if any part is (shown: the smallest p), else undecided if any part is (the largest p), else
    supported (the largest p). Judge the parts together, so that many parts do not contradict by chance.

    Raises:
        Problem: no part.
    """
    if not judgements:
        raise Problem("a claim needs at least one judged part")
    parts = {finding: [j for j in judgements if j.finding == finding] for finding in get_args(Finding)}
    if parts["contradicted"]:
        return min(parts["contradicted"], key=lambda judgement: judgement.p)
    return max(parts["undecided"] or parts["supported"], key=lambda judgement: judgement.p)


def _known(value: float) -> float | None:
    return value if math.isfinite(value) else None
