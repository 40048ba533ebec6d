"""`mnv2 evaluate`: shares with intervals, two networks image by image, and what is refused before anything runs."""

import json
from dataclasses import replace

import pytest

pytest.importorskip("tflite", reason="the extra `weights` is not installed")
pytest.importorskip("ai_edge_litert", reason="the extra `weights` is not installed")

from labelled_images import pictures, weights
from published_files import SMALL, keras_arrays, trained, write_keras

from analysis.nn.published.keras import keras_names
from analysis.problem import Problem
from experiments.commands.evaluate import main


def test_one_file_of_integers_runs_as_integers_and_says_how(tmp_path, capsys):
    images, labels = pictures(tmp_path / "images")
    (first,) = weights(tmp_path / "w", ["a"])
    main((first,), images, labels)
    said = capsys.readouterr().out
    assert "8 images, the whole image at 32 x 32, bilinear" in said
    assert "integers: top-1 " in said and "(95 %, Wilson)" in said and "images/s" in said
    main((first,), images, labels, runs=("float", "interpreter"), fit="crop", filter="area", resolution=32)
    said = capsys.readouterr().out
    assert "the middle 87.5% of the shorter side at 32 x 32, area" in said
    assert "of 8 first classes are the interpreter's" in said and "McNemar's exact p = " in said


def test_two_files_are_compared_image_by_image_as_json(tmp_path, capsys):
    images, labels = pictures(tmp_path / "images")
    main(weights(tmp_path / "w"), images, labels, json=True)
    answer = json.loads(capsys.readouterr().out)
    assert [row["runs"] for row in answer["networks"]] == ["integers", "integers"]
    (pair,) = answer["pairs"]
    assert (pair["first"], pair["second"], pair["images"]) == ("a (integers)", "b (integers)", 8)
    assert answer["networks"][0]["images_per_second"] > 0


def test_it_keeps_rows_and_answers(tmp_path, capsys):
    images, labels = pictures(tmp_path / "images")
    (first,) = weights(tmp_path / "w", ["a"])
    main((first,), images, labels, keep=True, low_precision=True, results=tmp_path / "results")
    kept = tmp_path / "results" / "imagenet" / "accuracy.csv"
    assert len(kept.read_text().splitlines()) == 1 + 4 + 14
    assert "imagenet-low.md" in capsys.readouterr().out
    again = kept.read_bytes()
    main((first,), images, labels, keep=True, low_precision=True, results=tmp_path / "results")
    assert kept.read_bytes() == again
    other, more = pictures(tmp_path / "others", 4)
    with pytest.raises(Problem, match="holds rows of other images"):
        main((first,), other, more, keep=True, results=tmp_path / "results")


def test_what_cannot_be_scored_is_refused_first(tmp_path):
    images, labels = pictures(tmp_path / "images")
    bare = replace(SMALL, features=(2,))
    path = write_keras(tmp_path / "a.h5", keras_arrays(trained(bare), keras_names(bare)))
    with pytest.raises(Problem, match="no width of MobileNetV2"):
        main((path,), images, labels)
    small = replace(SMALL, classes=7)
    with pytest.raises(Problem, match="no classifier of ImageNet's classes"):
        main(weights(tmp_path / "w", ["a"], small), images, labels)
    (first,) = weights(tmp_path / "w", ["a"])
    with pytest.raises(Problem, match="resolution 50 is not a multiple"):
        main((first,), images, labels, resolution=50)
    with pytest.raises(Problem, match="name one file of weights or more"):
        main((), images, labels)
