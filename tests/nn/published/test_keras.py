"""Keras's files as networks: both spellings, nested groups, TensorFlow's padding and epsilon, refusals in one line."""

import json
from dataclasses import replace

import numpy as np
import pytest
import torch
from published_files import SMALL, keras_arrays, trained, write_keras

from analysis.arch.mobilenet_v2 import MobileNetV2
from analysis.nn.published.keras import EPSILON, keras_names, name_today, read_keras, read_layers
from analysis.problem import Problem

FEATURES = replace(SMALL, features=(2,), classes=1000)
WHOLE = MobileNetV2(width=0.35, resolution=96, padding="one_sided")
SPELLINGS = {
    "whole model": {},
    "weights alone": {"group": "{layer}/{layer}"},
    "nested": {"group": "model_weights/outer/inner/{layer}"},
    "without a number": {"suffix": ""},
    "a model in a model": {"group": "model_weights/mobilenetv2_0.35_96/{layer}", "suffix": ""},
}


def stored(variant):
    network = trained(variant)
    return network, keras_arrays(network, keras_names(variant))


def older(name, numbers=2):
    """A layer's name in the files that Keras downloads, or with one number in still older networks."""
    block, _, part = name.removesuffix("_BN").rpartition("_")
    if part not in ("expand", "depthwise", "project"):
        return name
    index = "0" if block == "expanded_conv" else block.removeprefix("block_")
    conv = f"conv_{index}" if numbers == 2 else "conv"
    bn = "" if numbers == 1 and part == "depthwise" else "bn_"
    return f"bn{index}_{conv}_{bn}{part}" if name.endswith("_BN") else f"mobl{index}_{conv}_{part}"


@pytest.mark.parametrize("numbers", [1, 2])
def test_names_of_older_files_are_the_same_network(numbers, tmp_path):
    """As ..._tf_dim_ordering_tf_kernels_0.75_192.h5 and _no_top.h5 have them, with Logits as classifier."""
    small = replace(WHOLE, width=0.1, resolution=192)
    for variant in (small, replace(small, features=(6,))):
        _, arrays = stored(variant)
        names = {key: key.partition("/")[0].replace("predictions", "Logits") for key in arrays}
        old = {f"{older(names[key], numbers)}/{key.partition('/')[2]}": value for key, value in arrays.items()}
        assert ("mobl3_conv_3_expand/kernel" in old) == (numbers == 2) and "mobl0_conv_0_expand/kernel" not in old
        top = "" if not variant.features else "_no_top"
        path = tmp_path / f"mobilenet_v2_weights_tf_dim_ordering_tf_kernels_0.1_192{top}.h5"
        published = read_keras(write_keras(path, old, "{layer}/{layer}"))
        expected = read_keras(write_keras(tmp_path / "a_192.h5", arrays))
        assert published.variant == expected.variant == variant and published.left_out == ()
        assert all(torch.equal(published.state[key], value) for key, value in expected.state.items())
        assert published.classifies != bool(variant.features)


@pytest.mark.parametrize(
    ("old", "today"),
    [
        ("bn0_conv_0_bn_depthwise", "expanded_conv_depthwise_BN"),
        ("mobl16_conv_16_project", "block_16_project"),
        ("bn2_conv_depthwise", "block_2_depthwise_BN"),
        ("bn12_conv_bn_expand", "block_12_expand_BN"),
        ("mobl1_conv_expand", "block_1_expand"),
        ("Logits", "predictions"),
        ("Conv_1_bn", "Conv_1_bn"),
        ("mobl1", "mobl1"),
    ],
)
def test_names_of_today(old, today):
    assert name_today(old) == today


@pytest.mark.parametrize("how", SPELLINGS)
def test_every_spelling_is_the_same_network(how, tmp_path):
    network, arrays = stored(FEATURES)
    path = write_keras(tmp_path / "a.h5", arrays, **SPELLINGS[how])
    published = read_keras(path, FEATURES)
    assert published.left_out == () and not published.classifies
    ours = network.state_dict()
    for key, value in published.state.items():
        more = EPSILON - 1e-5 if key.endswith("running_var") else 0.0
        torch.testing.assert_close(value, ours[key] + more)


def test_layers_of_another_head_are_named_and_left_out(tmp_path):
    _, arrays = stored(replace(WHOLE, features=(6,)))
    arrays["dense_Dense1/kernel"] = np.zeros((1280, 2), np.float32)
    published = read_keras(write_keras(tmp_path / "x.h5", arrays))
    assert published.left_out == ("dense_Dense1",) and "without dense_Dense1" in published.said
    assert published.variant.resolution == 224


def test_the_file_says_side_and_epsilon(tmp_path):
    _, arrays = stored(replace(WHOLE, features=(6,)))
    layers = [
        {"class_name": "InputLayer", "config": {"name": "i", "batch_input_shape": [None, 128, 128, 3]}},
        {"class_name": "BatchNormalization", "config": {"name": "bn_Conv1_BN", "epsilon": 0.01}},
    ]
    config = json.dumps({"class_name": "Functional", "config": {"name": "m", "layers": layers}})
    path = write_keras(tmp_path / "x.h5", arrays, config=config)
    published = read_keras(path)
    assert published.variant.resolution == 128
    plain = torch.from_numpy(arrays["bn_Conv1/moving_variance"])
    torch.testing.assert_close(published.state["stem.norm.running_var"], plain + (0.01 - 1e-5))
    assert read_layers(path).configurations["bn_Conv1_BN"]["epsilon"] == 0.01


def refuse(path, match, variant=None):
    with pytest.raises(Problem, match=match) as caught:
        read_keras(path, variant)
    assert "\n" not in str(caught.value)


def test_what_does_not_fit_names_tensor_and_shape(tmp_path):
    _, arrays = stored(FEATURES)
    missing = {key: value for key, value in arrays.items() if key != "block_1_expand_BN/gamma"}
    refuse(write_keras(tmp_path / "a.h5", missing), "lacks block_1_expand_BN/gamma", FEATURES)
    wide = replace(FEATURES, last=32)
    refuse(write_keras(tmp_path / "b.h5", arrays), r"Conv_1/kernel is of shape \(24, 16, 1, 1\), not \(32, 16", wide)
    refuse(write_keras(tmp_path / "b2.h5", arrays), "no width of MobileNetV2: name the network with --variant")
    whole = arrays | {"Conv1/kernel": arrays["Conv1/kernel"].astype(np.int8)}
    refuse(write_keras(tmp_path / "c.h5", whole), "Conv1/kernel is of int8 without a scale", FEATURES)
    endless = arrays | {"bn_Conv1/beta": arrays["bn_Conv1/beta"] * np.inf}
    refuse(write_keras(tmp_path / "d.h5", endless), "values that are not finite", FEATURES)
    refuse(write_keras(tmp_path / "e.h5", {"a/b": np.zeros(3)}), "does not name its layers")


def test_damaged_files_are_one_line(tmp_path):
    _, arrays = stored(FEATURES)
    whole = write_keras(tmp_path / "a.h5", arrays).read_bytes()
    for name, content in {"cut": whole[:5000], "zeros": whole[:600] + bytes(len(whole) - 600)}.items():
        (tmp_path / name).write_bytes(content)
        refuse(tmp_path / name, "cannot be read as HDF5|does not name its layers|lacks", FEATURES)


def test_two_layers_of_one_name_are_refused(tmp_path):
    import h5py

    _, arrays = stored(FEATURES)
    path = write_keras(tmp_path / "a.h5", arrays)
    with h5py.File(path, "a") as file:
        file["model_weights/other/Conv1/kernel"] = np.zeros((3, 3, 3, 8), np.float32)
    refuse(path, "two layers called Conv1", FEATURES)
