"""MobileNetV1 and its network of full convolutions cost what the paper says."""

from analysis.arch import unroll
from analysis.arch.mobilenet_v1 import MobileNetV1, Plain
from analysis.cost import count


def test_full_convolutions_cost_what_table_4_of_mobilenet_v1_says():
    plain, separable = count(unroll(Plain())), count(unroll(MobileNetV1()))
    assert (plain.madds // 10**6, round(plain.params / 1e6, 1)) == (4867, 29.3)
    assert (separable.madds // 10**6, round(separable.params / 1e6, 1)) == (568, 4.2)
