"""Published weights in the trunk of another network: it computes what the file's does, whatever the layout."""

from dataclasses import replace

import pytest
import torch
from published_files import write_layout

from analysis.arch import preset, unroll
from analysis.arch.deeplab import DeepLabV3
from analysis.arch.mobilenet_v1 import MobileNetV1
from analysis.arch.mobilenet_v2 import MobileNetV2
from analysis.nn import build, initialise
from analysis.nn.published.kinds import Pixels
from analysis.nn.published.read import LAYOUTS, read_published
from analysis.nn.published.trunk import begin_from, check_trunk
from analysis.problem import Problem

FILE = MobileNetV2(width=0.1, resolution=64, classes=1001)
LAST = "bottleneck17.project.norm"


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("files")
    for layout in LAYOUTS:
        write_layout(folder / layout, layout, FILE)
    return folder


def begun(path, pixels=None, images=None, padding=None):
    """The file, and a network of ten classes whose trunk has begun with it."""
    published = read_published(path)
    variant = MobileNetV2(width=0.1, resolution=64, classes=10, padding=padding or published.variant.padding)
    network = build(unroll(variant))
    initialise(network, 3)
    said = begin_from(network, variant, published, pixels or published.pixels, [] if images is None else [images])
    return published, network.eval(), said


def pixels_of(count=4):
    return torch.randint(0, 256, (count, 3, 64, 64), generator=torch.Generator().manual_seed(0)).float()


def normal(pixels, how):
    mean, std = (torch.tensor(each)[:, None, None] for each in how)
    return (pixels - mean) / std


@torch.inference_mode()
@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_trunk_computes_what_the_file_does(layout, files):
    published = read_published(files / layout)
    images = normal(pixels_of(), published.pixels)
    _, network, said = begun(files / layout, images=images)
    theirs = LAST if not published.folded else "bottleneck17.project.conv"
    expected = published.at(64).network().intermediates(images, [theirs])[theirs]
    found = network.intermediates(images, [LAST])[LAST]
    torch.testing.assert_close(found, expected, rtol=1e-3, atol=1e-3 * expected.abs().max().item())
    assert said.startswith("260 tensors of mobilenet_v2(width=0.1")
    assert ("norms set apart" in said) == (layout == "tflite") and "padding" not in said.partition("published")[2]
    head = network.state_dict()["head.linear.weight"]
    assert head.shape == (10, 1280) and not torch.equal(head, published.state["head.linear.weight"][:10])


@torch.inference_mode()
@pytest.mark.parametrize("layout", ["keras", "tflite"])
def test_a_trunk_reads_the_pixels_of_the_data(layout, files):
    """The stem, away from the zeros around the map: the same values from other inputs."""
    ours = Pixels((100.0, 120.0, 90.0), (50.0, 60.0, 70.0))
    pixels = pixels_of()
    published, network, _ = begun(files / layout, ours, normal(pixels_of(2), ours))
    name = "stem.activation"
    expected = published.at(64).network().intermediates(normal(pixels, published.pixels), [name])[name]
    found = network.intermediates(normal(pixels, ours), [name])[name]
    inner = ..., slice(1, -1), slice(1, -1)
    torch.testing.assert_close(found[inner], expected[inner], rtol=1e-3, atol=1e-3)
    assert (found - expected).abs().max() > 1e-2  # its zeros are another grey


@torch.inference_mode()
def test_norms_that_were_set_apart_keep_their_channels_apart_in_training(files):
    """With the identity in their place, a training's own norms would make every channel equally wide."""
    published = read_published(files / "tflite")
    images = normal(pixels_of(16), published.pixels)
    _, network, _ = begun(files / "tflite", images=images)
    name = "stem.activation"
    calm = network.intermediates(images, [name])[name]
    batch = network.train().intermediates(images, [name])[name]
    torch.testing.assert_close(batch, calm, rtol=1e-3, atol=1e-3)
    scales = network.get_submodule("stem.norm").weight
    assert scales.max() > 1.2 * scales.min()


def test_another_padding_is_stated(files):
    said = begun(files / "keras", padding="symmetric")[2]
    assert said.endswith("trained with padding one_sided, continued with symmetric")


@pytest.mark.parametrize(
    ("variant", "said"),
    [
        (preset("cifar"), r"stem.conv is 8 x 3 x 3 x 3 in the file \(width 0.1\) and 32 x 3 x 3 x 3 in the trunk"),
        (replace(preset("cifar", width=0.1), expansion=3), "bottleneck2.expand.conv is 48 x 8 x 1 x 1 in the file"),
        (MobileNetV1(width=0.25), "trunk is a mobilenet_v1, the weights are those of a MobileNetV2"),
        (DeepLabV3(MobileNetV1(width=0.25), depth=8), "trunk is a mobilenet_v1"),
        (MobileNetV2(width=0.1, rows=(*FILE.rows, (6, 320, 1, 1))), "the file has no bottleneck18.expand.conv"),
    ],
)
def test_what_does_not_fit_is_named(variant, said, files):
    with pytest.raises(Problem, match=said):
        check_trunk(variant, read_published(files / "torchvision"))


def test_what_fits_is_let_through(files):
    published = read_published(files / "keras")
    for variant in (preset("cifar", width=0.1, projection="relu6"), DeepLabV3(replace(FILE, resolution=65), depth=8)):
        check_trunk(variant, published)
