"""`mnv2 memory` prints the schedules of the Plan."""

import csv
import io
import json

import pytest

from analysis.arch import preset, unroll
from analysis.cost.memory import least_memory, memory
from analysis.problem import Problem
from experiments.commands.memory import main
from experiments.commands.options import Network


def test_json_says_what_the_plan_says(capsys):
    main(Network(preset="brief"), bits=8, ways=(3,), batch=2, json=True)
    answer = json.loads(capsys.readouterr().out)
    plan = unroll(preset("brief"))
    assert [row["schedule"] for row in answer["schedules"]] == ["eager", "folded", "split", "block", "training"]
    for row in answer["schedules"]:
        ways = row["ways"] or 1
        assert row["peak"] == memory(plan, row["schedule"], 8, ways, 2).peak.bytes
        if row["schedule"] != "training":
            assert row["least"] == least_memory(plan, row["schedule"], 8, ways, 2).peak.bytes <= row["peak"]


def test_files_and_formats(tmp_path, capsys):
    main(Network(preset="brief"), results=tmp_path)
    assert sorted(path.name for path in tmp_path.rglob("*.*")) == [
        *(f"memory-brief.{suffix}" for suffix in ("csv", "json", "md", "pdf", "png", "svg", "tex")),
    ]
    capsys.readouterr()
    main(Network(family="mobilenet_v1"), format="csv")
    rows = list(csv.reader(io.StringIO(capsys.readouterr().out)))
    assert [row[0] for row in rows[1:]] == ["eager inference", "norms folded", "each block one operation", "training"]


def test_more_groups_than_channels_are_one_line():
    with pytest.raises(Problem, match="32 inner channels can be split 1 to 32 ways, not 64"):
        main(ways=(64,))
