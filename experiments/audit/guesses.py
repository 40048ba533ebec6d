"""Hypotheses: what could have been counted instead, as functions that compute it."""

from collections.abc import Iterator
from dataclasses import replace
from math import prod

from analysis.arch import Plan, Variant, unroll
from analysis.arch.mobilenet_v2 import MobileNetV2
from analysis.arch.plan import Conv, Resize
from analysis.arch.shufflenet_v1 import TABLE_1, ShuffleNetV1
from analysis.cost import Cost, count, operation_cost
from experiments.audit.judge import Guess


def madds_guesses(variant: Variant) -> Iterator[Guess]:
    """Other readings of "multiply-adds" of a classifier, then other networks."""
    plan = unroll(variant)
    cost = count(plan)
    yield "a multiply-add counted as 2", 2 * cost.madds
    yield "1 per element of a norm added", cost.madds + cost.norm
    yield "2 per element of a norm added", cost.madds + 2 * cost.norm
    yield "1 per element of an activation added", cost.madds + cost.activation
    yield "1 per element of norm and activation added", cost.madds + cost.norm + cost.activation
    yield "1 per element of norm, activation, addition, pooling and bias added", every_column(cost)
    yield "classifier left out", cost.madds - operation_cost(plan.operations[-1]).madds
    yield "first convolution left out", cost.madds - operation_cost(plan.operations[0]).madds
    yield "depthwise convolutions left out", sum(operation_cost(op).madds for op in plan.operations if not filters(op))
    for label, other in relatives(variant):
        yield label, count(unroll(other)).madds
    if (width := getattr(variant, "width", 1.0)) != 1.0:
        base = count(unroll(replace(variant, width=1.0)))  # type: ignore[call-arg]
        yield f"width 1 times {width:g} squared", base.madds * width**2


def params_guesses(variant: Variant) -> Iterator[Guess]:
    """Other readings of "parameters", then other networks."""
    cost = count(unroll(variant))
    yield "norms left out", cost.params_without_norm
    yield "norms' running statistics added", cost.params + cost.norm_statistics
    yield "one of the norms' two statistics added", cost.params + cost.norm_statistics // 2
    yield "only one of the norms' affine pair counted", cost.params - cost.affine // 2
    for label, other in relatives(variant):
        yield label, count(unroll(other)).params
    if (width := getattr(variant, "width", 1.0)) != 1.0:
        base = count(unroll(replace(variant, width=1.0)))  # type: ignore[call-arg]
        yield f"width 1 times {width:g} squared", base.params * width**2


def relatives(variant: Variant) -> Iterator[tuple[str, Variant]]:
    """Networks that differ in one detail."""
    if hasattr(variant, "classes"):
        yield "1001 classes", replace(variant, classes=1001)
    if hasattr(variant, "rounding"):
        for rounding in (1, 4, 16, "truncate") if isinstance(variant, MobileNetV2) else (8,):
            yield f"channels rounded by {rounding!r}", replace(variant, rounding=rounding)  # type: ignore[call-arg]
    if isinstance(variant, MobileNetV2):
        yield "last convolution scaled", replace(variant, last_width="scaled")
        yield "last convolution not scaled", replace(variant, last_width="fixed")
        yield "expansion 5", replace(variant, expansion=5)
    if isinstance(variant, ShuffleNetV1):
        yield "first convolution left at 24 channels", replace(variant, scale_stem=False)
        for groups in TABLE_1:
            yield f"{groups} groups", replace(variant, groups=groups)


def every_column(cost: Cost) -> int:
    """Multiply-adds and one of everything else."""
    return cost.madds + cost.norm + cost.activation + cost.addition + cost.pooling + cost.bias


def filters(op: object) -> bool:
    """Whether an operation is a depthwise convolution."""
    return isinstance(op, Conv) and op.depthwise


def padded_madds(plan: Plan) -> int:
    """Multiply-adds with each atrous convolution's map padded to a multiple of its rate, as space-to-batch does."""
    total = count(plan).madds
    for op in plan.operations:
        if isinstance(op, Conv) and op.dilation > 1:
            channels, height, width = op.shape
            padded = channels * -(-height // op.dilation) * -(-width // op.dilation) * op.dilation**2
            total += operation_cost(op).madds // prod(op.shape) * (padded - prod(op.shape))
    return total


def resized_elements(plan: Plan) -> int:
    """Elements that resizes make."""
    return sum(prod(op.shape) for op in plan.operations if isinstance(op, Resize))
