"""Measured widths are kept, read back, and give a study of their own; other networks' widths are refused."""

import json

import pytest

from analysis.arch import parse_variant, preset
from analysis.problem import Problem
from experiments.studies.widths import Equal, Widths, at_widths, keep, path_of, read, wide
from experiments.study import Study

STUDY = Study(name="mine", question="?", arms={"a": preset("brief"), "b": preset("brief", kernel=5, rounding=1)})
WIDTHS = Widths(
    {"b": Equal(0.812, 1.01, 0.99, 1.03)},
    {arm: variant.text for arm, variant in STUDY.arms.items()},
    {"runtime": "eager"},
    {"cpu": "x"},
)


def test_widths_come_back_and_belong_to_the_study(tmp_path):
    path = keep(path_of(STUDY, tmp_path), WIDTHS)
    assert path == tmp_path / "widths" / "mine.json"
    assert read(path) == WIDTHS
    made = at_widths(STUDY, read(path))
    assert (made.name, made.command) == ("mine-equal-latency", "mnv2 study run mine --at-equal latency")
    assert (made.arms["a"], made.arms["b"].width, made.arms["b"].kernel) == (STUDY.arms["a"], 0.812, 5)
    assert made.rules == "mine"
    assert list(made.arms) == ["a", "b"]


def test_other_networks_and_damaged_files_are_refused(tmp_path):
    path = keep(path_of(STUDY, tmp_path), WIDTHS)
    other = Study(name="mine", question="?", arms={"a": preset("brief"), "b": preset("brief", kernel=7)})
    with pytest.raises(Problem, match="other networks"):
        at_widths(other, read(path))
    stored = json.loads(path.read_text())
    for damaged in ("{", json.dumps({**stored, "arms": {"b": {"width": "wide"}}}), json.dumps({"arms": {}})):
        path.write_text(damaged)
        with pytest.raises(Problem, match="is damaged"):
            read(path)
    path.unlink()
    with pytest.raises(Problem, match="--at-equal latency measures"):
        read(path)


def test_a_family_without_a_width_is_refused():
    with pytest.raises(Problem, match="no width to search"):
        wide(parse_variant("nasnet()"), 0.5)
