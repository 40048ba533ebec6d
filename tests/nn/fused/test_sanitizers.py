"""The kernels' tests again, with kernels that watch their memory and their arithmetic; on request, as it takes minutes:

MNV2_SANITIZERS=1 python -m pytest tests/nn/fused/test_sanitizers.py
"""

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from analysis.nn.fused.compiler import find_compiler

CHECKS = "-O1 -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer -g1"
HERE = Path(__file__).parent


@pytest.mark.skipif(not os.environ.get("MNV2_SANITIZERS"), reason="takes minutes: set MNV2_SANITIZERS=1")
def test_operators_under_address_and_undefined_behaviour_sanitizers(tmp_path):
    compiler = find_compiler()
    runtimes = [
        subprocess.check_output([*compiler, f"-print-file-name=lib{name}.so"], text=True).strip()
        for name in ("asan", "ubsan")
    ]
    checking = tmp_path / "c++"  # puts its flags last: -O3 would compile for many minutes
    checking.write_text(f'#!/bin/sh\nunset LD_PRELOAD\nexec {shlex.join(compiler)} "$@" {CHECKS}\n')
    checking.chmod(0o755)
    environment = os.environ | {
        "CXX": shlex.quote(str(checking)),
        "MNV2_CACHE_DIR": str(tmp_path),
        "LD_PRELOAD": " ".join(runtimes),
        "ASAN_OPTIONS": "detect_leaks=0",  # Python's own would drown the kernels'
        "UBSAN_OPTIONS": "print_stacktrace=1",
        "MNV2_SANITIZERS": "",
    }
    tests = [
        str(HERE / name)
        for name in ("test_operators.py", "test_block.py", "test_network.py", "test_bounds.py", "test_tiles.py")
    ]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-x", "-p", "no:cacheprovider", *tests],
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, (done.stdout + done.stderr)[-20000:]
    assert " passed" in done.stdout
    assert "skipped" not in done.stdout, "the kernels do not load"
