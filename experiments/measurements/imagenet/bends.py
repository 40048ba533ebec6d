"""What a ReLU6 on the projection of a trained bottleneck destroys: variance, and top-1 without training after it."""

import numpy as np
import torch
from torch import Tensor

from analysis.manifold.trained.recovery import recovered
from analysis.nn.network import Network
from analysis.nn.published.kinds import Published
from experiments.measurements.imagenet.measure import BATCH, Shown, batches
from experiments.measurements.imagenet.rows import Bent
from experiments.measurements.imagenet.rule import EVERY

POINTS = 20  # pixels of an image, for maps from rectified bottlenecks


def bent(name: str, published: Published, shown: Shown) -> list[Bent]:
    """What a ReLU6 on each trained bottleneck destroys, and on all at once. Every EVERY-th image is scored."""
    shown, network = shown.every(EVERY), published.network()
    blocks = [block for block in network.plan.blocks if block.body.kind == "inverted_residual"]
    names = [*(block.name for block in blocks), "all"]
    hits: dict[str, list[np.ndarray]] = {each: [] for each in ("", *names)} if published.classifies else {}
    values: dict[str, list[np.ndarray]] = {block.name: [] for block in blocks}
    rng = np.random.Generator(np.random.PCG64(0))
    labels = published.labels(shown.classes)
    with torch.inference_mode():
        for place, images in enumerate(batches(shown.images, published)):
            inputs = _inputs(network, images)
            for block in blocks:
                values[block.name].append(_sampled(_project(network, block.name, inputs[block.name]), rng))
            for each in hits:
                scores = _scores(network, inputs, images, each)
                hits[each].append(scores.argmax(1).numpy() == labels[place * BATCH : place * BATCH + len(images)])
    right = {each: np.concatenate(found) for each, found in hits.items()}
    rows = []
    for each in names:
        stated = _destroyed(np.concatenate(values[each])) if each in values else (0, -1.0, -1.0, -1.0, -1.0)
        if not right:
            rows.append(Bent(name, each, *stated, len(shown.images), -1, -1, ""))
            continue
        digits = "".join("01"[int(hit)] for hit in right[each])
        rows.append(Bent(name, each, *stated, len(shown.images), int(right[""].sum()), int(right[each].sum()), digits))
    return rows if right else rows[:-1]


def _inputs(network: Network, images: Tensor) -> dict[str, Tensor]:
    """What enters each block, by its name. Blocks of a classifier form a chain."""
    found, x = {}, images
    for block in network.plan.blocks:
        found[block.name] = x
        local = block.body.output
        x = network.get_submodule(block.name)({"x": x}, frozenset([local]))[local]
    found[""] = x
    return found


def _project(network: Network, block: str, x: Tensor) -> Tensor:
    """The result of a block's projection: (N, C, H, W)."""
    module = network.get_submodule(block)
    names = {op.name for op in module.body.operations}  # type: ignore[union-attr]
    local = "project.norm" if "project.norm" in names else "project.conv"
    return module({"x": x}, frozenset([local]))[local]


def _scores(network: Network, inputs: dict[str, Tensor], images: Tensor, bent_block: str) -> Tensor:
    """Scores of the network with a ReLU6 on the projection of one block, of "all", or of none ("")."""
    if not bent_block:
        return inputs[""]
    x, begun = images, bent_block == "all"
    for block in network.plan.blocks:
        if block.name == bent_block:
            x, begun = inputs[block.name], True
        if not begun:
            continue
        local = block.body.output
        if block.body.kind == "inverted_residual" and bent_block in (block.name, "all"):
            y = torch.clamp(_project(network, block.name, x), 0, 6)
            x = x + y if "shortcut" in block.body.shapes else y
        else:
            x = network.get_submodule(block.name)({"x": x}, frozenset([local]))[local]
    return x


def _sampled(maps: Tensor, rng: np.random.Generator) -> np.ndarray:
    """Some pixels of each image: (N, at most POINTS, C)."""
    pixels = maps.flatten(2).permute(0, 2, 1).numpy()
    places = rng.random(pixels.shape[:2]).argsort(axis=1)[:, :POINTS, None]
    return np.take_along_axis(pixels, places, axis=1)


def _destroyed(values: np.ndarray) -> tuple[int, float, float, float, float]:
    """Channels, shares below 0 and above 6, and the share of variance that is lost to each channel's own affine map and
    to a map of all channels, of points (images, pixels, channels)."""
    y = values.reshape(-1, values.shape[2]).astype(np.float64)
    z = np.clip(y, 0, 6)
    deviations, others = y - y.mean(0), z - z.mean(0)
    products, squares = (deviations * others).sum(0), (others**2).sum(0)
    kept = np.divide(products**2, squares, out=np.zeros_like(products), where=squares > 0)
    total = float((deviations**2).sum())
    half = len(values) // 2
    first, second = (part.reshape(-1, y.shape[1]) for part in (values[:half], values[half:]))
    r2 = recovered((np.clip(first, 0, 6), first), (np.clip(second, 0, 6), second))
    return y.shape[1], float((y < 0).mean()), float((y > 6).mean()), 1 - float(kept.sum()) / total, 1 - r2
