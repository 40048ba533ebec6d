"""The benchmarks do the work that they claim to time."""

from analysis.trials.frame import frame
from experiments.benches import store as bench_store
from experiments.benches import sweep as bench_sweep


def test_a_made_up_store_has_as_many_variants_and_records_as_said():
    table = frame(bench_store.made_up(60, {"torch": "2"}))
    assert len(set(table["id"])) == 60
    assert len(set(table["label"])) == 50
    assert set(table["torch"]) == {"2"}
    assert len(bench_store.measure(60, rounds=2)) == 2


def test_a_swept_trial_is_a_real_training(monkeypatch):
    records = []
    monkeypatch.setattr("analysis.trials.store.Store.write", lambda store, record: records.append(record))
    monkeypatch.setattr(bench_sweep, "VALIDATION", 64)
    monkeypatch.setattr(bench_sweep, "TEST", 64)
    alone, beside = bench_sweep.measure(jobs=1, trials=2, steps=1, rounds=1)
    assert alone is beside
    assert alone[0] > 0
    assert [(record.result["steps"], record.result["test_images"]) for record in records] == [(1, 64)] * len(records)
    assert len({record.trial.seed for record in records}) == 2
