"""Checkpoints come back as they were, and damaged ones say so in one line."""

import json
from dataclasses import replace

import pytest
import torch
from safetensors.torch import save_file

from analysis.arch import preset, unroll
from analysis.nn import build, initialise
from analysis.nn.checkpoint import Origin, load_checkpoint, save_checkpoint
from analysis.problem import Problem

VARIANT = preset("brief", rows=((2, 8, 2, 1),))
ORIGIN = Origin(VARIANT.text, "recipe()", "cifar10", "d1", 3, "trained")


@pytest.fixture
def network():
    network = build(unroll(VARIANT))
    initialise(network, 0)
    network.train()(torch.randn(4, 3, 32, 32, generator=torch.Generator().manual_seed(0)))
    return network.eval()


def test_it_comes_back_with_its_origin_and_the_same_outputs(tmp_path, network):
    path = save_checkpoint(tmp_path / "a.safetensors", network, ORIGIN)
    back, origin = load_checkpoint(path, ORIGIN)
    assert origin == ORIGIN
    for name, tensor in network.state_dict().items():
        assert torch.equal(back.state_dict()[name], tensor), name
    image = torch.randn(2, 3, 32, 32, generator=torch.Generator().manual_seed(1))
    assert torch.equal(back.eval()(image), network(image))


@pytest.mark.parametrize(
    ("axis", "value"), [("seed", 4), ("stage", "initial"), ("digest", "d2"), ("recipe", "recipe(x)")]
)
def test_another_origin_is_named(tmp_path, network, axis, value):
    path = save_checkpoint(tmp_path / "a.safetensors", network, ORIGIN)
    with pytest.raises(Problem, match=f"has {axis} "):
        load_checkpoint(path, replace(ORIGIN, **{axis: value}))


def test_a_damaged_file_a_pickle_and_none_are_one_line(tmp_path, network):
    whole = save_checkpoint(tmp_path / "whole.safetensors", network, ORIGIN).read_bytes()
    (tmp_path / "cut.safetensors").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "noise.safetensors").write_bytes(b"noise")
    (tmp_path / "empty.safetensors").write_bytes(b"")
    torch.save(network.state_dict(), tmp_path / "pickle.safetensors")
    for name in ("cut", "noise", "empty", "pickle", "none"):
        with pytest.raises(Problem) as raised:
            load_checkpoint(tmp_path / f"{name}.safetensors")
        assert len(str(raised.value).splitlines()) == 1


def test_wrong_tensors_and_metadata_are_named(tmp_path, network):
    state = {name: tensor.contiguous() for name, tensor in network.state_dict().items()}
    metadata = {name: str(value) for name, value in vars(ORIGIN).items()}
    path, weight = tmp_path / "w.safetensors", "head.linear.weight"
    cases = {
        f"lacks {weight}": ({k: v for k, v in state.items() if k != weight}, metadata),
        "has besides extra": ({**state, "extra": torch.zeros(1)}, metadata),
        f"{weight} is .*float64": ({**state, weight: state[weight].double()}, metadata),
        f"{weight} is": ({**state, weight: torch.zeros(3, 3)}, metadata),
        "does not say its digest": (state, {k: v for k, v in metadata.items() if k != "digest"}),
        "seed 'x'": (state, {**metadata, "seed": "x"}),
        "its Variant 40,.* parameters: delete it": (state, {**metadata, "variant": preset("brief", width=1e6).text}),
        "stage 'half'": (state, {**metadata, "stage": "half"}),
    }
    for message, (tensors, said) in cases.items():
        save_file(tensors, path, metadata=said)
        with pytest.raises(Problem, match=message):
            load_checkpoint(path)
    header = path.read_bytes()[8:]
    assert json.JSONDecoder().raw_decode(header.decode("latin1"))[0]["__metadata__"]["stage"] == "half"
