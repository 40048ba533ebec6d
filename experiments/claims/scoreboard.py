"""The scoreboard: each claim of the paper with its verdict, from the audit and from what studies have written."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from analysis.files import write_whole
from analysis.reference import claims
from experiments.audit import audit
from experiments.audit.judge import Row
from experiments.claims import findings
from experiments.claims.board import page
from experiments.claims.judges import Judge, judges
from experiments.claims.stored import Stored, rank, read_stored, shared
from experiments.claims.vocabulary import (
    NOT_TESTED,
    WORDS,
    List,
    deviation,
    distinct,
    list_of,
    outside,
    read,
    read_numbers,
)

START, END = "<!-- scoreboard: mnv2 claims -->", "<!-- end of the scoreboard -->"
AFTER = "exact; how a deviation or a condition is read was written when the numbers were known"
EMPTY: Mapping[str, Any] = {
    "finding": None, "scope": "", "effect": None, "low": None, "high": None, "unit": "", "n": None, "off": None,
    "budget": "", "shows": None, "size": None, "analysis": "", "where": "", "why": "", "needs": "", "also": "",
}  # fmt: skip


def scoreboard(results: Path) -> list[dict[str, Any]]:
    """A row for each claim.

    - `id`, `section`, `kind`. `list`: "exact" or "measured". `verdict`: a word of that list
      (`experiments.claims.vocabulary`). `finding`: of the rule that decided, None of numbers. `scope`: under which
      condition, or what the verdict covers of direction, size and cause.
    - `effect`, `low`, `high` in `unit`, `n` runs, rounds or numbers. `off`: how many of these numbers are off.
    - `budget`: of training. Every row of the measured list has one. `shows`: of what is unresolved, the effect that the
      design would have shown with probability 0.8. `size`: finding on a claimed size. `analysis`: how it was judged.
    - `where`, `why`, `needs`, and under `also` what other judges, budgets and seeds say.

    The first of the claim's judges that has given a verdict decides. Of several verdicts of one judge the largest
    budget counts, and the study's own seeds before fresh ones. `also` says so where one supports what another
    contradicts. Verdicts from the same runs count once.

    Raises:
        Problem: a file of verdicts that is none.
    """
    stored, rows = read_stored(results), audit()
    board = []
    for name, claim in claims().items():
        named = judges(name)
        found = sorted(stored.get(name, []), key=lambda each: rank(each, named))
        first, decider = _decided(claim, named, rows, found)
        front = {"id": name, "list": list_of(claim), "section": claim["section"], "kind": claim["kind"]}
        board.append({**front, "verdict": "", **EMPTY, **first, "also": _also(claim, decider, found)})
    return board


def _decided(
    claim: Mapping[str, Any], named: list[Judge], rows: Sequence[Row], found: list[Stored]
) -> tuple[dict[str, Any], Stored | None]:
    """What the first judge says that has given a verdict, and the verdict if it is a stored one. Or how to ask."""
    for judge in named:
        if judge.kind == "published":
            why = "accuracy on data that this suite does not train on"
            return {"verdict": NOT_TESTED, "why": why, "unit": claim["unit"], "budget": claim["budget"]}, None
        if numbers := judge.numbers(rows):
            return audited(claim, numbers), None
        if mine := [each for each in found if each.evidence.judge == judge.text]:
            return judged(claim, mine[0]), mine[0]
    unit, budget = claim.get("unit", ""), "" if list_of(claim) == "exact" else "nothing has run yet"
    needs = min([each for each in named if each.kind == named[0].kind], key=lambda each: each.epochs).command
    return {"verdict": NOT_TESTED, "unit": unit, "budget": budget, "why": "not run yet", "needs": needs}, None


def audited(claim: Mapping[str, Any], rows: Sequence[Row]) -> dict[str, Any]:
    """The fields of a claim of numbers. Its effect is how far the worst is off, in percent of the computed number."""
    numbers = distinct(rows)
    word, scope = read_numbers(claim, numbers)
    off = [row for row in numbers if row.verdict == "differs" and not outside(claim, row)]
    why = f"{len(numbers) - len(off)} of {len(numbers)} numbers follow"
    fields: dict[str, Any] = {"verdict": word, "scope": scope, "n": len(numbers), "off": len(off)}
    if off:
        worst = max(off, key=lambda row: abs(row.ratio - 1))
        why += f". Furthest off: {worst.quantity}, printed {worst.printed:g}, computed {worst.computed:g}"
        why += f". {worst.words}" if worst.explanation else ""
        fields |= {"effect": deviation(worst), "unit": "% of the computed number"}
    elsewhere = sum(outside(claim, row) for row in numbers)
    if elsewhere:
        why += f". {elsewhere} of them lie outside the scope, where {_differ(claim, numbers)} differ"
    return {**fields, "where": "arithmetic", "why": why, "analysis": AFTER}


def judged(claim: Mapping[str, Any], stored: Stored) -> dict[str, Any]:
    """The fields of a claim that a rule has judged."""
    row = stored.row
    kept = {key: row[key] for key in ("effect", "low", "high", "n", "size", "where", "why", "needs")}
    word = read(claim, row["verdict"])
    scope = claim.get("scope", "")
    if list_of(claim) == "exact":
        return {**kept, "finding": row["verdict"], "verdict": word, "scope": scope, "analysis": AFTER}
    return {
        **kept,
        "finding": row["verdict"],
        "verdict": word,
        "scope": scope,
        "unit": stored.row.get("unit") or claim.get("unit") or stored.unit,
        "budget": claim.get("budget") or stored.budget,
        "shows": stored.detectable if word == "unresolved" else None,
        "analysis": stored.analysis,
    }


def _also(claim: Mapping[str, Any], decider: Stored | None, found: list[Stored]) -> str:
    """What the verdicts say that do not decide."""
    again = shared(found)
    others = [(place, each) for place, each in enumerate(found) if each is not decider]
    said = [_said(claim, each) + (", from the same runs, which count once" if again[i] else "") for i, each in others]
    words = {each.row["verdict"] for each in found}
    return ("THESE DISAGREE: " if {"supported", "contradicted"} <= words else "") + "; ".join(said)


def _said(claim: Mapping[str, Any], stored: Stored) -> str:
    """A verdict that does not decide, in words: who gave it, with what, and its effect in its unit."""
    row = stored.row
    if stored.judge.kind != "study":
        return f"by the rule {stored.analysis}: {row['verdict']} ({row['why']})"
    who = f"study {stored.judge.name}, {stored.budget}{', fresh seeds' if stored.evidence.fresh else ''}"
    word = read(claim, row["verdict"]) if list_of(claim) == "measured" else row["verdict"]
    if row["effect"] is None:
        return f"{who}: {word}"
    ends = f" [{row['low']:.2g}, {row['high']:.2g}]" if None not in (row["low"], row["high"]) else ""
    return f"{who}: {word} ({row['effect']:.2g}{ends} {stored.unit}, n = {row['n']})"


def _differ(claim: Mapping[str, Any], numbers: Sequence[Row]) -> int:
    return sum(outside(claim, row) and row.verdict == "differs" for row in numbers)


def write(board: list[dict[str, Any]], results: Path, readme: Path) -> list[Path]:
    """Write VERDICTS.md below `results`, and findings and counts into the page `readme`, between their markers where it
    has them.

    Raises:
        Problem: a file cannot be written to.
    """
    paths = [write_whole(results / "VERDICTS.md", page(board, tally(board)).encode())]
    text = readme.read_text() if readme.is_file() else ""
    made = findings.between(text, START, END, findings.counts(board))
    if findings.START in made:
        made = findings.between(made, findings.START, findings.END, findings.block(board))
    if made != text or START in text:
        paths.append(write_whole(readme, made.encode()))
    return paths


def tally(board: Iterable[Mapping[str, Any]]) -> str:
    """How many claims of each list have which verdict, in two sentences."""
    board = list(board)
    return f"Arithmetic and theory: {counted(board, 'exact')}. Measured: {counted(board, 'measured')}."


def counted(board: Iterable[Mapping[str, Any]], name: List) -> str:
    """How many claims of a list have which verdict: "9 holds, 2 refuted", in the order of the words."""
    verdicts = [row["verdict"] for row in board if row["list"] == name]
    return ", ".join(f"{verdicts.count(word)} {word}" for word in WORDS[name] if word in verdicts)
