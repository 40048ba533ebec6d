"""What normalises after a convolution: batch normalisation, group normalisation, or nothing.

Group normalisation (arXiv:1803.08494) depends on no other image. A group has as many channels as divide them evenly, at
most 16 (its section 4.1). Without a norm, a convolution has a bias.
"""

from dataclasses import replace
from functools import lru_cache
from typing import Any

from analysis.arch.branches import branched
from analysis.arch.folding import folded
from analysis.arch.padding import padded
from analysis.arch.plan import Body, Norm, Plan

NORMS = ("batch", "group", "none")
WIDEST = 16  # channels of a group


def groups(channels: int) -> int:
    """Number of groups of so many channels."""
    return channels // next(size for size in range(min(WIDEST, channels), 0, -1) if channels % size == 0)


def finished(plan: Plan, variant: Any) -> Plan:
    """The Plan with the padding, the norm and the branches that a variant, or the backbone under a head, states."""
    plan = padded(plan, getattr(variant, "padding", "symmetric"))
    norm = getattr(variant, "norm", "batch")
    if norm == "none":
        return folded(plan)
    if norm == "group":
        return replace(plan, blocks=tuple(block._replace(body=_grouped(block.body)) for block in plan.blocks))
    return branched(plan) if getattr(variant, "branches", False) else plan


@lru_cache(maxsize=4096)
def _grouped(body: Body) -> Body:
    pieces = tuple(op._replace(groups=groups(op.shape[0])) if isinstance(op, Norm) else op for op in body.operations)
    return Body(body.kind, body.inputs, pieces, body.output, body.shape)
