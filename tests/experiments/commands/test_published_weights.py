"""Published weights on the command line: counted, exported, and looked into."""

import json

import pytest

pytest.importorskip("tflite", reason="the extra `weights` is not installed")
pytest.importorskip("ai_edge_litert", reason="the extra `weights` is not installed")

import torch
from labelled_images import pictures, weights

from analysis.arch import unroll
from analysis.cost import count
from analysis.nn.published.read import read_published
from analysis.problem import Problem
from experiments.commands import count as counting
from experiments.commands import export, patterns
from experiments.commands.options import Network


def test_a_file_is_counted_as_the_network_that_it_shows(tmp_path, capsys):
    (path,) = weights(tmp_path, ["a"])
    counting.main(weights=path, json=True)
    answer = json.loads(capsys.readouterr().out)
    variant = read_published(path).variant
    assert answer["variant"] == variant.text and answer["madds"] == count(unroll(variant)).madds
    with pytest.raises(Problem, match="--weights says which network"):
        counting.main(Network(width=0.5), weights=path)


def test_a_file_is_exported_as_the_network_that_it_shows(tmp_path, capsys):
    (path,) = weights(tmp_path, ["a"])
    export.main(tmp_path / "a.pt2", weights=path)
    images = torch.randn(2, 3, 32, 32)
    found = torch.export.load(tmp_path / "a.pt2").module()(images)
    torch.testing.assert_close(found, read_published(path).network()(images), rtol=1e-4, atol=1e-4)
    assert f"weights of {path}" in capsys.readouterr().out
    with pytest.raises(Problem, match="--layout goes with --weights"):
        export.main(tmp_path / "a.pt2", layout="keras")


def test_layers_of_a_file_are_measured_and_shown_again(tmp_path, capsys):
    images, labels = pictures(tmp_path / "images", 4)
    (path,) = weights(tmp_path / "w", ["a"])
    results = tmp_path / "results"
    patterns.main(weights=(path,), images=images, labels=labels, results=results)
    assert "imagenet-networks.md" in capsys.readouterr().out
    table = (results / "tables" / "imagenet-networks.md").read_bytes()
    patterns.main(weights=(path,), measure=False, results=results)
    assert (results / "tables" / "imagenet-networks.md").read_bytes() == table
    with pytest.raises(Problem, match="is a file of tflite, not of keras: leave --layout out"):
        patterns.main(weights=(path,), layout="keras", images=images, labels=labels, results=results)
    with pytest.raises(Problem, match="name their folder with --images"):
        patterns.main(weights=(path,), results=results)
    with pytest.raises(Problem, match="measure first"):
        patterns.main(weights=(path,), measure=False, results=tmp_path / "none")
