"""A Trial: what one run is of. Its text is its identity."""

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property, lru_cache

from analysis.arch import label, parse_variant
from analysis.tasks.recipes import parse_recipe

_canonical = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode


@dataclass(frozen=True)
class Trial:
    """One run to be made: texts of variant and recipe, which state every choice, data set with digest, and seed.

    What does not belong here must not change the result beyond rounding: backend, threads, machine.
    """

    variant: str
    recipe: str
    dataset: str
    digest: str
    seed: int

    @cached_property
    def id(self) -> str:
        """First 12 hexadecimal digits of the SHA-256 of the fields as canonical JSON."""
        fields = {name: getattr(self, name) for name in ("variant", "recipe", "dataset", "digest", "seed")}
        return hashlib.sha256(_canonical(fields).encode()).hexdigest()[:12]

    @property
    def label(self) -> str:
        """A short name for people: "brief projection=relu6, seed 3"."""
        return f"{label(parse_variant(self.variant))}, seed {self.seed}"

    @property
    def path(self) -> str:
        """Where its record lies in a store: data set/recipe/id.json."""
        return f"{self.dataset}/{_name(self.recipe)}/{self.id}.json"


@lru_cache(maxsize=256)
def _name(recipe: str) -> str:
    return parse_recipe(recipe).name
