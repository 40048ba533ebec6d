"""Products on tiles, emulated where the processor has none: sizes around a tile, bounds, processes, permission."""

import multiprocessing
import os
import shutil
import subprocess
import sys
from itertools import product
from pathlib import Path

import emulation
import pytest
import torch
from protected import before_a_protected_page

from analysis.nn.fused.compiler import SOURCES, Unavailable, find_compiler

SIZES = (1, 15, 16, 17, 31, 32, 33)
REAL = [f"-m{name}" for name in ("avx512f", "avx512bw", "avx512vl", "avx512dq", "avx512bf16", "amx-tile", "amx-bf16")]
HERE = Path(__file__).parent
SURROUNDINGS = dict(os.environ)  # with the cache in which `kernels` finds the compiled library
TOLERANCE = 2e-6  # of the largest sum: both round in float32


@pytest.fixture(scope="session")
def compiled():
    """The library, compiled once for the user's cache, as `kernels`."""
    try:
        return emulation.library()
    except Unavailable as reason:
        pytest.skip(str(reason))


@pytest.fixture(scope="session")
def emulated(compiled):
    return emulation.Emulated(compiled)


@pytest.fixture
def afresh(compiled, tmp_path):
    """Another load of the library, which has asked for nothing yet."""
    return lambda: emulation.Emulated(Path(shutil.copy(compiled, tmp_path)))


def random(*shape, seed=0, dtype=torch.bfloat16):
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed)).to(dtype)


def close(sums, expected):
    return (sums.double() - expected).abs().max() <= TOLERANCE * (expected.abs().max() + 1)


@pytest.mark.parametrize("tiles", [True, False])
def test_sizes_around_a_tile(emulated, tiles):
    assert emulated.tiles(tiles) == tiles
    before = emulated.count("products")
    for k, n, pixels in [*product(SIZES, SIZES, SIZES), (70, 150, 300), (33, 65, 513), (160, 7, 40)]:
        x, w = random(pixels, k), random(n, k, seed=1).float()
        start = random(pixels, n, seed=2, dtype=torch.float32)
        expected = start + x.double() @ w.double().t()
        for in_place in (False, True)[: 2 - k % 2]:  # a map whose pixels are whole steps
            assert close(emulated.multiply(x, w, start, in_place), expected), (k, n, pixels, in_place)
        b, start = random(pixels, n, seed=3), random(n, k, seed=4, dtype=torch.float32)
        assert close(emulated.outer(x, b, start), start + b.double().t() @ x.double()), (k, n, pixels)
    assert (emulated.count("products") > before) == tiles
    emulated.tiles(True)


@pytest.mark.parametrize("k", [15, 16, 48])
@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_is_not_finite_stays_in_its_pixel(emulated, value, k):
    for pixels, at in [(33, 0), (33, 15), (33, 32), (7, 3)]:
        x, w, start = random(pixels, k), random(33, k, seed=1).float(), torch.zeros(pixels, 33)
        others = [p for p in range(pixels) if p != at]
        expected = emulated.multiply(x, w, start, False)
        x[at, k - 1] = value
        found = emulated.multiply(x, w, start, False)
        assert torch.equal(found[others], expected[others])
        assert not found[at].isfinite().any()


def test_nothing_is_read_beyond_a_map(emulated):
    for k, n, pixels in product((2, 16, 30, 34), (1, 16, 33), (1, 16, 17, 32)):
        x, b, w, start = random(pixels, k), random(pixels, n), random(n, k, seed=1).float(), torch.zeros(pixels, n)
        last = before_a_protected_page(x)
        for in_place in (False, True):
            assert torch.equal(emulated.multiply(last, w, start, in_place), emulated.multiply(x, w, start, in_place))
        start = torch.zeros(n, k)
        assert torch.equal(emulated.outer(last, before_a_protected_page(b), start), emulated.outer(x, b, start))


def test_permission_is_asked_for_once(afresh):
    library = afresh()
    assert library.count("requests") == 0
    assert library.tiles()
    assert library.tiles(False) is False
    assert library.tiles(True)
    assert library.count("requests") == 1


def test_refused_permission_falls_back(afresh, monkeypatch):
    monkeypatch.setenv("EMULATED_REFUSAL", "1")
    library = afresh()
    assert not library.tiles()
    assert not library.tiles(True)
    x, w, start = random(33, 16), random(33, 16, seed=1).float(), torch.zeros(33, 33)
    assert close(library.multiply(x, w, start, False), x.double() @ w.double().t())
    assert library.count("products") == 0


@pytest.mark.parametrize(("word", "on"), [("0", False), ("1", True), ("", True)])
def test_the_environment_switches_tiles_off(afresh, monkeypatch, word, on):
    monkeypatch.setenv("MNV2_TILES", word)
    library = afresh()
    assert library.tiles() == on
    assert library.count("requests") == on


def _product_of_a_worker(library):
    x, w = random(33, 16), random(33, 16, seed=1).float()
    before = library.count("products")
    y = library.multiply(x, w, torch.zeros(33, 33), False)
    return y.tolist(), library.count("products") - before, library.count("requests")


def test_forked_workers_have_the_permission(afresh):
    library = afresh()
    here = _product_of_a_worker(library)
    assert here[1:] == (9, 1)  # 3 x 3 tiles
    reader, writer = multiprocessing.Pipe(duplex=False)
    worker = multiprocessing.get_context("fork").Process(target=lambda: writer.send(_product_of_a_worker(library)))
    worker.start()
    assert reader.poll(60)
    assert reader.recv() == here
    worker.join()


def test_operators_on_emulated_tiles_in_a_process_of_their_own(compiled):
    """Forward, backward, tracing, threads; and a process that does not inherit the permission asks for it."""
    tests = [str(HERE / f"test_{name}.py") for name in ("operators", "bounds", "network")]
    chosen = "(pointwise or expand_depthwise or join or bounds or instructions) and not float64"
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-x", "-p", "no:cacheprovider", "-k", chosen, *tests],
        env=SURROUNDINGS | {"EMULATED_KERNELS": str(compiled)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, (done.stdout + done.stderr)[-20000:]
    assert " passed" in done.stdout
    assert "skipped" not in done.stdout


def test_a_compiler_with_the_instructions_makes_them(tmp_path):
    compiler = [*find_compiler(), "-O1", "-std=c++20", *REAL]
    if subprocess.run([*compiler, "-fsyntax-only", "-x", "c++", os.devnull], capture_output=True).returncode:
        pytest.skip("the compiler does not know the instructions")
    assembly = tmp_path / "tiles.s"
    source = emulation.HERE / "real_tiles.cpp"
    subprocess.run([*compiler, f"-I{SOURCES}", "-S", str(source), "-o", str(assembly)], check=True)
    subprocess.run([*compiler, "-c", str(assembly), "-o", str(tmp_path / "tiles.o")], check=True)
    lines = {" ".join(line.split()) for line in assembly.read_text().splitlines()}
    # The sum is the last operand, the left one the second.
    for expected in ("tdpbf16ps %tmm5, %tmm4, %tmm3", "tdpbf16ps %tmm7, %tmm6, %tmm0", "tilezero %tmm2", "tilerelease"):
        assert expected in lines
