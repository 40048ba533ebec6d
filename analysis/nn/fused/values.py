"""Tensors of a network as the fused operators pass them: raw, with what their reader still has to apply."""

from dataclasses import dataclass, field
from functools import cached_property

import torch
from torch import Tensor

LINEAR, RELU, RELU6, HARD_SWISH = range(4)
ACTIVATIONS = {"relu": RELU, "relu6": RELU6, "hard_swish": HARD_SWISH}


@dataclass
class Value:
    """outer(inner(scale * raw + shift) + shortcut), where each part may be absent: (N, C, H, W), channels last.

    - `affine`: scale and shift of each channel, (2, C), or None.
    - `inner`, `outer`: activations by number, before and after the addition of `shortcut`, a stored tensor.
    - `sums`: of raw and its square over all pixels, (2, C), where a convolution made it.
    """

    raw: Tensor
    affine: Tensor | None = None
    inner: int = LINEAR
    shortcut: Tensor | None = None
    outer: int = LINEAR
    sums: Tensor | None = None
    _moments: Tensor | None = field(default=None, repr=False)

    @property
    def is_raw(self) -> bool:
        """Nothing is left to apply."""
        return self.affine is None and self.shortcut is None and self.inner == self.outer == LINEAR

    @cached_property
    def stored(self) -> Tensor:
        """The tensor itself: (N, C, H, W)."""
        return self.raw if self.is_raw else self._join(False)[0]

    def with_moments(self) -> tuple[Tensor, Tensor]:
        """The tensor itself and its moments: sum x and sum x x^T over all pixels, (1 + C, C)."""
        if self._moments is not None:
            return self.stored, self._moments
        if "stored" in self.__dict__ or self.is_raw:
            moments = torch.ops.mnv2.join(self.stored, None, LINEAR, None, LINEAR, True)[1]
        else:
            self.__dict__["stored"], moments = self._join(True)
        self._moments = moments
        return self.stored, moments

    def lazy(self) -> tuple[Tensor, Tensor | None, int]:
        """(z, affine, activation) for an operator that applies them as it reads."""
        if self.shortcut is not None or "stored" in self.__dict__:
            return self.stored, None, LINEAR
        return self.raw, self.affine, self.inner

    def _join(self, with_moments: bool) -> tuple[Tensor, Tensor]:
        return torch.ops.mnv2.join(self.raw, self.affine, self.inner, self.shortcut, self.outer, with_moments)


def added(first: Value, second: Value) -> Value:
    """The sum, left to its reader: the operand that has more to apply stays as it is, the other is stored."""
    if first.is_raw:
        first, second = second, first
    if first.shortcut is not None or first.outer != LINEAR or "stored" in first.__dict__:
        first = Value(first.stored)
    return Value(first.raw, first.affine, first.inner, second.stored)


def activated(value: Value, activation: int) -> Value:
    """The activation of `value`, left to its reader."""
    if value.shortcut is not None and value.outer == LINEAR and "stored" not in value.__dict__:
        return Value(value.raw, value.affine, value.inner, value.shortcut, activation)
    if value.shortcut is None and value.inner == value.outer == LINEAR and "stored" not in value.__dict__:
        return Value(value.raw, value.affine, activation)
    return Value(value.stored, None, activation)
