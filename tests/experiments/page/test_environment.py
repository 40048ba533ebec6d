"""Where the numbers come from: a row for each environment, and one for each command."""

import fake_trials

from analysis.render.page.parts import Section
from analysis.trials import Record
from experiments.page.environment import FACTS, command_table, environment_table


def record(seed, **provenance):
    return Record(fake_trials.trial(seed), "finished", {}, provenance=provenance)


def test_environments_are_sorted_by_runs_with_their_hours_and_commits():
    many = [record(i, processor="big", seconds=1800, commit="a1") for i in range(3)]
    table = environment_table([record(9, processor="small"), *many, record(4, processor="big", seconds=None)])
    rows = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    assert [(row["processor"], row["runs"], row["hours"]) for row in rows] == [("big", 4, 1.5), ("small", 1, 0.0)]
    assert rows[0]["commit"] == "a1 (3), unknown (1)"
    assert table.columns[: len(FACTS)] == FACTS


def test_sections_and_panels_with_a_command_are_listed():
    panels = [Section("p", "Panel", command="mnv2 b"), Section("q", "None")]
    table = command_table([Section("s", "Section", command="mnv2 a", panels=panels), Section("t", "None")])
    assert list(table.rows) == [("Section", "", "mnv2 a"), ("Section", "Panel", "mnv2 b")]
