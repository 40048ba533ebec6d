"""MobileNetV2 unrolls to the paper's Table 2 and to what each axis promises."""

import pytest

from analysis.arch import label, parse_variant, preset, unroll
from analysis.arch.mobilenet_v2 import MobileNetV2
from analysis.cost import count
from analysis.problem import Problem


def test_table_2_shapes():
    blocks = unroll(preset("imagenet")).blocks
    assert [block.name for block in blocks] == [
        "stem",
        *(f"bottleneck{i}" for i in range(1, 18)),
        "last",
        "head",
    ]
    assert [block.body.shape for block in blocks if block.name in ("stem", "bottleneck1", "bottleneck17", "last")] == [
        (32, 112, 112),
        (16, 112, 112),
        (320, 7, 7),
        (1280, 7, 7),
    ]


# Published are 3,504,872 parameters (`num_params` in torchvision, models/mobilenetv2.py), and 300 and 582 million
# multiply-adds (`analysis/reference/slim_mobilenet_v2.csv`). The other digits, and brief, are ours and stay.
@pytest.mark.parametrize(
    ("name", "axes", "madds", "params"),
    [
        ("imagenet", {}, 300_774_272, 3_504_872),
        ("imagenet", {"width": 1.4}, 582_195_824, None),
        ("brief", {}, 3_157_568, 59_610),
    ],
)
def test_counts_are_those_published_and_stay(name, axes, madds, params):
    cost = count(unroll(preset(name, **axes)))
    assert cost.madds == madds
    assert params is None or cost.params == params


@pytest.mark.parametrize(
    ("last_width", "width", "channels"),
    [("at_least_one", 0.5, 1280), ("at_least_one", 1.4, 1792), ("scaled", 0.5, 640), ("fixed", 1.4, 1280)],
)
def test_whether_the_multiplier_reaches_the_last_convolution(last_width, width, channels):
    assert preset("imagenet", width=width, last_width=last_width).last_channels == channels


def test_text_states_every_axis_and_reads_back():
    variant = preset("cifar", width=0.5, projection="relu", rounding="truncate", resolution=(32, 24))
    assert parse_variant(variant.text) == variant
    assert parse_variant(variant.text).text == variant.text
    assert "dropout=0.0" in variant.text


def test_one_network_has_one_text():
    stated = MobileNetV2(expansion=6, width=1, rows=((6, 8, 2, 1),))
    constant = MobileNetV2(expansion=6.0, width=1.0, rows=((None, 8, 2, 1),))
    assert stated.text == constant.text


def test_label_names_the_preset_and_what_differs():
    assert label(preset("brief")) == "brief"
    assert label(preset("cifar", width=0.35, projection="relu6")) == "cifar width=0.35 projection=relu6"


@pytest.mark.parametrize(
    ("axes", "message"),
    [
        ({"projection": "relu66"}, "did you mean 'relu6'"),
        ({"shortcut": "both"}, "known are bottleneck, expansion"),
        ({"expansion": -1}, "expansion -1 is not a number of at least 0"),
        ({"expansion": float("nan")}, "expansion nan"),
        ({"width": 0}, "width 0 is not a number above 0"),
        ({"kernel": 4}, "kernel 4 is not odd: use 3 or 5"),
        ({"classes": 2.5}, "classes 2.5 is not a whole number"),
        ({"rows": ((6, 8, 2),)}, "(t, c, n, s)"),
        ({"features": (9,)}, "not stages 0 to 2"),
        ({"expansion": 0, "shortcut": "none"}, "use shortcut='bottleneck', not 'none'"),
        ({"widht": 1}, "did you mean 'width'"),
    ],
)
def test_unknown_values_are_named(axes, message):
    with pytest.raises(Problem) as caught:
        preset("brief", **axes)
    assert message in str(caught.value)


def test_unknown_family_and_preset_are_refused():
    with pytest.raises(Problem, match="did you mean 'mobilenet_v2'"):
        parse_variant("mobilenet_v22()")
    with pytest.raises(Problem, match="known are imagenet, cifar, brief"):
        preset("large")


def test_backbone_returns_the_stages_asked_for():
    plan = unroll(preset("imagenet", features=(1, 2, 4, 6), rounding="truncate"))
    assert [plan.shapes[name] for name in plan.outputs] == [
        (24, 56, 56),
        (32, 28, 28),
        (96, 14, 14),
        (1280, 7, 7),
    ]
