"""Whole images through a network, at one size or several, scored at the size of their masks."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import torch
from torch.nn.functional import interpolate

from analysis.arch import unroll
from analysis.arch.deeplab import DeepLabV3
from analysis.nn import Network, build
from analysis.segmentation.augment import standardise
from analysis.segmentation.data import Scenes, SegmentationData
from analysis.segmentation.score import confusion


def at_size(variant: DeepLabV3, size: tuple[int, int]) -> DeepLabV3:
    """The variant for images of another height and width; its weights fit unchanged."""
    return replace(variant, backbone=replace(variant.backbone, resolution=size))


def sharing(network: Network, variants: Sequence[DeepLabV3]) -> list[Network]:
    """A network for each variant, all of which differ in size alone, on the very tensors of `network`."""
    with torch.device("meta"):  # no weights of their own, and no draws from torch's random state
        made = [build(unroll(variant), network.backend) for variant in variants]
    for each in made:
        each.load_state_dict(network.state_dict(), assign=True)
    return made


@torch.inference_mode()
def predict(
    networks: Sequence[Network],
    scenes: Scenes,
    data: SegmentationData,
    mirror: bool = False,
    batch: int = 8,
) -> Iterator[np.ndarray]:
    """For each image the class of each pixel, uint8 (H, W), at the size of its mask.

    Each network sees the images at its own size (by area); its scores are resized bilinearly to the mask's size.
    Over several networks, and with `mirror` over images and their mirror images, the probabilities are averaged.
    """
    for network in networks:
        network.eval()
    for start in range(0, len(scenes.images), batch):
        part = scenes.images[start : start + batch]
        images = standardise(torch.tensor(part).permute(0, 3, 1, 2).float(), data)
        scores = []
        for network in networks:
            size = network.plan.image[1:]
            seen = images if size == tuple(images.shape[2:]) else interpolate(images, size, mode="area")
            scores.append(network(seen))
            if mirror:
                scores.append(network(seen.flip(3)).flip(3))
        for i, mask in enumerate(scenes.masks[start : start + batch]):
            resized = [interpolate(s[i : i + 1], mask.shape, mode="bilinear") for s in scores]
            mean = torch.stack([s.softmax(1) for s in resized]).mean(0) if len(resized) > 1 else resized[0]
            yield mean[0].argmax(0).byte().numpy()


def evaluate(networks: Sequence[Network], scenes: Scenes, data: SegmentationData, mirror: bool = False) -> np.ndarray:
    """The confusion matrix over all images, int64 (K, K); see `predict`."""
    classes = len(data.classes)
    total = np.zeros((classes, classes), np.int64)
    for truth, prediction in zip(scenes.masks, predict(networks, scenes, data, mirror), strict=True):
        total += confusion(truth, prediction, classes)
    return total
