"""Settings for all tests: one compute thread, and no data except those that the tests make."""

import gc
import os
import signal
import sys

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before torch loads
os.environ.setdefault("OMP_WAIT_POLICY", "passive")  # if a test uses two threads, the idle one frees its core

import pytest
from hypothesis import settings

settings.register_profile("untimed", deadline=None, max_examples=50)  # a first call imports scipy or builds a network
settings.load_profile("untimed")

sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type] # jsonschema makes grammars of it for 3 s

if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:  # as in background jobs of shells, and children inherit it
    signal.signal(signal.SIGINT, signal.default_int_handler)


WAITING = (
    "test_ray",
    "test_slurm",
    "test_killed",
    "test_local",
    "test_stress",
    "test_browser",
)  # they wait for other processes most of their time


def pytest_collection_modifyitems(items):
    """Start with the tests that wait, so that parallel test processes end at the same time. Skip those marked `cuda`
    where there is no CUDA device."""
    if any(item.get_closest_marker("cuda") for item in items):
        import torch

        for item in items:
            if item.get_closest_marker("cuda") and not torch.cuda.is_available():
                item.add_marker(pytest.mark.skip(reason="no CUDA device"))
    items.sort(key=lambda item: item.path.stem not in WAITING)


def pytest_collection_finish():
    """Exclude all that is imported from garbage collection, which some measurements trigger."""
    gc.freeze()


@pytest.fixture(autouse=True)
def own_surroundings(monkeypatch, tmp_path_factory):
    """Tests use neither the user's data sets nor the user's cache."""
    monkeypatch.delenv("CIFAR10_DIR", raising=False)
    monkeypatch.delenv("CIFAR100_DIR", raising=False)
    if "MNV2_CACHE_DIR" not in os.environ:
        monkeypatch.setenv("MNV2_CACHE_DIR", str(tmp_path_factory.getbasetemp() / "cache"))


@pytest.fixture(scope="session")
def kernels():
    """The fused operators, loaded. They compile once, which takes a minute, and stay in the user's cache."""
    import torch

    from analysis.nn.fused.load import load_kernels

    if reason := load_kernels():
        pytest.skip(f"no fused kernels: {reason}")
    return torch.ops.mnv2
