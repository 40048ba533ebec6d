"""What was measured is read back, or its file is named."""

import pytest

from analysis.problem import Problem
from experiments.measurements.splitting.rows import Measured, stored


def test_times_are_by_ways():
    measured = Measured("", {}, {}, [{"ways": 2, "ms": [1.0, 2.0]}])
    assert measured.times == {2: [1.0, 2.0]}


@pytest.mark.parametrize("text", ["{", "{}", "[]"])
def test_a_damaged_file_is_named(tmp_path, text):
    assert stored(tmp_path) == []
    (tmp_path / "splitting.json").write_text(text)
    with pytest.raises(Problem, match=r"splitting\.json is damaged .* make it again by mnv2 bench split"):
        stored(tmp_path)
