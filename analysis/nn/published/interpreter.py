"""The interpreter of TensorFlow Lite, the reference for its files: integers as a device computes them."""

import importlib
import warnings
from pathlib import Path
from typing import NamedTuple

import numpy as np

from analysis.problem import Problem
from analysis.users_code import first_line


class Scores(NamedTuple):
    """What the interpreter makes of images, (images, classes) each.

    `logits`: before the softmax, scale x (integer - zero point). `last`: the file's output, probabilities.
    """

    logits: np.ndarray
    last: np.ndarray


class Interpreter:
    """An interpreter of one file on one thread, with the kernels that it chooses itself.

    Raises:
        Problem: the file is refused, or the package `ai-edge-litert` is not installed.
    """

    def __init__(self, path: Path):
        try:
            litert = importlib.import_module("ai_edge_litert.interpreter")
        except ImportError as error:
            raise Problem("ai-edge-litert is not installed: pip install -e '.[weights]'") from error
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # that kept tensors take memory
                self.runs = litert.Interpreter(str(path), num_threads=1, experimental_preserve_all_tensors=True)
            self.runs.allocate_tensors()
        except (ValueError, RuntimeError) as error:
            raise Problem(f"{path} is refused by the interpreter ({first_line(error)})") from error
        self.image, self.last = self.runs.get_input_details()[0], self.runs.get_output_details()[0]
        softmax = [op for op in self.runs._get_ops_details() if op["op_name"] == "SOFTMAX"]
        details = {detail["index"]: detail for detail in self.runs.get_tensor_details()}
        self.before = details[int(softmax[0]["inputs"][0])] if softmax else self.last

    def scores(self, images: np.ndarray) -> Scores:
        """Scores of images of 8-bit colours, uint8 (N, H, W, 3) of the file's size.

        Raises:
            Problem: images of another size.
        """
        if images.shape[1:] != tuple(self.image["shape"][1:]):
            raise Problem(f"the file takes images of {self.image['shape'][1:3]} pixels, not {images.shape[1:3]}")
        logits, last = [], []
        for image in images:
            self.runs.set_tensor(self.image["index"], self._given(image)[None])
            self.runs.invoke()
            logits.append(_numbers(self.runs.get_tensor(self.before["index"]), self.before))
            last.append(_numbers(self.runs.get_tensor(self.last["index"]), self.last))
        return Scores(np.concatenate(logits), np.concatenate(last))

    def _given(self, image: np.ndarray) -> np.ndarray:
        """Pixels as the file's input has them: 0 to 255, -128 to 127, or in [-1, 1]."""
        kind = self.image["dtype"]
        if kind == np.float32:
            return (image.astype(np.float32) - 127.5) / 127.5
        return image if kind == np.uint8 else (image.astype(np.int16) - 128).astype(kind)

    def logits(self, images: np.ndarray) -> np.ndarray:
        """`scores` before the softmax: images uint8 (N, H, W, 3) to (N, classes)."""
        return self.scores(images).logits


def _numbers(values: np.ndarray, detail: dict) -> np.ndarray:
    """Integers of a tensor as the numbers that they mean, (1, classes)."""
    scale, zero = detail["quantization"]
    flat = values.reshape(len(values), -1)
    return flat.astype(np.float64) if not scale else scale * (flat.astype(np.float64) - zero)
