"""A layer is spelled out as operations, and a convolution says how it pads and whether it is depthwise."""

from analysis.arch.plan import Conv, Layer


def test_a_layer_is_spelled_out_under_its_name_or_under_none():
    layer = Layer("expand", "x", (8, 4, 4), 3, 1, 1, 1, 1, "relu6")
    conv, norm, activation = layer.operations()
    assert (conv.name, norm.inputs, activation.function) == ("expand.conv", ("expand.conv",), "relu6")
    assert [op.name for op in layer._replace(name="", activation="linear").operations()] == ["conv", "norm"]


def test_a_convolution_is_depthwise_with_one_filter_for_each_of_several_channels():
    conv = Conv("a", ("x",), (8, 4, 4), 8, 3, 1, 8, 2, False)
    assert conv.depthwise
    assert not conv._replace(shape=(16, 4, 4)).depthwise
    assert not conv._replace(groups=4).depthwise
    assert not conv._replace(shape=(1, 4, 4), channels=1, groups=1).depthwise


def test_a_convolution_keeps_its_size_unless_its_zeros_are_given():
    conv = Conv("a", ("x",), (8, 4, 4), 8, 3, 1, 1, 2, False)
    assert (conv.padding, conv._replace(kernel=1).padding, conv._replace(zeros=0).padding) == (2, 0, 0)
