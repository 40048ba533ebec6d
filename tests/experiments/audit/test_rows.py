"""The audit has a row for every printed cost, finds the misprints that are known, and calls right what is right."""

from collections import Counter

import pytest

from analysis.reference import table
from experiments.audit import audit


@pytest.fixture(scope="module")
def rows():
    return {row.id: row for row in audit()}


def test_every_row_of_the_released_checkpoints_is_there(rows):
    slim = [*table("slim_mobilenet_v2"), *table("slim_mobilenet_v1")]
    assert len(slim) == 22 + 16
    for row in slim:
        assert {f"{row['checkpoint']}-madds", f"{row['checkpoint']}-params"} <= set(rows)
    v2 = Counter(row.verdict for key, row in rows.items() if key.startswith("mobilenet_v2_"))
    assert v2 == {"rounds to": 44}
    v1 = [row for row in rows.values() if row.where == "slim V1" and row.verdict == "differs"]
    assert {row.id for row in v1 if not row.fits} == {"MobileNet_v1_0.25_192-madds"}


@pytest.mark.parametrize(
    ("key", "explanation"),
    [
        ("table4-MobileNetV2-(1.4)-params", "width 1 times 1.4 squared"),
        ("separable-saving-low", "at least 72 output channels"),
        ("block-madds-stride2-t=6", "the block has h/s x w/s there"),
        ("block-madds-stride1-t=1", "an expansion convolution counted that the block has not"),
        ("table5-SSDLite-madds", "a multiply-add counted as 2"),
        ("table3-arXiv-v4-28x28-ShuffleNet-(2x,g=3)-channels", "2 groups"),
        ("table3-arXiv-v4-56x56-MobileNetV2-channels", "the next stage's channels"),
        ("table4-ShuffleNet-(1.5)-madds", "first convolution left at 24 channels"),
        ("table7-MNet-V2-stride-8-ASPP-multi-scale-madds", "atrous convolutions padded"),
        ("MobileNet_v1_0.75_224-madds", "first convolution left out"),
        ("family-range-least-madds", "width 1 times 0.35 squared"),
    ],
)
def test_known_differences_are_found_and_explained(rows, key, explanation):
    assert rows[key].verdict == "differs"
    assert explanation in rows[key].explanation


def test_what_is_right_is_called_right(rows):
    assert rows["block-madds-stride1-t=6"].verdict == "exact"
    assert {row.verdict for key, row in rows.items() if key.startswith(("table1", "table2", "memory-split"))} == {
        "exact"
    }
    assert all(row.verdict != "differs" for key, row in rows.items() if key.startswith("table6"))
