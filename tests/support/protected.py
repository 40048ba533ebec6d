"""Tensors that end where memory ends: a read beyond them is a segmentation fault."""

import ctypes
import mmap

import torch


def before_a_protected_page(tensor: torch.Tensor) -> torch.Tensor:
    """A copy of a dense tensor, of the same strides, whose last byte is the last before a page without access."""
    size, page = tensor.numel() * tensor.element_size(), mmap.PAGESIZE
    whole = -(-size // page) * page
    memory = mmap.mmap(-1, whole + page)
    end = ctypes.c_void_p(ctypes.addressof(ctypes.c_char.from_buffer(memory)) + whole)
    assert ctypes.CDLL(None).mprotect(end, ctypes.c_size_t(page), 0) == 0
    flat = torch.frombuffer(memory, dtype=tensor.dtype, count=tensor.numel(), offset=whole - size)
    return flat.as_strided(tensor.shape, tensor.stride()).copy_(tensor)
