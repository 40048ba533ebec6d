"""The benchmark of the store reads records that are like real ones, and no more of them than it says."""

import re

from analysis.trials.frame import frame
from experiments.benches import store as bench_store


def test_a_made_up_store_has_as_many_variants_and_records_as_it_says():
    table = frame(bench_store.made_up(60, {"torch": "2"}))
    assert len(set(table["id"])) == 60
    assert len(set(table["label"])) == 50
    assert set(table["torch"]) == {"2"}
    assert set(table["score"]) == {70.0}


def test_rounds_are_timed_and_their_median_is_printed(capsys, monkeypatch):
    seconds = bench_store.measure(60, rounds=2)
    assert len(seconds) == 2
    assert all(0 < each < 60 for each in seconds)
    monkeypatch.setattr(bench_store, "measure", lambda count, rounds: [0.5, 0.1, 0.25])
    bench_store.store_speed(records=60, rounds=3)
    assert re.fullmatch(
        r"60 records to a table: 0.250 s, median of 3 rounds \[0.100, 0.500\]\n", capsys.readouterr().out
    )
