"""Blocks bind their tensors, and a Plan ends where it is asked to."""

from analysis.arch import preset, unroll
from analysis.arch.plan import Block, Body, Layer


def test_backbone_ends_where_its_last_feature_does():
    blocks = unroll(preset("imagenet", features=(0, 2))).blocks
    assert blocks[-1].name == "bottleneck6"
    assert unroll(preset("imagenet", features=(5,))).blocks[-1].name == "bottleneck16"


def test_a_block_lends_its_tensors_the_names_of_the_network():
    body = Body("kind", {"x": (3, 4, 4)}, (Layer("a", "x", (8, 4, 4), 3, 1, 1, 1, 1, "linear"),), "a.norm", (8, 4, 4))
    block = Block("second", body, {"x": "first.out"})
    assert block.output == "second.a.norm"
    assert [(op.name, op.inputs) for op in block.operations()] == [
        ("second.a.conv", ("first.out",)),
        ("second.a.norm", ("second.a.conv",)),
    ]


def test_a_plan_without_its_last_blocks_keeps_the_others():
    plan = unroll(preset("brief"))
    short = plan.ending_at(plan.blocks[2].output)
    assert short.blocks == plan.blocks[:3]
    assert short.shapes.items() <= plan.shapes.items()
