"""The Record of a trial that ran: plain values that are written and read back as they are."""

import json
import math
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from analysis.problem import Problem
from analysis.tasks.recipes import parse_recipe
from analysis.trials.trial import Trial, stated

SCHEMA = 1

Status = Literal["finished", "diverged", "failed"]
STATUSES = ("finished", "diverged", "failed")


class NewerSchema(Problem):
    """A record that a newer version of this program wrote."""


@dataclass(frozen=True)
class Record:
    """What became of a trial.

    - `status`: "finished", "diverged" (a result: training left the finite numbers) or "failed" (an error of ours).
    - `result`: steps, epochs, and what the task's learner says of the test images; empty if failed.
    - `note`: what tables must say of the data set.
    - `provenance`: versions, processor, device, threads, commit, backend, types of maps and products, seconds, the
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
        """What its recipe's `metric` came to on the test images, in percent. None unless finished."""
        return parse_recipe(self.trial.recipe).score(self.result) if self.status == "finished" else None

    @property
    def validation(self) -> float | None:
        """Accuracy on the held-out images after the last epoch, in percent. None unless finished, or without any."""
        epochs = self.result.get("epochs") or [{}]
        return epochs[-1].get("validation_accuracy") if self.status == "finished" else None

    @property
    def readings(self) -> dict[str, float]:
        """Scores of the same run read in several ways, in percent by name, as at several precisions; none for most."""
        return parse_recipe(self.trial.recipe).readings(self.result) if self.status == "finished" else {}

    def to_json(self) -> bytes:
        """The record as JSON, keys in order of declaration.

        Raises:
            Problem: a number in it is not finite; a record never holds one.
        """
        fields = {"schema": SCHEMA, "id": self.trial.id, **asdict(self), "trial": stated(self.trial)}
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
        raise Problem(f"not a whole record ({type(error).__name__}: {error})") from error
    if record.trial.id != identity or record.status not in STATUSES:
        raise Problem("its id or status does not belong to its content")
    if record.status == "finished" and not _scored(record):
        raise Problem("a finished record without test_images, or without test_correct or test_score of them")
    return record


def _scored(record: Record) -> bool:
    """Whether the score of a finished record can be computed, is a share of 1, and is of test images."""
    images = record.result.get("test_images")
    try:
        score = record.score
    except (KeyError, TypeError, ZeroDivisionError):
        return False
    return isinstance(images, int) and images >= 1 and score is not None and 0 <= score <= 100


def _refuse(constant: str) -> float:
    raise ValueError(f"{constant} is not a measurement")


def finite(value: Any) -> Any:
    """`value` with numbers that are not finite replaced by None, in lists and dictionaries too."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, dict):
        return {key: finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [finite(item) for item in value]
    return value
