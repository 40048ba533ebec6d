"""A trial whose weights are kept trains as any other."""

import torch

from analysis.arch import preset
from analysis.data.cifar import load_dataset
from analysis.nn import build, initialise
from analysis.nn.checkpoint import load_checkpoint
from analysis.tasks.classification.recipe import Recipe
from analysis.tasks.recipes import parse_recipe
from analysis.training.streams import streams
from analysis.trials import Trial
from analysis.trials.kept import checkpoint_path, is_kept, origin, train_and_keep
from analysis.trials.run import run_on


def test_initial_and_trained_weights_are_those_of_the_run(tmp_path):
    data = load_dataset("synthetic", train=100, test=20)
    variant = preset("brief", rows=((2, 8, 1, 2),), last=16)
    recipe = Recipe(batch=20, validation=40)
    trial = Trial(variant.text, recipe.text, data.name, data.digest, 5)
    assert not is_kept(tmp_path, trial)
    train_and_keep(data, trial, tmp_path, "eager")
    assert is_kept(tmp_path, trial)
    initial, _ = load_checkpoint(checkpoint_path(tmp_path, trial, "initial"), origin(trial, "initial"))
    trained, _ = load_checkpoint(checkpoint_path(tmp_path, trial, "trained"), origin(trial, "trained"))

    fresh = build(initial.plan)
    initialise(fresh, streams(5).init, parse_recipe(trial.recipe).initialisation)
    again = []
    run_on(data, trial, keep=again.append)
    for name, tensor in fresh.state_dict().items():
        assert torch.equal(initial.state_dict()[name], tensor), name
        assert torch.equal(trained.state_dict()[name], again[0].state_dict()[name]), name
    assert not torch.equal(initial.state_dict()["head.linear.weight"], trained.state_dict()["head.linear.weight"])
