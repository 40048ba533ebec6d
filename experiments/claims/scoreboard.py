"""The scoreboard: each claim of the paper with its verdict, from the audit and from what studies have written."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any, NamedTuple

from analysis.files import write_whole
from analysis.problem import Problem
from analysis.reference import claims
from analysis.render.table import Table
from analysis.stats import Verdict
from experiments.answers.conditions import SYNTHETIC
from experiments.audit import audit
from experiments.audit.judge import Row
from experiments.claims import findings
from experiments.claims.evidence import Evidence
from experiments.claims.judges import Judge, judges
from experiments.studies.registry import STUDIES, find_study

START, END = "<!-- scoreboard: mnv2 claims -->", "<!-- end of the scoreboard -->"


class Stored(NamedTuple):
    """A verdict from a file: its row without the evidence, the evidence, the file's name without its ending."""

    row: dict[str, Any]
    evidence: Evidence
    stem: str


def scoreboard(results: Path) -> list[dict[str, Any]]:
    """A row for each claim: `id`, `section`, `kind`, `verdict`, `effect`, `low`, `high`, `n`, `size`, `where`, `why`,
    `needs`, and under `also` what other judges, budgets and seeds say.

    The first of the claim's judges that has given a verdict decides. An arithmetical claim is supported if every
    printed number follows, contradicted if one does not. Of several verdicts of one judge the largest budget counts,
    and the study's own seeds before fresh ones. `also` says so where one supports what another contradicts.

    Raises:
        Problem: a file of verdicts that is none.
    """
    stored, rows = _stored(results), audit()
    board = []
    for name, claim in claims().items():
        named = judges(name)
        found = sorted(stored.get(name, []), key=lambda each: _rank(each, named))
        first = _decided(name, named, rows, found)
        others = [each.row for each in found if each.row is not first]
        also = "; ".join(f"{row['where']}: {row['verdict']}{_effect(row)}" for row in others)
        if {"supported", "contradicted"} <= {first["verdict"], *(row["verdict"] for row in others)}:
            also = f"THESE DISAGREE: {also}"
        board.append({"section": claim["section"], "kind": claim["kind"], **first, "also": also})
    return board


def _decided(name: str, named: list[Judge], rows: Sequence[Row], found: list[Stored]) -> dict[str, Any]:
    """The row of the first judge that has given a verdict, or a row that says how to ask the first of all."""
    for judge in named:
        if judge.kind == "published":
            why = "accuracy on data that this suite does not train on"
            return Verdict(name, "shown beside, not judged", "", why=why).row()
        if numbers := judge.numbers(rows):
            return audited(name, numbers).row()
        if mine := [each.row for each in found if each.evidence.judge == judge.text]:
            return mine[0]
    return Verdict(name, "undecided", "", why="not measured yet", needs=named[0].command).row()


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
    """Write VERDICTS.md below `results`, and findings and counts into the page `readme`, between their markers where it
    has them.

    Raises:
        Problem: a file cannot be written to, or a file of verdicts cannot be read.
    """
    paths = [write_whole(results / "VERDICTS.md", _page(board).encode())]
    text = readme.read_text() if readme.is_file() else ""
    made = findings.between(text, START, END, findings.counts(board))
    if findings.START in made:
        made = findings.between(made, findings.START, findings.END, findings.block(results))
    if made != text or START in text:
        paths.append(write_whole(readme, made.encode()))
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


def _effect(row: dict[str, Any]) -> str:
    if row["effect"] is None:
        return ""
    ends = f" [{row['low']:.2g}, {row['high']:.2g}]" if row["low"] is not None and row["high"] is not None else ""
    return f" ({row['effect']:.2g}{ends}, n = {row['n']})"


def _stored(results: Path) -> dict[str, list[Stored]]:
    """Stored verdicts by claim. Those from synthetic images are left out."""
    found: dict[str, list[Stored]] = {}
    facts = [field.name for field in fields(Evidence)]
    for path in sorted((results / "verdicts").glob("*.json")):
        try:
            for row in json.loads(path.read_text()):
                evidence = Evidence(**{fact: row.pop(fact) for fact in facts})
                if evidence.dataset != SYNTHETIC:
                    found.setdefault(row["id"], []).append(Stored(row, evidence, path.stem))
        except (ValueError, TypeError, KeyError, AttributeError, OSError) as error:
            raise Problem(
                f"{path} holds no verdicts of this version ({error}): delete it and run mnv2 report"
            ) from error
    return found


def _rank(stored: Stored, named: list[Judge]) -> tuple[int, bool, int, bool, str]:
    """Smaller for what counts more: the judges in their order, the study's own data set, the larger budget, the study's
    own seeds."""
    evidence, order = stored.evidence, [judge.text for judge in named]
    place = order.index(evidence.judge) if evidence.judge in order else len(order)
    judge = Judge.of(evidence.judge)
    known = judge.kind == "study" and judge.name in STUDIES
    elsewhere = known and find_study(judge.name).dataset != evidence.dataset
    return place, elsewhere, -evidence.epochs, evidence.fresh, stored.stem
