"""The README's findings: five verdicts in plain words, with the numbers of their files in results/verdicts."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from analysis.problem import Problem

START, END = "<!-- findings: mnv2 claims -->", "<!-- end of the findings -->"


class Finding(NamedTuple):
    """A claim's verdict in plain words.

    - `claim`: its id. `judge`: the stem of the file in results/verdicts that has the verdict.
    - `verdict`: what the words hold for. With another verdict they are left out.
    - `words`: with the fields `effect`, `low`, `high` and `n` of the verdict, times `scale`.
    """

    claim: str
    judge: str
    verdict: str
    words: str
    scale: float = 1.0


FINDINGS = (
    Finding(
        "linear-bottleneck",
        "ten-epochs-cifar10-short",
        "supported",
        "**Bottlenecks should be linear.** After ten epochs a ReLU6 after the projection costs {effect:.1f} points of "
        "accuracy [{low:.1f}, {high:.1f}]",
    ),
    Finding(
        "shortcut-placement",
        "ten-epochs-cifar10-short",
        "supported",
        "**Shortcuts belong between bottlenecks.** Between the expanded tensors they cost {effect:.1f} points "
        "[{low:.1f}, {high:.1f}]",
    ),
    Finding(
        "relu6-low-precision",
        "low-precision-cifar10-low-precision",
        "contradicted",
        "**ReLU6 is not more robust at low precision.** At 8 bits the loss of ReLU minus that of ReLU6 is "
        "{effect:.2f} points [{low:.2f}, {high:.2f}]",
    ),
    Finding(
        "low-dimensional-manifold",
        "patterns",
        "contradicted",
        "**Trained activations fill more dimensions than claimed.** After the expansion {effect:.0f} % of the channels "
        "[{low:.0f}, {high:.0f}] hold 95 % of the variance, where a quarter was read as low",
        100.0,
    ),
    Finding(
        "latency-follows-madds",
        "latency",
        "undecided",
        "**Latency nearly follows multiply-adds.** Over the published networks their rank correlation on one CPU core "
        "is {effect:.2f} [{low:.2f}, {high:.2f}], which leaves open whether it is above 0.95",
    ),
)


def block(results: Path) -> str:
    """The findings as a Markdown list: words, 95 % interval, n and verdict of each.

    Raises:
        Problem: a file of verdicts cannot be read.
    """
    return "\n".join(f"- {_item(each, _verdict(each, results))}" for each in FINDINGS)


def counts(board: Iterable[dict[str, Any]]) -> str:
    """How many claims have which verdict, in a sentence, with a link to all of them.

    `board`: rows of `experiments.claims.scoreboard.scoreboard`.
    """
    verdicts = [row["verdict"] for row in board]
    judged = {word: verdicts.count(word) for word in ("supported", "contradicted", "undecided")}
    found = ", ".join(f"{n} {word}" for word, n in judged.items())
    return (
        f"Of {len(verdicts)} claims of the paper: {found}, {len(verdicts) - sum(judged.values())} not judged. "
        "[VERDICTS.md](results/VERDICTS.md) has each with its reasons."
    )


def between(page: str, start: str, end: str, text: str) -> str:
    """`page` with `text` between two markers on lines of their own. A page that lacks one of them stays as it is."""
    before, found, rest = page.partition(start)
    _, closed, after = rest.partition(end)
    return f"{before}{start}\n{text}\n{end}{after}" if found and closed else page


def _item(finding: Finding, row: dict[str, Any] | None) -> str:
    if row is None:
        return f"`{finding.claim}`: not measured yet."
    verdict = f"`{finding.claim}`: {row['verdict']}"
    numbers = {key: row[key] for key in ("effect", "low", "high")}
    if row["verdict"] != finding.verdict or None in numbers.values():
        return f"{verdict}."
    scaled = {key: finding.scale * value for key, value in numbers.items()}
    return f"{finding.words.format(**scaled)}. ({verdict}, n\u00a0=\u00a0{row['n']})"


def _verdict(finding: Finding, results: Path) -> dict[str, Any] | None:
    """The row of the finding's claim, or None where its judge has written nothing."""
    path = results / "verdicts" / f"{finding.judge}.json"
    try:
        return next((row for row in json.loads(path.read_text()) if row["id"] == finding.claim), None)
    except FileNotFoundError:
        return None
    except (ValueError, TypeError, KeyError, OSError) as error:
        raise Problem(f"{path} is not a file of verdicts ({error}): delete it and run mnv2 report") from error
