"""`mnv2 manifold` from points to files."""

import csv
import json

import numpy as np

from analysis.manifold.measures import Measures
from analysis.manifold.sweep import Condition
from experiments.cli import run_command
from experiments.commands.manifold import main
from experiments.measurements.manifold.measure import compared


def test_it_writes_figures_tables_and_a_small_animation(tmp_path):
    np.save(tmp_path / "cloud.npy", np.random.default_rng(0).standard_normal((30, 3)))
    np.save(tmp_path / "trained.npy", np.random.default_rng(1).standard_normal((5, 9, 3)))
    main(
        points=str(tmp_path / "cloud.npy"),
        matrices=str(tmp_path / "trained.npy"),
        draws=4,
        theory=False,
        results=tmp_path,
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


def test_it_is_remembered_unless_its_points_or_matrices_are_files(tmp_path, monkeypatch):
    monkeypatch.setattr("experiments.commands.manifold.DIMENSIONS", (3,))
    for drawing in ("_toy", "_theory"):
        monkeypatch.setattr(f"experiments.commands.manifold.{drawing}", lambda *_: [tmp_path / "tables" / "x.csv"])
    main(draws=4, bias=0.5, theory=False, results=tmp_path)
    told = json.loads((tmp_path / "computed" / "x.json").read_text())
    assert told["files"] == ["tables/x.csv"]
    seen = []
    monkeypatch.setattr("experiments.commands.manifold.sweep", lambda *arguments: seen.append(arguments) or [])
    run_command([*told["command"], "--results", str(tmp_path)])
    assert seen == [(Condition(bias=0.5), (3,), 4, 0)]
    np.save(tmp_path / "cloud.npy", np.random.default_rng(0).standard_normal((30, 3)))
    main(points=str(tmp_path / "cloud.npy"), theory=False, results=tmp_path / "third")
    assert not (tmp_path / "third").exists()


def test_compared_conditions_are_distinct():
    main_condition = Condition()
    assert len({main_condition, *compared(main_condition)}) == len(compared(main_condition)) + 1
