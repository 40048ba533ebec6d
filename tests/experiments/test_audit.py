"""The audit finds the misprints that are known, and judges by stated rules."""

import json
import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.arch import unroll
from analysis.arch.mobilenet_v1 import MobileNetV1
from analysis.arch.mobilenet_v2 import MobileNetV2
from analysis.cost import count
from analysis.reference import claims, table
from experiments.audit import audit
from experiments.audit.chance import CHANCE, LIMIT, caveats, observed, weighed
from experiments.audit.judge import agreeing, agreement, judge
from experiments.audit.misprints import MISPRINT, Column, between
from experiments.audit.report import trained, write
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
    v1 = [row for row in rows.values() if row.where == "slim V1" and row.verdict == "differs"]
    assert {row.id for row in v1 if not row.fits} == {"MobileNet_v1_0.25_192-madds"}


def test_a_number_that_its_column_contradicts_is_a_misprint(rows):
    misprinted = {key: row for key, row in rows.items() if row.explanation.startswith(MISPRINT)}
    assert set(misprinted) == {"MobileNet_v1_0.25_192-madds", "figure5-MobileNetV1-0.25-192"}
    assert "put 29.7 to 31.2 here" in misprinted["MobileNet_v1_0.25_192-madds"].explanation
    assert not any(row.fits for row in misprinted.values())
    assert between() == 2 * (4 * 2 + 4 * 3)  # four widths each, in the slim tables and in Figure 5


@pytest.mark.parametrize("family", [MobileNetV1, MobileNetV2])
@given(width=st.floats(0.2, 1.4), order=st.permutations([96, 128, 160, 192, 224]), wrong=st.sampled_from([0.88, 1.13]))
def test_a_column_of_one_width_holds_but_for_what_was_changed(family, width, order, wrong):
    madds = {side: count(unroll(family(width=width, resolution=side))).madds / 1e5 for side in order}
    printed = {side: f"{value:.0f}" for side, value in madds.items()}
    column = Column(printed, {}, False)
    assert column.misprints() == [] and all(map(column.fits, printed))
    side = next(side for side in order if side not in (96, 224))
    changed = Column(printed | {side: f"{madds[side] * wrong:.0f}"}, {}, False)
    assert changed.misprints() == [side]


def test_an_explanation_that_would_fit_by_chance_says_so():
    guesses = [("wrong", 2.0 + i / 40) for i in range(40)]
    others = [judge(f"o{i}", "there", "it", "1000", 1.0 + i, guesses) for i in range(3)]
    lucky = judge("x", "here", "it", "2.5", 1.0, guesses)
    once, *_ = (row for row in weighed([lucky, *others]) if row.id == "x")
    assert once.fits and once.chance > LIMIT and once.explanation == CHANCE + lucky.explanation
    sure = judge("y", "here", "it", "250", 100.0, [("two and a half", 250.0)])
    assert weighed([sure, *others])[0].explanation == sure.explanation
    # The same hypothesis reproduces another number of the place.
    twice = [judge(f"t{i}", "here", "it", f"{i}.0", i / 2, [("twice", float(i))] * 20) for i in (2, 3)]
    assert all(row.chance > LIMIT and not row.explanation.startswith(CHANCE) for row in weighed(twice))


def test_hypotheses_are_weighed_by_where_others_lie():
    """Half of the other numbers' hypotheses lie within the window of this one."""
    row = judge("x", "here", "it", "110", 100.0, [("a tenth more", 110.0), ("half", 50.0)])
    others = [judge(f"o{i}", "there", "it", "9", 1.0 + i, [("", 1.1 * (1 + i)), ("", 3.0 * (1 + i))]) for i in range(2)]
    assert observed(row, [row, *others]) == pytest.approx(2 * 0.5)


def test_the_page_counts_its_caveats(rows):
    text = " ".join(caveats(list(rows.values())))
    found = [row for row in rows.values() if row.fits]
    assert f"The {len(found)} explained numbers are {len({row.computed for row in found})} different" in text
    assert "2 of them cannot, and without these all others fit" in text
    assert "section 4, least MAdds" in text.partition("Those of")[2].partition("mean nothing")[0]


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
    assert trained(tmp_path) == []
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "segmentation-heads-camvid-camvid.md").write_text("an answer")
    paths = write(list(rows.values()), tmp_path)
    assert {path.suffix for path in paths} == {".md", ".csv", ".tex", ".png", ".svg", ".pdf"}
    text = (tmp_path / "AUDIT.md").read_text()
    assert "not explained" in text
    assert "[Table 7](tables/segmentation-heads-camvid-camvid.md) reach, trained here" in text
    assert "Tables 5 and 6](" not in text


def test_claims_are_all_there():
    assert len(claims()) == 40
    assert claims()["block-madds"]["kind"] == "count"
