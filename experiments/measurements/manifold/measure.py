"""A set of points through random matrices, ReLU and back, over many n, and the checks of the theory."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from analysis.manifold.measures import Passage
from analysis.manifold.points import Array
from analysis.manifold.sweep import DIMENSIONS, Bands, Condition, sweep, typical
from analysis.manifold.theory import Checks, TheoryVerdict, theory_checks, theory_verdicts
from analysis.manifold.theory.collapse import collapsed_share
from analysis.problem import Problem

PANELS = (2, 3, 5, 15, 30)
COMPARED_DRAWS = 250  # of each condition besides the main one


@dataclass(frozen=True)
class Arguments:
    """What is computed.

    - `points`, `matrices`, `activation`, `bias`, `scale`: as `analysis.manifold.sweep.Condition`.
    - `draws`: random matrices at each n. `seed`: of every random number. `theory`: whether the theory is checked too.

    Raises:
        Problem: a negative seed.
    """

    points: str = "spiral"
    matrices: str = "gaussian"
    activation: str = "relu"
    bias: float = 0.0
    scale: float = 1.0
    draws: int = 1000
    seed: int = 0
    theory: bool = True

    def __post_init__(self) -> None:
        if self.seed < 0:
            raise Problem(f"seed {self.seed} is negative: take 0 or more")

    @property
    def condition(self) -> Condition:
        """What is sent through what."""
        return Condition(self.points, self.matrices, self.activation, self.bias, self.scale)

    @property
    def of_files(self) -> bool:
        """Whether points or matrices come from files, which may move."""
        return any(name.endswith(".npy") for name in (self.points, self.matrices))


class Measured(NamedTuple):
    """Everything computed once.

    - `sweeps`: the measures against n, of the condition asked for first and of those compared with it.
    - `shown`: n -> the points (count, d), their passage at the matrix of median error, and the number of that matrix.
    - `closed`: n -> closed form of the mean share of points lost, None where it is not known.
    - `checks` and `verdicts` of the theory, None and empty where it was left out.
    """

    arguments: Arguments
    sweeps: Sequence[Sequence[Bands]]
    shown: dict[int, tuple[Array, Passage, int]]
    closed: dict[int, float] | None
    checks: Checks | None
    verdicts: Sequence[TheoryVerdict]


def measure(arguments: Arguments) -> Measured:
    """Half a minute by default.

    Raises:
        Problem: an unknown name, or a file that holds no such array.
    """
    condition, draws, seed = arguments.condition, arguments.draws, arguments.seed
    bands = sweep(condition, DIMENSIONS, draws, seed)
    shown = {b.n: typical(b, draws, seed) for b in bands if b.n in PANELS or len(bands) == 1}
    points = next(iter(shown.values()))[0]
    exact = condition.activation == "relu" and not condition.bias and not condition.matrices.endswith(".npy")
    closed = {b.n: float(collapsed_share(points.shape[1], b.n)) for b in bands} if exact else None
    sweeps = [bands, *(sweep(other, PANELS, min(draws, COMPARED_DRAWS), seed) for other in compared(condition))]
    checks = theory_checks(seed) if arguments.theory else None
    verdicts = theory_verdicts(checks, bands if condition == Condition() else None, seed) if checks else []
    return Measured(arguments, sweeps, shown, closed, checks, verdicts)


def compared(main: Condition) -> list[Condition]:
    """Conditions that differ from the main one in one respect each. Those equal to it are left out."""
    others = [
        replace(main, matrices="gaussian"),
        replace(main, matrices="orthogonal"),
        replace(main, bias=0.5),
        replace(main, activation="relu6", scale=6.0),
        replace(main, activation="leaky_relu"),
    ]
    if not main.matrices.endswith(".npy"):  # trained matrices take points of their own dimension
        others += [replace(main, points="circle"), replace(main, points="swiss_roll")]
    return [other for other in others if other != main]
