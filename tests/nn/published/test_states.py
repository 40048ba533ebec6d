"""State dicts of torchvision and timm: the library and the network follow from names and shapes."""

from pathlib import Path

import pytest
import torch
from published_files import trained

from analysis.arch import preset
from analysis.nn.published.kinds import IMAGENET_PIXELS
from analysis.nn.published.states import layout_of, read_state
from analysis.nn.weights import timm_names, timm_variant, torchvision_names
from analysis.problem import Problem


def state(variant, names):
    network = trained(variant)
    table = names(network)
    return {f"{table[k.rpartition('.')[0]]}.{k.rpartition('.')[2]}": v for k, v in network.state_dict().items()}


@pytest.mark.parametrize(
    ("variant", "names", "layout"),
    [
        (preset("imagenet", width=0.35, classes=10), torchvision_names, "torchvision"),
        (timm_variant("mobilenetv2_050"), timm_names, "timm"),
        (timm_variant("mobilenetv2_110d"), timm_names, "timm"),
    ],
)
def test_the_network_follows_from_the_shapes(variant, names, layout):
    made = state(variant, names)
    assert layout_of(made) == layout and layout_of({"a": torch.zeros(1)}) is None
    published = read_state(made, layout, None, Path("w.pt"))
    assert published.variant == variant and published.pixels == IMAGENET_PIXELS and not published.background


def test_what_does_not_fit_names_file_and_tensor():
    made = state(preset("imagenet", width=0.35), torchvision_names)
    made["features.1.conv.0.0.weight"] = torch.zeros(7, 1, 3, 3)
    with pytest.raises(Problem, match=r"w.pt: features.0.0.weight is of shape \(16, 3, 3, 3\), not \(32, 3, 3, 3\)"):
        read_state(made, "torchvision", None, Path("w.pt"))
