"""A number that its own column contradicts is found, and no other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.arch import unroll
from analysis.arch.mobilenet_v1 import MobileNetV1
from analysis.arch.mobilenet_v2 import MobileNetV2
from analysis.cost import count
from experiments.audit import audit
from experiments.audit.misprints import Column, between


def test_a_number_that_its_column_contradicts_is_a_misprint():
    misprinted = {row.id: row for row in audit() if row.misprint}
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
