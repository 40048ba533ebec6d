"""The loop trains whatever learner it is given: steps, epochs, checks, divergence, its certificate."""

import dataclasses

import pytest
import torch
from torch.nn import Linear

from analysis.data.finished import Finished
from analysis.tasks.classification.recipe import Recipe
from analysis.training.loop import train
from analysis.training.losses import Losses
from analysis.training.streams import streams

RECIPE = Recipe(epochs=3, batch=2, peak_rate=0.1, validation=1)


class Line:
    """A learner of one weight, whose loss is known by hand; `losses` overrides it by step."""

    validation = "validation_error"

    def __init__(self, recipe=RECIPE, losses=()):
        self.network = self.scored = Linear(1, 1, bias=False)
        torch.nn.init.ones_(self.network.weight)
        self.recipe, self.losses, self.events, self.streams = recipe, dict(losses), [], streams(0)

    def batches(self):
        yield from range(4)

    def loss(self, batch):
        self.events.append(batch)
        step = len([event for event in self.events if event != "validated"]) - 1
        return self.network.weight.sum() * self.losses.get(step, 2.0)

    def validate(self):
        self.events.append("validated")
        return 1.5

    def test(self, certificate):
        return {}


def test_every_epoch_has_its_steps_then_its_check():
    learner, seen = Line(), []
    training = train(learner, 12, lambda done, planned: seen.append((done, planned)))
    assert learner.events == [0, 1, 2, 3, "validated"] * 3
    assert seen == [(step, 12) for step in range(1, 13)]
    assert (training.status, training.steps, [e.validation for e in training.epochs]) == ("finished", 12, [1.5] * 3)
    assert training.certificate == Finished(12, 12)


def test_an_epochs_loss_is_the_mean_over_its_steps():
    still = dataclasses.replace(RECIPE, peak_rate=1e-12, weight_decay=0.0)
    training = train(Line(still, {0: 1.0, 1: 2.0, 2: 3.0, 3: 6.0}), 12)
    assert training.epochs[0].train_loss == pytest.approx(3.0)
    assert training.epochs[1].train_loss == pytest.approx(2.0)


@pytest.mark.parametrize("loss", [float("nan"), float("inf")])
def test_a_loss_that_is_not_finite_ends_it_without_a_certificate(loss):
    learner = Line(losses={6: loss})
    training = train(learner, 12)
    assert (training.status, training.steps, len(training.epochs)) == ("diverged", 6, 1)
    assert training.certificate is None
    assert learner.events == [0, 1, 2, 3, "validated", 0, 1, 2]


@pytest.mark.parametrize("bad", [0, 3, 6, 11])  # the step whose loss is not finite
@pytest.mark.parametrize("every", [2, 3, 50])
def test_divergence_that_is_noticed_later_leaves_the_same_record(monkeypatch, bad, every):
    """As on an accelerator, which reads its losses every few steps; an epoch has four."""
    at_once = train(Line(losses={bad: float("nan")}), 12)

    class Later(Losses):
        def __init__(self, *given):
            super().__init__(*given)
            self._every = every

    monkeypatch.setattr("analysis.training.loop.Losses", Later)
    later = train(Line(losses={bad: float("nan")}), 12)
    losses = [[(epoch.train_loss, epoch.validation) for epoch in each.epochs] for each in (at_once, later)]
    assert (at_once.status, at_once.steps, len(at_once.epochs)) == ("diverged", bad, bad // 4)
    assert (later.status, later.steps) == ("diverged", bad)
    assert losses[0] == losses[1]
    plain = train(Line(), 12)
    assert (plain.status, plain.steps, len(plain.epochs)) == ("finished", 12, 3)


class Clipped(Recipe):
    """A recipe that clips, and checks after its last epoch alone."""

    @property
    def largest_gradient(self):
        return 0.5

    def is_check(self, epoch):
        return epoch == self.epochs


def test_gradients_are_clipped_and_epochs_checked_as_the_recipe_says():
    plain, clipped = Line(), Line(Clipped(epochs=3, batch=2, peak_rate=0.1, validation=1))
    training = train(clipped, 12)
    assert [epoch.validation for epoch in training.epochs] == [None, None, 1.5]
    train(plain, 12)
    moved = [1 - learner.network.weight.item() for learner in (plain, clipped)]
    assert moved[0] / moved[1] == pytest.approx(4, rel=0.01)  # a gradient of 2 against one of 0.5
