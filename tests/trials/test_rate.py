"""The rate of a trial of an unknown kind is timed on steps of its own."""

import pytest
import torch
from tiny_trials import TASKS, case

from analysis.tasks.recipes import parse_recipe
from analysis.trials import Trial
from analysis.trials import rate as module
from analysis.trials.forecast import trial_madds
from analysis.trials.rate import TEST_IMAGES, measured_rate, trial_seconds


@pytest.mark.parametrize("name", TASKS)
def test_every_task_is_timed_and_nothing_else_is_changed(name, tmp_path):
    if name == "detection":
        pytest.importorskip("pycocotools")
    variant, recipe, data = case(name, tmp_path)
    trial = Trial(variant.text, recipe.text, data.name, data.digest, 3)
    torch.manual_seed(5)
    before, threads = torch.random.get_rng_state(), torch.get_num_threads()
    rate = measured_rate(trial, data, "eager", steps=2)
    assert 1e4 < rate < 1e13
    assert torch.equal(before, torch.random.get_rng_state())
    assert torch.get_num_threads() == threads


class Clock:
    """Time that passes only where a step or a scoring takes it."""

    def __init__(self):
        self.now = 0.0

    def perf_counter(self):
        return self.now


def test_a_trial_takes_its_steps_and_its_scorings(monkeypatch, tmp_path):
    """Of steps that take 2 s, but for the first with 50 s, and a scoring of 7 s."""
    variant, recipe, data = case("classification", tmp_path, epochs=4)
    clock, learner = Clock(), []
    monkeypatch.setattr(module, "time", clock)

    class Task:
        def learner(self, *arguments):
            made = real.learner(*arguments)
            loss = made.loss

            def slow_loss(batch):
                clock.now += 2.0 if learner[1:] else 50.0
                learner.append("step")
                return loss(batch)

            def validate():
                clock.now += 7.0

            made.loss, made.validate = slow_loss, validate
            learner.append(made)
            return made

    real = module.task(recipe)
    monkeypatch.setattr(module, "task", lambda recipe: Task())
    trial = Trial(variant.text, recipe.text, data.name, data.digest, 3)
    seconds = trial_seconds(trial, data, "eager", 3)
    assert learner[1:] == ["step"] * 4
    assert seconds == 4 * 5 * 2.0 + (4 + TEST_IMAGES) * 7.0
    assert measured_rate(trial, data, "eager", 3) == pytest.approx(trial_madds(trial, 120) / seconds)
    assert parse_recipe(trial.recipe).test_passes == 1
