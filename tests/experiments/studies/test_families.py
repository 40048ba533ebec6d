"""The families are compared fairly: equal cost, equal maps, equal numbers of blocks."""

from collections import Counter

import pytest

from analysis.arch import unroll
from analysis.cost import count
from experiments.studies.families import BLOCKS, STUDY, WIDTHS, arm
from experiments.studies.families import FAMILIES as OTHERS

COMPARED = {"mobilenet_v2", "mobilenet_v1", "plain", "shufflenet_v1"}


def test_every_arm_costs_what_its_budget_allows_within_the_stated_tolerance():
    checked = 0
    for name, variant in STUDY.arms.items():
        budget = next(width for width in WIDTHS if name.removesuffix(", half depth").endswith(f" width {width:g}"))
        goal = count(unroll(STUDY.arms[arm("MobileNetV2", budget)])).madds
        assert count(unroll(variant)).madds == pytest.approx(goal, rel=0.035), name
        checked += 1
    assert checked == len(WIDTHS) * (1 + len(OTHERS)) + 1 + len(OTHERS)
    assert {variant.family for variant in STUDY.arms.values()} == COMPARED


@pytest.mark.parametrize("name", STUDY.arms)
def test_every_arm_has_as_many_blocks_at_each_size(name):
    depth = ", half depth" if name.endswith("half depth") else ""
    wanted = dict(zip((16, 8, 4), BLOCKS[depth], strict=True))
    blocks = [block for block in unroll(STUDY.arms[name]).blocks if block.name not in ("stem", "last", "head")]
    assert Counter(block.body.shape[1] for block in blocks) == wanted
    assert unroll(STUDY.arms[name]).blocks[0].body.shape[1] == 16
