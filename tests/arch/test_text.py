"""Texts state what they must, and one of another form is refused."""

from dataclasses import dataclass, field

import pytest

from analysis.arch import parse_variant
from analysis.arch.text import LATER, from_text, known, to_text
from analysis.problem import Problem


def test_a_later_axis_is_stated_only_where_it_differs_so_that_old_texts_stay():
    @dataclass(frozen=True)
    class Before:
        width: float = 1.0

    @dataclass(frozen=True)
    class After:
        width: float = 1.0
        gate: str = field(default="none", metadata=LATER)

    assert to_text("net", After()) == to_text("net", Before()) == "net(width=1.0)"
    assert to_text("net", After(gate="hard")) == "net(width=1.0, gate='hard')"
    for variant in (After(), After(2.0, "hard")):
        assert from_text(to_text("net", variant), {"net": After}, "net") == variant


@pytest.mark.parametrize(
    "text", ["mobilenet_v2(width=1", "mobilenet_v2(1.0)", "f(x)(y)", "mobilenet_v2(width=open('x'))"]
)
def test_a_text_of_another_form_is_refused(text):
    with pytest.raises(Problem):
        parse_variant(text)


def test_the_nearest_known_name_is_offered_and_all_are_listed():
    assert known("eager", ["eager", "fused"], "backend") == "eager"
    with pytest.raises(Problem, match="unknown backend 'eagre': did you mean 'eager'\\? known are eager, fused"):
        known("eagre", ["eager", "fused"], "backend")
    with pytest.raises(Problem, match="unknown backend 'x': known are eager"):
        known("x", ["eager"], "backend")
