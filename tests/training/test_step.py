"""A step by operators and a captured one take the same training to the same weights."""

import copy

import pytest
import torch
from torch.nn import Linear

from analysis.tasks.classification.recipe import Recipe
from analysis.training.optimiser import descent
from analysis.training.step import WARM, CapturedStep, Step

RECIPE = Recipe(batch=4, peak_rate=0.1, validation=1)


class Recorder:
    """What captures, without a graph: what was recorded runs again. It counts."""

    def __init__(self):
        self.warmed, self.recorded, self.replayed = 0, 0, 0

    def warm(self, function):
        self.warmed += 1
        return function()

    def record(self, function):
        self.recorded += 1
        result = torch.zeros(())

        def replay():
            self.replayed += 1
            return result.copy_(function())  # one tensor, written anew each time

        return replay


class Line:
    def __init__(self, recipe=RECIPE):
        torch.manual_seed(0)
        self.network, self.recipe = Linear(3, 1), recipe

    def loss(self, batch):
        images, wanted = batch
        return (self.network(images)[:, 0] - wanted).square().mean()


class Clipped(Recipe):
    @property
    def largest_gradient(self):
        return 0.05


def batches(count):
    generator = torch.Generator().manual_seed(1)
    return [(torch.randn(4, 3, generator=generator), torch.randn(4, generator=generator)) for _ in range(count)]


def trained(step_type, recipe=RECIPE, **options):
    learner = Line(recipe)
    optimizer, schedule = descent(learner.network, recipe, 20)
    step, losses = step_type(learner, optimizer, **options), []
    for batch in batches(8):
        loss = step.loss(batch)
        losses.append(loss)
        step.descend(loss)
        schedule.step()
    return [float(loss.detach()) for loss in losses], copy.deepcopy(learner.network.state_dict())


@pytest.mark.parametrize("recipe", [RECIPE, Clipped(batch=4, peak_rate=0.1, validation=1)])
def test_captured_steps_are_the_steps(recipe):
    recorder = Recorder()
    losses, weights = trained(Step, recipe)
    captured, same = trained(CapturedStep, recipe, graph=recorder)
    assert captured == losses  # each of its own: the graph's tensor is written anew
    assert all(torch.equal(weights[name], same[name]) for name in weights)
    assert (recorder.warmed, recorder.recorded, recorder.replayed) == (WARM, 1, 8 - WARM)


def test_a_batch_of_another_shape_is_not_taken_for_one_of_the_graphs():
    learner = Line()
    optimizer, _ = descent(learner.network, RECIPE, 20)
    step = CapturedStep(learner, optimizer, Recorder())
    step.loss(batches(1)[0])
    with pytest.raises((RuntimeError, ValueError)):
        step.loss((torch.randn(3, 3), torch.randn(3)))


@pytest.mark.cuda
def test_a_graph_takes_the_rate_of_each_step():
    """Losses and weights as by operators, with a rate that changes at each step."""
    results = []
    for kind in (Step, CapturedStep):
        learner = Line()
        learner.network.cuda()
        optimizer, schedule = descent(learner.network, RECIPE, 20)
        step, losses = kind(learner, optimizer), []
        for batch in batches(8):
            loss = step.loss(tuple(part.cuda() for part in batch))
            losses.append(loss.detach())
            step.descend(loss)
            schedule.step()
        results.append((torch.stack(losses), learner.network.weight.detach()))
    for a, b in zip(*results, strict=True):
        assert torch.allclose(a, b, rtol=1e-4)
