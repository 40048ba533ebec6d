"""Weights as people have them: read whatever their wrapping, refused where their numbers cannot be used as they are."""

import pytest
import torch
from safetensors.torch import save_file

from analysis.arch import preset, unroll
from analysis.nn import build
from analysis.nn.weights import load_torchvision_state_dict, read_weights, torchvision_names
from analysis.problem import Problem

TINY = preset("brief", rows=((1, 8, 1, 1), (6, 16, 2, 2)), classes=3)
KEY = "features.2.conv.0.0.weight"


def network():
    return build(unroll(TINY)).eval()


@pytest.fixture
def state():
    made = network()
    names = torchvision_names(made)
    return {
        f"{names[key.rpartition('.')[0]]}.{key.rpartition('.')[2]}": value.clone(memory_format=torch.contiguous_format)
        for key, value in made.state_dict().items()
    }


def read(path, content):
    torch.save(content, path)
    return read_weights(path)


WRAPPED = {
    "plain": lambda s: s,
    "nested": lambda s: {"epoch": 3, "state_dict": s},
    "model": lambda s: {"model": s, "optimizer": {"state": {}, "lr": 0.1}, "args": {"a": 1}},
    "another name": lambda s: {"best": s, "epoch": 3},
    "with averages": lambda s: {"state_dict": s, "state_dict_ema": {k: v * 0 for k, v in s.items()}},
    "nested twice": lambda s: {"checkpoint": {"model": s}, "epoch": 3},
    "nested three times": lambda s: {"a": {"b": {"state_dict": s}}, "optimizer": {"state": {}}},
    "of a wrapper": lambda s: {f"backbone.{k}": v for k, v in s.items()},
    "of wrappers": lambda s: {"state_dict": {f"net.encoder.module.{k}": v for k, v in s.items()}},
    "parallel": lambda s: {f"module.{k}": v for k, v in s.items()},
    "compiled": lambda s: {f"_orig_mod.{k}": v for k, v in s.items()},
    "compiled parallel": lambda s: {f"module._orig_mod.{k}": v for k, v in s.items()},
    "nested parallel": lambda s: {"state_dict": {f"module.{k}": v for k, v in s.items()}},
}


@pytest.mark.parametrize("how", WRAPPED)
def test_a_state_dict_is_found_in_its_wrapping(how, state, tmp_path):
    found = read(tmp_path / "w.pth", WRAPPED[how](state))
    assert found.keys() == state.keys() and all(torch.equal(found[key], state[key]) for key in state)
    load_torchvision_state_dict(network(), found)


def test_the_content_counts_and_not_the_suffix(state, tmp_path):
    save_file(state, tmp_path / "w.pth")
    torch.save(state, tmp_path / "w.safetensors")
    assert read_weights(tmp_path / "w.pth").keys() == read_weights(tmp_path / "w.safetensors").keys() == state.keys()


def test_several_state_dicts_or_none_are_refused(state, tmp_path):
    with pytest.raises(Problem, match="holds several state dicts, first, second: save the one to use"):
        read(tmp_path / "w.pth", {"first": state, "second": state})
    with pytest.raises(Problem, match="several state dicts"):
        read(tmp_path / "w.pth", {"model": state, "state_dict": state})
    for content in ({}, [], {"epoch": 3}, {1: torch.zeros(2)}, torch.zeros(3)):
        with pytest.raises(Problem, match="not a mapping of names to tensors"):
            read(tmp_path / "w.pth", content)


@pytest.mark.parametrize("suffix", ["pth", "safetensors"])
@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:7\nsize 1\n", "is a pointer of Git LFS"),
        (b"\r\n<!DOCTYPE html><html>404", "is an HTML page"),
        (b"<HTML>", "is an HTML page"),
        (b"PK\x03\x04", "cannot be read as weights"),
        (b"\x80", "cannot be read as weights"),
        (b"\x02\0\0\0\0\0\0\0{}", "nothing"),
        (b"\xff\xff\xff\xff\xff\xff\xff\x7f{", "cannot be read as weights"),
        (b"\x05\0\0\0\0\0\0\0{", "cannot be read as weights"),
        (b"\0" * 40, "is neither of torch.save nor of safetensors"),
        (b'{"error": "Entry not found"}', "neither of torch.save nor of safetensors .it begins with"),
        (b"404: Not Found", "neither of torch.save nor of safetensors"),
        (b"\x1f\x8b\x08\0", "neither of torch.save nor of safetensors"),
        (b"\xef\xbb\xbfversion https://git-lfs.github.com/spec/v1\n", "is a pointer of Git LFS"),
        (b"version https://hawser.github.com/spec/v1\n", "is a pointer of Git LFS"),
        (b"<!-- a --><html>sign in", "is an HTML page"),
    ],
)
def test_files_that_are_something_else_are_one_line(tmp_path, content, words, suffix):
    path = tmp_path / f"w.{suffix}"
    path.write_bytes(content)
    if words == "nothing":
        assert read_weights(path) == {}
        return
    with pytest.raises(Problem, match=words) as raised:
        read_weights(path)
    assert str(path) in str(raised.value) and "\n" not in str(raised.value)


@pytest.mark.parametrize("kind", [torch.float64, torch.float16, torch.bfloat16])
def test_other_floating_types_are_converted(kind, state):
    made = network()
    load_torchvision_state_dict(made, {k: v.to(kind) if v.is_floating_point() else v for k, v in state.items()})
    key = next(key for key, value in made.state_dict().items() if value.ndim == 4)
    assert made.state_dict()[key].dtype == torch.float32


UNUSABLE = {
    "int8": (lambda v: (v * 100).to(torch.int8), "is of int8 without a scale"),
    "uint8": (lambda v: (v * 100).to(torch.uint8), "is of uint8 without a scale"),
    "int32": (lambda v: v.to(torch.int32), "is of int32 without a scale"),
    "bool": (lambda v: v > 0, "is of bool without a scale"),
    "float8": (lambda v: v.to(torch.float8_e4m3fn), "is of float8_e4m3fn without a scale"),
    "complex": (lambda v: v.to(torch.complex64), "is of complex64 without a scale"),
    "nan": (lambda v: v * torch.nan, "values that are not finite"),
    "one infinite": (lambda v: v.index_fill(0, torch.tensor([0]), torch.inf), "values that are not finite"),
    "meta": (lambda v: v.to("meta"), "has no values"),
    "sparse": (lambda v: v.to_sparse(), "is sparse"),
}


def test_what_float32_cannot_hold_and_negative_variances_are_named(state):
    for key, value, words in (
        (KEY, state[KEY].double() + 1e200, "values that are not finite"),
        ("features.0.1.running_var", state["features.0.1.running_var"] - 3, "values below 0"),
    ):
        with pytest.raises(Problem, match=f"{key} has .* {words}"):
            load_torchvision_state_dict(network(), state | {key: value})


@pytest.mark.parametrize("how", UNUSABLE)
@pytest.mark.parametrize("key", [KEY, "classifier.1.weight", "features.0.1.running_mean"])
def test_numbers_that_cannot_be_used_are_named(how, key, state):
    change, words = UNUSABLE[how]
    with pytest.raises(Problem, match=f"{key} {words}|{key} has . of .* {words}|{key} has .*{words}"):
        load_torchvision_state_dict(network(), state | {key: change(state[key])})


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("channels", [False, True])
def test_quantised_tensors_have_the_values_of_their_scales(channels, state, tmp_path):
    value = state[KEY]
    scales = torch.full((len(value),), float(value.abs().max()) / 127)
    zeros = torch.zeros(len(value), dtype=torch.int64)
    quantised = (
        torch.quantize_per_channel(value, scales, zeros, 0, torch.qint8)
        if channels
        else torch.quantize_per_tensor(value, float(scales[0]), 0, torch.qint8)
    )
    made = network()
    load_torchvision_state_dict(made, read(tmp_path / "w.pth", state | {KEY: quantised}))
    ours = next(name for name, theirs in torchvision_names(made).items() if f"{theirs}.weight" == KEY)
    assert torch.equal(made.state_dict()[f"{ours}.weight"], quantised.dequantize())
    assert (made.state_dict()[f"{ours}.weight"] - value).abs().max() <= scales[0]
