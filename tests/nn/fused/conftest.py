"""These tests need the kernels, and one thread each."""

import emulation
import pytest
import torch

EMULATED = emulation.in_place_of_the_kernels()


@pytest.fixture(autouse=True, scope="session")
def one_thread(kernels):
    """On one thread, unless a test says otherwise."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)
