"""Rows of published networks: each network's together, others stay, other images are refused."""

import json

import pytest

from analysis.problem import Problem
from experiments.measurements.imagenet.rows import Bent, Six, facts, merge, stored

WHERE = {"note": "8 images", "digest": "d", "environment": {"commit": "1"}}
LATER = WHERE | {"environment": {"commit": "2"}}


def six(network, values=0.5):
    return Six(network, "x", "y", 4, values, 1.0)


def test_each_networks_rows_name_the_environment_that_they_were_measured_in(tmp_path):
    merge(tmp_path, "six", [six("a"), six("b")], WHERE)
    merge(tmp_path, "six", [six("b"), six("c")], LATER)
    merge(tmp_path, "bent", [Bent("a", "all", 0, -1.0, -1.0, -1.0, -1.0, 3, 2, 1, "010")], LATER)

    def measured():
        made = stored(tmp_path)[0].conditions["measured"]
        return {entry["environment"]["commit"]: entry["rows"] for entry in made}

    assert measured() == {"1": {"six": ["a"]}, "2": {"bent": ["a"], "six": ["b", "c"]}}
    merge(tmp_path, "six", [six("a")], LATER)
    assert measured() == {"2": {"bent": ["a"], "six": ["a", "b", "c"]}}


def test_a_file_of_one_environment_is_still_read_but_its_commit_is_that_of_its_last_rows_alone(tmp_path):
    merge(tmp_path, "six", [six("a"), six("b")], WHERE)
    (tmp_path / "imagenet" / "conditions.json").write_text(json.dumps(WHERE))
    (found,) = stored(tmp_path)
    assert found.conditions["measured"] == [{"environment": {"commit": "unknown"}, "rows": {"six": ["a", "b"]}}]


def test_a_network_measured_again_takes_the_place_of_its_rows(tmp_path):
    assert stored(tmp_path) == []
    merge(tmp_path, "six", [Six("b", "x", "y", 4, 0.5, 1.0)], WHERE)
    merge(tmp_path, "six", [Six("a", "x", "y", 4, 0.25, 1.0), Six("a", "z", "y", 4, 0.25, 1.0)], WHERE)
    merge(tmp_path, "six", [Six("b", "x", "y", 4, 0.75, 1.0)], WHERE)
    (found,) = stored(tmp_path)
    assert [(row.network, row.values) for row in found.rows.six] == [("a", 0.25), ("a", 0.25), ("b", 0.75)]
    assert found.note == "8 images" and found.rows.accuracy == []
    digits = Bent("a", "all", 0, -1.0, -1.0, -1.0, -1.0, 3, 2, 1, "010")
    merge(tmp_path, "bent", [digits], WHERE)
    assert stored(tmp_path)[0].rows.bent == [digits]


def test_rows_of_other_images_and_a_damaged_file_are_refused(tmp_path):
    merge(tmp_path, "six", [Six("b", "x", "y", 4, 0.5, 1.0)], WHERE)
    with pytest.raises(Problem, match="holds rows of other images"):
        merge(tmp_path, "six", [Six("a", "x", "y", 4, 0.5, 1.0)], WHERE | {"digest": "e"})
    for text in ("{", "{}"):
        (tmp_path / "imagenet" / "conditions.json").write_text(text)
        with pytest.raises(Problem, match="does not say on what was measured"):
            stored(tmp_path)


def test_facts_are_said_of_the_networks_that_have_some_and_once():
    name = "tf2_mobilenet_v2_1.0_224_ptq"
    (said,) = facts(["x", name, name])
    assert said.startswith(f"{name}: a training of its own")
