"""The words of the scoreboard, in two lists that are never counted together, and how findings become words.

Rules give findings: supported, contradicted, undecided. The audit gives numbers that follow or do not. A reader of the
scoreboard wants to know what that says of the paper, and on which terms. `claims.yaml` has the terms of each claim:
its scope, its unit, and where a finding is to be read in another way than usual.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from analysis.problem import Problem
from analysis.stats.rules import Finding
from experiments.audit.judge import Row

List = Literal["exact", "measured"]
NOT_TESTED = "not tested"
EXACT = ("holds", "holds within scope", "number off", "refuted")
MEASURED = ("reproduced", "reproduced in part", "not reproduced", "unresolved", "not testable as ruled")
WORDS: Mapping[List, tuple[str, ...]] = {"exact": (*EXACT, NOT_TESTED), "measured": (*MEASURED, NOT_TESTED)}
USUAL: Mapping[str, str] = {"supported": "reproduced", "contradicted": "not reproduced", "undecided": "unresolved"}
ARITHMETIC = ("count", "theory", "memory")
"""Kinds of claims on the list "exact"."""

CAUSES = {"convention": "conventions", "slip": "slips", "misprint": "misprints", "not explained": "not explained"}
"""What a number that is off is put down to, and more than one of them."""

CONVENTION = 0.01
"""A number that is off by less is a matter of convention: what was counted, or how it was rounded."""


def list_of(claim: Mapping[str, Any]) -> List:
    """The list that a claim of claims.yaml is on."""
    return "exact" if claim["kind"] in ARITHMETIC else "measured"


def read(claim: Mapping[str, Any], finding: Finding) -> str:
    """The word for a rule's finding on a claim that no number of the audit decides.

    Raises:
        Problem: the claim reads a finding as a word that is not on its list.
    """
    if list_of(claim) == "exact":
        if finding == "undecided":
            return NOT_TESTED
        if finding == "contradicted":
            return "refuted"
        return "holds within scope" if claim.get("scope") else "holds"
    word = claim.get("reads", {}).get(finding, USUAL[finding])
    if word not in MEASURED:
        raise Problem(f"claims.yaml reads {finding} as {word!r}, which is not one of {', '.join(MEASURED)}")
    return word


def distinct(rows: Iterable[Row]) -> list[Row]:
    """The numbers that differ from each other: one that is printed in two versions of a table counts once."""
    return list({(row.quantity, row.printed): row for row in reversed(list(rows))}.values())[::-1]


def outside(claim: Mapping[str, Any], row: Row) -> bool:
    """Whether a number lies outside the scope that the paper names."""
    return row.id.startswith(tuple(claim.get("outside", ())))


def read_numbers(claim: Mapping[str, Any], rows: Iterable[Row]) -> tuple[str, str]:
    """The word for a claim of numbers, and its scope in words.

    Numbers follow at their own precision, whole ratios and what is said with "about" within 5 %. `rows`: `distinct`.
    """
    rows, scope = list(rows), claim.get("scope", "")
    off = [row for row in rows if row.verdict == "differs" and not outside(claim, row)]
    if off and claim.get("refutes"):
        return "refuted", scope
    if off:
        return "number off", f"{_deviations(off, len(rows))}{'. ' if scope else ''}{scope}"
    return ("holds within scope" if any(outside(claim, row) for row in rows) else "holds"), scope


def deviation(row: Row) -> float:
    """How far a printed number is off, in percent of the computed one."""
    return 100 * (row.ratio - 1)


def cause(row: Row) -> str:
    """What a number that is off is put down to.

    "convention": off by less than 1 %. "misprint": its own column contradicts it. "slip": a stated one reproduces it,
    which may be chance where many were tried. Else "not explained".
    """
    if abs(row.ratio - 1) < CONVENTION:
        return "convention"
    return "misprint" if row.misprint else "slip" if row.fits else "not explained"


def _deviations(off: list[Row], count: int) -> str:
    causes = [cause(row) for row in off]
    found = ", ".join(
        f"{causes.count(word)} {word if causes.count(word) == 1 else plural}"
        for word, plural in CAUSES.items()
        if word in causes
    )
    worst = max(off, key=lambda row: abs(row.ratio - 1))
    return f"{len(off)} of {count} off, the worst by {deviation(worst):+.1f} %: {found}"
