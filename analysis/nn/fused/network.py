"""A Network whose blocks run with the fused operators: the same parameters, the same state dict."""

from collections.abc import Iterable
from functools import cached_property
from typing import Any

import torch
from torch import Tensor

from analysis.arch.plan import Plan
from analysis.nn.fused.block import plain, run_block
from analysis.nn.fused.compiler import products
from analysis.nn.network import BlockModule, Network


class FusedBlock(BlockModule):
    """A BlockModule that runs its body with the fused operators."""

    storage = torch.bfloat16

    @cached_property
    def layers(self) -> dict[str, Any]:
        """Modules by operation: finding one by its dotted name takes microseconds, several hundred times a step."""
        return {op.name: self.get_submodule(op.name) for op in self.body.operations}

    def forward(self, tensors: Any, wanted: frozenset[str]) -> Any:
        """As BlockModule, for Values in place of maps."""
        return run_block(self.layers, self.body, tensors, wanted, self.storage)


class FusedNetwork(Network):
    """Maps are kept in `storage` (bfloat16, float32), `products` says what is multiplied. The rest is float32.

    The kernels must be loaded.
    """

    block_type = FusedBlock
    backend = "fused"

    def __init__(self, plan: Plan, storage: torch.dtype = torch.bfloat16):
        super().__init__(plan)
        self.storage = str(storage).removeprefix("torch.")
        self.products = products(self.storage)
        if self.products == "bfloat16" and torch.ops.mnv2.tiles(None):
            self.instructions = "amx"
        for block in self.children():
            assert isinstance(block, FusedBlock)
            block.storage = storage

    def intermediates(self, image: Tensor, names: Iterable[str]) -> dict[str, Tensor]:
        """As Network: float32, (N, C, H, W)."""
        return {name: plain(tensor) for name, tensor in super().intermediates(image, names).items()}
