"""Data are loaded in front of a user: remarks are said, a download has its bar, a task gets its variant."""

from dataclasses import replace
from types import SimpleNamespace

import pytest
from tiny_trials import case

from analysis.arch import preset
from analysis.problem import Problem
from analysis.tasks.recipes import recipe
from experiments.sweeps import data as module
from experiments.sweeps.data import load, start_digest


@pytest.fixture
def loads(monkeypatch):
    """What a task is asked to load; it gives data with the remark that a test puts into the list `remarks`."""
    asked, remarks = [], []

    class Task:
        def load(self, name, folder, variant, progress):
            asked.append((name, folder, variant))
            progress(5, 10)
            return SimpleNamespace(name=name, digest="d", **({"remark": remarks[0]} if remarks else {}))

    monkeypatch.setattr(module, "task", lambda made: Task())
    return SimpleNamespace(asked=asked, remarks=remarks)


def test_a_remark_is_said_and_nothing_else(loads, capsys):
    for remark in ("", "nothing was cached"):
        loads.remarks[:] = [remark]
        assert load("cifar10").name == "cifar10"
    printed = capsys.readouterr()
    assert printed.out == ""
    assert [line for line in printed.err.splitlines() if line.startswith("mnv2: ")] == ["mnv2: nothing was cached"]


def test_data_without_remarks_are_loaded_for_the_variant_of_their_trials(loads, tmp_path):
    variant = preset("brief", resolution=16)
    assert load("drawn", tmp_path, (variant, recipe("bccd"))).name == "drawn"
    assert load("cifar10").name == "cifar10"
    assert loads.asked == [("drawn", tmp_path, variant), ("cifar10", None, preset("brief"))]


def test_a_real_task_loads_its_folder(tmp_path):
    variant, made, expected = case("detection", tmp_path)
    (tmp_path / "detection" / "classes.txt").write_text("square\nbar\n")
    data = load("drawn", tmp_path / "detection", (variant, made))
    assert (data.digest, data.size) == (expected.digest, variant.size)
    with pytest.raises(Problem, match="no other data: name its folder with --data-dir or OTHER_DIR"):
        load("other", None, (variant, made))


def test_a_start_has_the_digest_of_the_data_that_the_trunk_learns_first(loads):
    assert start_digest(recipe("camvid")) == ""
    assert loads.asked == []
    assert start_digest(replace(recipe("camvid"), start="short")) == "d"
    assert [name for name, *_ in loads.asked] == ["cifar10"]
