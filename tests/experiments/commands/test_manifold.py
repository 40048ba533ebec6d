"""`mnv2 manifold` from points to files."""

import csv
import json

import numpy as np

from analysis.manifold.measures import Measures
from experiments.commands.manifold import main


def test_it_writes_figures_tables_and_a_small_animation_and_remembers_no_files(tmp_path):
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
    assert not (tmp_path / "computed").exists()
    assert not (tmp_path / "verdicts").exists()


def test_it_is_remembered_with_its_arguments(tmp_path, monkeypatch):
    monkeypatch.setattr("experiments.measurements.manifold.measure.DIMENSIONS", (2, 3))
    monkeypatch.setattr("experiments.measurements.manifold.view.FRAMES", (2, 3))
    main(draws=4, bias=0.5, theory=False, results=tmp_path)
    told = json.loads((tmp_path / "computed" / "manifold.json").read_text())
    assert (told["measurement"], told["arguments"]["bias"], told["arguments"]["theory"]) == ("manifold", 0.5, False)
    assert "tables/manifold.csv" in told["files"]
    assert all((tmp_path / name).is_file() for name in told["files"])
