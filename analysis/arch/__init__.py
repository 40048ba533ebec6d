"""Architectures as data: a Variant holds the choices, a Plan is the network they unroll to. Pure Python."""

from analysis.arch.families import (
    FAMILIES,
    PRESETS,
    Variant,
    differences,
    label,
    parse_variant,
    preset,
    unroll,
)
from analysis.arch.plan import Block, Body, Operation, Plan, Shape

__all__ = [
    "FAMILIES",
    "PRESETS",
    "Block",
    "Body",
    "Operation",
    "Plan",
    "Shape",
    "Variant",
    "differences",
    "label",
    "parse_variant",
    "preset",
    "unroll",
]
