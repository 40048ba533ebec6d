"""The measures against n, over many random matrices, with bands."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from analysis.arch.text import known
from analysis.manifold.activations import ACTIVATIONS
from analysis.manifold.matrices import load_matrices, random_matrices
from analysis.manifold.measures import Measures, Passage, measure, passage
from analysis.manifold.points import Array, point_set
from analysis.problem import Problem

DIMENSIONS = (2, 3, 4, 5, 7, 10, 15, 20, 30, 60)
BATCH = 50  # matrices at a time, so that (50, points, points) distances stay in cache
PAIRS = 48
POINTS = 96


@dataclass(frozen=True)
class Condition:
    """What is sent through what.

    - `points`: a name of POINT_SETS or a .npy file. `scale`: multiplies them (ReLU6 saturates at 6).
    - `matrices`: "gaussian", "orthogonal" or a .npy file of trained ones, (n, d) or (count, n, d).
    - `bias`: standard deviation of each coordinate's normal bias, in units of `scale`, which is about the
      pre-activation's own at the rim of the set.

    Raises:
        Problem: a scale that is not positive, a negative bias, an unknown activation.
    """

    points: str = "spiral"
    matrices: str = "gaussian"
    activation: str = "relu"
    bias: float = 0.0
    scale: float = 1.0

    def __post_init__(self) -> None:
        known(self.activation, ACTIVATIONS, "activation")
        if not (0 < self.scale < np.inf and 0 <= self.bias < np.inf):
            raise Problem(f"scale {self.scale} must be positive and bias {self.bias} not negative")

    @property
    def name(self) -> str:
        """The points in words."""
        return Path(self.points).stem.replace("_", " ")

    @property
    def label(self) -> str:
        """The condition in words."""
        words = [self.name, Path(self.matrices).stem, self.activation]
        words += [f"bias {self.bias:g}"] if self.bias else []
        return ", ".join(words + ([f"scale {self.scale:g}"] if self.scale != 1 else []))


@dataclass(frozen=True)
class Bands:
    """Every measure over the matrices at one n."""

    condition: Condition
    n: int
    measures: Measures

    @property
    def draws(self) -> int:
        """Number of matrices."""
        return len(self.measures.lost)

    def of(self, name: str) -> tuple[float, float, float]:
        """5 %, 50 % and 95 % quantile of a measure over the matrices."""
        low, middle, high = np.quantile(getattr(self.measures, name), (0.05, 0.5, 0.95))
        return float(low), float(middle), float(high)

    def mean(self, name: str) -> float:
        """Mean of a measure over the matrices."""
        return float(getattr(self.measures, name).mean())


def sweep(
    condition: Condition, dimensions: Sequence[int] = DIMENSIONS, draws: int = 1000, seed: int = 0, count: int = POINTS
) -> list[Bands]:
    """Measure `draws` matrices for each n, or all matrices of a file at their own n.

    The draws at one n depend on the seed and n alone, not on the other dimensions asked for.

    Raises:
        Problem: unusable points or matrices, a dimension or a number of draws below 1.
    """
    points = condition.scale * point_set(condition.points, count)
    pairs = np.random.default_rng(seed).integers(len(points), size=(PAIRS, 2))
    rows = []
    for matrices, bias in _families(condition, points.shape[1], dimensions, draws, seed):
        parts = [
            measure(points, matrices[i : i + BATCH], bias[i : i + BATCH], ACTIVATIONS[condition.activation], pairs)
            for i in range(0, len(matrices), BATCH)
        ]
        joined = Measures(*(np.concatenate(column) for column in zip(*parts, strict=True)))
        rows.append(Bands(condition, matrices.shape[1], joined))
    return rows


def typical(bands: Bands, draws: int, seed: int = 0, count: int = POINTS) -> tuple[Array, Passage, int]:
    """The points (count, d), their passage and the index of the draw whose pseudo-inverse error is the median of
    `bands`.

    `draws`, `seed` and `count` are those of the sweep. The passage has one draw.
    """
    condition = bands.condition
    points = condition.scale * point_set(condition.points, count)
    index = int(np.argsort(bands.measures.pseudoinverse, kind="stable")[(bands.draws - 1) // 2])
    ((matrices, bias),) = _families(condition, points.shape[1], (bands.n,), draws, seed)
    one = slice(index, index + 1)
    return points, passage(points, matrices[one], bias[one], ACTIVATIONS[condition.activation]), index


def _families(
    condition: Condition, d: int, dimensions: Sequence[int], draws: int, seed: int
) -> list[tuple[Array, Array]]:
    """(matrices, bias) for each n."""
    if draws < 1 or not dimensions or min(dimensions) < 1:
        raise Problem(f"{draws} matrices at n = {tuple(dimensions)}: take at least 1 of each")
    families = []
    if condition.matrices.endswith(".npy"):
        trained = load_matrices(Path(condition.matrices), d)
        return [(trained, _bias(condition, trained, np.random.default_rng(seed)))]
    for n in dimensions:
        generator = np.random.default_rng((seed, n))
        matrices = random_matrices(condition.matrices, draws, n, d, generator)
        families.append((matrices, _bias(condition, matrices, generator)))
    return families


def _bias(condition: Condition, matrices: Array, generator: np.random.Generator) -> Array:
    draws, n, _ = matrices.shape
    return generator.standard_normal((draws, n)) * (condition.bias * condition.scale)
