"""The README's findings: five verdicts in plain words, with the numbers of the scoreboard."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from experiments.claims.vocabulary import WORDS, List

START, END = "<!-- findings: mnv2 claims -->", "<!-- end of the findings -->"
PLURAL = {"holds": "hold", "holds within scope": "hold within scope", "number off": "have a number off"}


class Finding(NamedTuple):
    """A claim's verdict in plain words.

    - `claim`: its id. `verdict`: what the words hold for. With another verdict they are left out.
    - `words`: with the fields `effect`, `low` and `high` of the verdict, times `scale`.
    """

    claim: str
    verdict: str
    words: str
    scale: float = 1.0


FINDINGS = (
    Finding(
        "linear-bottleneck",
        "reproduced",
        "**Bottlenecks should be linear.** A ReLU6 after the projection costs {effect:.1f} points of accuracy "
        "[{low:.1f}, {high:.1f}]",
    ),
    Finding(
        "shortcut-placement",
        "reproduced",
        "**Shortcuts belong between bottlenecks.** Between the expanded tensors they cost {effect:.1f} points "
        "[{low:.1f}, {high:.1f}]",
    ),
    Finding(
        "expansion-above-one",
        "not reproduced",
        "**Expansion is not worth its cost in small networks that train briefly.** At equal multiply-adds expansion 6 "
        "minus expansion 1 is {effect:.1f} points [{low:.1f}, {high:.1f}]",
    ),
    Finding(
        "low-dimensional-manifold",
        "reproduced in part",
        "**Trained activations fill fewer dimensions than they could.** After the expansion they need {effect:.0f} % "
        "[{low:.0f}, {high:.0f}] of the components that a Gaussian of full dimension needs",
        100.0,
    ),
    Finding(
        "latency-follows-madds",
        "unresolved",
        "**Latency nearly follows multiply-adds.** On one CPU core {effect:.1f} % of the pairs of published networks "
        "have the other order [{low:.1f}, {high:.1f}], which leaves open whether it is at most a tenth",
        100.0,
    ),
)


def block(board: Iterable[dict[str, Any]]) -> str:
    """The findings as a Markdown list: words, 95 % interval, budget, n and verdict of each.

    `board`: rows of `experiments.claims.scoreboard.scoreboard`.
    """
    rows = {row["id"]: row for row in board}
    return "\n".join(f"- {_item(each, rows.get(each.claim))}" for each in FINDINGS)


def counts(board: Iterable[dict[str, Any]]) -> str:
    """How many claims of each list have which verdict, in two items that are not added, with a link to all of them.

    `board`: rows of `experiments.claims.scoreboard.scoreboard`.
    """
    board = list(board)
    exact, measured = ([row["verdict"] for row in board if row["list"] == name] for name in WORDS)
    return (
        f"- Arithmetic and theory, {_counted(exact, 'exact')}.\n- Measured, {_counted(measured, 'measured')}.\n\n"
        "The two are never counted together. [VERDICTS.md](results/VERDICTS.md) has each claim with its scope, its "
        "budget and its reasons."
    )


def between(page: str, start: str, end: str, text: str) -> str:
    """`page` with `text` between two markers on lines of their own. A page that lacks one of them stays as it is."""
    before, found, rest = page.partition(start)
    _, closed, after = rest.partition(end)
    return f"{before}{start}\n{text}\n{end}{after}" if found and closed else page


def _counted(verdicts: Sequence[str], name: List) -> str:
    """As in "27 statements: 8 hold, 7 hold within scope"."""
    said = ", ".join(f"{verdicts.count(word)} {PLURAL.get(word, word)}" for word in WORDS[name] if word in verdicts)
    return f"{len(verdicts)} statements: {said}"


def _item(finding: Finding, row: dict[str, Any] | None) -> str:
    if row is None:
        return f"`{finding.claim}`: not measured yet."
    verdict = f"`{finding.claim}`: {row['verdict']}"
    numbers = {key: row[key] for key in ("effect", "low", "high")}
    if row["verdict"] != finding.verdict or None in numbers.values():
        return f"{verdict}."
    scaled = {key: finding.scale * value for key, value in numbers.items()}
    return f"{finding.words.format(**scaled)}. ({verdict}, n\u00a0=\u00a0{row['n']}; {row['budget']})"
