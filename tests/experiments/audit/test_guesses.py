"""Hypotheses are functions of a network: each gives what its words say."""

import pytest

from analysis.arch import parse_variant, preset, unroll
from analysis.arch.deeplab import DeepLabV3
from analysis.arch.mobilenet_v2 import MobileNetV2
from analysis.cost import count
from experiments.audit.guesses import every_column, madds_guesses, padded_madds, params_guesses, relatives

VARIANTS = ["mobilenet_v2(width=0.5, resolution=96)", "mobilenet_v1(resolution=64)", "shufflenet_v1(width=1.5)"]


@pytest.mark.parametrize("text", VARIANTS)
def test_readings_of_multiply_adds(text):
    variant = parse_variant(text)
    cost, guesses = count(unroll(variant)), dict(madds_guesses(variant))
    assert guesses["a multiply-add counted as 2"] == 2 * cost.madds
    assert guesses["depthwise convolutions left out"] < cost.madds
    assert guesses["classifier left out"] < cost.madds
    assert every_column(cost) == guesses["1 per element of norm, activation, addition, pooling and bias added"]


@pytest.mark.parametrize("text", VARIANTS)
def test_a_network_of_another_width_is_compared_with_width_1(text):
    variant = parse_variant(text)
    labels = {label for guesses in (madds_guesses, params_guesses) for label, _ in guesses(variant)}
    assert any(label.startswith("width 1 times") for label in labels) == (variant.width != 1.0)


@pytest.mark.parametrize("text", VARIANTS)
def test_relatives_differ_from_their_network(text):
    variant = parse_variant(text)
    found = dict(relatives(variant))
    assert found["1001 classes"].classes == 1001
    assert ("expansion 5" in found) == isinstance(variant, MobileNetV2)
    assert all(type(other) is type(variant) for other in found.values())


def test_only_atrous_convolutions_are_padded():
    plain = unroll(preset("brief"))
    assert padded_madds(plain) == count(plain).madds
    atrous = unroll(DeepLabV3(MobileNetV2(resolution=129), 8))
    assert padded_madds(atrous) > count(atrous).madds
