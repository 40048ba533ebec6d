"""The stored rows give tables, drawings and verdicts on three claims."""

from pathlib import Path

from experiments.measurements.patterns.rows import stored
from experiments.measurements.patterns.rule import CLAIMS
from experiments.measurements.patterns.view import answer

STORED = Path(__file__).parents[4] / "results"


def test_everything_is_named_after_the_data():
    (measured,) = stored(STORED)
    made = answer(measured)
    assert made.stem == "patterns"
    assert tuple(verdict.claim for verdict in made.verdicts or ()) == (
        *CLAIMS,
        "figure7-initial",
        "low-dimensional-manifold",
    )
    assert (made.evidence.judge, made.evidence.dataset) == ("measurement:patterns", "cifar10")
    assert {name.partition("/")[0] for name in made.kept} == {"patterns"}
    assert all(drawing.formats == ("png", "svg") and drawing.alt for drawing in made.figures.values())
