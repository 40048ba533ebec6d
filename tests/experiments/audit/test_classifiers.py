"""Classifiers: Tables 2 and 4, Figure 5 and every released checkpoint."""

from collections import Counter

import pytest

from analysis.reference import table
from experiments.audit import audit
from experiments.audit.classifiers import TABLE_4, figure5, table2


@pytest.fixture(scope="module")
def rows():
    return {row.id: row for row in audit()}


def test_every_row_of_the_released_checkpoints_is_there(rows):
    slim = [*table("slim_mobilenet_v2"), *table("slim_mobilenet_v1")]
    assert len(slim) == 22 + 16
    for row in slim:
        assert {f"{row['checkpoint']}-madds", f"{row['checkpoint']}-params"} <= set(rows)
    v2 = Counter(row.verdict for row in rows.values() if row.where == "slim V2")
    assert v2 == {"rounds to": 44}
    v1 = [row for row in rows.values() if row.where == "slim V1" and row.verdict == "differs"]
    assert {row.id for row in v1 if not row.fits} == {"MobileNet_v1_0.25_192-madds"}


def test_table_2_follows_from_the_plan():
    assert {row.verdict for row in table2()} == {"exact"}


def test_every_network_of_table_4_and_figure_5_is_there(rows):
    assert {row["network"] for row in table("table4_imagenet")} == set(TABLE_4)
    assert len(list(figure5())) == len(table("figure5_points"))
    assert {rows[f"table4-NasNet-A-{what}"].verdict for what in ("madds", "params")} == {"rounds to"}


@pytest.mark.parametrize(
    ("key", "explanation"),
    [
        ("table4-MobileNetV2-(1.4)-params", "width 1 times 1.4 squared"),
        ("table4-ShuffleNet-(1.5)-madds", "first convolution left at 24 channels"),
        ("MobileNet_v1_0.75_224-madds", "first convolution left out"),
    ],
)
def test_known_differences_are_found_and_explained(rows, key, explanation):
    assert rows[key].verdict == "differs"
    assert explanation in rows[key].explanation
