"""What is measured of one network: rows of plain values that go to CSV and come back."""

import csv
import io
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from analysis.problem import Problem


class Positive(NamedTuple):
    """How many channels of an expansion are positive at a pixel, over all pixels of all images.

    `inputs`: channels of the block's input, the threshold below which Lemma 2 denies invertibility. `low`: 0.1 %
    quantile. `below`: share of pixels with fewer positive channels than inputs. `below_linear`: with fewer channels in
    the linear part of the activation (ReLU6 loses what is 6 or more, too).
    """

    arm: str
    seed: int
    stage: str
    block: str
    shortcut: bool
    inputs: int
    channels: int
    pixels: int
    least: int
    low: int
    mean: float
    most: int
    sd: float
    below: float
    below_linear: float


class Dimension(NamedTuple):
    """Dimensions that a tensor's pixels fill, as points with one coordinate a channel.

    `participation`: participation ratio. `components`: principal components that hold 95 % of the variance. `rank`: of
    the covariance. `twonn`: nearest-neighbour estimate, NaN where it has none. `dead`: channels with no positive value.
    """

    arm: str
    seed: int
    stage: str
    block: str
    tensor: str
    channels: int
    rank: int
    participation: float
    components: int
    twonn: float
    dead: int


class Recovery(NamedTuple):
    """Held-out R^2 of a linear and of a random-feature map from a block's activated expansion back to its input."""

    arm: str
    seed: int
    stage: str
    block: str
    inputs: int
    channels: int
    linear: float
    nonlinear: float


Row = TypeVar("Row", bound=NamedTuple)


def to_csv(kind: type[Row], rows: Iterable[Row]) -> str:
    """The rows under their names, floats to six significant digits."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(kind._fields)
    writer.writerows([f"{value:.6g}" if isinstance(value, float) else value for value in row] for row in rows)
    return out.getvalue()


def from_csv(kind: type[Row], path: Path) -> list[Row]:
    """The rows that `to_csv` wrote.

    Raises:
        Problem: the file does not exist, or holds other columns.
    """
    if not path.is_file():
        raise Problem(f"there is no {path}: measure first, without --no-measure")
    types = [kind.__annotations__[name] for name in kind._fields]
    header, *lines = list(csv.reader(path.read_text().splitlines())) or [[]]
    if tuple(header) != kind._fields:
        raise Problem(f"{path} has other columns than {', '.join(kind._fields)}: delete it and measure again")
    rows = []
    for line in lines:
        values: list[Any] = [text == "True" if of is bool else of(text) for of, text in zip(types, line, strict=True)]
        rows.append(kind._make(values))
    return rows
