"""Rows of gradients come back as they were stored, one folder for each data set."""

import pytest

from analysis.problem import Problem
from experiments.measurements.gradients.rows import BETWEEN, REST, Gradient, Measured, Passed, Rows, read, stored

PASSED = Passed("none", 0, 0.1, 1, BETWEEN, REST, "bottleneck1", 256, 23.5, 0.05, 0.01, 1.25, 9.5, 30.5)


def write(folder, dataset="cifar10", **conditions):
    found = Measured(
        Rows([PASSED], [Gradient("none", 0, 0.1, "stem", 0.25)]), {"note": "n", "dataset": dataset, **conditions}
    )
    for name, content in found.kept.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
    return found


def test_rows_come_back(tmp_path):
    written = write(tmp_path)
    assert read(tmp_path / "gradients") == written
    write(tmp_path, "synthetic")
    assert [each.name for each in stored(tmp_path)] == ["gradients", "gradients-synthetic"]


def test_other_columns_and_missing_conditions_are_refused(tmp_path):
    write(tmp_path)
    path = tmp_path / "gradients" / "gradients.csv"
    path.write_text("arm,seed\n")
    with pytest.raises(Problem, match="other columns"):
        read(tmp_path / "gradients")
    write(tmp_path)
    (tmp_path / "gradients" / "conditions.json").write_text('{"note": "n"}')
    with pytest.raises(Problem, match="does not say on what"):
        read(tmp_path / "gradients")
