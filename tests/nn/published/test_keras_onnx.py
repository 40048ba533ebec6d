"""A second reading of Keras's files, made from their arrays alone: the suite's network computes the same."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from published_files import keras_arrays as arrays_of
from published_files import trained, write_keras

from analysis.arch.mobilenet_v2 import MobileNetV2
from analysis.nn.published.keras import keras_names, read_keras
from analysis.nn.published.keras_onnx import STRIDES, keras_arrays, keras_onnx

runtime = pytest.importorskip("onnxruntime", reason="the extra `export` is not installed")
pytest.importorskip("onnx", reason="the extra `export` is not installed")
WHOLE = MobileNetV2(width=0.35, resolution=96, padding="one_sided")


@pytest.mark.parametrize("features", [True, False])
def test_a_network_computes_what_the_second_reading_does(features, tmp_path):
    """Padding, epsilon and order of channels."""
    variant = replace(WHOLE, features=(6,)) if features else WHOLE
    arrays = arrays_of(trained(variant), keras_names(variant))
    path = write_keras(tmp_path / "mobilenet_96.h5", arrays)
    published = read_keras(path)
    assert published.variant == variant and published.classifies != features
    model, results = keras_onnx(keras_arrays(path))
    images = torch.rand(2, 3, 96, 96, generator=torch.Generator().manual_seed(0)) * 2 - 1
    (expected,) = runtime.InferenceSession(model).run(results[-1:], {"image": images.numpy()})
    found = published.network()(images).detach().numpy()
    np.testing.assert_allclose(found, expected, atol=2e-5 * np.abs(expected).max())
    other = replace(published, variant=replace(variant, padding="symmetric")).network()(images).detach().numpy()
    assert np.abs(other - expected).max() > 1e-2 * np.abs(expected).max()
    assert len(results) == (53 if features else 54) and sum(stride == 2 for stride in STRIDES) == 4


def test_arrays_are_found_in_any_group(tmp_path):
    variant = replace(WHOLE, width=0.1, features=(6,))
    arrays = arrays_of(trained(variant), keras_names(variant))
    for group, suffix in (("model_weights/{layer}/{layer}", ":0"), ("a/b/{layer}", "")):
        found = keras_arrays(write_keras(tmp_path / "a.h5", arrays, group, suffix))
        assert found.keys() == arrays.keys() and all(np.array_equal(found[key], arrays[key]) for key in arrays)
