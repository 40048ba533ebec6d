"""The training loop: deterministic, paired by seed, and shut off from the test split until its end."""

import dataclasses

import numpy as np
import pytest
import torch

from analysis.arch import preset, unroll
from analysis.data.cifar import load_dataset
from analysis.nn import build
from analysis.problem import Problem
from analysis.tasks.classification.recipe import RECIPES, Recipe
from analysis.tasks.recipes import parse_recipe, recipe
from analysis.training import loop
from analysis.training.loop import fit
from analysis.training.optimiser import parameter_groups

TINY = Recipe(name="tiny", epochs=2, batch=16, validation=40)


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MNV2_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))
        yield load_dataset("synthetic", train=200, test=60)


def network(**axes):
    return build(unroll(preset("brief", rows=((2, 8, 1, 2),), stem=8, last=16, **axes)))


def test_the_same_seed_gives_the_same_result(data):
    torch.set_num_threads(1)
    first, again, other = (network() for _ in range(3))
    a, b, c = fit(first, TINY, data, 0), fit(again, TINY, data, 0), fit(other, TINY, data, 1)
    assert a.test_correct == b.test_correct
    assert [e.train_loss for e in a.epochs] == [e.train_loss for e in b.epochs] != [e.train_loss for e in c.epochs]
    assert all(torch.equal(x, y) for x, y in zip(first.state_dict().values(), again.state_dict().values(), strict=True))
    assert (a.status, a.steps, len(a.epochs), a.test_images) == ("finished", 2 * (160 // 16), 2, 60)
    assert a.test_accuracy == 100 * a.test_correct / 60


def test_it_learns(data):
    grey = np.broadcast_to(data.train_labels.astype(np.uint8)[:, None, None, None] * 25, data.train_images.shape)
    easy = dataclasses.replace(data, train_images=grey)  # the label is the shade
    losses = [epoch.train_loss for epoch in fit(network(), dataclasses.replace(TINY, epochs=8), easy, 0).epochs]
    assert losses[-1] < 0.75 * losses[0]


def test_variants_with_one_seed_see_the_same_batches(data, monkeypatch):
    seen = []
    batches = loop.batches

    def spy(*arguments, **options):
        for images, labels in batches(*arguments, **options):
            seen[-1].append((images.clone(), labels.clone()))
            yield images, labels

    monkeypatch.setattr(loop, "batches", spy)
    for projection in ("linear", "relu6"):
        seen.append([])
        fit(network(projection=projection), TINY, data, 3)
    assert len(seen[0]) == 20
    assert all(torch.equal(a, c) and torch.equal(b, d) for (a, b), (c, d) in zip(*seen, strict=True))


def test_the_test_split_is_read_once_behind_the_last_step(data, monkeypatch):
    events = []
    shut = dataclasses.replace(data, _open_test=lambda: events.append("test") or data._open_test())
    fit(network(), TINY, shut, 0, progress=lambda done, planned: events.append((done, planned)))
    assert events == [*((step, 20) for step in range(1, 21)), "test"]


def test_a_diverged_training_is_a_result_without_accuracy(data):
    def refuse():
        raise AssertionError("a diverged training has no business with the test split")

    wild = dataclasses.replace(TINY, peak_rate=1e30, warmup=0.0)
    result = fit(network(activation="relu", projection="relu"), wild, dataclasses.replace(data, _open_test=refuse), 0)
    assert result.status == "diverged"
    assert result.test_accuracy is None
    assert result.steps < 20


def test_norms_and_biases_are_not_decayed():
    trained = network()
    decayed, others = parameter_groups(trained, 5e-4)
    assert {p.dim() for p in decayed["params"]} == {2, 4}
    assert others["weight_decay"] == 0.0
    assert sum(p.numel() for g in (decayed, others) for p in g["params"]) == sum(
        p.numel() for p in trained.parameters()
    )


def test_too_few_images_for_a_batch_is_a_problem(data):
    with pytest.raises(Problem, match="160 training images of synthetic do not fill one batch of 512"):
        fit(network(), dataclasses.replace(TINY, batch=512), data, 0)


def test_recipes_read_back_from_their_text():
    assert all(parse_recipe(r.text) == r and r.name == name for name, r in RECIPES.items())
    with pytest.raises(Problem, match="unknown recipe 'breif': did you mean 'brief'"):
        recipe("breif")
    with pytest.raises(Problem, match="did you mean 'epochs'"):
        parse_recipe("recipe(epoch=3)")
    with pytest.raises(Problem, match="momentum 1.5"):
        Recipe(momentum=1.5)
    assert np.isclose(recipe("brief").peak_rate, 0.1)
