"""Re-parameterised depthwise convolutions: parallel branches in training, one convolution in inference.

As in RepVGG (arXiv:2101.03697, section 3.2) and MobileOne (arXiv:2206.04040, section 3.2): a 1 x 1 branch is added to
the k x k one, and where the stride is 1 the identity too, each with a batch norm of its own. All three are linear, so
that one kernel computes their sum (`analysis.nn.fold`).
"""

from dataclasses import replace
from functools import lru_cache

from analysis.arch.plan import Add, Body, Conv, Norm, Operation, Plan

POINT, SAME, SUM, ALL = "point", "same.norm", "sum", "all"  # of the operations that a branched convolution adds


def branched(plan: Plan) -> Plan:
    """The Plan with branches around every depthwise convolution wider than a pixel. The last sum takes the norm's
    place."""
    return replace(plan, blocks=tuple(block._replace(body=branched_body(block.body)) for block in plan.blocks))


@lru_cache(maxsize=4096)
def branched_body(body: Body) -> Body:
    """The body with branches."""
    norms = {op.inputs[0]: op for op in body.operations if isinstance(op, Norm)}
    wide = {op.name for op in body.operations if isinstance(op, Conv) and op.depthwise and op.kernel > 1}
    if not wide:
        return body
    pieces: list[Operation] = []
    sums: dict[str, str] = {}  # norm -> the sum in its place
    for each in body.operations:
        op = each._replace(inputs=tuple(sums.get(name, name) for name in each.inputs))
        pieces.append(op)
        if isinstance(op, Norm) and op.inputs[0] in wide:
            conv = next(found for found in pieces if found.name == op.inputs[0])
            assert isinstance(conv, Conv)
            sums[op.name] = _branches(pieces, conv, norms[conv.name])
    return Body(body.kind, body.inputs, tuple(pieces), body.output, body.shape)


def _branches(pieces: list[Operation], conv: Conv, norm: Norm) -> str:
    """Append the branches of a convolution and the sums, and return the name of the last."""
    root, shape = conv.name.removesuffix("conv"), conv.shape
    point = conv._replace(name=f"{root}{POINT}.conv", kernel=1, dilation=1)
    pieces += [point, norm._replace(name=f"{root}{POINT}.norm", inputs=(point.name,))]
    pieces.append(Add(f"{root}{SUM}", (norm.name, f"{root}{POINT}.norm"), shape))
    if conv.stride > 1:
        return f"{root}{SUM}"
    pieces.append(Norm(f"{root}{SAME}", conv.inputs, shape))
    pieces.append(Add(f"{root}{ALL}", (f"{root}{SUM}", f"{root}{SAME}"), shape))
    return f"{root}{ALL}"


def roots(body: Body) -> tuple[str, ...]:
    """What the names of each branched convolution's operations begin with ("depthwise.")."""
    ending = f"{POINT}.conv"
    return tuple(op.name.removesuffix(ending) for op in body.operations if op.name.endswith(f".{ending}"))


@lru_cache(maxsize=4096)
def merged_body(body: Body) -> Body:
    """The body without branches."""
    if not (found := roots(body)):
        return body
    parts = (f"{POINT}.conv", f"{POINT}.norm", SUM, SAME, ALL)
    added = {root + part for root in found for part in parts}
    back = {root + last: f"{root}norm" for root in found for last in (SUM, ALL)}
    pieces = tuple(
        op._replace(inputs=tuple(back.get(name, name) for name in op.inputs))
        for op in body.operations
        if op.name not in added
    )
    return Body(body.kind, body.inputs, pieces, body.output, body.shape)
