"""The kernels of bfloat16 products on emulated instructions, so that tests run them on any processor.

They are a library of their own. Loaded into the global scope before the kernels, it takes their place for maps in
bfloat16: `in_place_of_the_kernels`, in a process that has not loaded them yet.
"""

import ctypes
import hashlib
import os
import tempfile
from pathlib import Path

import torch
from filelock import FileLock

from analysis.files import cache_folder
from analysis.nn.fused.compiler import compile_sources, digest, find_compiler

HERE = Path(__file__).parent
FLAGS = ("-Og", "-march=native", "-std=c++20", "-fPIC", "-fopenmp", "-w", "-DFUSED_EMULATED", f"-I{HERE}")
EXPORTS = HERE / "emulated.map"


def library() -> Path:
    """The compiled library, from the cache or made now (about 10 s).

    Raises:
        Unavailable: no compiler, or one that fails.
    """
    compiler = find_compiler()
    parts = [digest(compiler), *FLAGS, *(path.read_text() for path in sorted(HERE.glob("emulated.*")))]
    name = hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]
    path = cache_folder() / "kernels" / f"emulated_{name}.so"
    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(f"{path}.lock"):
        if not path.exists():
            flags = (*FLAGS, f"-Wl,--version-script={EXPORTS}")
            with tempfile.TemporaryDirectory(dir=path.parent) as work:
                os.replace(compile_sources(compiler, Path(work), flags, (HERE / "emulated.cpp",)), path)
    return path


class Emulated:
    """multiply() and outer() of the library at `path`, and what it has counted."""

    def __init__(self, path: Path, mode: int = ctypes.RTLD_LOCAL):
        self.path, self.library = path, ctypes.CDLL(str(path), mode)
        self.library.mnv2_tiles.restype = ctypes.c_bool

    def tiles(self, wanted: bool | None = None) -> bool:
        """Whether products run on tiles, after a wish."""
        return self.library.mnv2_tiles(-1 if wanted is None else int(wanted))

    def count(self, what: str) -> int:
        """How many "products" of tiles there were, or "requests" for the permission."""
        return self.library.emulated_count(what == "requests")

    def multiply(self, x: torch.Tensor, weight: torch.Tensor, start: torch.Tensor, in_place: bool) -> torch.Tensor:
        """start + x W^T, (pixels, n) in float32, for x (pixels, k) in bfloat16 and W (n, k)."""
        y = torch.empty(len(x), len(weight))
        sizes = [ctypes.c_long(size) for size in (len(x), x.shape[1], len(weight))]
        self.library.emulated_multiply(
            _at(x), *sizes[:2], _at(weight), sizes[2], _at(start), ctypes.c_bool(in_place), _at(y)
        )
        return y

    def outer(self, a: torch.Tensor, b: torch.Tensor, start: torch.Tensor) -> torch.Tensor:
        """start + b^T a, (n, k) in float32, for a (pixels, k) and b (pixels, n) in bfloat16."""
        sums = start.clone()
        sizes = [ctypes.c_long(size) for size in (a.shape[1], b.shape[1], len(a))]
        self.library.emulated_outer(_at(a), sizes[0], _at(b), *sizes[1:], _at(sums))
        return sums


def in_place_of_the_kernels() -> Emulated | None:
    """The library that $EMULATED_KERNELS names for all operators that are loaded later, if it names one."""
    path = os.environ.get("EMULATED_KERNELS")
    return Emulated(Path(path), ctypes.RTLD_GLOBAL) if path else None


def _at(tensor: torch.Tensor) -> ctypes.c_void_p:
    assert tensor.is_contiguous()
    return ctypes.c_void_p(tensor.data_ptr())
