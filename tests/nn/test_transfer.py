"""A trunk starts from the layers that a trained classifier shares with it."""

import pytest
import torch

from analysis.arch import parse_variant, preset, unroll
from analysis.arch.deeplab import DeepLabV3
from analysis.arch.mobilenet_v2 import TABLE_2
from analysis.nn import build, initialise
from analysis.nn.checkpoint import Origin, save_checkpoint
from analysis.nn.transfer import start_from
from analysis.problem import Problem

CLASSIFIER = preset("imagenet", width=0.1, resolution=32, classes=5)
WIDER = (*TABLE_2[:-1], (6, 640, 1, 1))  # the last block twice as wide
SEGMENTER = DeepLabV3(preset("imagenet", width=0.1, resolution=33, rows=WIDER), depth=8)


def checkpoint(tmp_path, stage="trained"):
    network = build(unroll(CLASSIFIER))
    initialise(network, 7)
    return network, save_checkpoint(
        tmp_path / "c.safetensors", network, Origin(CLASSIFIER.text, "r", "cifar10", "d", 7, stage)
    )


def test_what_fits_is_copied_and_nothing_else(tmp_path):
    classifier, path = checkpoint(tmp_path)
    network = build(unroll(SEGMENTER))
    initialise(network, 0)
    before = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    start = start_from(network, path)
    theirs = classifier.state_dict()
    assert start.origin.seed == 7
    assert "bottleneck2.project.conv.weight" in start.copied
    assert "bottleneck17.project.conv.weight" not in start.copied  # of another width
    assert not any(name.startswith("head.") for name in start.copied)
    for name, tensor in network.state_dict().items():
        assert torch.equal(tensor, theirs[name] if name in start.copied else before[name])


def test_initial_weights_and_a_trunk_that_shares_no_layer_are_refused(tmp_path):
    network = build(unroll(SEGMENTER))
    with pytest.raises(Problem, match="holds initial weights; name a checkpoint of trained ones"):
        start_from(network, checkpoint(tmp_path, "initial")[1])
    other = build(unroll(parse_variant("deeplab_v3(backbone=mobilenet_v1(width=0.1, resolution=33), depth=8)")))
    with pytest.raises(Problem, match="no layer of .* fits"):
        start_from(other, checkpoint(tmp_path)[1])
