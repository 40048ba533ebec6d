"""Published networks on images: their answers, low precision, what reaches 6, and a network next to its twin."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor

from analysis.data.labelled import Labelled, Look, read_all
from analysis.data.pixels import normalise
from analysis.environment import environment
from analysis.nn.fold import fold
from analysis.nn.integers import integer_network
from analysis.nn.network import Network
from analysis.nn.published.interpreter import Interpreter
from analysis.nn.published.kinds import Published
from analysis.nn.quantise import activation_ranges, quantised, simulated
from analysis.problem import Problem
from experiments.measurements.imagenet.rows import Accuracy, Six, Twin
from experiments.measurements.imagenet.rule import EVERY

BATCH, CALIBRATION = 10, 20  # images at a time, and those whose ranges are the grids of low precision
LOW = (8, 6, 4)
Run = Callable[[np.ndarray], np.ndarray]  # images uint8 (N, side, side, 3) -> scores (N, classes)


class Shown(NamedTuple):
    """Images at one size, uint8 (N, side, side, 3), with their classes (N,)."""

    images: np.ndarray
    classes: np.ndarray

    def every(self, step: int) -> "Shown":
        """Every so many."""
        return Shown(self.images[::step], self.classes[::step])


def show(labelled: Labelled, look: Look) -> Shown:
    """Read the images as `look` says.

    Raises:
        Problem: a file that is not an image.
    """
    return Shown(read_all(labelled.paths, look), labelled.classes)


def conditions(labelled: Labelled, look: str) -> dict[str, Any]:
    """What rows hold for."""
    note = f"{len(labelled.paths)} labelled images, {look}"
    return {"note": note, "digest": labelled.digest, "images": len(labelled.paths), "environment": environment()}


def runs_network(network: Network, published: Published) -> Run:
    """A function of images that runs a network."""

    def run(images: np.ndarray) -> np.ndarray:
        with torch.inference_mode():
            return torch.cat([network(x) for x in batches(images, published)]).numpy()

    return run


def batches(images: np.ndarray, published: Published) -> Iterator[Tensor]:
    """Images as the network wants them, (N, 3, side, side) each."""
    for at in range(0, len(images), BATCH):
        yield normalise(images[at : at + BATCH], *published.pixels)


def ways(path: Path, published: Published) -> dict[str, Callable[[], Run]]:
    """The ways to run a file, by name. Without integers there is one."""
    network = published.network()
    found: dict[str, Callable[[], Run]] = {"float": lambda: runs_network(network, published)}
    if published.grids:
        scales, signed = published.scales, published.signed
        found["rounded"] = lambda: runs_network(simulated(network, published.grids), published)
        found["integers"] = lambda: runs_network(integer_network(network, published.grids, scales, signed), published)
    if published.layout == "tflite":
        found["interpreter"] = lambda: Interpreter(path).logits
    return found


def answers(name: str, path: Path, published: Published, shown: Shown, wanted: Sequence[str] = ()) -> list[Accuracy]:
    """A network's answers in each way to run it, or in the `wanted` ones, compared with the interpreter's.

    Raises:
        Problem: a network without a classifier of ImageNet.
    """
    return timed_answers(name, path, published, shown, wanted)[0]


def timed_answers(
    name: str, path: Path, published: Published, shown: Shown, wanted: Sequence[str] = ()
) -> tuple[list[Accuracy], dict[str, float]]:
    """`answers`, and the seconds that each way to run the network took, by its name.

    Raises:
        Problem: as `answers`.
    """
    if not published.classifies:
        raise Problem(f"{path} has no classifier of ImageNet's classes: it has statistics, but no accuracy")
    scores, seconds = {}, {}
    for way, make in ways(path, published).items():
        if not wanted or way in wanted:
            run, begun = make(), perf_counter()
            scores[way] = run(shown.images)
            seconds[way] = perf_counter() - begun
    reference = scores.get("interpreter")
    return [accuracy(name, way, found, published, shown, reference) for way, found in scores.items()], seconds


def accuracy(
    name: str,
    runs: str,
    scores: np.ndarray,
    published: Published,
    shown: Shown,
    reference: np.ndarray | None = None,
    low: tuple[int, str, str] = (0, "", ""),
) -> Accuracy:
    """The row of scores (N, classes), compared with those of `reference`. `low`: bits, weights and activation."""
    first = np.argsort(-scores, axis=1, kind="stable")[:, :5]
    hits = first == published.labels(shown.classes)[:, None]
    agree, off, high = -1, -1.0, -1.0
    if reference is not None and runs != "interpreter":
        agree = int((first[:, 0] == reference.argmax(1)).sum())
        distance = np.abs(scores - reference)
        off, high = float(distance.mean()), float(np.quantile(distance, 0.99))
    digits = "".join("01"[int(hit)] for hit in hits[:, 0])
    counts = len(scores), int(hits[:, 0].sum()), int(hits.any(axis=1).sum())
    return Accuracy(name, runs, *low, *counts, agree, off, high, digits)


def low_precision(name: str, published: Published, shown: Shown, say: Callable[[str], object]) -> list[Accuracy]:
    """A network's answers at 8, 6 and 4 bits, with a scale for each tensor or channel, with ReLU6 and with ReLU, and
    both as float (0 bits). Ranges are those of CALIBRATION images; every EVERY-th image is scored."""
    shown, rows = shown.every(EVERY), []
    for activation in ("relu6", "relu"):
        of = replace(published, variant=replace(published.variant, activation=activation))
        network = of.network() if of.folded else fold(of.network())
        seen = torch.cat(list(batches(shown.images[:CALIBRATION], of)))
        (ranges,) = activation_ranges(network, seen, (100.0,))
        rows.append(accuracy(name, "quantised", runs_network(network, of)(shown.images), of, shown, None,
                             (0, "", activation)))  # fmt: skip
        for bits in LOW:
            for weights in ("tensor", "channel"):
                run = runs_network(quantised(network, ranges, bits, weights == "channel"), of)
                rows.append(
                    accuracy(name, "quantised", run(shown.images), of, shown, None, (bits, weights, activation))
                )
                say(f"{name}: {bits} bits, a scale for each {weights}, {activation}: {rows[-1].right} right")
    return rows


def six(name: str, published: Published, images: np.ndarray) -> list[Six]:
    """The share of values at 6 or more in every activated layer of every bottleneck, of images (N, H, W, 3)."""
    network = published.network()
    parts = "expand.activation", "depthwise.activation"
    wanted = [op.name for op in network.plan.operations if op.name.endswith(parts)]
    values, reached, counts = dict.fromkeys(wanted, 0.0), {}, dict.fromkeys(wanted, 0)
    with torch.inference_mode():
        for x in batches(images, published):
            for layer, made in network.intermediates(x, wanted).items():
                high = made >= 6
                values[layer] += float(high.sum())
                counts[layer] += high.numel()
                there = high.any(dim=3).any(dim=2).any(dim=0)
                reached[layer] = reached.get(layer, there) | there
    rows = []
    for layer in wanted:
        block, _, part = layer.partition(".")
        there = reached[layer]
        rows.append(Six(name, block, part, len(there), values[layer] / counts[layer], float(there.float().mean())))
    return rows


def twins(name: str, first: Published, other: str, second: Published, images: np.ndarray) -> list[Twin]:
    """A float network and its quantised twin, layer by layer: correlation of folded weights, and of results of images
    (N, H, W, 3).

    Raises:
        Problem: networks of other channels.
    """
    pair = [made.network() if made.folded else fold(made.network()) for made in (first, second)]
    states = [dict(network.named_modules()) for network in pair]
    layers = [key for key, module in states[0].items() if isinstance(module, torch.nn.Conv2d)]
    weights = {layer: [state[layer].get_parameter("weight") for state in states] for layer in layers}
    for layer, (a, b) in weights.items():
        if a.shape != b.shape:
            raise Problem(f"{name} and {other} differ in {layer}: compare networks of one width")
    wanted = {layer: _result(pair[0], layer) for layer in layers}
    moments = {layer: torch.zeros(6, dtype=torch.float64) for layer in layers}
    with torch.inference_mode():
        for both in zip(batches(images, first), batches(images, second), strict=True):
            made = [net.intermediates(x, tuple(wanted.values())) for net, x in zip(pair, both, strict=True)]
            for layer, result in wanted.items():
                moments[layer] += _moments(*(found[result] for found in made))
        return [
            Twin(name, other, layer, len(images), _correlation(_moments(*weights[layer])), _correlation(moments[layer]))
            for layer in layers
        ]


def _result(network: Network, layer: str) -> str:
    """The tensor of a layer with its activation."""
    activated = layer.removesuffix("conv") + "activation"
    return activated if activated in network.plan.shapes else layer


def _moments(a: Tensor, b: Tensor) -> Tensor:
    """How many numbers two tensors of one shape have, their sums, sums of squares, and the sum of products: (6,)."""
    x, y = a.detach().flatten().double(), b.detach().flatten().double()
    sums = (x.sum(), y.sum(), x @ x, y @ y, x @ y)
    return torch.stack([torch.tensor(len(x), dtype=torch.float64), *sums])


def _correlation(moments: Tensor) -> float:
    """Pearson's correlation, from what `_moments` sums."""
    n, x, y, xx, yy, xy = moments.tolist()
    return (xy - x * y / n) / math.sqrt((xx - x * x / n) * (yy - y * y / n))
