"""Activations by coordinate, with what can be read back from each."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.manifold.points import Array

Mask = NDArray[np.bool_]

LEAK = 0.1


class Activation(NamedTuple):
    """`apply(u)`, and `read(y)`: the pre-activations that y determines, with a mask of where it does.

    A coordinate outside the mask gives an inequality only (ReLU: u <= 0 where y = 0).
    """

    apply: Callable[[Array], Array]
    read: Callable[[Array], tuple[Array, Mask]]


ACTIVATIONS = {
    "relu": Activation(lambda u: np.maximum(u, 0.0), lambda y: (y, y > 0)),
    "relu6": Activation(lambda u: np.clip(u, 0.0, 6.0), lambda y: (y, (y > 0) & (y < 6))),
    "leaky_relu": Activation(
        lambda u: np.where(u > 0, u, LEAK * u), lambda y: (np.where(y > 0, y, y / LEAK), np.ones(y.shape, bool))
    ),
    "linear": Activation(lambda u: u, lambda y: (y, np.ones(y.shape, bool))),
}
