"""The report of a device: every part is there, and one that fails does not cost the others."""

import json
import time

import pytest

from analysis.arch import preset
from analysis.data.cifar import load_dataset
from analysis.problem import Problem
from analysis.tasks.classification.recipe import Recipe
from analysis.tasks.recipes import RECIPES
from analysis.training.device import CPU
from experiments.benches import checkup
from experiments.benches.agreement import Agreement
from experiments.benches.checkup import PARTS, headline, images, lines, report


@pytest.fixture
def small(monkeypatch):
    """Two arms on few images, and results of the other parts instead of their measurements."""
    arms = {name: preset("brief", rows=((2, 8, 1, 2),), last=16, projection=name) for name in ("linear", "relu6")}
    study = type("Study", (), {"arms": arms})
    monkeypatch.setattr(checkup, "find_study", lambda name: study)
    monkeypatch.setitem(RECIPES, "brief", Recipe(batch=20, validation=40))
    monkeypatch.setattr(checkup, "images", lambda: load_dataset("synthetic", train=80, test=20))
    rows = [Agreement("detection", "float32", 1e-6, 0.01, True), Agreement("detection", "bfloat16", 1.0, 1.4, False)]
    monkeypatch.setattr(checkup, "agreements", lambda device: rows)
    rates = {"width": "0.35", "backend": "eager", "images/s": 1234.5, "to eager": 1.0, "lowest": 1.0, "highest": 2.0}
    monkeypatch.setattr(checkup, "throughput", lambda device, rounds, seconds: [rates])


def test_the_report_has_every_part_and_is_plain_json(small):
    said = []
    found = report(CPU, seeds=1, rounds=1, seconds=0.1, minutes=5.0, say=said.append)
    assert said == list(PARTS)
    assert json.loads(json.dumps(found)) == found
    assert found["environment"]["device_type"] == "cpu"
    assert found["devices"][0] == "cpu"
    assert [run["status"] for run in found["headline"]["runs"]] == ["finished"] * 2
    text = "\n".join(lines(found))
    for part in (
        "detection, float32: agrees, relative error of the loss 1.0e-06",
        "detection, bfloat16: DIFFERS",
        "capture      on CUDA devices alone",
        "0.35, eager: 1234 images/s, 1.00 x eager",
        "synthetic, 2 of 2 runs",
        "relu6, seed 0: finished, ",
    ):
        assert part in text
    assert set(found["seconds"]) == set(PARTS)


def test_a_part_that_fails_has_its_traceback_and_the_others_follow(small, monkeypatch):
    def broken(device):
        raise RuntimeError("CUDA error: an illegal memory access")

    monkeypatch.setattr(checkup, "agreements", broken)
    found = report(CPU, seeds=0, rounds=1, seconds=0.1, minutes=5.0, say=lambda part: None)
    assert "illegal memory access" in found["agreement"]["error"]
    assert "Traceback" in found["agreement"]["error"]
    assert found["throughput"]
    assert "agreement    FAILED: RuntimeError: CUDA error: an illegal memory access" in lines(found)


def test_after_its_minutes_no_run_starts(small):
    part = headline(CPU, seeds=3, deadline=time.monotonic() - 1)
    assert (part["planned"], part["runs"]) == (6, [])


@pytest.mark.parametrize("here", [True, False])
def test_images_are_those_of_cifar_where_they_are(monkeypatch, here):
    monkeypatch.setattr(checkup, "locate", lambda name: "/a/copy" if here else None)
    monkeypatch.setattr(checkup, "load_dataset", lambda name: name)
    assert images() == ("cifar10" if here else "synthetic")

    def wrong(name):
        raise Problem("another folder")

    monkeypatch.setattr(checkup, "locate", wrong)
    assert images() == "synthetic"
