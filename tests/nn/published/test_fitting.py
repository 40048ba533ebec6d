"""Channels lead back to the Variant that has them."""

from dataclasses import replace

import pytest

from analysis.arch import unroll
from analysis.arch.mobilenet_v2 import MobileNetV2
from analysis.nn.published.fitting import agree, fit, seen
from analysis.problem import Problem

BASE = MobileNetV2(resolution=96, padding="one_sided")


@pytest.mark.parametrize("width", [0.1, 0.35, 0.5, 0.75, 1.0, 1.3, 1.4])
def test_every_width_is_found_from_channels_alone(width):
    variant = replace(BASE, width=width, classes=1001)
    found = seen(unroll(variant))
    unknown = found._replace(blocks=tuple(block._replace(stride=None) for block in found.blocks))
    for each in (found, unknown):
        assert seen(unroll(fit(each, BASE))) == found
        assert fit(each, BASE).width == width or width == 0.1


def test_other_rows_are_stated_where_strides_are_known():
    rows = ((1, 16, 1, 1), (4, 24, 2, 2, 5), (6, 40, 1, 2))
    variant = replace(BASE, rows=rows, stem=24, last=100, classes=7)
    found = seen(unroll(variant))
    made = fit(found, BASE)
    assert seen(unroll(made)) == found and made.classes == 7
    bare = fit(found._replace(classes=0), BASE)
    assert bare.features == (len(bare.rows) - 1,) and seen(unroll(bare)) == found._replace(classes=0)
    hidden = found._replace(blocks=tuple(block._replace(stride=None) for block in found.blocks))
    with pytest.raises(Problem, match="no width of MobileNetV2"):
        fit(hidden, BASE)


def test_what_no_rows_give_is_refused():
    found = seen(unroll(replace(BASE, rows=((1, 16, 1, 1), (6, 24, 1, 2)), stem=16, last=64, classes=7)))
    odd = found._replace(blocks=(found.blocks[0]._replace(expands=True), *found.blocks[1:]))
    assert not agree(odd, found)
    with pytest.raises(Problem, match="a block expands without need"):
        fit(odd, BASE)
