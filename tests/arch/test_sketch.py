"""Shapes follow from the operations of a sketch, and what changes nothing is left out."""

from analysis.arch.plan import Layer, Pool
from analysis.arch.sketch import BodySketch, PlanSketch


def test_sizes_are_rounded_up_and_channels_add_up():
    sketch = BodySketch(x=(3, 5, 7))
    a = sketch.conv_norm("a", "x", 8, kernel=3, stride=2, activation="relu6")
    b = sketch.conv_norm("", "x", 4, stride=2)
    assert (a, b) == ("a.activation", "norm")
    assert sketch.shapes[sketch.concat("both", a, b)] == (12, 3, 4)
    assert sketch.shapes[sketch.pool("all", "both")] == (12, 1, 1)
    assert sketch.shapes[sketch.pool("some", "both", "max", 3, 2)] == (12, 2, 2)
    assert sketch.shapes[sketch.linear("scores", "all", 10)] == (10, 1, 1)
    pool = sketch.pieces[-2]
    assert isinstance(pool, Pool)
    assert pool.area == 3 * 4


def test_a_linear_activation_and_a_dropout_of_zero_add_nothing():
    sketch = BodySketch(x=(3, 4, 4))
    assert sketch.activation("a", "x", "linear") == "x"
    assert sketch.dropout("d", "x", 0.0) == "x"
    assert sketch.pieces == []
    assert sketch.dropout("d", "x", 0.2) == "d"


def test_blocks_follow_one_another_unless_they_are_bound():
    sketch = BodySketch(x=(3, 4, 4))
    sketch.pieces.append(Layer("a", "x", (3, 4, 4), 3, 1, 1, 1, 1, "linear"))
    sketch.shapes["a.norm"] = (3, 4, 4)
    body, same = sketch.body("kind", "a.norm"), BodySketch(x=(3, 4, 4)).body("nothing", "x")
    plan = PlanSketch((3, 4, 4))
    first = plan.block("first", body)
    plan.block("empty", same)
    assert plan.last == first.output == "first.a.norm"
    second = plan.block("second", body, x="image", identity="first.a.norm")
    assert second.binding == {"x": "image", "identity": "first.a.norm"}
    assert plan.plan().outputs == ("second.a.norm",)
    assert plan.plan("image").outputs == ("image",)
