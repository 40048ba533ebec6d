"""The audit finds the misprints that are known, and judges by stated rules."""

import json
import random
from collections import Counter

import pytest

from analysis.reference import claims, table
from experiments.audit import audit
from experiments.audit.judge import agreeing, agreement, judge
from experiments.audit.report import write
from experiments.commands.audit import main


@pytest.fixture(scope="module")
def rows():
    return {row.id: row for row in audit()}


@pytest.mark.parametrize(
    ("printed", "value", "how"),
    [
        ("384", 384.0, "exact"),
        ("4.24", 4.2399, "nearest"),
        ("300.0", 300.77, "cut, not rounded"),
        ("150", 149.497, "rounded twice, first to 149.5"),
        ("6.9", 6.06, None),
        ("1600", 1605.6, None),
    ],
)
def test_agreement(printed, value, how):
    assert agreement(printed, value) == how
    assert agreement("1600", 1605.6, coarse=0.05) == "to 2 digits"
    assert agreement("200", 150.5, coarse=0.05) is None


def test_a_difference_is_explained_by_a_computed_value_or_not_at_all():
    found = judge("x", "here", "it", "2.0", 1.0, [("three times", 3.0), ("twice", 2.0)])
    assert (found.verdict, found.explanation, found.tried, found.ratio) == ("differs", "twice: 2", 2, 2.0)
    assert found.fit == 1
    assert judge("x", "here", "it", "2.0", 1.0, [("three times", 3.0)]).explanation == "not explained"


@pytest.mark.parametrize(("printed", "coarse"), [("3.4", 0), ("140", 0), ("433.24", 0), ("1600", 0.05), ("7", 0)])
def test_chance_is_how_often_wrong_hypotheses_agree(printed, coarse):
    draw = random.Random(0)
    values = [float(printed) * 2 ** draw.uniform(-1, 1) for _ in range(50_000)]
    share = sum(agreement(printed, value, coarse) is not None for value in values) / len(values)
    assert agreeing(printed, coarse) == pytest.approx(share, rel=0.2, abs=0.0003)
    found = judge("x", "here", "it", printed, float(printed) * 3, [("wrong", 0.0)] * 10, coarse=coarse)
    assert found.chance == pytest.approx(10 * agreeing(printed, coarse), abs=1e-4)


def test_every_row_of_the_released_checkpoints_is_there(rows):
    slim = [*table("slim_mobilenet_v2"), *table("slim_mobilenet_v1")]
    assert len(slim) == 22 + 16
    for row in slim:
        assert {f"{row['checkpoint']}-madds", f"{row['checkpoint']}-params"} <= set(rows)
    v2 = Counter(row.verdict for key, row in rows.items() if key.startswith("mobilenet_v2_"))
    assert v2 == {"rounds to": 44}
    misprints = {key for key, row in rows.items() if row.where == "slim V1" and row.explanation == "not explained"}
    assert misprints == {"MobileNet_v1_0.25_192-madds"}


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


def test_json_and_files(capsys, tmp_path, rows):
    main(json=True)
    printed = json.loads(capsys.readouterr().out)
    assert len(printed) == len(rows) > 250
    fields = {"id", "where", "quantity", "printed", "computed", "ratio", "verdict", "explanation"}
    assert fields <= set(printed[0])
    paths = write(list(rows.values()), tmp_path)
    assert {path.suffix for path in paths} == {".md", ".csv", ".tex", ".png", ".svg", ".pdf"}
    assert "not explained" in (tmp_path / "AUDIT.md").read_text()


def test_claims_are_all_there():
    assert len(claims()) == 40
    assert claims()["block-madds"]["kind"] == "count"
