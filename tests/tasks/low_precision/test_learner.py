"""A training whose network is scored at several precisions: one reading of the test split, everything in its record."""

import dataclasses

import pytest
import torch

from analysis.arch import preset
from analysis.data.cifar import load_dataset
from analysis.data.finished import TestSplit
from analysis.tasks.classification.learner import TASK as CLASSIFICATION
from analysis.tasks.classification.recipe import Recipe
from analysis.tasks.low_precision.learner import TASK, QuantisedClassifier
from analysis.tasks.low_precision.recipe import QuantisedRecipe
from analysis.tasks.task import fit
from analysis.training.loop import train
from analysis.trials import Trial
from analysis.trials.run import run_on

TINY = QuantisedRecipe(name="tiny", training=Recipe(name="tiny", batch=16, validation=40), bits=(8, 3), calibration=20)
SMALL = preset("brief", rows=((2, 8, 1, 2),), stem=8, last=16)


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MNV2_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))
        yield load_dataset("synthetic", train=200, test=60)


def test_the_test_split_is_read_once_for_all_precisions_and_the_training_is_that_of_the_inner_recipe(data):
    torch.set_num_threads(1)
    events = []
    closed = dataclasses.replace(data, test=TestSplit(lambda: events.append("test") or data.test.read()))
    _, status, result = fit(TASK, SMALL, TINY, closed, 0)[:3]
    assert events == ["test"]
    _, plain_status, plain = fit(CLASSIFICATION, SMALL, TINY.training, data, 0)[:3]
    assert (status, result["steps"], result["test_correct"]) == (plain_status, plain["steps"], plain["test_correct"])
    assert list(result["readings"]) == [
        "float",
        *(f"{bits} bits{way}" for bits in (8, 3) for way in ("", ", clipped", ", per tensor")),
    ]
    assert all(0 <= correct <= 60 for correct in result["readings"].values())


def test_precisions_are_what_their_names_say(data):
    learner = QuantisedClassifier(SMALL, TINY, data, 0)
    train(learner, TINY.steps(200))
    network, made = learner.network, learner.precise()
    x = torch.randn(4, 3, 32, 32)
    with torch.inference_mode():
        network.eval()
        assert torch.allclose(made["float"](x), network(x), atol=1e-4)
        off = {name: float((each(x) - made["float"](x)).norm()) for name, each in made.items()}
    assert 0 == off["float"] < off["8 bits"] < off["3 bits"]
    weight = made["3 bits, per tensor"].get_submodule("last.conv").weight
    assert len(weight.unique()) <= 2**3 - 1 < len(made["3 bits"].get_submodule("last.conv").weight.unique())
    assert off["8 bits"] != off["8 bits, clipped"]


def test_a_diverged_training_is_scored_nowhere(data):
    def refuse():
        raise AssertionError("a diverged training has no business with the test split")

    wild = dataclasses.replace(TINY, training=dataclasses.replace(TINY.training, peak_rate=1e30, warmup=0.0))
    closed = dataclasses.replace(data, test=TestSplit(refuse))
    variant = dataclasses.replace(SMALL, activation="relu", projection="relu")
    assert fit(TASK, variant, wild, closed, 0).status == "diverged"


def test_its_record_has_readings_in_percent(data):
    record = run_on(data, Trial(SMALL.text, TINY.text, data.name, data.digest, 0))
    assert record.score == 100 * record.result["test_correct"] / 60
    assert record.readings["8 bits"] == 100 * record.result["readings"]["8 bits"] / 60
    assert len(record.readings) == 7
