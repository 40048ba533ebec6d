"""The network of a family that comes closest to a budget of multiply-adds, parameters or peak activation memory.

Channels are whole numbers, so cost changes in steps. A family's `width_steps` are the widths at which its network
changes, and all widths between two steps give one network. The search counts every network in its range, because a
wider one may cost less where it loses a shortcut, or where equal channels make a block the identity.
"""

import copy
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import ROUND_CEILING, Decimal
from functools import lru_cache
from itertools import tee
from math import nextafter
from typing import Any, NamedTuple

from analysis.arch import Plan, Variant, label, unroll
from analysis.arch.deeplab import DeepLabV3
from analysis.arch.ssd import SSD
from analysis.arch.text import known
from analysis.cost.count import count
from analysis.cost.memory import memory
from analysis.problem import Problem

Quantity = Callable[[Plan], int]

QUANTITIES: dict[str, Quantity] = {
    "madds": lambda plan: count(plan).madds,
    "params": lambda plan: count(plan).params,
    "memory": lambda plan: memory(plan).peak.bytes,
}
AXES = ("width", "resolution", "both")
WIDEST = 16.0  # 256 times the multiply-adds of width 1
SLIVER = 1e-9  # of a width: steps closer than this are one step, rounded in two products


class Network(NamedTuple):
    """The cost of all widths from `low` to below `high`, and the variant at `low`."""

    amount: int
    variant: Variant
    low: float
    high: float


def solve(
    base: Variant,
    quantity: str | Quantity,
    budget: int,
    axis: str = "width",
    sides: tuple[int, int] | None = None,
) -> Variant:
    """`base` with the width, the resolution or both at which its `quantity` comes closest to `budget`.

    - Widths are searched up to twice the widest one within the budget, at least to 1/4 and at most to WIDEST, because
      cost grows roughly with the square of the width.
    - Resolutions are square, from `sides[0]` to `sides[1]` pixels where the strides allow them. The default range is
      from half to twice the base's.
    - Of equally close networks, the result is one with the resolution nearest to the base's, and among those the
      narrowest. Of all widths that give this network, it has the one with the fewest decimals.
    - `quantity`: a key of QUANTITIES, or a function of a Plan. "memory" is in bytes, of eager inference in 32 bits.

    Raises:
        Problem: a budget below the smallest network or above the largest, no allowed resolution in the range, an
            unknown axis or quantity, or a quantity that does not depend on the axis.
    """
    known(axis, AXES, "axis")
    measure = quantity if callable(quantity) else QUANTITIES[known(quantity, QUANTITIES, "quantity")]
    resolved = [base] if axis == "width" else [_with(base, resolution=side) for side in _sides(base, sides)]
    if axis == "resolution":
        networks = [Network(measure(unroll(each)), each, 0.0, 0.0) for each in resolved]
        if len(networks) > 1 and len({network.amount for network in networks}) == 1:
            raise Problem("this quantity does not depend on the resolution: search the width")
    else:
        networks = [network for each in resolved for network in _by_width(each, measure, budget)]
    least, most = min(networks, key=_amount), max(networks, key=_amount)
    if not least.amount <= budget <= most.amount:
        bound, end = ("below the smallest", least) if budget < least.amount else ("above the largest", most)
        raise Problem(
            f"the budget of {budget:,} is {bound} network's {end.amount:,} ({label(_named(end))}): "
            "change the budget or the base network"
        )
    return _named(min(networks, key=lambda network: abs(network.amount - budget)))


def _by_width(base: Variant, measure: Quantity, budget: int) -> Iterator[Network]:
    """Every network by width, up to twice the widest one within the budget and at least to width 1/4."""
    end = 0.25
    for network in copy.copy(_all_by_width(base, measure)):
        if network.low > min(end, WIDEST):
            return
        if network.amount <= budget:
            end = max(end, 2 * network.high)
        yield network


@lru_cache(maxsize=16)
def _all_by_width(base: Variant, measure: Quantity) -> Iterator[Network]:
    """Every network by width, without end. A copy of the iterator starts at the first and counts only what no other
    copy has counted: studies ask for several budgets of one base."""
    return tee(_counted(base, measure), 1)[0]


def _counted(base: Variant, measure: Quantity) -> Iterator[Network]:
    low = nextafter(0.0, 1.0)
    for high in _trunk(base).width_steps():
        if high - low > SLIVER * high:
            variant = _with(base, width=low)
            yield Network(measure(variant.unroll()), variant, low, high)
        low = high


def _sides(base: Variant, sides: tuple[int, int] | None) -> list[int]:
    """Resolutions to search, the nearest to the base's first, and of two equally near ones the smaller first."""
    given = max(base.size)
    low, high = sides or ((given + 1) // 2, 2 * given)
    stride = 1 if isinstance(base, DeepLabV3) else _trunk(base).stride
    allowed = range(-(-max(low, 1) // stride) * stride, high + 1, stride)
    if not allowed:
        raise Problem(f"no resolution from {low} to {high} is a multiple of the total stride {stride}: widen the range")
    return sorted(allowed, key=lambda side: (abs(side - given), side))


def _named(network: Network) -> Variant:
    """The network's variant at its width with the fewest decimals, the smallest of those."""
    if not network.high:
        return network.variant
    for digits in range(1, 400):
        width = float(Decimal(network.low).quantize(Decimal(1).scaleb(-digits), ROUND_CEILING))
        if network.low <= width < network.high:
            return _with(network.variant, width=width)
    return network.variant


def _amount(network: Network) -> int:
    return network.amount


def _trunk(variant: Variant) -> Any:
    """The part that has a width and a resolution: the backbone under a head, otherwise the network itself.

    Raises:
        Problem: a network without a width.
    """
    trunk = variant.backbone if isinstance(variant, SSD | DeepLabV3) else variant
    if not hasattr(trunk, "width_steps"):
        raise Problem(f"{trunk.family} has no width to search: choose another family")
    return trunk


def _with(variant: Variant, **axes: Any) -> Variant:
    if isinstance(variant, SSD | DeepLabV3):
        return replace(variant, backbone=replace(variant.backbone, **axes))
    return replace(variant, **axes)
