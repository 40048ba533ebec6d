"""The 6,561 networks of NAS-Bench-Macro (arXiv:2103.11922) as variants.

A network has eight layers, and its key a digit for each: an identity, an inverted residual with expansion 3 and kernel
3, or one with expansion 6 and kernel 5. `analysis.reference` has their published counts and accuracies
(`table("nas_bench_macro")`).
"""

from collections.abc import Mapping
from functools import cache
from itertools import product
from typing import Any

from analysis.arch.checks import IDENTITY
from analysis.arch.mobilenet_v2 import MobileNetV2
from analysis.problem import Problem
from analysis.reference import table

# Channels and number of layers of each stage. Its first layer has stride 2.
STAGES = ((64, 2), (128, 3), (256, 3))
# Digit -> expansion and, where it has one of its own, kernel.
LAYERS: dict[str, tuple[Any, ...]] = {"0": (IDENTITY,), "1": (3,), "2": (6, 5)}
LENGTH = sum(layers for _, layers in STAGES)


def variant(key: str) -> MobileNetV2:
    """The network of a key such as "02012100".

    Raises:
        Problem: the key is not eight digits of 0, 1 and 2.
    """
    if len(key) != LENGTH or not set(key) <= set(LAYERS):
        raise Problem(f"key {key!r} is not {LENGTH} digits of {', '.join(LAYERS)}")
    places = [(channels, 2 if first else 1) for channels, layers in STAGES for first in (True, *[False] * (layers - 1))]
    rows = []
    for digit, (channels, stride) in zip(key, places, strict=True):
        t, *kernel = LAYERS[digit]
        rows.append((t, channels, 1, stride, *kernel))
    return MobileNetV2(resolution=32, stem_stride=1, activation="relu", rows=tuple(rows), classes=10)


def keys() -> tuple[str, ...]:
    """All keys in ascending order."""
    return tuple(map("".join, product(LAYERS, repeat=LENGTH)))


def canonical(key: str) -> str:
    """The key of the same network in which identities come last in each stage.

    A 0 in the first layer of a stage stays there, because it changes the shape. Later ones do nothing.
    """
    moved, start = "", 0
    for _, layers in STAGES:
        first, rest = key[start], key[start + 1 : start + layers]
        moved += first + rest.replace("0", "").ljust(layers - 1, "0")
        start += layers
    return moved


def distinct() -> dict[str, tuple[str, ...]]:
    """The 3,969 distinct networks: `canonical` of each -> all keys that mean it. They share one published training."""
    found: dict[str, list[str]] = {}
    for key in keys():
        found.setdefault(canonical(key), []).append(key)
    return {key: tuple(same) for key, same in found.items()}


@cache
def published() -> Mapping[str, tuple[float, ...]]:
    """Accuracies in percent of the three published runs of each distinct network."""
    rows = {row["key"]: row for row in table("nas_bench_macro")}
    return {key: tuple(float(rows[key][f"accuracy{run}"]) for run in (1, 2, 3)) for key in distinct()}


def changed(place: int, old: str, new: str) -> tuple[tuple[str, str], ...]:
    """Pairs of distinct networks that differ only in layer `place`, counted from 0: `old` there, and `new` there.

    A layer after the first of its stage that is an identity may be anywhere in the stage, and is where the key has it.
    """
    ends = ((key, f"{key[:place]}{new}{key[place + 1 :]}") for key in keys() if key[place] == old)
    return tuple(sorted({(canonical(first), canonical(second)) for first, second in ends}))
