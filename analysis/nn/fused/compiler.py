"""The C++ compiler of this machine, what it makes of the kernels' sources, and the identity of the result.

$CXX may carry flags. MNV2_TILES=0 keeps products off the processor's tiles.

To run the kernels' tests under the sanitizers, which takes some minutes:

    MNV2_SANITIZERS=1 python -m pytest tests/nn/fused/test_sanitizers.py
"""

import hashlib
import os
import platform
import shlex
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path

import torch

SOURCES = Path(__file__).parent
FLAGS = ("-O3", "-march=native", "-std=c++20", "-fPIC", "-fopenmp")
# Sources that read torch's headers, which takes most of their compilation: they are compiled as one, in this order, as
# the first must not see the kernels' functions of the same names.
TORCH = ("library", "autograd", "autograd_norm", "norm", "ops", "ops_ends")


class Unavailable(Exception):
    """Why the kernels cannot be had, in one line."""


def find_compiler() -> list[str]:
    """The C++ compiler's command: $CXX or the first at hand.

    Raises:
        Unavailable: no compiler is found.
    """
    wanted = os.environ.get("CXX")
    for command in [wanted] if wanted else ["g++", "c++", "clang++"]:
        parts = shlex.split(command)
        if parts and shutil.which(parts[0]):
            return parts
    raise Unavailable(f"no C++ compiler ({wanted or 'g++, c++, clang++'} not found); install one or set CXX")


@lru_cache(maxsize=8)
def products(storage: str = "bfloat16") -> str:
    """The type that matrix products of maps in `storage` multiply here.

    bfloat16 where processor and compiler have instructions for it (they add up in float32), else the type of the
    arithmetic.

    Raises:
        Unavailable: no compiler, or one that fails.
    """
    if storage != "bfloat16":
        return storage
    macros = _run([*find_compiler(), *FLAGS, "-dM", "-E", "-x", "c++", os.devnull])
    return "bfloat16" if "__AVX512BF16__" in macros else "float32"


def digest(compiler: list[str]) -> str:
    """Identity of a compiled library, 16 hexadecimal digits: C++ sources, flags, torch, compiler, processor.

    Raises:
        Unavailable: the compiler does not say its version.
    """
    parts = [path.read_text() for path in sorted([*SOURCES.glob("*.cpp"), *SOURCES.glob("*.h")])]
    parts += [*FLAGS, torch.__version__, *compiler, _run([*compiler, "--version"]), _processor()]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def compile_sources(
    compiler: list[str], folder: Path, flags: tuple[str, ...] = FLAGS, sources: tuple[Path, ...] = ()
) -> Path:
    """Compile `sources`, or all of this package, into `folder`, link them there and return the library's path.

    Raises:
        Unavailable: the compiler's first error.
    """
    from torch.utils import cpp_extension  # imports setuptools, which takes longer than all of this package

    include = [f"-I{path}" for path in [str(SOURCES), *cpp_extension.include_paths()]]
    sources = sources or _units(folder)
    objects = [folder / f"{source.stem}.o" for source in sources]

    def compile_one(source: Path, target: Path) -> None:
        _run([*compiler, *flags, *include, "-c", str(source), "-o", str(target)])

    with ThreadPoolExecutor(min(2, os.cpu_count() or 1)) as pool:  # a compilation takes up to 1 GB
        list(pool.map(compile_one, sources, objects))
    result = folder / "library.so"
    search = [flag for path in cpp_extension.library_paths() for flag in (f"-L{path}", f"-Wl,-rpath,{path}")]
    libraries = ["-ltorch", "-ltorch_cpu", "-lc10"]
    _run([*compiler, *flags, "-shared", *map(str, objects), *search, *libraries, "-o", str(result)])
    return result


def _units(folder: Path) -> tuple[Path, ...]:
    """What is compiled, the longest first: one file in `folder` of all TORCH, and the kernels."""
    together = folder / "torch.cpp"
    together.write_text("".join(f'#include "{name}.cpp"\n' for name in TORCH))
    return together, *(path for path in sorted(SOURCES.glob("*.cpp")) if path.stem not in TORCH)


def _run(command: list[str]) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, errors="replace")
    except OSError as error:
        raise Unavailable(f"the compiler does not start ({error})") from error
    if done.returncode:
        errors = [line for line in done.stderr.splitlines() if "error" in line] or done.stderr.splitlines() or ["?"]
        raise Unavailable(f"{command[0]} fails: {first_line(errors[0])}")
    return done.stdout


def _processor() -> str:
    """What -march=native depends on."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    wanted = ("model name", "flags", "CPU part", "Features")
    return "\n".join(sorted({line for line in lines if line.startswith(wanted)})) or platform.processor()


def first_line(text: str) -> str:
    """The first line of a message, at most 200 characters."""
    return text.strip().splitlines()[0][:200] if text.strip() else "no message"
