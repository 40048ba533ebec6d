"""What is measured of published networks: rows that go to CSV and come back, each network's together."""

import json
import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from analysis.files import write_whole
from analysis.manifold.trained.rows import Dimension, Positive, Recovery, from_csv, to_csv
from analysis.problem import Problem
from experiments.answers.answer import as_json

NAME = "imagenet"
# Stem of a file's name -> what every table that has a row of it says.
FACTS = {
    "mobilenet_v2_1.0_160_keras": "mobilenet_v2_1.0_160_keras: layers up to the depthwise convolution of bottleneck14 "
    "are those trained on ImageNet, later ones were fine-tuned on dogs",
    "tf2_mobilenet_v2_1.0_224_ptq": "tf2_mobilenet_v2_1.0_224_ptq: a training of its own, quantised afterwards",
}


def facts(names: Iterable[str]) -> tuple[str, ...]:
    """What has to be said of the networks of a table, in their order."""
    return tuple(FACTS[name] + "." for name in dict.fromkeys(names) if name in FACTS)


class Accuracy(NamedTuple):
    """A network's answers to labelled images, computed in one way.

    - `runs`: "float", "rounded" (float sums, results on the file's grids), "integers" (exact sums), "interpreter", or
      "quantised" (by this suite's own ranges, with `bits`, a scale for each `weights`, and `activation`).
    - `right`, `five`: images whose class is the first, or among the first five. `answers`: a digit an image, 1 where
      the first is right.
    - `agree`: images with the interpreter's first class. `off`, `off_high`: mean and 99 % quantile of the distance of
      the interpreter's scores. -1 where nothing is compared.
    """

    network: str
    runs: str
    bits: int
    weights: str
    activation: str
    images: int
    right: int
    five: int
    agree: int
    off: float
    off_high: float
    answers: str


class Bent(NamedTuple):
    """What a ReLU6 on a trained bottleneck destroys. Block "all": on every one at once.

    - `negative`, `above`: shares of values below 0 and above 6 in the projection's result.
    - `alone`, `map`: share of its variance that is not recovered from the rectified values, by an affine map of each
      channel, or of all channels together (on images that the map has not seen).
    - `plain`, `right`: images that are right without and with it, of `images`. -1 without a classifier. `answers` as
      in Accuracy.
    """

    network: str
    block: str
    channels: int
    negative: float
    above: float
    alone: float
    map: float
    images: int
    plain: int
    right: int
    answers: str


class Six(NamedTuple):
    """Share of values of an activated layer at 6 or more, and of channels that are there at some pixel."""

    network: str
    block: str
    layer: str
    channels: int
    values: float
    reached: float


class Twin(NamedTuple):
    """A layer of a float network and of its quantised twin.

    `weights`: correlation of folded weights. `results`: that of what the layer makes of the same `images`, with its
    activation.
    """

    network: str
    other: str
    layer: str
    images: int
    weights: float
    results: float


class Agreement(NamedTuple):
    """A layer of a network of Keras against a second reading of its file: the `largest` value of its results of so many
    images, and the largest `distance` of the two readings."""

    network: str
    layer: str
    images: int
    largest: float
    distance: float

    @property
    def share(self) -> float:
        """The distance, as a share of the largest value."""
        return self.distance / self.largest if self.largest else math.inf


class Rows(NamedTuple):
    """Rows of all networks by kind."""

    accuracy: list[Accuracy]
    positive: list[Positive]
    dimensions: list[Dimension]
    recovery: list[Recovery]
    bent: list[Bent]
    six: list[Six]
    twin: list[Twin]
    agreement: list[Agreement]


KINDS = {
    "accuracy": Accuracy,
    "positive": Positive,
    "dimensions": Dimension,
    "recovery": Recovery,
    "bent": Bent,
    "six": Six,
    "twin": Twin,
    "agreement": Agreement,
}


class Measured(NamedTuple):
    """Rows, and what they hold for.

    `conditions`: a `note` on the images and how they were resized, their `digest` and their number (`images`), and
    `measured`: for each environment (versions, commit, processor) the `rows` that were measured in it, networks by
    kind.
    """

    rows: Rows
    conditions: dict[str, Any]

    @property
    def note(self) -> str:
        """On what was measured, in words."""
        return str(self.conditions["note"])


def stored(results: Path) -> list[Measured]:
    """What was measured: one, or none.

    Raises:
        Problem: a file is damaged.
    """
    folder = results / NAME
    if not (folder / "conditions.json").is_file():
        return []
    try:
        conditions = json.loads((folder / "conditions.json").read_text())
        if not {"note", "digest"} <= set(conditions):
            raise KeyError("note, digest")
    except (OSError, ValueError, KeyError) as error:
        raise Problem(f"{folder}/conditions.json does not say on what was measured: measure again") from error
    found = [from_csv(kind, folder / f"{name}.csv") if (folder / f"{name}.csv").is_file() else [] for name, kind in
             KINDS.items()]  # type: ignore[arg-type]  # fmt: skip
    if "measured" not in conditions:  # as in earlier files, which state the environment of the last measurement alone
        rows = {kind: sorted({row[0] for row in each}) for kind, each in zip(KINDS, found, strict=True) if each}
        environment = conditions.pop("environment", {}) | {"commit": "unknown"}
        conditions["measured"] = [{"environment": environment, "rows": rows}]
    return [Measured(Rows(*found), conditions)]  # type: ignore[arg-type]


def merge(results: Path, kind: str, new: Iterable[tuple], conditions: dict[str, Any]) -> Path:
    """Write rows below `results`, in the place of those that the same networks had. Those of others stay.

    Raises:
        Problem: other rows are of other images.
    """
    folder, rows = results / NAME, list(new)
    path = folder / f"{kind}.csv"
    before = stored(results)
    if before and before[0].conditions["digest"] != conditions["digest"]:
        raise Problem(f"{folder} holds rows of other images: name another --results, or delete it")
    names = {row[0] for row in rows}
    old = from_csv(KINDS[kind], path) if path.is_file() else []  # type: ignore[arg-type]
    kept = [row for row in old if row[0] not in names]
    stated = {name: value for name, value in conditions.items() if name != "environment"}
    stated["measured"] = _measured(before, kind, names, conditions["environment"])
    write_whole(folder / "conditions.json", as_json(stated))
    return write_whole(path, to_csv(KINDS[kind], sorted([*kept, *rows], key=lambda row: row[0])).encode())  # type: ignore[arg-type]


def _measured(before: Sequence[Measured], kind: str, names: Iterable[str], environment: dict) -> list[dict[str, Any]]:
    """In which environment the rows of each kind and network were measured, once those of `names` are of this one."""
    made = [entry for each in before for entry in each.conditions["measured"]]
    if environment not in [entry["environment"] for entry in made]:
        made.append({"environment": environment, "rows": {}})
    found = []
    for entry in made:
        by_kind = {each: set(networks) for each, networks in entry["rows"].items()}
        mine = by_kind.setdefault(kind, set())
        mine.update(names) if entry["environment"] == environment else mine.difference_update(names)
        rows = {each: sorted(by_kind[each]) for each in KINDS if by_kind.get(each)}
        found += [{"environment": entry["environment"], "rows": rows}] if rows else []
    return found
