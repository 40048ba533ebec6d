"""Files of TensorFlow Lite as plain values: scales, zero points and damaged files."""

import random

import numpy as np
import pytest
from published_files import SMALL, trained
from tflite_files import TFLite

from analysis.nn.published.tflite import Stored, read_graph
from analysis.problem import Problem


def test_integers_mean_scale_times_their_distance_from_the_zero_point():
    raw = np.array([[0, 128], [255, 7]], np.uint8)
    stored = Stored("w", (2, 2), "UINT8", np.array([0.5]), np.array([128]), 0, raw)
    assert stored.values().tolist() == [[-64, 0], [63.5, -60.5]]
    each = stored._replace(scales=np.array([1.0, 2.0]), zeros=np.array([0, 1]), axis=1)
    assert each.values().tolist() == [[0, 254], [255, 12]]
    with pytest.raises(Problem, match="w is of uint8 without a scale"):
        stored._replace(scales=None).values()
    with pytest.raises(Problem, match="w has no values in the file"):
        stored._replace(raw=None).values()


@pytest.fixture(scope="module")
def content(tmp_path_factory):
    return TFLite(trained(SMALL), "int8").write(tmp_path_factory.mktemp("t") / "a.tflite").read_bytes()


def test_a_file_is_read_whole(content, tmp_path):
    (tmp_path / "a.tflite").write_bytes(content)
    graph = read_graph(tmp_path / "a.tflite")
    kinds = [op.kind for op in graph.operators]
    assert kinds[0] == "CONV_2D" and kinds[-1] == "SOFTMAX" and kinds.count("ADD") == 2
    assert graph.operators[0].options["StrideH"] == 2
    weight = graph.tensors[graph.operators[0].inputs[1]]
    assert weight.kind == "INT8" and len(weight.scales) == 8 and weight.values().shape == (8, 3, 3, 3)


def test_damaged_files_are_refused_in_one_line_or_read(content, tmp_path):
    rng, path = random.Random(0), tmp_path / "a.tflite"
    refused = 0
    for _ in range(60):
        broken = bytearray(content)
        for _ in range(rng.randint(1, 4)):
            end = rng.randrange(len(broken) - 4000, len(broken))
            place = rng.choice((rng.randrange(len(broken)), rng.randrange(8, 400), end))
            broken[place] = rng.randrange(256)
        path.write_bytes(bytes(broken[: rng.choice((len(broken), rng.randrange(8, len(broken))))]))
        try:
            graph = read_graph(path)
            for stored in graph.tensors:
                if stored.raw is not None and stored.scales is not None:
                    stored.values()
        except Problem as problem:
            refused += 1
            assert "\n" not in str(problem)
    assert refused > 10
