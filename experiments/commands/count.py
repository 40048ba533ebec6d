"""`mnv2 count`: what a network costs, whole or layer by layer."""

import dataclasses
import json as jsonlib
from typing import Annotated, Any

import tyro

from analysis.arch import Plan, Variant, label, parse_variant, preset, unroll
from analysis.cost import Cost, count, operation_cost


@dataclasses.dataclass(frozen=True)
class Network:
    """Which network: a preset with some axes changed, or a whole variant."""

    preset: str = "imagenet"
    """imagenet (the paper's), cifar, brief."""
    variant: str | None = None
    """A variant's text instead: 'mobilenet_v2(width=0.5, ...)'; axes left out are the paper's."""
    width: float | None = None
    """Multiplier of every layer's channels."""
    resolution: int | None = None
    """Side of the input in pixels."""
    expansion: float | None = None
    """Inner depth of a block over its input channels."""
    projection: str | None = None
    """What follows the projection: linear, relu6, relu, relu6_after_addition."""
    shortcut: str | None = None
    """What the identity joins: bottleneck, expansion, expansion_after_depthwise, bottleneck_matched, none."""
    activation: str | None = None
    """relu6, relu, hard_swish."""
    kernel: int | None = None
    """Side of the depthwise convolutions."""
    classes: int | None = None
    """Number of classes."""

    def choose(self) -> Variant:
        """The variant.

        Raises:
            Problem: an unknown preset, axis or value.
        """
        own = {field.name for field in dataclasses.fields(self)} - {"preset", "variant"}
        axes = {axis: getattr(self, axis) for axis in own if getattr(self, axis) is not None}
        return (
            dataclasses.replace(parse_variant(self.variant), **axes)
            if self.variant
            else preset(self.preset, **axes)
        )


def main(
    network: Annotated[Network, tyro.conf.OmitArgPrefixes] = Network(),  # noqa: B008 (frozen)
    layers: bool = False,
    json: bool = False,
) -> None:
    """Count multiply-adds and parameters of a network for one image, without building it.

    Args:
        network: the network.
        layers: one row an operation; the rows sum to the total.
        json: print JSON.
    """
    variant = network.choose()
    plan = unroll(variant)
    cost = count(plan)
    if json:
        answer: dict[str, Any] = {"variant": variant.text, **as_json(cost)}
        if layers:
            answer["layers"] = [{"name": op.name, **as_json(operation_cost(op))} for op in plan.operations]
        print(jsonlib.dumps(answer, indent=2))
    else:
        print(report(label(variant), plan, layers))


def as_json(cost: Cost) -> dict[str, int]:
    """Every column of a cost by name."""
    return {**cost._asdict(), "params": cost.params, "params_without_norm": cost.params_without_norm}


def report(name: str, plan: Plan, layers: bool) -> str:
    """The counts as aligned text, with one row an operation if `layers`."""
    lines = [name]
    if layers:
        rows = [(op.name, op.shape, operation_cost(op)) for op in plan.operations]
        wide = max(len(row[0]) for row in rows)
        lines += [
            f"  {op:{wide}}  {'x'.join(map(str, shape)):>12}  {cost.madds:>13,} MAdds  {cost.params:>11,} parameters"
            for op, shape, cost in rows
        ]
    cost = count(plan)
    lines += [
        f"  {value:>15,}  {column.replace('_', ' ')}" for column, value in as_json(cost).items() if value
    ]
    return "\n".join(lines)
