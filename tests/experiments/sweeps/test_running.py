"""What a store lacks is run in front of a user."""

from dataclasses import replace

import pytest

from analysis.problem import Problem
from analysis.trials import Store, run
from analysis.trials.forecast import forecast, known_rate, trial_madds
from analysis.trials.worker import Way, run_on_node, run_trial
from experiments.commands import study


def test_a_dry_run_trains_nothing(options, capsys):
    study.run("pair", replace(options, dry_run=True))
    out = capsys.readouterr().out
    assert "brief projection=relu6, seed 1" in out
    assert "forecast: " in out
    assert not (options.results / "trials").exists()


def test_the_forecast_is_work_over_rate(options, capsys):
    study.run("pair", options)
    assert "took " in capsys.readouterr().out
    records, _ = Store(options.results / "trials").records()
    trials, threads = [record.trial for record in records], records[0].provenance["threads"]
    rate = known_rate(records, trials[0], "eager", threads)
    assert trial_madds(trials[0], 40) == 3_157_568 * (3 * 3 * 8 + 16 + 8)  # 3 passes, 3 steps of 8; evaluation
    seconds = sorted(record.provenance["seconds"] for record in records)
    expected = forecast([trial_madds(trial, 40) / rate for trial in trials], jobs=2)
    assert expected == pytest.approx(4 / 2 * (seconds[1] * seconds[2]) / ((seconds[1] + seconds[2]) / 2), rel=1e-6)
    assert known_rate(records, trials[0], "another backend") is None


def test_an_error_in_a_trial_is_kept_shown_and_ends_with_a_problem(options, monkeypatch, capsys):
    fit = run.fit

    def fail(task, variant, recipe, data, seed, **given):
        if seed == 1:
            raise RuntimeError(f"cannot read {options.data_dir}/x.bin")
        return fit(task, variant, recipe, data, seed, **given)

    monkeypatch.setattr(run, "fit", fail)
    with pytest.raises(Problem, match="2 trials failed, first .*: see it by mnv2 trial show, or --retry-failed"):
        study.run("pair", options)
    out = capsys.readouterr().out
    assert "brief, seed 1: failed: RuntimeError: cannot read my data/x.bin (mnv2 trial show " in out
    assert "table     " in out  # of what did not fail
    assert "verdict   linear-bottleneck: " not in out  # half a study is not judged
    failed = [r for r in Store(options.results / "trials").records()[0] if r.status == "failed"]
    assert all("analysis/trials/run.py" in r.error and str(options.data_dir) not in r.error for r in failed)
    monkeypatch.setattr(run, "fit", fit)
    with pytest.raises(Problem, match="2 trials failed"):
        study.run("pair", options)
    study.run("pair", replace(options, retry_failed=True))
    assert {r.status for r in Store(options.results / "trials").records()[0]} == {"finished"}


def test_a_node_without_the_folder_finds_the_data_itself(options, monkeypatch, tmp_path):
    study.run("pair", replace(options, seeds=(0,)))
    record = Store(options.results / "trials").records()[0][0]
    with pytest.raises(Problem, match="does not exist"):
        run_trial(record.trial, Way(str(tmp_path / "elsewhere")))
    monkeypatch.setenv("CIFAR10_DIR", str(options.data_dir))
    again = run_on_node(record.trial, Way(str(tmp_path / "elsewhere")))
    assert again.result["test_correct"] == record.result["test_correct"]
    assert run_on_node(record.trial, Way(str(options.data_dir))).score == record.score


def test_files_that_are_no_records_are_named(options, capsys):
    stray = options.results / "trials" / "cifar10" / "tiny" / "notes.json"
    stray.parent.mkdir(parents=True)
    stray.write_text("{}")
    study.run("pair", replace(options, dry_run=True))
    assert "notes.json: not a whole record" in capsys.readouterr().err
    assert stray.read_text() == "{}"


def test_an_interrupt_says_how_to_go_on(options, monkeypatch, capsys):
    def interrupt(*arguments, **keywords):
        raise KeyboardInterrupt

    monkeypatch.setattr("experiments.sweeps.running.sweep", interrupt)
    monkeypatch.setattr("sys.argv", ["mnv2", "study", "run", "pair", "--data-dir", "my data"])
    with pytest.raises(KeyboardInterrupt):
        study.run("pair", options)
    assert "continue with: mnv2 study run pair --data-dir 'my data'" in capsys.readouterr().err
