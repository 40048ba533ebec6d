"""What a network needs whose inner tensors are split g ways: the measured numbers with their conditions."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from analysis.problem import Problem

Row = dict[str, Any]


class Measured(NamedTuple):
    """Peak memory and time at each number of ways.

    - `network`: text of the variant.
    - `conditions`: `batch`, `threads`, `norms`, `rounds`, `seconds` (of a turn), `load` (of the machine before).
    - `environment`: as `analysis.environment.environment`.
    - `ways`: rows of `ways` (g), `planned` and `measured` bytes at the peak, `ms`: milliseconds of each round.
    """

    network: str
    conditions: Mapping[str, Any]
    environment: Mapping[str, Any]
    ways: list[Row]

    @property
    def times(self) -> dict[int, list[float]]:
        """Ways -> milliseconds of each round."""
        return {row["ways"]: row["ms"] for row in self.ways}


def stored(results: Path) -> list[Measured]:
    """What was measured: one, or none.

    Raises:
        Problem: the file is damaged.
    """
    path = results / "splitting.json"
    if not path.is_file():
        return []
    try:
        whole = json.loads(path.read_text())
        return [Measured(*(whole[field] for field in Measured._fields))]
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise Problem(f"{path} is damaged ({error}): delete it, or make it again by mnv2 bench split") from error
