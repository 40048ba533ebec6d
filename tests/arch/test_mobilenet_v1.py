"""MobileNetV1 and its network of full convolutions cost what the paper says."""

from analysis.arch import unroll
from analysis.arch.mobilenet_v1 import MobileNetV1, Plain
from analysis.cost import count


def test_full_convolutions_cost_what_table_4_of_mobilenet_v1_says():
    """arXiv:1704.04861, table 4, in millions: 4866 multiply-adds and 29.3 parameters, 569 and 4.2.

    The first number follows without the linear layer, 1024 x 1000. The third follows with it.
    """
    plain, separable = count(unroll(Plain())), count(unroll(MobileNetV1()))
    assert (round((plain.madds - 1024 * 1000) / 1e6), round(plain.params / 1e6, 1)) == (4866, 29.3)
    assert (round(separable.madds / 1e6), round(separable.params / 1e6, 1)) == (569, 4.2)
