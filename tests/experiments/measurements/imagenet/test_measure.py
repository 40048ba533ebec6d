"""Published networks on images: every way to run them, low precision, and twins."""

import numpy as np
import pytest

from analysis.data.labelled import find_labelled
from analysis.data.pixels import normalise
from analysis.nn.published.read import read_published
from analysis.problem import Problem
from experiments.measurements.imagenet import measure
from experiments.measurements.imagenet.rows import stored


def test_integers_are_the_interpreters(measured):
    (found,) = stored(measured[0])
    by = {(row.network, row.runs): row for row in found.rows.accuracy if row.runs != "quantised"}
    assert {runs for _, runs in by} == {"float", "rounded", "integers", "interpreter"}
    for (_, runs), row in by.items():
        assert row.images == 8 and len(row.answers) == 8 and row.right == row.answers.count("1") <= row.five
        assert row.agree == -1 if runs == "interpreter" else row.agree >= 7
        if runs == "integers":
            assert row.agree == 8 and row.off < 1e-5 and row.answers == by[row.network, "interpreter"].answers


def test_low_precision_has_every_number_of_bits_and_both_activations(measured):
    low = [row for row in stored(measured[0])[0].rows.accuracy if row.runs == "quantised" and row.network == "other"]
    assert len(low) == 14 and {row.images for row in low} == {4}
    assert {(row.activation, row.bits, row.weights) for row in low} == {
        (activation, bits, weights if bits else "")
        for activation in ("relu6", "relu")
        for bits in (0, 8, 6, 4)
        for weights in ("tensor", "channel")
    }


def test_twins_are_compared_layer_by_layer(measured):
    rows = stored(measured[0])[0].rows.twin
    assert {"stem.conv", "bottleneck2.expand.conv", "last.conv"} <= {row.layer for row in rows}
    path = measured[2][0]
    one = read_published(path)
    images = measure.show(find_labelled(*measured[1]), measure.Look(32)).images
    for row in measure.twins("a", one, "a", one, images[:3]):
        assert row.weights == pytest.approx(1) and row.results == pytest.approx(1) and row.images == 3


def test_correlations_are_those_of_all_images_at_once(measured, monkeypatch):
    pair = [read_published(path) for path in measured[2]]
    images = measure.show(find_labelled(*measured[1]), measure.Look(32)).images[:5]
    monkeypatch.setattr(measure, "BATCH", 2)
    (row,) = (row for row in measure.twins("a", pair[0], "b", pair[1], images) if row.layer == "stem.conv")
    nets = [each.network() for each in pair]
    (whole,) = (normalise(images, *pair[0].pixels),)
    results = [net.intermediates(whole, ["stem.activation"])["stem.activation"] for net in nets]
    kernels = [net.get_submodule("stem.conv").weight for net in nets]
    for found, both in ((row.results, results), (row.weights, kernels)):
        expected = np.corrcoef(*(each.detach().flatten().double().numpy() for each in both))[0, 1]
        assert found == pytest.approx(expected, abs=1e-6) and abs(found) < 0.999


def test_what_has_no_classifier_has_no_accuracy(measured):
    from dataclasses import replace

    one = read_published(measured[2][0])
    bare = replace(one, variant=replace(one.variant, features=(len(one.variant.rows) - 1,)))
    shown = measure.show(find_labelled(*measured[1]), measure.Look(32))
    with pytest.raises(Problem, match="no classifier"):
        measure.answers("a", measured[2][0], bare, shown)
    assert [len(each) for each in shown.every(2)] == [4, 4]
