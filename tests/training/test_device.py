"""Devices are found by name; what is not there is one line that names what is."""

import pytest
import torch

from analysis.problem import Problem
from analysis.training import device as module
from analysis.training.device import (
    CPU,
    arithmetic,
    devices,
    facts,
    find_device,
    finish,
    precision,
    random_state,
    set_random_state,
)

META = torch.device("meta")


@pytest.fixture
def two_gpus(monkeypatch):
    """A machine with two CUDA devices, as torch names them."""
    monkeypatch.setattr(torch.accelerator, "is_available", lambda: True)
    monkeypatch.setattr(torch.accelerator, "current_accelerator", lambda: torch.device("cuda"))
    monkeypatch.setattr(torch.accelerator, "device_count", lambda: 2)


@pytest.fixture
def none(monkeypatch):
    monkeypatch.setattr(torch.accelerator, "is_available", lambda: False)


@pytest.mark.parametrize(
    ("name", "place", "found"),
    [
        ("auto", 0, "cuda:0"),
        ("auto", 1, "cuda:1"),  # processes side by side take them in turn
        ("auto", 2, "cuda:0"),
        ("cuda", 3, "cuda:1"),
        ("cuda:1", 0, "cuda:1"),
        ("cpu", 1, "cpu"),
    ],
)
def test_a_device_is_found_by_its_name(two_gpus, name, place, found):
    assert devices() == ("cpu", "cuda:0", "cuda:1")
    assert find_device(name, place) == torch.device(found)


@pytest.mark.parametrize("name", ["cuda:2", "mps", "gpu", "meta", ""])
def test_a_device_that_is_not_there_is_one_line_with_those_that_are(two_gpus, name):
    with pytest.raises(Problem, match=f"there is no device '{name}' here; there are cpu, cuda:0, cuda:1, or auto"):
        find_device(name)


def test_without_an_accelerator_there_is_the_cpu(none):
    assert find_device("auto") == find_device("cpu") == CPU
    with pytest.raises(Problem, match="there is no device 'cuda' here; there are cpu, or auto"):
        find_device("cuda")


def test_a_record_names_device_and_type(monkeypatch):
    assert facts(CPU) == {"device": "cpu", "device_type": "cpu"}
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda device: f"card {device.index}")
    monkeypatch.setattr(module, "precision", lambda device: torch.bfloat16)
    types = {"storage": "bfloat16", "products": "bfloat16"}
    assert facts(torch.device("cuda:1")) == {"device": "card 1", "device_type": "cuda", **types}


def test_a_cpu_computes_in_float32_and_a_gpu_in_bfloat16_where_it_has_it(monkeypatch):
    assert precision(CPU) == precision(META) == torch.float32
    monkeypatch.setattr(torch.amp, "is_autocast_available", lambda kind: True)
    for has, expected in ((True, torch.bfloat16), (False, torch.float32)):
        monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda including_emulation, has=has: has)
        assert precision(torch.device("cuda:0")) == expected


def test_layers_compute_in_the_type_and_losses_in_float32():
    weight, images = torch.randn(4, 3), torch.randn(2, 3)
    with arithmetic(CPU, torch.float32):
        assert (images @ weight.T).dtype == torch.float32
    with arithmetic(CPU, torch.bfloat16):
        scores = torch.nn.functional.linear(images, weight)
        assert scores.dtype == torch.bfloat16
        assert torch.nn.functional.cross_entropy(scores, torch.tensor([0, 1])).dtype == torch.float32


def test_random_states_go_back_where_they_came_from():
    finish(CPU)
    with torch.random.fork_rng(devices=[]):
        states = random_state(CPU)
        first = torch.rand(3)
        set_random_state(states | {"random.cuda": torch.zeros(16, dtype=torch.uint8)}, CPU)
        assert torch.equal(torch.rand(3), first)
    assert list(states) == ["random"]
    assert list(random_state(META)) == ["random"]


@pytest.mark.cuda
def test_a_gpus_own_random_state_is_kept():
    device = find_device("cuda")
    states = random_state(device)
    first = torch.rand(3, device=device)
    set_random_state(states, device)
    assert torch.equal(torch.rand(3, device=device), first)
    assert facts(device)["device"] == torch.cuda.get_device_name(device)
