"""A norm folds into the convolution that it alone reads, and into no other."""

import pytest

from analysis.arch import FAMILIES, preset, unroll
from analysis.arch.folding import folded, folded_body, folded_norms
from analysis.arch.plan import Concat, Conv, Norm
from analysis.arch.sketch import BodySketch
from analysis.cost import count


@pytest.mark.parametrize("family", FAMILIES)
def test_a_folded_plan_has_a_bias_for_each_norm_and_the_same_multiply_adds(family):
    plan = unroll(FAMILIES[family]())
    after = folded(plan)
    joined = {op.name for op in plan.operations if isinstance(op, Concat)}
    stay = [op for op in plan.operations if isinstance(op, Norm) and op.inputs[0] in joined]  # NASNet has four
    norms = sum(isinstance(op, Norm) for op in plan.operations) - len(stay)
    assert norms > 0 or family == "vgg_ssd"
    assert [op.name for op in after.operations if isinstance(op, Norm)] == [op.name for op in stay]
    assert len(stay) == 4 * (family == "nasnet")
    biases = [op.bias for plan in (plan, after) for op in plan.operations if isinstance(op, Conv)]
    assert sum(biases[len(biases) // 2 :]) - sum(biases[: len(biases) // 2]) == norms
    assert count(after).madds == count(plan).madds
    assert [after.shapes[name] for name in after.outputs] == [plan.shapes[name] for name in plan.outputs]


def test_a_norm_stays_where_another_reads_the_convolution_too():
    sketch = BodySketch(x=(3, 4, 4))
    conv = sketch.conv("conv", "x", 3)
    body = sketch.body("kind", sketch.add("sum", sketch.norm("norm", conv), conv))
    assert folded_norms(body) == {}
    assert folded_body(body).operations == body.operations


def test_what_read_a_norm_reads_its_convolution():
    plan = folded(unroll(preset("brief")))
    second = next(block for block in plan.blocks if block.name == "bottleneck2")
    assert second.binding["x"] == "bottleneck1.project.conv"
