"""Random maps and weights for the fused operators, and the places of the switch of their tiles."""

import os
from collections.abc import Iterator

import torch

EMULATED = bool(os.environ.get("EMULATED_KERNELS"))
STORAGE = (torch.bfloat16,) if EMULATED else (torch.float64, torch.float32, torch.bfloat16)


def maps(shape, dtype, seed=0):
    """A random map, channels last."""
    values = torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
    return values.to(dtype).contiguous(memory_format=torch.channels_last)


def weights(shape, dtype, seed=1):
    """Random per-channel values or weights in the type of the arithmetic."""
    values = torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
    return values.to(torch.float64 if dtype == torch.float64 else torch.float32) * 0.5


def on_and_off_tiles() -> Iterator[bool]:
    """The switch of the tiles in each of its places, on at the end. One place where they are not granted."""
    granted = torch.ops.mnv2.tiles(True)
    for wanted in (False, True)[not granted :]:
        assert torch.ops.mnv2.tiles(wanted) == (wanted and granted)
        yield wanted
