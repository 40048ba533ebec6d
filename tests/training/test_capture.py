"""Steps are captured where that agrees with eager; that it does is found once and kept."""

from types import SimpleNamespace

import pytest
import torch

from analysis.training import capture
from analysis.training.capture import compared, disagreement, stepping
from analysis.training.device import CPU, find_device
from analysis.training.step import CapturedStep, Step

CUDA = torch.device("cuda", 0)


class Again:
    """What captures, without a graph: what was recorded runs again, but for the changes of a broken one."""

    def __init__(self, spoil=lambda: None):
        self.spoil = spoil

    def warm(self, function):
        return function()

    def record(self, function):
        def replay():
            self.spoil()
            return function()

        return replay


def fail():
    raise RuntimeError("operation not permitted when stream is capturing\nmore")


def test_a_capture_that_repeats_the_step_agrees():
    state = torch.get_rng_state()
    assert compared(CPU, Again()) == ""
    assert torch.equal(torch.get_rng_state(), state)


def test_one_that_computes_otherwise_or_fails_is_one_line(monkeypatch):
    class Stale(Again):
        """A graph that reads the first batch again and again."""

        def record(self, function):
            return lambda: torch.zeros(())

    assert compared(CPU, Stale()).startswith("captured steps end with its losses otherwise than eager ones (relative")
    assert compared(CPU, Again(fail)) == ("capturing a step fails (operation not permitted when stream is capturing)")


@pytest.fixture
def machine(monkeypatch, tmp_path):
    """A CUDA device by name alone; what the comparisons there find is in the list."""
    found = []
    monkeypatch.setenv("MNV2_CACHE_DIR", str(tmp_path))
    monkeypatch.setattr(capture, "facts", lambda device: {"device": "card"})
    monkeypatch.setattr(capture, "compared", lambda device: found.pop(0))
    monkeypatch.setattr(torch.cuda, "set_device", lambda device: None)
    disagreement.cache_clear()
    yield found
    disagreement.cache_clear()


def test_that_it_agrees_is_kept_and_that_it_does_not_is_not(machine):
    machine += ["it differs", ""]
    assert disagreement(CUDA) == "it differs"
    assert disagreement(CUDA) == "it differs"  # in this process
    disagreement.cache_clear()  # another one
    assert disagreement(CUDA) == ""
    disagreement.cache_clear()
    assert disagreement(CUDA) == ""  # from the cache: there is nothing left to compare
    assert machine == []


def learner(backend):
    network = SimpleNamespace(backend=backend)
    return SimpleNamespace(network=network, scored=network)


def test_a_step_is_captured_where_that_is_asked_for_and_agrees(machine, monkeypatch, caplog):
    monkeypatch.setattr(capture, "CapturedStep", lambda *given: "captured")
    optimizer = SimpleNamespace()
    machine.append("it differs")
    made = learner("captured")
    assert type(stepping(made, optimizer, CUDA)) is Step
    assert made.network.backend == "eager"
    assert "steps are not captured, eager runs: it differs" in caplog.text
    disagreement.cache_clear()
    machine.append("")
    assert stepping(learner("captured"), optimizer, CUDA) == "captured"
    assert type(stepping(learner("eager"), optimizer, CUDA)) is Step
    assert type(stepping(learner("fused"), optimizer, CPU)) is Step


@pytest.mark.cuda
def test_a_gpu_captures_what_eager_computes():
    assert compared(find_device("cuda")) == ""
    assert issubclass(CapturedStep, Step)
