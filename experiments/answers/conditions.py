"""Where a result holds: data set, what must be said of the runs, budget."""

from collections.abc import Iterable
from dataclasses import dataclass

from analysis.tasks.recipes import AnyRecipe
from analysis.trials import Record

SYNTHETIC = "synthetic"  # a data set that tries the programs and answers nothing
# Name of a data set -> how people write it.
NAMES = {
    "cifar10": "CIFAR-10",
    "cifar100": "CIFAR-100",
    SYNTHETIC: "SYNTHETIC images",
    "bccd": "BCCD",
    "camvid": "CamVid",
}


@dataclass(frozen=True)
class Conditions:
    """A data set by name, notes on its copy and on the runs, and the recipe of the runs.

    `varied`: what differs between the recipes of the arms ("epochs"), where arms have their own.
    """

    dataset: str
    notes: tuple[str, ...]
    recipe: AnyRecipe
    varied: str = ""

    @property
    def text(self) -> str:
        """In words: "CIFAR-10 (JPEG copy), recipe brief (1 epoch, batch 64)"."""
        name = NAMES.get(self.dataset, self.dataset)
        notes = "; ".join(note for note in self.notes if note and note not in name)
        epochs = f"{self.recipe.epochs} epoch" + ("s" if self.recipe.epochs > 1 else "")
        made = f"recipe {self.recipe.name} ({epochs}, batch {self.recipe.batch})"
        if self.varied:
            made = f"recipes of its own, which differ in {self.varied}"
        return f"{name}{f' ({notes})' if notes else ''}, {made}"


def notes_of(records: Iterable[Record]) -> tuple[str, ...]:
    """What must be said of these runs: the copies of their data set, and what ran the training steps."""
    records = list(records)
    backends = sorted({_backend(record) for record in records})
    mixed = ", MIXED: see mnv2 backends" if len(backends) > 1 else ""
    return (*sorted({record.note for record in records if record.note}), f"backend {' and '.join(backends)}{mixed}")


def _backend(record: Record) -> str:
    """What ran the training steps. Fused kernels multiply bfloat16 where the processor does. Accelerators are named."""
    facts = record.provenance
    backend, products = facts.get("backend", "eager"), facts.get("products", "float32")
    text = f"{backend} with {products} products" if products != "float32" else backend
    return text if facts.get("device_type", "cpu") == "cpu" else f"{text} on {facts['device']}"
