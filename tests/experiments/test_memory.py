"""`mnv2 memory` prints the schedules of the Plan, and the audit of section 5.1 says where its short form fails."""

import csv
import io
import json

import pytest

from analysis.arch import preset, unroll
from analysis.cost.memory import least_memory, memory
from analysis.problem import Problem
from experiments.audit.schedules import memory_bottleneck, memory_order
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


def test_the_short_form_fails_where_a_shortcut_waits_at_the_peak():
    rows = {row.id: row for row in memory_order()}
    assert {name for name, row in rows.items() if row.verdict != "exact"} == {
        "memory-order-MobileNetV2-for-32-x-32-folded"
    }
    row = rows["memory-order-MobileNetV2-for-32-x-32-folded"]
    assert row.computed - row.printed == 24 * 32 * 32 * 2  # the bottleneck's input, which its addition reads again


def test_the_first_convolution_sets_the_peak_of_narrow_networks():
    rows = {row.id.rpartition("mobilenet_v2_")[2]: row for row in memory_bottleneck()}
    assert len(rows) == 22
    assert {name.split("_")[0] for name, row in rows.items() if row.verdict == "differs"} == {"0.35", "0.5"}
    assert all("first convolution" in row.explanation for row in rows.values() if row.verdict == "differs")
    assert rows["0.5_224"].computed == (3 * 224**2 + 16 * 112**2) * 2
