"""The scoreboard as a section of the page."""

from collections.abc import Sequence
from typing import Any

from analysis.reference import claims
from analysis.render.page.parts import Board, Claim, Section
from analysis.render.table import Table

FIELDS = ("id", "section", "kind", "verdict", "effect", "low", "high", "n", "size", "where", "why", "needs", "also")
OPENED = {"why": "why", "size": "claimed size", "where": "where", "needs": "what it needs", "also": "also"}


def board_section(board: Sequence[dict[str, Any]]) -> Section:
    """Every claim with its verdict. `board` has the rows of `experiments.claims.scoreboard.scoreboard`."""
    words = claims()
    rows = tuple(
        Claim(
            row["id"],
            row["section"],
            words[row["id"]]["statement"],
            row["verdict"],
            _number(row["effect"]),
            f"[{_number(row['low'])}, {_number(row['high'])}]" if None not in (row["low"], row["high"]) else "",
            str(row["n"] or ""),
            tuple((name, str(row[field])) for field, name in OPENED.items() if row[field]),
        )
        for row in board
    )
    csv = Table("", FIELDS, [[row[field] for field in FIELDS] for row in board]).csv()
    text = (
        "Open a claim for its reason. Effects are differences of test accuracy in points unless `where` says "
        "otherwise; n counts pairs of runs, or printed numbers. Undecided is a verdict too: the claim is neither shown "
        "nor refuted by what has been measured, and the row says what it would take.",
    )
    return Section("claims", "The claims of the paper", text, "mnv2 claims", [Board("claims", rows, csv)])


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.2g}".replace("-", "−")
