"""Whole images through a network, at one size or several, scored at the size of their masks."""

import numpy as np
import pytest
import torch
from scenes import CLASSES, write_scenes

from analysis.arch import unroll
from analysis.arch.deeplab import DeepLabV3, passes
from analysis.arch.mobilenet_v1 import MobileNetV1
from analysis.arch.mobilenet_v2 import MobileNetV2
from analysis.data.masks import Scenes, load_segmentation
from analysis.nn import build, initialise
from analysis.tasks.segmentation.evaluate import at_size, evaluate, packed, predict, sharing, show, unpacked

ROWS = ((1, 8, 1, 1), (3, 16, 1, 2), (3, 24, 2, 2), (3, 32, 2, 2))  # total stride 16
SIZE = (48, 64)
TINY = DeepLabV3(MobileNetV2(resolution=SIZE, stem=8, rows=ROWS, rounding=1), output_stride=8, depth=16, classes=3)


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    torch.set_num_threads(1)
    return load_segmentation(write_scenes(tmp_path_factory.mktemp("data"), size=SIZE), SIZE, CLASSES)


@pytest.fixture
def network():
    """With scores that differ from class to class."""
    made = build(unroll(TINY))
    initialise(made, 3)
    with torch.no_grad():
        made.get_submodule("head.logits").bias.copy_(torch.tensor([0.1, -0.1, 0.0]))
    return made


@pytest.mark.parametrize("trunk", [MobileNetV2(width=0.1), MobileNetV1(width=0.1)])
@pytest.mark.parametrize("output_stride", [8, 16])
@pytest.mark.parametrize("aspp", [False, True])
def test_atrous_maps_have_the_output_stride_and_scores_the_size_of_the_image(trunk, output_stride, aspp):
    variant = at_size(DeepLabV3(trunk, output_stride, aspp, 8, 3), (48, 64))
    network = build(unroll(variant))
    initialise(network, 0)
    maps = network.eval().intermediates(torch.randn(1, 3, 48, 64), ["head.logits", "head.resize"])
    assert maps["head.logits"].shape == (1, 3, 48 // output_stride, 64 // output_stride)
    assert maps["head.resize"].shape == (1, 3, 48, 64)


def test_sizes_and_mirror_images_are_averaged_as_probabilities(network, data):
    variants = passes(TINY, (0.5, 1.0, 1.5))[::2]
    networks = sharing(network, variants)
    assert [n.plan.image[1:] for n in networks] == [(24, 32), (48, 64), (71, 95)]
    places = {n.get_parameter("head.logits.bias").data_ptr() for n in [network, *networks]}
    assert len(places) == 1  # one memory
    scenes = Scenes(data.validation.images, [np.zeros((96, 128), np.uint8)] * 2)  # masks of twice the working size
    found = np.stack(list(predict(networks, scenes, data, mirror=True, batch=1)))
    assert found.shape == (2, 96, 128)
    images = torch.from_numpy(data.validation.images).permute(0, 3, 1, 2).float()
    images = (images - torch.tensor(data.mean)[:, None, None]) / torch.tensor(data.std)[:, None, None]
    total = torch.zeros(2, 3, 96, 128)
    with torch.no_grad():
        for each, variant in zip(networks, variants, strict=True):
            seen = torch.nn.functional.adaptive_avg_pool2d(images, variant.size)
            for turn in (lambda x: x, lambda x: x.flip(3)):
                scores = turn(each.eval()(turn(seen)))
                total += torch.nn.functional.interpolate(scores, (96, 128), mode="bilinear").softmax(1)
    assert (found == total.argmax(1).numpy()).mean() > 0.999  # ties apart


def test_the_confusion_matrix_counts_every_pixel_with_a_class(network, data):
    matrix = evaluate([network], data.validation, data)
    truth, found = np.stack(data.validation.masks), np.stack(list(predict([network], data.validation, data)))
    assert matrix.shape == (3, 3)
    for t in range(3):
        assert matrix[t].tolist() == [int(((truth == t) & (found == p)).sum()) for p in range(3)]
    assert matrix.sum() == (truth < 3).sum() < truth.size


def test_what_is_shown_is_the_prediction_at_the_working_size(network, data):
    scenes = Scenes(data.train_images, [np.zeros((96, 128), np.uint8)] * 10)  # masks of twice the working size
    shown = show(network, scenes, data)
    assert [each.place for each in shown] == [1, 5, 8]
    small = list(predict([network], scenes, data))
    for each in shown:
        assert np.array_equal(unpacked(each.mask), small[each.place][1::2, 1::2])


def test_a_mask_is_packed_without_loss():
    mask = np.random.default_rng(0).integers(0, 12, (24, 32), np.uint8)
    assert np.array_equal(unpacked(packed(mask)), mask)
