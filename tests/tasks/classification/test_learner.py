"""Learning to classify: deterministic, paired by seed, and kept from the test split until its end."""

import dataclasses

import numpy as np
import pytest
import torch

from analysis.arch import preset
from analysis.data.cifar import load_dataset
from analysis.data.finished import TestSplit
from analysis.problem import Problem
from analysis.tasks.classification import learner
from analysis.tasks.classification.learner import TASK
from analysis.tasks.classification.recipe import Recipe
from analysis.tasks.task import fit

TINY = Recipe(name="tiny", epochs=2, batch=16, validation=40)


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MNV2_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))
        yield load_dataset("synthetic", train=200, test=60)


def small(**axes):
    return preset("brief", rows=((2, 8, 1, 2),), stem=8, last=16, **axes)


def losses(result):
    return [epoch["train_loss"] for epoch in result["epochs"]]


@pytest.mark.parametrize("dropout", [0.0, 0.5])
def test_the_same_seed_gives_the_same_result(data, dropout):
    torch.set_num_threads(1)
    torch.manual_seed(5)
    before, variant = torch.random.get_rng_state(), small(dropout=dropout)
    (first, status, a), (again, _, b), (_, _, c) = (fit(TASK, variant, TINY, data, seed)[:3] for seed in (0, 0, 1))
    assert torch.equal(before, torch.random.get_rng_state())
    assert a["test_correct"] == b["test_correct"]
    assert losses(a) == losses(b) != losses(c)
    assert all(torch.equal(x, y) for x, y in zip(first.state_dict().values(), again.state_dict().values(), strict=True))
    assert (status, a["steps"], len(a["epochs"]), a["test_images"]) == ("finished", 2 * (160 // 16), 2, 60)
    assert TINY.score(a) == 100 * a["test_correct"] / 60


def test_it_learns(data):
    grey = np.broadcast_to(data.train_labels.astype(np.uint8)[:, None, None, None] * 25, data.train_images.shape)
    easy = dataclasses.replace(data, train_images=grey)  # the label is the shade
    found = losses(fit(TASK, small(), dataclasses.replace(TINY, epochs=8), easy, 0).result)
    assert found[-1] < 0.75 * found[0]


def test_variants_with_one_seed_see_the_same_batches(data, monkeypatch):
    seen = []
    batches = learner.batches

    def spy(*arguments, **options):
        for images, labels in batches(*arguments, **options):
            seen[-1].append((images.clone(), labels.clone()))
            yield images, labels

    monkeypatch.setattr(learner, "batches", spy)
    for projection in ("linear", "relu6"):
        seen.append([])
        fit(TASK, small(projection=projection), TINY, data, 3)
    assert len(seen[0]) == 20
    assert all(torch.equal(a, c) and torch.equal(b, d) for (a, b), (c, d) in zip(*seen, strict=True))


def test_the_test_split_is_read_once_after_the_last_step(data):
    events = []
    closed = dataclasses.replace(data, test=TestSplit(lambda: events.append("test") or data.test.read()))
    fit(TASK, small(), TINY, closed, 0, progress=lambda done, planned: events.append((done, planned)))
    assert events == [*((step, 20) for step in range(1, 21)), "test"]


def test_a_diverged_training_is_a_result_without_accuracy(data):
    def refuse():
        raise AssertionError("a diverged training has no business with the test split")

    wild = dataclasses.replace(TINY, peak_rate=1e30, warmup=0.0)
    closed = dataclasses.replace(data, test=TestSplit(refuse))
    _, status, result = fit(TASK, small(activation="relu", projection="relu"), wild, closed, 0)[:3]
    assert (status, result["test_correct"], result["test_images"]) == ("diverged", None, None)
    assert result["steps"] < 20


def test_too_few_images_for_a_batch_is_a_problem(data):
    with pytest.raises(Problem, match="160 training images of synthetic do not fill one batch of 512"):
        fit(TASK, small(), dataclasses.replace(TINY, batch=512), data, 0)
