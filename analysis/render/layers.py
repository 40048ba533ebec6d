"""What a drawing shows of a block: its layers in order, each with shape, cost and live bytes."""

from typing import NamedTuple

from analysis.arch.plan import (
    Activation,
    Add,
    Block,
    Concat,
    Conv,
    Fold,
    Length,
    Linear,
    Norm,
    Operation,
    Plan,
    Pool,
    Scale,
    Shape,
    Shift,
    Shuffle,
    Slice,
)
from analysis.cost import Cost, operation_cost
from analysis.cost.count import total
from analysis.cost.memory import memory

KINDS = ("full convolution", "depthwise convolution", "1 × 1 convolution", "no weights")

WORDS: dict[type, str] = {
    Add: "add",
    Concat: "concatenate",
    Scale: "scale channels",
    Shuffle: "shuffle channels",
    Slice: "some channels",
    Fold: "space to depth",
    Shift: "shift by a pixel",
    Length: "divide by length",
}


class DrawnLayer(NamedTuple):
    """A convolution with the norm and the activation after it, or another operation alone.

    - `reads`: the layers (or "" for the block's input) that it reads. `shape`: of its result.
    - `function`: its activation or "linear".
    - `bytes`: most bytes live while it runs, in inference with 32 bits and norms folded.
    """

    name: str
    title: str
    kind: str
    reads: tuple[str, ...]
    shape: Shape
    function: str
    cost: Cost
    bytes: int


def layers(plan: Plan, block: Block) -> list[DrawnLayer]:
    """The layers of a block of `plan`."""
    live = live_bytes(plan)
    owner = dict.fromkeys(block.body.inputs, "")  # tensor -> the layer that makes it
    found: list[list[Operation]] = []
    for op in block.body.operations:
        follows = bool(found) and op.inputs == (found[-1][-1].name,) and not _activated(found[-1])
        if follows and isinstance(op, Norm | Activation):
            found[-1].append(op)
        else:
            found.append([op])
        owner[op.name] = found[-1][0].name
    return [_layer(block, ops, owner, live) for ops in found]


def live_bytes(plan: Plan) -> dict[str, int]:
    """Operation -> bytes that are live while it runs, in inference with 32 bits. Norms are folded and lack."""
    return {moment.name: moment.bytes for moment in memory(plan, "folded").moments}


def _activated(ops: list[Operation]) -> bool:
    return isinstance(ops[-1], Activation)


def _layer(block: Block, ops: list[Operation], owner: dict[str, str], live: dict[str, int]) -> DrawnLayer:
    first = ops[0]
    function = next((op.function for op in ops if isinstance(op, Activation)), "linear")
    cost = total([operation_cost(op) for op in ops])
    most = max(live.get(f"{block.name}.{op.name}", 0) for op in ops)
    reads = tuple(owner[name] for name in first.inputs)
    return DrawnLayer(first.name, _title(first), _kind(first), reads, first.shape, function, cost, most)


def _title(op: Operation) -> str:
    match op:
        case Conv():
            side = f"{op.kernel} × {op.kernel}"
            split = " depthwise" if op.depthwise else f", {op.groups} groups" if op.groups > 1 else ""
            moved = f", stride {op.stride}" if op.stride > 1 else ""
            return f"{side}{split}{moved}" + (f", dilation {op.dilation}" if op.dilation > 1 else "")
        case Pool():
            return f"{op.function} over all pixels" if op.kernel == 0 else f"{op.function} {op.kernel} × {op.kernel}"
        case Linear():
            return "fully connected"
        case Add() | Concat() | Scale() | Shuffle() | Slice() | Fold() | Shift() | Length():
            return WORDS[type(op)]
        case Activation():
            return op.function
        case _:
            return type(op).__name__.lower()


def _kind(op: Operation) -> str:
    if isinstance(op, Linear):
        return KINDS[2]
    if not isinstance(op, Conv):
        return KINDS[3]
    return KINDS[1] if op.depthwise else KINDS[2] if op.kernel == 1 else KINDS[0]


def short(number: float) -> str:
    """1234567 as "1.23 M"."""
    for unit, size in (("G", 1e9), ("M", 1e6), ("k", 1e3)):
        if number >= size:
            return f"{number / size:.3g} {unit}"
    return f"{number:.3g}"
