"""The benchmark of a sweep does the work that it times."""

from experiments.benches import sweep as bench_sweep


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
