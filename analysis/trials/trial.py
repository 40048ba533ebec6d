"""A Trial: what one run is of. Its text is its identity."""

import hashlib
import json
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from analysis.arch import label, parse_variant
from analysis.tasks.recipes import parse_recipe

_canonical = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode


@dataclass(frozen=True)
class Trial:
    """One run to be made: texts of variant and recipe, which state every choice, data set with digest, and seed.

    `start`: where the recipe has a start, digest of the data set that the trunk learnt first, or of the file of
    published weights; "" otherwise, and in trials that ran before it was stated. What does not belong here must not
    change the result beyond rounding: backend, threads, machine.
    """

    variant: str
    recipe: str
    dataset: str
    digest: str
    seed: int
    start: str = ""

    @cached_property
    def id(self) -> str:
        """First 12 hexadecimal digits of the SHA-256 of the stated fields as canonical JSON."""
        fields = stated(self)
        return hashlib.sha256(_canonical(fields).encode()).hexdigest()[:12]

    @property
    def network(self) -> str:
        """A short name of the variant: "brief projection=relu6"."""
        return label(parse_variant(self.variant))

    @property
    def label(self) -> str:
        """A short name for people: "brief projection=relu6, seed 3"."""
        return f"{self.network}, seed {self.seed}"

    @property
    def path(self) -> str:
        """Where its record lies in a store: data set/recipe/id.json."""
        return f"{self.dataset}/{parse_recipe(self.recipe).name}/{self.id}.json"


def stated(trial: Trial) -> dict[str, Any]:
    """The fields of a trial by name; `start`, which came later, only where there is one."""
    return {name: value for name, value in asdict(trial).items() if name != "start" or value}


def checkpoint_path(folder: Path, trial: Trial) -> Path:
    """Where the checkpoint inside a trial lies while it runs: folder/id.safetensors."""
    return folder / f"{trial.id}.safetensors"
