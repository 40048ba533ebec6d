"""The scoreboard as a section of the page: two lists, never one count."""

from collections.abc import Sequence
from typing import Any

from analysis.reference import claims
from analysis.render.page.parts import Board, Claim, Section
from analysis.render.table import Table
from experiments.claims.board import NOTES, TITLES
from experiments.claims.vocabulary import List

FIELDS = ("id", "list", "section", "kind", "verdict", "finding", "scope", "effect", "low", "high", "unit", "n", "off",
          "budget", "shows", "size", "analysis", "where", "why", "needs", "also")  # fmt: skip
OPENED = {"scope": "scope", "unit": "unit", "budget": "budget", "why": "why", "shows": "would have shown",
          "size": "claimed size", "analysis": "analysis", "where": "where", "needs": "what it needs",
          "also": "also"}  # fmt: skip


def board_section(board: Sequence[dict[str, Any]]) -> Section:
    """Every claim with its verdict. `board` has the rows of `experiments.claims.scoreboard.scoreboard`."""
    text = ("Open a claim for its reason. The two lists are judged in different ways and never counted together.",)
    panels = [_panel(board, name) for name in TITLES]
    return Section("claims", "The claims of the paper", text, "mnv2 claims", panels=panels)


def _panel(board: Sequence[dict[str, Any]], name: List) -> Section:
    words = claims()
    mine = [row for row in board if row["list"] == name]
    rows = tuple(
        Claim(
            row["id"],
            row["section"],
            words[row["id"]]["statement"],
            row["verdict"],
            _number(row["effect"]),
            f"[{_number(row['low'])}, {_number(row['high'])}]" if None not in (row["low"], row["high"]) else "",
            _unit(row),
            str(row["n"] or ""),
            tuple((label, _fact(row[field])) for field, label in OPENED.items() if row[field]),
        )
        for row in mine
    )
    csv = Table("", FIELDS, [[row[field] for field in FIELDS] for row in mine]).csv()
    return Section(f"claims-{name}", TITLES[name], (NOTES[name],), "", [Board(f"claims-{name}", rows, csv)])


def _unit(row: dict[str, Any]) -> str:
    """The unit of the effect, empty without one."""
    return "" if row["effect"] is None else row["unit"]


def _fact(value: object) -> str:
    return _number(value) if isinstance(value, float) else str(value)


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.2g}".replace("-", "−")
