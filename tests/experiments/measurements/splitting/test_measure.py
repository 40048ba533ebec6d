"""Running modules need what the Plan says."""

import pytest

from analysis.arch import preset
from analysis.problem import Problem
from experiments.measurements.splitting import measure as splitting

ROWS = ((6, 8, 2, 1), (6, 16, 1, 2))  # a shortcut and a stride


def test_running_modules_need_what_the_plan_says():
    found = splitting.measure(preset("brief", rows=ROWS), splitting.WAYS, rounds=2, seconds=0.001)
    assert [row["ways"] for row in found.ways] == list(splitting.WAYS)
    assert all(row["planned"] == row["measured"] for row in found.ways)
    assert all(len(row["ms"]) == 2 and min(row["ms"]) > 0 for row in found.ways)


def test_one_round_is_refused():
    with pytest.raises(Problem, match="--rounds is at least 2"):
        splitting.measure(preset("brief"), splitting.WAYS, rounds=1, seconds=0.001)
