"""The Record of a trial that ran: plain values that are written and read back as they are."""

import json
import math
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from analysis.problem import Problem
from analysis.trials.trial import Trial

SCHEMA = 1

Status = Literal["finished", "diverged", "failed"]
STATUSES = ("finished", "diverged", "failed")


class NewerSchema(Problem):
    """A record that a newer version of this program wrote."""


@dataclass(frozen=True)
class Record:
    """What became of a trial.

    - `status`: "finished", "diverged" (a result: training left the finite numbers) or "failed" (an error of ours).
    - `result`: fields of `TrainingResult`, or of what another task came to; empty if failed.
    - `note`: what tables must say of the data set.
    - `provenance`: versions, processor, threads, commit, backend, types of maps and products, seconds, the
      command that reruns it.
    - `attempts`: how many starts it took. `error`: the traceback of a failed trial.
    """

    trial: Trial
    status: Status
    result: dict[str, Any] = field(default_factory=dict)
    note: str = ""
    provenance: dict[str, Any] = field(default_factory=dict)
    attempts: int = 1
    error: str = ""

    @property
    def score(self) -> float | None:
        """What its recipe's `metric` came to on the test images, in percent; None unless finished."""
        if self.status != "finished":
            return None
        if "test_score" in self.result:  # of boxes and masks
            return 100 * self.result["test_score"]
        return 100 * self.result["test_correct"] / self.result["test_images"]

    @property
    def readings(self) -> dict[str, float]:
        """Scores of the same run read in several ways, in percent by name, as at several precisions; none for most.

        The result holds numbers of images that were classified rightly, or shares of 1.
        """
        found = self.result.get("readings", {}) if self.status == "finished" else {}
        images = self.result.get("test_images", 0)
        return {name: 100 * x if isinstance(x, float) else 100 * x / images for name, x in found.items()}

    def to_json(self) -> bytes:
        """The record as JSON, keys in order of declaration.

        Raises:
            Problem: a number in it is not finite; a record never holds one.
        """
        fields = {"schema": SCHEMA, "id": self.trial.id, **asdict(self)}
        try:
            return json.dumps(fields, indent=1, allow_nan=False).encode() + b"\n"
        except ValueError as error:
            raise Problem(f"record {self.trial.id} holds a number that is not finite: {error}") from error


def parse_record(content: bytes) -> Record:
    """The record that `to_json` wrote.

    Raises:
        NewerSchema: of a schema that this program does not know.
        Problem: not JSON, cut, or of other fields. Neither message names the file.
    """
    try:
        fields = json.loads(content, parse_constant=_refuse)
        schema = fields.pop("schema")
        if schema > SCHEMA:
            raise NewerSchema(f"schema {schema} is newer than this program's {SCHEMA}: update the program")
        identity = fields.pop("id")
        record = Record(**(fields | {"trial": Trial(**fields["trial"])}))
    except Problem:
        raise
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise Problem(f"no whole record ({type(error).__name__}: {error})") from error
    if record.trial.id != identity or record.status not in STATUSES:
        raise Problem("its id or status does not belong to its content")
    if record.status == "finished" and not _scored(record.result):
        raise Problem("a finished record without test_images, or without test_correct or test_score of them")
    return record


def _scored(result: dict[str, Any]) -> bool:
    images, correct, score = (result.get(name) for name in ("test_images", "test_correct", "test_score"))
    if not isinstance(images, int) or images < 1:
        return False
    if isinstance(score, float):
        return 0 <= score <= 1
    return isinstance(correct, int) and 0 <= correct <= images


def _refuse(constant: str) -> float:
    raise ValueError(f"{constant} is no measurement")


def finite(value: Any) -> Any:
    """`value` with numbers that are not finite replaced by None, in lists and dictionaries too."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, dict):
        return {key: finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [finite(item) for item in value]
    return value
