"""What a store lacks is run in front of a user."""

import re
from dataclasses import replace
from types import SimpleNamespace

import pytest
from fake_trials import run as run_fake
from fake_trials import trial

from analysis.arch import preset
from analysis.problem import Problem
from analysis.tasks.recipes import recipe
from analysis.training.checkpoint import Checkpoint
from analysis.trials import Record, Store, run
from analysis.trials.forecast import trial_madds
from analysis.trials.trial import checkpoint_path
from experiments.commands import study
from experiments.sweeps import running
from experiments.sweeps.running import cleared, expected_seconds, refuse_failed, wanting


def test_a_dry_run_trains_nothing(options, capsys):
    study.run("pair", replace(options, dry_run=True))
    out = capsys.readouterr().out
    assert "brief projection=relu6, seed 1" in out
    assert "forecast: " in out
    assert not (options.results / "trials").exists()


def test_what_it_took_is_printed_next_to_the_forecast(options, capsys):
    study.run("pair", options)
    assert re.search(r"took .*, forecast \d+ s\n", capsys.readouterr().out)


def test_a_forecast_times_each_recipe_once(monkeypatch):
    new = replace(trial(0), recipe=recipe("short").text)
    seconds, timed = {trial(0).recipe: 3.0, new.recipe: 0.5}, []

    def timing(trial, data, backend, device):
        timed.append(trial)
        return trial_madds(trial, 50_000) / seconds[trial.recipe]

    monkeypatch.setattr(running, "measured_rate", timing)
    data, rates = SimpleNamespace(train_images=range(50_000)), {}
    trials = [trial(0), new, replace(new, seed=1), trial(1)]
    for _ in range(2):
        assert expected_seconds(trials, data, "eager", 1, rates=rates) == pytest.approx(3 + 0.5 + 0.5 + 3)
        assert timed == [trial(0), new]  # the second time nothing is timed


def test_a_forecast_times_the_trial_of_median_cost(monkeypatch):
    trials = [replace(trial(0), variant=preset("brief", width=width).text) for width in (0.5, 1.5, 1.0)]
    timed = []
    monkeypatch.setattr(running, "measured_rate", lambda trial, *_, **__: timed.append(trial) or 1.0)
    expected_seconds(trials, SimpleNamespace(train_images=range(50_000)), "eager", 1)
    assert timed == [trials[2]]


@pytest.mark.parametrize("event", ["recorded", "kept"])
def test_the_checkpoint_inside_a_trial_goes_when_its_record_is_stored(tmp_path, event):
    paths = [checkpoint_path(tmp_path, trial(seed)) for seed in (0, 1)]
    for path in paths:
        path.touch()
    seen = []
    report = cleared(lambda *given: seen.append((*given, paths[0].exists())), tmp_path)
    report("started", trial(0), None)
    report("worker died", None, None)
    assert all(path.exists() for path in paths)
    report(event, trial(0), run_fake(trial(0)))
    assert [path.exists() for path in paths] == [False, True]  # of this trial alone
    report(event, trial(0), run_fake(trial(0)))  # there is none any more
    assert [(given[0], given[-1]) for given in seen] == [
        ("started", True),
        ("worker died", True),
        (event, False),
        (event, False),
    ]


def test_a_study_leaves_no_checkpoint(options, monkeypatch):
    written = []
    write = Checkpoint.write
    monkeypatch.setattr(Checkpoint, "write", lambda self, *given: written.append(self.path) or write(self, *given))
    study.run("pair", replace(options, seeds=(0,)))
    assert len(set(written)) == 2
    assert {path.parent for path in written} == {options.checkpoints.resolve()}
    assert list(options.checkpoints.iterdir()) == []


def test_a_trial_is_wanting_without_a_record_or_with_a_failed_one_that_is_retried(tmp_path):
    store = Store(tmp_path)
    store.write(run_fake(trial(0)))
    store.write(Record(trial(1), "failed", error="odd"))
    assert [wanting(store, trial(seed), False) for seed in (0, 1, 2)] == [False, False, True]
    assert [wanting(store, trial(seed), True) for seed in (0, 1, 2)] == [False, True, True]


def test_failed_records_are_refused_with_the_first_of_them():
    refuse_failed([run_fake(trial(0)), Record(trial(1), "diverged")])
    with pytest.raises(Problem, match=f"2 trials failed, first {trial(3).id}: see it by mnv2 trial show, or --retry"):
        refuse_failed([run_fake(trial(0)), *(Record(trial(seed), "failed") for seed in (3, 1))])


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


def test_files_that_are_not_records_are_named(options, capsys):
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
