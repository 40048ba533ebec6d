"""The scoreboard: each claim of the paper with its verdict, from the audit and from what studies have written."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from analysis.files import write_whole
from analysis.problem import Problem
from analysis.reference import claims
from analysis.render.table import Table
from analysis.stats import Verdict
from analysis.tasks.classification.recipe import RECIPES
from experiments.audit import audit
from experiments.audit.judge import Row
from experiments.claims.ablations import CLAIMS

# Command that judges a claim which neither the audit nor a study does; the theory is judged by `mnv2 manifold`.
MEASURED = {
    "figure7-initial": "mnv2 patterns",
    "figure7-trained": "mnv2 patterns",
    "low-dimensional-manifold": "mnv2 patterns",
    "latency-follows-madds": "mnv2 latency",
}

START, END = "<!-- scoreboard: mnv2 claims -->", "<!-- end of the scoreboard -->"

# Claim -> beginnings of the ids of the audit's rows that judge it.
AUDITED = {
    "separable-cost": ("separable-cost-",),
    "separable-saving": ("separable-saving-",),
    "block-madds": ("block-madds-",),
    "inner-depth-zero": ("inner-depth-zero",),
    "block-strides": ("table1-",),
    "architecture-rows": ("table2-", "architecture-rows"),
    "expansion-of-input": ("expansion-of-input",),
    "base-cost": ("table4-MobileNetV2-madds", "table4-MobileNetV2-params"),
    "family-range": ("family-range-",),
    "table4-costs": ("table4-",),
    "slim-grid": ("mobilenet_v2_", "MobileNet_v1_"),
    "memory-order": ("memory-order",),
    "memory-bottleneck-as-op": ("memory-bottleneck-as-op",),
    "memory-split": ("memory-split-",),
    "table3-memory": ("table3-",),
    "ssdlite-heads": ("table5-",),
    "ssdlite-networks": ("table6-", "ssdlite-networks-"),
    "segmentation-costs": ("table7-", "segmentation-costs-"),
}


def scoreboard(results: Path) -> list[dict[str, Any]]:
    """A row for each claim: `id`, `section`, `kind`, `verdict`, `effect`, `low`, `high`, `n`, `size`, `where`, `why`,
    `needs`, and under `also` what other budgets and seeds say.

    An arithmetical claim is supported if every printed number follows, contradicted if one does not. Of several
    trained verdicts the one of the largest budget and the fullest study counts; `also` says so where one supports what
    another contradicts.

    Raises:
        Problem: a file of verdicts that is none.
    """
    stored, rows = _stored(results), audit()
    board = []
    for name, claim in claims().items():
        found = stored.get(name, [])
        if claim["kind"] == "published":
            v = Verdict(name, "shown beside, not judged", "", why="accuracy on data that this suite does not train on")
        elif name in AUDITED and (numbers := [row for row in rows if row.id.startswith(AUDITED[name])]):
            v = audited(name, numbers)
        else:
            v = None
        first = v.row() if v else found[0] if found else _open(name, claim["kind"]).row()
        others = found if v else found[1:]
        also = "; ".join(f"{row['where']}: {row['verdict']}{_effect(row)}" for row in others)
        if {"supported", "contradicted"} <= {first["verdict"], *(row["verdict"] for row in others)}:
            also = f"THESE DISAGREE: {also}"
        board.append({"section": claim["section"], "kind": claim["kind"], **first, "also": also})
    return board


def audited(name: str, rows: list[Row]) -> Verdict:
    """The verdict on a claim of printed numbers."""
    wrong = [row for row in rows if row.verdict == "differs"]
    why = f"{len(rows) - len(wrong)} of {len(rows)} printed numbers follow from the architecture"
    if not wrong:
        return Verdict(name, "supported", "arithmetic", n=len(rows), why=why)
    explained = sum(bool(row.fits) for row in wrong)
    worst = max(wrong, key=lambda row: abs(row.ratio - 1))
    why += f"; {explained} of the other {len(wrong)} by a stated hypothesis; furthest off: {worst.quantity}, printed "
    why += f"{worst.printed:g}, computed {worst.computed:g}"
    return Verdict(name, "contradicted", "arithmetic", n=len(rows), why=why)


def write(board: list[dict[str, Any]], results: Path, readme: Path) -> list[Path]:
    """Write VERDICTS.md below `results`, and its short form between the markers in `readme` where that has them.

    Raises:
        Problem: a file cannot be written to.
    """
    paths = [write_whole(results / "VERDICTS.md", _page(board).encode())]
    text = readme.read_text() if readme.is_file() else ""
    if START in text and END in text:
        before, _, rest = text.partition(START)
        after = rest.partition(END)[2]
        paths.append(write_whole(readme, f"{before}{START}\n{_short(board)}\n{END}{after}".encode()))
    return paths


def tally(board: Iterable[dict[str, Any]]) -> str:
    """How many claims have which verdict, in words."""
    verdicts = [row["verdict"] for row in board]
    return ", ".join(f"{verdicts.count(word)} {word}" for word in dict.fromkeys(verdicts))


def _page(board: list[dict[str, Any]]) -> str:
    words = claims()
    columns = (
        "claim",
        "section",
        "verdict",
        "effect",
        "low",
        "high",
        "n",
        "size",
        "where",
        "why",
        "what it needs",
        "also",
    )
    keys = ("id", "section", "verdict", "effect", "low", "high", "n", "size", "where", "why", "needs", "also")
    table = Table("Every claim with its verdict", columns, [[row[key] for key in keys] for row in board])
    said = "\n".join(f"- `{row['id']}` ({row['section']}): {words[row['id']]['statement']}" for row in board)
    return (
        f"# Verdicts\n\nGenerated by `mnv2 claims`: {tally(board)}. Effects are in points of test accuracy with 95 % "
        "intervals unless `where` says otherwise; `n` counts pairs of runs, or printed numbers. Rules were written "
        f"before the runs (experiments/claims).\n\n{table.markdown()}\n## What the claims say, restated\n\n{said}\n"
    )


def _short(board: list[dict[str, Any]]) -> str:
    effects = [_effect(row).strip(" ()").replace(" = ", "\u00a0=\u00a0") for row in board]  # n = 5 stays together
    rows = [
        (f"`{row['id']}`", row["section"], row["verdict"], effect) for row, effect in zip(board, effects, strict=True)
    ]
    table = Table("", ("claim", "section", "verdict", "effect"), rows).pipe()
    page = "[VERDICTS.md](results/VERDICTS.md)"
    return f"{tally(board)}; each with its reasons, and what its effect measures, in {page}.\n\n{table}"


def _effect(row: dict[str, Any]) -> str:
    if row["effect"] is None:
        return ""
    ends = f" [{row['low']:.2g}, {row['high']:.2g}]" if row["low"] is not None and row["high"] is not None else ""
    return f" ({row['effect']:.2g}{ends}, n = {row['n']})"


def _open(name: str, kind: str) -> Verdict:
    studies = [claim.study for claim in CLAIMS if claim.id == name]
    command = (
        f"mnv2 study run {studies[-1]}" if studies else "mnv2 manifold" if kind == "theory" else MEASURED.get(name, "")
    )
    needs = command or "a measurement that this suite has not made yet"
    return Verdict(name, "undecided", "", why="not measured yet", needs=needs)


def _stored(results: Path) -> dict[str, list[dict[str, Any]]]:
    """Stored verdicts by claim, those that count first; those from synthetic images are left out."""
    found: dict[str, list[dict[str, Any]]] = {}
    for path in sorted((results / "verdicts").glob("*.json"), key=_weight, reverse=True):
        if "synthetic" in path.stem:
            continue
        try:
            for row in json.loads(path.read_text()):
                found.setdefault(row["id"], []).append(row)
        except (ValueError, TypeError, KeyError, OSError) as error:
            raise Problem(f"{path} holds no verdicts ({error}): delete it and run mnv2 report") from error
    return found


def _weight(path: Path) -> tuple[int, bool, bool, str]:
    """Larger for what counts more: classification, the larger budget, a whole study before the headline, the study's
    own seeds."""
    own, fresh, _ = path.stem.partition("-seeds-")
    recipe = next((i for i, name in enumerate(RECIPES) if own.endswith(f"-{name}")), -1)
    return recipe, not own.startswith("headline"), not fresh, path.stem
