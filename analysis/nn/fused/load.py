"""The only way to the kernels: compiled at first use, loaded, compared with torch, or one line that says why not."""

import logging
import os
import tempfile
from functools import lru_cache
from pathlib import Path

import torch
from filelock import FileLock, Timeout

from analysis.files import cache_folder
from analysis.nn.fused import shapes
from analysis.nn.fused.check import disagreement
from analysis.nn.fused.compiler import Unavailable, compile_sources, digest, find_compiler, first_line

LOCK_SECONDS = 600.0

log = logging.getLogger(__name__)


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
        return f"the compiled kernels do not load ({first_line(str(error))}); delete them to compile anew"
    shapes.register()
    return disagreement()


def library(folder: Path | None = None) -> Path:
    """The compiled library, from the cache or made now. Of two processes one compiles and one waits.

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
