"""Whether a file of Keras is read right: each layer's result against that of an ONNX model made from its arrays."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch

from analysis.nn.published.keras import keras_names
from analysis.nn.published.keras_onnx import keras_arrays, keras_onnx
from analysis.nn.published.kinds import Published
from analysis.problem import Problem
from experiments.measurements.imagenet.measure import batches
from experiments.measurements.imagenet.rows import Agreement

TOLERANCE = 1e-4  # of the largest value of a layer, both in float32


def agreement(name: str, path: Path, published: Published, images: np.ndarray) -> list[Agreement]:
    """How far each layer's result of images (N, side, side, 3), uint8, is from that of the second reading.

    Raises:
        Problem: a file of another library, or ONNX Runtime is not installed.
    """
    if published.layout != "keras":
        raise Problem(f"{path} is a file of {published.layout}: only Keras's are read a second time, by ONNX Runtime")
    theirs, ours = dict(pairs(published)), published.network()
    run, results = second_reading(path)
    if unknown := [layer for layer in theirs.values() if layer not in results]:
        raise Problem(f"{path} has no {unknown[0]}, which a second reading needs")
    largest, distance = dict.fromkeys(theirs, 0.0), dict.fromkeys(theirs, 0.0)
    with torch.inference_mode():
        for x in batches(images, published):
            found = dict(zip(results, run(x.numpy()), strict=True))
            for layer, made in ours.intermediates(x, tuple(theirs)).items():
                if layer in theirs:
                    other = found[theirs[layer]].reshape(made.shape)
                    largest[layer] = max(largest[layer], float(np.abs(other).max()))
                    distance[layer] = max(distance[layer], float(np.abs(made.numpy() - other).max()))
    return [Agreement(name, layer, len(images), largest[layer], distance[layer]) for layer in theirs]


def pairs(published: Published) -> Iterator[tuple[str, str]]:
    """Tensors of the network and the results of the second reading that they have to be: each norm's, the last
    activation's, and the scores where there is a classifier."""
    for ours, theirs in keras_names(published.variant).items():
        if ours.endswith("norm") and ours in published.plan.shapes:
            yield ours, theirs
    yield "last.activation", "Conv_1_bn.relu"
    if not published.variant.features:
        yield "head.linear", "scores"


def second_reading(path: Path) -> tuple[Any, list[str]]:
    """A function of images, float32 (N, 3, H, W), that gives the results of an ONNX model of the file, and their
    names.

    Raises:
        Problem: ONNX Runtime is not installed.
    """
    try:
        import onnxruntime
    except ImportError as error:
        raise Problem("onnxruntime is not installed: pip install -e '.[export]'") from error
    model, results = keras_onnx(keras_arrays(path))
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    return lambda images: session.run(results, {"image": images}), results


def furthest(rows: list[Agreement]) -> Agreement:
    """The layer whose results differ most, as a share of its largest value."""
    return max(rows, key=lambda row: row.share)
