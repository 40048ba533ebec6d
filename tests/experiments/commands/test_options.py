"""The options that choose a network name a variant, or say what does not fit."""

import pytest

from analysis.arch import parse_variant
from analysis.problem import Problem
from experiments.commands.options import Network


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({}, "mobilenet_v2()"),
        ({"family": "shufflenet_v1", "groups": 8, "width": 0.5}, "shufflenet_v1(groups=8, width=0.5)"),
        ({"family": "plain", "classes": 10}, "plain(classes=10)"),
        ({"head": "ssdlite"}, "ssd(lite=True)"),
        ({"head": "ssd", "family": "mobilenet_v1"}, "ssd(backbone=mobilenet_v1(resolution=320))"),
        ({"head": "deeplab_v3", "output_stride": 8, "aspp": False}, "deeplab_v3(output_stride=8, aspp=False)"),
        (
            {"head": "deeplab_v3", "resolution": 257, "classes": 5},
            "deeplab_v3(backbone=mobilenet_v2(resolution=257), classes=5)",
        ),
        ({"variant": "mobilenet_v2(stem=16)", "kernel": 5}, "mobilenet_v2(stem=16, kernel=5)"),
    ],
)
def test_options_name_a_variant(options, text):
    assert Network(**options).choose() == parse_variant(text)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"family": "mobilenet"}, "did you mean 'mobilenet_v"),
        ({"family": "plain", "groups": 3}, "unknown axis of plain 'groups'"),
        ({"family": "shufflenet_v1", "groups": 5}, "known are 1, 2, 3, 4, 8"),
        ({"family": "shufflenet_v1", "head": "ssd"}, "none of MobileNetV1, MobileNetV2"),
        ({"head": "ssd", "aspp": False}, "belong to --head deeplab_v3"),
        ({"preset": "brief", "family": "plain"}, "choose one of"),
    ],
)
def test_options_that_do_not_fit_are_named(options, message):
    with pytest.raises(Problem) as caught:
        Network(**options).choose()
    assert message in str(caught.value)
