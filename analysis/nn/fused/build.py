"""Compiling the kernels at first use and loading them, or saying in one line why not.

$CXX may carry flags. The sanitizers over the kernels' tests, some minutes:

    MNV2_SANITIZERS=1 python -m pytest tests/nn/fused/test_sanitizers.py
"""

import hashlib
import logging
import os
import platform
import shlex
import shutil
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path

import torch
from filelock import FileLock, Timeout
from torch.utils import cpp_extension

from analysis.files import cache_folder
from analysis.nn.fused import shapes

SOURCES = Path(__file__).parent
FLAGS = ("-O3", "-march=native", "-std=c++20", "-fPIC", "-fopenmp")
LOCK_SECONDS = 600.0

log = logging.getLogger(__name__)


class Unavailable(Exception):
    """Why there are no kernels, in one line."""


@lru_cache(maxsize=1)
def load_kernels() -> str:
    """Load the operators `torch.ops.mnv2`, compiled for this machine if need be (about a minute, once), and check them.

    Returns:
        "" when they are loaded and compute what torch computes, else the reason in one line.
    """
    try:
        torch.ops.load_library(str(library()))
    except Unavailable as reason:
        return str(reason)
    except (OSError, RuntimeError) as error:
        return f"the compiled kernels do not load ({_first_line(str(error))}); delete them to compile anew"
    shapes.register()
    from analysis.nn.fused.check import disagreement  # it runs networks, which import this module

    return disagreement()


def library(folder: Path | None = None) -> Path:
    """The compiled library, from the cache or made now; of two processes one compiles and one waits.

    Raises:
        Unavailable: no compiler, one that fails, a cache that cannot be written.
    """
    compiler = find_compiler()
    try:
        folder = folder or cache_folder() / "kernels"
        path = folder / f"mnv2_{digest(compiler)}.so"
        if path.exists():
            return path
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(f"{path}.lock", timeout=LOCK_SECONDS):
            if not path.exists():
                log.info("compiling the fused kernels for this machine, about a minute, once")
                with tempfile.TemporaryDirectory(dir=folder) as work:
                    os.replace(compile_sources(compiler, Path(work)), path)
    except Timeout as error:
        raise Unavailable(f"another process compiles the kernels for over {LOCK_SECONDS:.0f} s") from error
    except OSError as error:
        raise Unavailable(
            f"the kernels cannot be kept ({error}); set MNV2_CACHE_DIR to a folder to write to"
        ) from error
    return path


def find_compiler() -> list[str]:
    """The C++ compiler's command: $CXX or the first at hand.

    Raises:
        Unavailable: there is none.
    """
    wanted = os.environ.get("CXX")
    for command in [wanted] if wanted else ["g++", "c++", "clang++"]:
        parts = shlex.split(command)
        if parts and shutil.which(parts[0]):
            return parts
    raise Unavailable(f"no C++ compiler ({wanted or 'g++, c++, clang++'} not found); install one or set CXX")


@lru_cache(maxsize=8)
def products(storage: str = "bfloat16") -> str:
    """The type that matrix products of maps in `storage` multiply here: bfloat16 where processor and compiler have
    instructions for it (they add up in float32), else the type of the arithmetic.

    Raises:
        Unavailable: no compiler, or one that fails.
    """
    if storage != "bfloat16":
        return storage
    macros = _run([*find_compiler(), *FLAGS, "-dM", "-E", "-x", "c++", os.devnull])
    return "bfloat16" if "__AVX512BF16__" in macros else "float32"


def digest(compiler: list[str]) -> str:
    """Identity of a compiled library: sources, flags, torch, compiler, processor."""
    parts = [path.read_text() for path in sorted([*SOURCES.glob("*.cpp"), *SOURCES.glob("*.h")])]
    parts += [*FLAGS, torch.__version__, *compiler, _run([*compiler, "--version"]), _processor()]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def compile_sources(compiler: list[str], folder: Path, flags: tuple[str, ...] = FLAGS) -> Path:
    """Compile and link every source into `folder`; return the library.

    Raises:
        Unavailable: the compiler's first error.
    """
    include = [f"-I{path}" for path in [str(SOURCES), *cpp_extension.include_paths()]]
    sources = sorted(SOURCES.glob("*.cpp"))
    objects = [folder / f"{source.stem}.o" for source in sources]

    def compile_one(source: Path, target: Path) -> None:
        _run([*compiler, *flags, *include, "-c", str(source), "-o", str(target)])

    with ThreadPoolExecutor(min(2, os.cpu_count() or 1)) as pool:  # a compilation takes up to 1 GB
        list(pool.map(compile_one, sources, objects))
    result = folder / "library.so"
    search = [flag for path in cpp_extension.library_paths() for flag in (f"-L{path}", f"-Wl,-rpath,{path}")]
    _run(
        [
            *compiler,
            *flags,
            "-shared",
            *map(str, objects),
            *search,
            "-ltorch",
            "-ltorch_cpu",
            "-lc10",
            "-o",
            str(result),
        ]
    )
    return result


def _run(command: list[str]) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, errors="replace")
    except OSError as error:
        raise Unavailable(f"the compiler does not start ({error})") from error
    if done.returncode:
        errors = [line for line in done.stderr.splitlines() if "error" in line] or done.stderr.splitlines() or ["?"]
        raise Unavailable(f"{command[0]} fails: {_first_line(errors[0])}")
    return done.stdout


def _processor() -> str:
    """What -march=native depends on."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    wanted = ("model name", "flags", "CPU part", "Features")
    return "\n".join(sorted({line for line in lines if line.startswith(wanted)})) or platform.processor()


def _first_line(text: str) -> str:
    return text.strip().splitlines()[0][:200] if text.strip() else "no message"
