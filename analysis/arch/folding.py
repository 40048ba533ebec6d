"""The Plan of inference: branches merged, and each norm folded into the convolution before it."""

from functools import lru_cache

from analysis.arch.branches import merged_body
from analysis.arch.plan import Block, Body, Conv, Norm, Operation, Plan


@lru_cache(maxsize=4096)
def folded_norms(body: Body) -> dict[str, str]:
    """Local names: each norm that folds -> the convolution that absorbs it.

    A norm folds if it is the only reader of a convolution's result and of its batch. In inference it then scales and
    shifts each channel. Group normalisation depends on the image.
    """
    convolutions = {op.name for op in body.operations if isinstance(op, Conv)}
    read = [name for op in body.operations for name in op.inputs]
    return {
        op.name: op.inputs[0]
        for op in body.operations
        if isinstance(op, Norm) and not op.groups and op.inputs[0] in convolutions and read.count(op.inputs[0]) == 1
    }


@lru_cache(maxsize=4096)
def folded_body(body: Body) -> Body:
    """The body without branches and without the norms that fold. Their convolutions get a bias and give the result."""
    body = merged_body(body)
    norms = folded_norms(body)
    taking = set(norms.values())

    def fold(op: Operation) -> Operation:
        op = op._replace(inputs=tuple(norms.get(name, name) for name in op.inputs))
        return op._replace(bias=True) if isinstance(op, Conv) and op.name in taking else op

    pieces = tuple(fold(op) for op in body.operations if op.name not in norms)
    return Body(body.kind, body.inputs, pieces, norms.get(body.output, body.output), body.shape)


def folded(plan: Plan) -> Plan:
    """The Plan with its branches merged and its norms folded: a bias in place of each norm.

    The result of a folded norm now has the convolution's name ("bottleneck3.project.conv").
    """
    names = {
        block.tensor(norm): block.tensor(conv)
        for block in plan.blocks
        for norm, conv in folded_norms(block.body).items()
    }
    blocks = tuple(
        Block(block.name, folded_body(block.body), {k: names.get(v, v) for k, v in block.binding.items()})
        for block in plan.blocks
    )
    return Plan(plan.image, blocks, tuple(names.get(name, name) for name in plan.outputs))
