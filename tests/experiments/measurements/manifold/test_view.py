"""Small sweeps give tables, figures and an animation; the theory adds its own and the verdicts."""

import pytest
from matplotlib import pyplot

from experiments.measurements.manifold import measure, view
from experiments.measurements.manifold.measure import Arguments
from experiments.measurements.manifold.rule import CLAIMS


@pytest.fixture
def small(monkeypatch):
    """Few dimensions, few matrices."""
    monkeypatch.setattr(measure, "DIMENSIONS", (2, 3, 15, 30))
    monkeypatch.setattr(measure, "PANELS", (2, 3))
    monkeypatch.setattr(view, "FRAMES", (2, 3))


def test_the_theory_is_left_out_or_added(small):
    toy = view.answer(measure.measure(Arguments(draws=4, theory=False)))
    assert (list(toy.tables), toy.verdicts) == (["", "-bands"], None)
    assert list(toy.kept) == ["figures/manifold/over_n.gif"]
    for drawing in toy.figures.values():
        pyplot.close(drawing.draw())
    whole = view.answer(measure.measure(Arguments(draws=20)))
    assert [verdict.claim for verdict in whole.verdicts or ()] == list(CLAIMS)
    assert set(toy.figures) < set(whole.figures)
    assert all(drawing.alt for drawing in whole.figures.values())
    for name in set(whole.figures) - set(toy.figures):
        pyplot.close(whole.figures[name].draw())
    theory = whole.tables["-theory"]
    assert {row[0] for row in theory.rows} >= set(CLAIMS) - {"deep-networks-linear"}  # a part of another there
    assert all(row[-1] in ("yes", "no") for row in whole.tables["-collapse"].rows)
