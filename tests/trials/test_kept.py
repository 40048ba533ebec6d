"""A trial whose weights are kept trains as any other."""

import pytest
import torch

from analysis.arch import preset
from analysis.data.cifar import load_dataset
from analysis.nn import build, initialise
from analysis.nn.checkpoint import load_checkpoint
from analysis.problem import Problem
from analysis.tasks.classification.recipe import Recipe
from analysis.tasks.recipes import parse_recipe
from analysis.training.streams import streams
from analysis.trials import Trial
from analysis.trials.kept import at_share, checkpoint_path, is_kept, origin, train_and_keep, train_and_keep_shares
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


def test_weights_at_shares_of_the_training_lie_on_the_way_of_the_run(tmp_path, monkeypatch):
    data = load_dataset("synthetic", train=100, test=20)
    variant, recipe = preset("brief", rows=((2, 8, 1, 2),), last=16), Recipe(batch=20, validation=40)
    trial = Trial(variant.text, recipe.text, data.name, data.digest, 5)
    whole, shares = tmp_path / "whole", tmp_path / "shares"
    train_and_keep(data, trial, whole, "eager")
    train_and_keep_shares(data, trial, shares, (0.0, 0.3, 1.0), "eager")
    assert sorted(path.name for path in shares.iterdir()) == sorted(
        checkpoint_path(shares, trial, stage).name for stage in ("initial", "share 0.3", "trained")
    )
    for stage in ("initial", "trained"):
        ours, theirs = (load_checkpoint(checkpoint_path(at, trial, stage))[0].state_dict() for at in (shares, whole))
        assert all(torch.equal(ours[name], theirs[name]) for name in theirs)
    between, _ = load_checkpoint(checkpoint_path(shares, trial, "share 0.3"), origin(trial, "share 0.3"))
    ends = [load_checkpoint(checkpoint_path(whole, trial, stage))[0] for stage in ("initial", "trained")]
    weights = [made.get_submodule("head.linear").weight for made in (between, *ends)]
    assert not torch.equal(weights[0], weights[1]) and not torch.equal(weights[0], weights[2])

    monkeypatch.setattr("analysis.trials.kept.train", None)  # what is there is not trained again
    train_and_keep_shares(data, trial, shares, (0.3, 1.0), "eager")


def test_a_share_is_named_and_another_stage_refused():
    trial = Trial("v", "r", "synthetic", "0" * 64, 0)
    assert [at_share(share) for share in (0.0, 0.25, 1.0)] == ["initial", "share 0.25", "trained"]
    with pytest.raises(Problem, match="stage 'half'"):
        origin(trial, "half")
