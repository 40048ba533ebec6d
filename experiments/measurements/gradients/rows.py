"""The networks whose gradients are measured, and what was measured of them."""

from pathlib import Path
from typing import Any, NamedTuple

from analysis.arch import preset
from analysis.manifold.trained.rows import from_csv, to_csv
from experiments.answers.answer import as_json
from experiments.measurements.patterns.rows import conditions_in

ARMS = {
    "bottleneck": preset("brief"),
    "expansion": preset("brief", shortcut="expansion"),
    "none": preset("brief", shortcut="none"),
}
SHARES = (0.0, 0.1, 0.5, 1.0)
"""Shares of the training after which a network is measured."""
NAME = "gradients"
BETWEEN, WITHIN = "between bottlenecks", "between expansions"
SITES = {"bottleneck": (BETWEEN,), "expansion": (WITHIN,), "none": (BETWEEN, WITHIN)}
"""Arm -> the tensors that its gradients are measured at: those that its shortcuts join, both kinds without any."""
REST, BLOCK = "to the last block", "of one block"


class Passed(NamedTuple):
    """Singular values of a Jacobian of one image.

    `site`: which tensors it is taken between, those that shortcuts between bottlenecks join or those that shortcuts
    between expansions join. `span`: from `block`'s tensor "to the last block", or from the tensor of the block before
    to that of `block`. `values` to `largest`: see `analysis.nn.jacobians.Spectrum`. `share`: of the training.
    """

    arm: str
    seed: int
    share: float
    image: int
    site: str
    span: str
    block: str
    values: int
    rms: float
    directions: float
    low: float
    median: float
    high: float
    largest: float


class Gradient(NamedTuple):
    """Norm of the gradient of the loss by the weights of a block, root mean square over batches."""

    arm: str
    seed: int
    share: float
    block: str
    norm: float


class Rows(NamedTuple):
    """Rows of all networks, in the order of arms, seeds and shares."""

    passed: list[Passed]
    gradients: list[Gradient]


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
        return {
            f"{self.name}/passed.csv": to_csv(Passed, self.rows.passed).encode(),
            f"{self.name}/gradients.csv": to_csv(Gradient, self.rows.gradients).encode(),
            f"{self.name}/conditions.json": as_json(self.conditions),
        }


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
    rows = Rows(from_csv(Passed, folder / "passed.csv"), from_csv(Gradient, folder / "gradients.csv"))
    return Measured(rows, conditions_in(folder))
