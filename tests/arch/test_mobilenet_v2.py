"""MobileNetV2 unrolls to the paper's Table 2, and each axis changes what it is documented to change."""

import pytest

from analysis.arch import label, parse_variant, preset, unroll
from analysis.arch.channels import scale
from analysis.arch.mobilenet_v2 import MobileNetV2
from analysis.cost import count
from analysis.problem import Problem


def shortcuts(variant) -> int:
    return sum(op.name.endswith((".shortcut", ".join")) for op in unroll(variant).operations)


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


@pytest.mark.parametrize(
    ("name", "axes", "madds", "params"),
    [
        ("imagenet", {}, 300_774_272, 3_504_872),
        ("imagenet", {"width": 1.4}, 582_195_824, None),
        ("brief", {}, 3_157_568, 59_610),
    ],
)
def test_published_counts(name, axes, madds, params):
    cost = count(unroll(preset(name, **axes)))
    assert cost.madds == madds
    assert params is None or cost.params == params


def test_expansion_applies_to_the_input_channels():
    """Section 4: 64 -> 128 channels at factor 6 have 384 inner channels."""
    variant = MobileNetV2(rows=((6, 64, 1, 1), (6, 128, 1, 1)), stem=16, stem_stride=1, resolution=8)
    shapes = unroll(variant).shapes
    assert shapes["bottleneck2.expand.conv"] == (384, 8, 8)
    assert shapes["bottleneck2.project.conv"] == (128, 8, 8)


def test_the_first_block_has_no_expansion_convolution():
    operations = [op.name for op in unroll(preset("imagenet")).operations]
    assert "bottleneck1.depthwise.conv" in operations
    assert "bottleneck1.expand.conv" not in operations


def test_expansion_zero_is_the_identity_where_there_is_a_shortcut():
    blocks = {block.name: block for block in unroll(preset("brief", expansion=0)).blocks}
    assert blocks["bottleneck2"].body.operations == ()
    assert blocks["bottleneck2"].output == blocks["bottleneck1"].output
    assert blocks["bottleneck3"].body.operations  # changes shape, so it has no shortcut to keep


def test_number_of_shortcuts_of_each_placement():
    counted = {s: shortcuts(preset("brief", shortcut=s)) for s in ("bottleneck", "expansion", "none")}
    assert counted == {"bottleneck": 11, "expansion": 10, "none": 0}
    assert shortcuts(preset("brief", shortcut="expansion_after_depthwise")) == 11
    assert shortcuts(preset("brief", shortcut="bottleneck_matched")) == counted["expansion"]


@pytest.mark.parametrize("shortcut", ["expansion", "expansion_after_depthwise", "bottleneck_matched", "none"])
def test_placement_costs_nothing(shortcut):
    base, other = (count(unroll(preset("brief", shortcut=s))) for s in ("bottleneck", shortcut))
    assert (base.madds, base.params) == (other.madds, other.params)


def test_projection_acts_before_or_after_the_addition():
    def order(projection):
        names = [op.name for op in unroll(preset("brief", projection=projection)).operations]
        return [name for name in names if name.startswith("bottleneck2.")][-2:]

    assert order("relu6") == ["bottleneck2.project.activation", "bottleneck2.shortcut"]
    assert order("relu6_after_addition") == ["bottleneck2.shortcut", "bottleneck2.projection"]


@pytest.mark.parametrize(
    ("last_width", "width", "channels"),
    [("at_least_one", 0.5, 1280), ("at_least_one", 1.4, 1792), ("scaled", 0.5, 640), ("fixed", 1.4, 1280)],
)
def test_whether_the_multiplier_reaches_the_last_convolution(last_width, width, channels):
    assert preset("imagenet", width=width, last_width=last_width).last_channels == channels


def test_rounding_never_goes_below_nine_tenths():
    assert scale(32, 0.35) == 16  # 11.2 would round to 8, which is below 0.9 of 11.2
    assert scale(24, 0.5) == 16
    assert scale(24, 0.5, "truncate") == 12
    assert all(scale(c, w / 100) >= 0.9 * c * w / 100 for c in range(8, 321, 8) for w in range(10, 200, 5))


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


def test_a_resolution_that_the_strides_do_not_allow_is_refused():
    with pytest.raises(Problem, match="resolution 97 is not a multiple of the total stride 32: use 96, for example"):
        unroll(preset("imagenet", resolution=97))


@pytest.mark.parametrize(
    "text", ["mobilenet_v2(width=1", "mobilenet_v2(1.0)", "f(x)(y)", "mobilenet_v2(width=open('x'))"]
)
def test_a_text_of_another_form_is_refused(text):
    with pytest.raises(Problem):
        parse_variant(text)


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


def test_backbone_ends_where_its_last_feature_does():
    blocks = unroll(preset("imagenet", features=(0, 2))).blocks
    assert blocks[-1].name == "bottleneck6"
    assert unroll(preset("imagenet", features=(5,))).blocks[-1].name == "bottleneck16"
