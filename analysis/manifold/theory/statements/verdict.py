"""The verdict on a statement of section 3.2 or appendix A: holds, fails with a counter-example, or holds when."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Word = Literal["holds", "fails", "holds when"]


@dataclass(frozen=True)
class TheoryVerdict:
    """The verdict on a statement or, where `part` is named, on one part or reading of it.

    - `claim`: its id among the project's claims, empty for a statement that none of them restates. The row with an
      empty `part` is the verdict on the claim itself.
    - `statement`: what was checked, in the project's words. `why`: the condition, proof or measurement.
    - `counterexample`: plain numbers that contradict the statement as the paper has it. A "fails" always has one, a
      "holds when" has one outside its condition.
    """

    claim: str
    part: str
    section: str
    statement: str
    verdict: Word
    why: str
    counterexample: Mapping[str, Any] | None = None


def holds_if(evidence: bool, word: Word = "holds") -> Word:
    """`word` where the checks bear it out, "fails" where one of them does not."""
    return word if evidence else "fails"
