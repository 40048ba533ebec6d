"""A file of Keras is read twice: the readings agree, and a wrong one is seen."""

import json
from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("onnxruntime", reason="the extra `export` is not installed")
pytest.importorskip("onnx", reason="the extra `export` is not installed")

from labelled_images import pictures, weights
from published_files import write_layout

from analysis.arch.mobilenet_v2 import MobileNetV2
from analysis.nn.published.read import read_published
from analysis.problem import Problem
from experiments.commands.evaluate import main
from experiments.measurements.imagenet.agreement import TOLERANCE, agreement, furthest
from experiments.measurements.imagenet.rows import stored

WHOLE = MobileNetV2(width=0.1, resolution=64)
IMAGES = np.random.default_rng(0).integers(0, 256, (3, 64, 64, 3), np.uint8)


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    path = tmp_path_factory.mktemp("keras") / "a_64.h5"
    write_layout(path, "keras", replace(WHOLE, features=(6,)))
    return path


def test_every_layer_agrees(file):
    rows = agreement("a", file, read_published(file).at(64), IMAGES)
    assert len(rows) == 53 and {row.images for row in rows} == {3}
    assert {"stem.norm", "bottleneck1.depthwise.norm", "bottleneck17.project.norm", "last.activation"} <= {
        row.layer for row in rows
    }
    assert furthest(rows).share < TOLERANCE / 2 and all(row.largest > 0 for row in rows)


def test_scores_agree_where_there_is_a_classifier(tmp_path):
    write_layout(tmp_path / "w_64.h5", "keras", WHOLE)
    rows = agreement("a", tmp_path / "w_64.h5", read_published(tmp_path / "w_64.h5").at(64), IMAGES)
    assert rows[-1].layer == "head.linear" and rows[-1].share < TOLERANCE


def test_another_padding_is_seen_from_the_first_layer_on(file):
    made = read_published(file).at(64)
    wrong = replace(made, variant=replace(made.variant, padding="symmetric"))
    rows = agreement("a", file, wrong, IMAGES)
    assert rows[0].layer == "stem.norm" and all(row.share > 100 * TOLERANCE for row in rows)


def test_the_command_says_how_far_and_keeps_a_table(file, tmp_path, capsys, monkeypatch):
    images, labels = pictures(tmp_path / "images", 2)
    main((file,), images, labels, layers=True, resolution=64, keep=True, results=tmp_path / "results")
    said = capsys.readouterr().out
    assert "53 layers on 2 images, two readings at most " in said and "tolerance 0.0001" in said
    (found,) = stored(tmp_path / "results")
    assert len(found.rows.agreement) == 53
    table = (tmp_path / "results" / "tables" / "imagenet-agreement.md").read_text()
    assert "all 53 layers are within it" in table
    main((file,), images, labels, layers=True, resolution=64, json=True)
    assert len(json.loads(capsys.readouterr().out)["layers"]) == 53
    monkeypatch.setattr("experiments.measurements.imagenet.agreement.TOLERANCE", 1e-12)
    with pytest.raises(Problem, match="is read in two ways that differ"):
        main((file,), images, labels, layers=True, resolution=64)


def test_files_of_others_are_refused(tmp_path):
    images, labels = pictures(tmp_path / "images", 2)
    with pytest.raises(Problem, match="is a file of tflite: only Keras's are read a second time"):
        main(weights(tmp_path, ["a"]), images, labels, layers=True)
