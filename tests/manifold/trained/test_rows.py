"""Rows go to CSV and come back."""

import pytest

from analysis.manifold.trained.rows import Positive, from_csv, to_csv
from analysis.problem import Problem


def test_rows_come_back_from_csv(tmp_path):
    rows = [Positive("relu6, x", 1, "initial", "b", False, 8, 48, 10, 1, 2, 3.25, 4, 0.5, 0.0, 1.0)]
    (tmp_path / "p.csv").write_text(to_csv(Positive, rows))
    assert from_csv(Positive, tmp_path / "p.csv") == rows
    (tmp_path / "p.csv").write_text("a,b\n1,2\n")
    with pytest.raises(Problem, match="other columns"):
        from_csv(Positive, tmp_path / "p.csv")
    with pytest.raises(Problem, match="no "):
        from_csv(Positive, tmp_path / "none.csv")
