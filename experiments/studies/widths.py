"""Widths that were measured: what a study's arms have where they take as long as its first arm.

`mnv2 study run NAME --at-equal latency` measures them once and keeps them in a file, because they become part of each
trial's identity.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

from analysis.arch import Variant
from analysis.files import write_whole
from analysis.problem import Problem
from experiments.study import Study

LATENCY = "latency"


class Equal(NamedTuple):
    """A width, and the time that the network then takes over that of the first arm, with its 95 % interval."""

    width: float
    ratio: float
    low: float
    high: float


@dataclass(frozen=True)
class Widths:
    """Arm -> its width, for all arms but the first, with the text of each arm before (`of`), the conditions of the
    measurement and the environment."""

    arms: Mapping[str, Equal]
    of: Mapping[str, str]
    conditions: Mapping[str, Any]
    environment: Mapping[str, Any]


def path_of(study: Study, results: Path) -> Path:
    """Where the widths of a study's arms are kept."""
    return results / "widths" / f"{study.name}.json"


def read(path: Path) -> Widths:
    """The widths in a file.

    Raises:
        Problem: it does not exist or is damaged.
    """
    if not path.is_file():
        raise Problem(f"there is no {path}: mnv2 study run NAME --at-equal latency measures the widths")
    try:
        stored = json.loads(path.read_text())
        arms = {arm: Equal(**{name: float(x) for name, x in row.items()}) for arm, row in stored.pop("arms").items()}
        return Widths(arms, **stored)
    except (OSError, ValueError, TypeError, AttributeError, KeyError) as error:
        raise Problem(f"{path} is damaged ({error}): delete it, and the widths are measured again") from error


def keep(path: Path, widths: Widths) -> Path:
    """Keep widths in a file.

    Raises:
        Problem: it cannot be written.
    """
    arms = {arm: found._asdict() for arm, found in widths.arms.items()}
    facts = {"arms": arms, "of": widths.of, "conditions": widths.conditions, "environment": widths.environment}
    return write_whole(path, (json.dumps(facts, indent=1) + "\n").encode())


def at_widths(study: Study, widths: Widths) -> Study:
    """The same question with every arm but the first at its width, judged by the same rules.

    Raises:
        Problem: the widths are those of other networks.
    """
    first = next(iter(study.arms))
    if {arm: variant.text for arm, variant in study.arms.items()} != dict(widths.of):
        raise Problem(f"the widths for study {study.name} are those of other networks: delete their file")
    arms = {arm: wide(variant, widths.arms[arm].width) for arm, variant in study.arms.items() if arm != first}
    return replace(
        study,
        name=f"{study.name}-equal-{LATENCY}",
        asked=f"{study.asked or study.name} --at-equal {LATENCY}",
        arms={first: study.arms[first], **arms},
        rules=study.rules or study.name,
    )


def wide(variant: Variant, width: float) -> Variant:
    """A variant at a width.

    Raises:
        Problem: its family has none.
    """
    if not hasattr(variant, "width_steps"):
        raise Problem(f"{variant.family} has no width to search: choose another family")
    return replace(variant, width=width)  # pyright: ignore[reportCallIssue] (it has one)
