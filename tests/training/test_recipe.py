"""The seven fields that every recipe starts with: one order, one check, one arithmetic of steps."""

from dataclasses import dataclass, fields

import pytest

from analysis.problem import Problem
from analysis.tasks.recipes import KINDS
from analysis.training.recipe import Descent

SEVEN = ["name", "epochs", "batch", "peak_rate", "warmup", "momentum", "weight_decay"]


@dataclass(frozen=True)
class Plain(Descent):
    """A recipe of the seven fields alone."""

    kind = "plain"
    task = "nowhere"
    metric = "test nothing"

    name: str = "plain"
    epochs: int = 3
    batch: int = 4
    peak_rate: float = 0.1
    warmup: float = 0.3
    momentum: float = 0.9
    weight_decay: float = 0.0


@pytest.mark.parametrize("kind", [kind for kind in KINDS.values() if issubclass(kind, Descent)])
def test_every_recipe_starts_with_the_seven_fields(kind):
    """Their order is that of the texts, and the texts are the identity of trials."""
    assert [field.name for field in fields(kind)][:7] == SEVEN


def test_what_is_derived_of_the_seven_fields():
    recipe = Plain()
    assert recipe.text == (
        "plain(name='plain', epochs=3, batch=4, peak_rate=0.1, warmup=0.3, momentum=0.9, weight_decay=0.0)"
    )
    assert (recipe.trained_on(11), recipe.steps(11), recipe.steps(3)) == (11, 6, 0)
    assert all(recipe.is_check(epoch) for epoch in (1, 2, 3))
    assert (recipe.start, recipe.initialisation, recipe.largest_gradient, recipe.looks) == ("", "he", None, 0)
    assert recipe.score({"test_score": 0.5}) == 50.0
    assert recipe.readings({"readings": {"float": 0.25}}) == {"float": 25.0}
    assert recipe.readings({}) == {}


@pytest.mark.parametrize(
    ("axis", "value"),
    [
        ("epochs", 0),
        ("epochs", 1.5),
        ("batch", 1),
        ("peak_rate", 0),
        ("peak_rate", float("nan")),
        ("warmup", 1.0),
        ("momentum", 1.5),
        ("weight_decay", -1e-9),
    ],
)
def test_a_value_out_of_its_range_is_a_problem(axis, value):
    with pytest.raises(Problem, match=f"{axis} {value}"):
        Plain(**{axis: value})
