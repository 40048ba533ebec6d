"""A Trial: what one run is of. Its text is its identity."""

import hashlib
import json
from dataclasses import asdict, dataclass

from analysis.arch import label, parse_variant
from analysis.training.recipe import parse_recipe


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

    @property
    def id(self) -> str:
        """First 12 hexadecimal digits of the SHA-256 of the fields as canonical JSON."""
        canonical = json.dumps(asdict(self), sort_keys=True, separators=(",", ":"), ensure_ascii=True)
        return hashlib.sha256(canonical.encode()).hexdigest()[:12]

    @property
    def label(self) -> str:
        """A short name for people: "brief projection=relu6, seed 3"."""
        return f"{label(parse_variant(self.variant))}, seed {self.seed}"

    @property
    def path(self) -> str:
        """Where its record lies in a store: data set/recipe/id.json."""
        return f"{self.dataset}/{parse_recipe(self.recipe).name}/{self.id}.json"
