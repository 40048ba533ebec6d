"""No kernel, no crash: each way in which compiling goes wrong ends in one line and an eager network."""

import multiprocessing
from functools import lru_cache
from pathlib import Path

import pytest
import torch
from scripts import script

from analysis.arch import preset, unroll
from analysis.nn import build
from analysis.nn.fused import load as kernels
from analysis.nn.fused.compiler import SOURCES, TORCH
from analysis.nn.fused.network import FusedNetwork
from analysis.nn.network import Network


@pytest.fixture
def forgotten(monkeypatch):
    """Nothing remembered of an earlier load, which is remembered again afterwards: a process cannot load another
    library, and the tests that follow would compile one into their own caches."""
    load = lru_cache(maxsize=1)(kernels.load_kernels.__wrapped__)
    for module in ("analysis.nn.fused.load", "analysis.nn.backend"):
        monkeypatch.setattr(f"{module}.load_kernels", load)


@pytest.fixture
def anew(forgotten, monkeypatch, tmp_path):
    """The same, with an empty cache."""
    monkeypatch.setenv("MNV2_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path


def refused(caplog) -> str:
    """The one warning of a build that fell back to eager, which then runs."""
    network = build(unroll(preset("brief")), "fused")
    assert type(network) is Network
    with torch.no_grad():
        assert network.eval()(torch.zeros(1, 3, 32, 32)).isfinite().all()
    (record,) = caplog.records
    message = record.getMessage()
    assert "\n" not in message
    return message


def test_no_compiler(anew, monkeypatch, caplog):
    monkeypatch.setenv("CXX", "a-compiler-that-is-not-there")
    assert "no C++ compiler" in refused(caplog)


def test_broken_compiler(anew, monkeypatch, caplog):
    monkeypatch.setenv(
        "CXX",
        script(anew / "cc", 'case "$*" in *version*) exit 0;; esac; echo "x: error: no headers" >&2; exit 1'),
    )
    assert "no headers" in refused(caplog)
    assert not list((anew / "cache").rglob("*.so"))


def test_compiler_that_makes_rubbish(anew, monkeypatch, caplog):
    rubbish = 'for last; do :; done; [ "$last" = --version ] || echo rubbish > "$last"'
    monkeypatch.setenv("CXX", script(anew / "cc", rubbish))
    assert "do not load" in refused(caplog)


def test_cache_that_cannot_be_written(anew, monkeypatch, caplog):
    (anew / "file").write_text("")
    monkeypatch.setenv("MNV2_CACHE_DIR", str(anew / "file"))
    assert "MNV2_CACHE_DIR" in refused(caplog)


def test_automatic_choice_is_silent(anew, monkeypatch, caplog):
    monkeypatch.setenv("CXX", "a-compiler-that-is-not-there")
    assert type(build(unroll(preset("brief")), "auto")) is Network
    assert not caplog.records


def test_kernels_that_compute_something_else(forgotten, monkeypatch, caplog):
    def flawed(plan, storage):
        network = FusedNetwork(plan, storage)
        network.stem.conv.weight.register_hook(lambda gradient: 1.01 * gradient)
        return network

    monkeypatch.delenv("MNV2_CACHE_DIR")  # the library that these tests have loaded: a process cannot load another
    monkeypatch.setattr("analysis.nn.fused.check.FusedNetwork", flawed)
    assert "stem.conv.weight otherwise than torch" in refused(caplog)


def _library(folder: Path) -> str:
    return str(kernels.library(folder))


def test_two_processes_at_once_compile_once(anew, monkeypatch):
    count = anew / "count"
    lines = f'case "$*" in *version*) exit 0;; esac; echo >> {count}; for last; do :; done; echo > "$last"'
    monkeypatch.setenv("CXX", script(anew / "cc", lines))
    with multiprocessing.get_context("fork").Pool(2) as pool:
        first, second = pool.map(_library, [anew / "kernels"] * 2)
    assert first == second
    assert Path(first).exists()
    assert len(count.read_text().splitlines()) == len(list(SOURCES.glob("*.cpp"))) - len(TORCH) + 2
    assert sorted(p.suffix for p in (anew / "kernels").iterdir()) == [".lock", ".so"]
