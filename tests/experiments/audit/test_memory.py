"""Table 3: largest channels at each size, and the memory that they take."""

import pytest

from analysis.arch import preset, unroll
from analysis.arch.shufflenet_v1 import ShuffleNetV1
from experiments.audit.memory import SIDES, all_tensors, between_blocks, channel_guesses, largest, table3


@pytest.mark.parametrize(
    ("key", "explanation"),
    [
        ("table3-arXiv-v4-28x28-ShuffleNet-(2x,g=3)-channels", "2 groups"),
        ("table3-arXiv-v4-56x56-MobileNetV2-channels", "the next stage's channels"),
    ],
)
def test_known_differences_are_found_and_explained(key, explanation):
    row = {row.id: row for row in table3()}[key]
    assert row.verdict == "differs"
    assert explanation in row.explanation


def test_the_largest_of_each_size_is_kept():
    assert largest([(4, 7), (2, 1), (4, 9), (4, 8)]) == {4: 9, 2: 1}


def test_what_lies_between_blocks_is_narrower_than_what_lies_inside():
    plan = unroll(preset("imagenet"))
    narrow, wide = largest(between_blocks(plan)), largest(all_tensors(plan))
    assert set(narrow) == set(SIDES)
    assert all(narrow[side] < wide[side] for side in (112, 56, 28, 14))


def test_shufflenet_has_its_stem_between_blocks_too():
    sizes = [side for side, _ in between_blocks(unroll(ShuffleNetV1()))]
    assert sizes.count(112) == 1


def test_each_network_has_hypotheses_of_its_own():
    names = {
        network: [label for label, _ in channel_guesses(network, {}, 56)] for network in ("MobileNetV1", "MobileNetV2")
    }
    assert names["MobileNetV1"] == ["the first convolution of MobileNetV1 and V2"]
    assert names["MobileNetV2"][0] == "the next stage's channels"
