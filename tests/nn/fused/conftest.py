"""These tests need a compiler; the kernels are compiled once and kept in the cache."""

import pytest
import torch

from analysis.nn.fused.build import load_kernels


@pytest.fixture(scope="session", autouse=True)
def kernels():
    """The loaded operators."""
    if reason := load_kernels():
        pytest.skip(f"no fused kernels: {reason}")
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield torch.ops.mnv2
    torch.set_num_threads(threads)
