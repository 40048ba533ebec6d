"""A sweep finds what theory and Figure 1 say, draw by draw on its own."""

import numpy as np
import pytest

from analysis.manifold.points import point_set
from analysis.manifold.sweep import Condition, sweep, typical
from analysis.manifold.theory.collapse import collapsed_share
from analysis.problem import Problem


def test_the_mean_of_lost_is_theorem_1():
    (bands,) = sweep(Condition(), (4,), draws=600)
    spread = bands.measures.lost.std() / np.sqrt(bands.draws)
    assert abs(bands.mean("lost") - float(collapsed_share(2, 4))) < 4 * spread


def test_figure_1_loses_at_2_and_3_and_returns_at_15_and_30():
    bands = {b.n: b for b in sweep(Condition(), (2, 3, 15, 30), draws=100)}
    for n in (2, 3):
        _, way, _ = typical(bands[n], 100)
        assert (way.rank < 2).mean() > 0.3
    for n in (15, 30):
        points, way, _ = typical(bands[n], 100)
        np.testing.assert_allclose(way.recovered[0], points, atol=1e-9)
    assert bands[30].mean("pseudoinverse") < bands[15].mean("pseudoinverse") < bands[3].mean("pseudoinverse")
    assert bands[30].mean("back_nonlinear") < bands[15].mean("back_nonlinear") < bands[3].mean("back_nonlinear")


def test_draws_do_not_depend_on_the_other_dimensions():
    (alone,) = sweep(Condition(), (5,), draws=10, seed=3)
    among = sweep(Condition(), (3, 5), draws=10, seed=3)[1]
    assert all(np.array_equal(a, b) for a, b in zip(alone.measures, among.measures, strict=True))
    assert not np.array_equal(
        sweep(Condition(), (5,), draws=10, seed=4)[0].measures.nonlinear, alone.measures.nonlinear
    )


def test_other_wrong_input_is_a_problem(tmp_path):
    (tmp_path / "text.npy").write_text("x,y")
    (tmp_path / "empty.npy").write_bytes(b"")
    np.savez(tmp_path / "archive", a=np.zeros((4, 2)))
    (tmp_path / "archive.npz").rename(tmp_path / "archive.npy")
    for path in ("text.npy", "empty.npy", "absent.npy", "archive.npy"):
        with pytest.raises(Problem, match="cannot read"):
            point_set(str(tmp_path / path))
    with pytest.raises(Problem, match="unknown activation"):
        Condition(activation="gelu")
    for scale, bias in ((0.0, 0.0), (float("nan"), 0.0), (1.0, -1.0), (1.0, float("inf"))):
        with pytest.raises(Problem, match="must be positive"):
            Condition(scale=scale, bias=bias)
    for name, kind in (("spirale", "gaussian"), ("spiral", "gauss")):
        with pytest.raises(Problem, match="did you mean"):
            sweep(Condition(name, kind), (3,), draws=2)
    with pytest.raises(Problem, match="at least 1"):
        sweep(Condition(), (3,), draws=0)
