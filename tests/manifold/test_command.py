"""`mnv2 manifold` from points to files."""

import csv

import numpy as np

from analysis.manifold.measures import Measures
from analysis.manifold.sweep import Condition
from experiments.commands.manifold import main
from experiments.manifold import compared


def test_it_writes_figures_tables_and_a_small_animation(tmp_path):
    np.save(tmp_path / "cloud.npy", np.random.default_rng(0).standard_normal((30, 3)))
    np.save(tmp_path / "trained.npy", np.random.default_rng(1).standard_normal((5, 9, 3)))
    main(
        points=str(tmp_path / "cloud.npy"), matrices=str(tmp_path / "trained.npy"), draws=4, theory=False, out=tmp_path
    )
    figures = tmp_path / "figures" / "manifold"
    written = {path.name for path in figures.iterdir()}
    assert written == {"over_n.gif"} | {
        f"{n}.{f}" for n in ("panels", "against_n", "conditions") for f in ("png", "svg")
    }
    assert (figures / "over_n.gif").stat().st_size < 1_000_000
    with (tmp_path / "tables" / "manifold.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert rows[0]["condition"] == "cloud, trained, relu"
    assert (rows[0]["n"], rows[0]["matrices"]) == ("9", "5")
    with (tmp_path / "tables" / "manifold-bands.csv").open() as file:
        assert len(list(csv.DictReader(file))) == len(rows) * len(Measures._fields)


def test_compared_conditions_are_distinct():
    main_condition = Condition()
    assert len({main_condition, *compared(main_condition)}) == len(compared(main_condition)) + 1
