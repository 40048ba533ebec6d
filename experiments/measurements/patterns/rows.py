"""The networks whose activations are looked at, and what was measured of them."""

import json
from pathlib import Path
from typing import Any, NamedTuple

from analysis.arch import preset
from analysis.manifold.trained.rows import Dimension, Positive, Recovery, from_csv, to_csv
from analysis.problem import Problem
from experiments.answers.answer import as_json

# Expansion 1 has no expansion layer in its blocks; 2 is the smallest that has one.
ARMS = {
    "baseline": preset("brief"),
    "relu6 bottleneck": preset("brief", projection="relu6"),
    "no shortcut": preset("brief", shortcut="none"),
    "expansion 1": preset("brief", expansion=1),
    "expansion 2": preset("brief", expansion=2),
    "expansion 3": preset("brief", expansion=3),
    "expansion 10": preset("brief", expansion=10),
}
LADDER = ("expansion 2", "expansion 3", "baseline", "expansion 10")  # arms that differ in expansion alone
NAME = "patterns"


class Rows(NamedTuple):
    """Rows of all networks, in the order of arms, seeds and stages."""

    positive: list[Positive]
    dimensions: list[Dimension]
    recovery: list[Recovery]


class Measured(NamedTuple):
    """Rows with their conditions: `note` (on which data, in words), `digest` of the data, `environment`, `dataset`."""

    rows: Rows
    conditions: dict[str, Any]

    @property
    def name(self) -> str:
        """Name of its files, and of the folder of its rows. Data sets other than CIFAR-10 have files of their own."""
        return name_of(self.conditions["dataset"])

    @property
    def kept(self) -> dict[str, bytes]:
        """The rows as CSV and the conditions as JSON, by path below the folder of results."""
        texts = {
            "positive.csv": to_csv(Positive, self.rows.positive).encode(),
            "dimensions.csv": to_csv(Dimension, self.rows.dimensions).encode(),
            "recovery.csv": to_csv(Recovery, self.rows.recovery).encode(),
            "conditions.json": as_json(self.conditions),
        }
        return {f"{self.name}/{file}": content for file, content in texts.items()}


def name_of(dataset: str) -> str:
    """The name for a data set."""
    return NAME if dataset == "cifar10" else f"{NAME}-{dataset}"


def stored(results: Path) -> list[Measured]:
    """What was measured, one for each data set.

    Raises:
        Problem: as `read`.
    """
    return [read(path.parent) for path in sorted(results.glob(f"{NAME}*/conditions.json"))]


def read(folder: Path) -> Measured:
    """The rows in a folder.

    Raises:
        Problem: a file is missing or has other columns, or the conditions are incomplete.
    """
    positive = from_csv(Positive, folder / "positive.csv")
    dimensions = from_csv(Dimension, folder / "dimensions.csv")
    recovery = from_csv(Recovery, folder / "recovery.csv")
    return Measured(Rows(positive, dimensions, recovery), conditions_in(folder))


def conditions_in(folder: Path) -> dict[str, Any]:
    """The conditions that are stored with the rows in a folder.

    Raises:
        Problem: they are missing or incomplete.
    """
    try:
        conditions = json.loads((folder / "conditions.json").read_text())
        if folder.name == NAME:
            conditions.setdefault("dataset", "cifar10")  # was not stored at first, and this folder is CIFAR-10's
        if not {"note", "dataset"} <= set(conditions):
            raise KeyError("note, dataset")
    except (OSError, ValueError, KeyError) as error:
        raise Problem(f"{folder}/conditions.json does not say on what was measured: measure again") from error
    return conditions
