"""What splitting costs is judged from enough rounds, and the same numbers give the same bytes."""

import pytest

from experiments.answers.answer import write
from experiments.measurements.splitting.rows import Measured, stored
from experiments.measurements.splitting.view import answer, line

MS = {1: 20.0, 2: 21.0, 5: 30.0, 8: 40.0, 16: 50.0, 32: 60.0}


def measured(rounds):
    ways = [{"ways": g, "planned": 9, "measured": 9, "ms": [ms + i % 3 for i in range(rounds)]} for g, ms in MS.items()]
    conditions = {"batch": 1, "threads": 1, "norms": "folded", "rounds": rounds, "seconds": 0.1, "load": 0.0}
    return Measured("mobilenet_v2()", conditions, {"processor": "one"}, ways)


@pytest.mark.parametrize(("rounds", "verdicts"), [(20, ["supported", "supported"]), (19, None)])
def test_it_is_judged_from_twenty_rounds_on(tmp_path, rounds, verdicts):
    made = answer(measured(rounds))
    assert (made.verdicts and [v.verdict for v in made.verdicts]) == verdicts
    assert line(measured(rounds)).startswith("memory-split-speed: supported" if verdicts else "not judged")
    paths = write(made, tmp_path)
    assert (tmp_path / "verdicts" / "splitting.json" in paths) == bool(verdicts)
    (again,) = stored(tmp_path)
    assert answer(again).kept == made.kept
    assert answer(again).tables[""].markdown() == made.tables[""].markdown()
