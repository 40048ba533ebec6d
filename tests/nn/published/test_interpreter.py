"""The interpreter's scores: before and after the softmax, and what it refuses."""

import numpy as np
import pytest
from published_files import SMALL, trained
from tflite_files import TFLite

from analysis.nn.published.interpreter import Interpreter
from analysis.problem import Problem


@pytest.mark.parametrize("kind", ["uint8", "int8", "float32"])
def test_scores_and_probabilities_are_of_the_same_images(kind, tmp_path):
    path = TFLite(trained(SMALL), kind).write(tmp_path / "a.tflite")
    images = np.random.default_rng(0).integers(0, 256, (3, 32, 32, 3), np.uint8)
    found = Interpreter(path).scores(images)
    assert found.logits.shape == found.last.shape == (3, 1001)
    softmax = np.exp(found.logits) / np.exp(found.logits).sum(1, keepdims=True)
    assert np.abs(softmax - found.last).max() < 1 / 128
    assert np.array_equal(Interpreter(path).logits(images[1:2])[0], found.logits[1])
    with pytest.raises(Problem, match="takes images of"):
        Interpreter(path).scores(images[:, :16])


def test_another_file_is_refused(tmp_path):
    (tmp_path / "a.tflite").write_bytes(b"\x18\0\0\0TFL3" + bytes(50))
    with pytest.raises(Problem, match="refused by the interpreter") as caught:
        Interpreter(tmp_path / "a.tflite")
    assert "\n" not in str(caught.value)
