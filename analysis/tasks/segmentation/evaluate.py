"""Whole images through a network, at one size or several, scored at the size of their masks."""

import base64
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from PIL import Image
from torch.nn.functional import interpolate

from analysis.arch import unroll
from analysis.arch.deeplab import DeepLabV3
from analysis.data.masks import Scenes, SegmentationData
from analysis.data.pixels import standardise
from analysis.data.windows import nearest
from analysis.nn import Network
from analysis.tasks.segmentation.score import confusion
from analysis.tasks.shown import shown_places


@dataclass(frozen=True)
class ShownMask:
    """What a network says of a test image. `place`: of the image in its split, from 0. `mask`: class of each pixel at
    the working size, as a grey PNG in base64."""

    place: int
    mask: str


def show(network: Network, scenes: Scenes, data: SegmentationData) -> tuple[ShownMask, ...]:
    """What the network predicts for the images at `shown_places`."""
    places = shown_places(len(scenes.masks))
    few = Scenes(scenes.images[list(places)], [scenes.masks[place] for place in places])
    masks = predict([network], few, data)
    return tuple(ShownMask(p, packed(nearest(mask, data.size))) for p, mask in zip(places, masks, strict=True))


def packed(mask: np.ndarray) -> str:
    """A mask, uint8 (H, W), as a grey PNG in base64."""
    buffer = io.BytesIO()
    Image.fromarray(mask).save(buffer, "PNG", optimize=True)
    return base64.b64encode(buffer.getvalue()).decode()


def unpacked(text: str) -> np.ndarray:
    """The mask (H, W) that `packed` wrote."""
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(text))))


def at_size(variant: DeepLabV3, size: tuple[int, int]) -> DeepLabV3:
    """The variant for images of another height and width; its weights fit unchanged."""
    return replace(variant, backbone=replace(variant.backbone, resolution=size))


def sharing(network: Network, variants: Sequence[DeepLabV3]) -> list[Network]:
    """A network for each variant, all of which differ in size alone, on the very tensors of `network`."""
    with torch.device("meta"):  # no weights of their own, and no draws from torch's random state
        made = [type(network)(unroll(variant)) for variant in variants]
    for each in made:
        each.backend = network.backend
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
    device = next(networks[0].parameters()).device
    for start in range(0, len(scenes.images), batch):
        part = scenes.images[start : start + batch]
        images = standardise(torch.tensor(part).to(device).permute(0, 3, 1, 2).float(), data.mean, data.std)
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
            yield mean[0].argmax(0).byte().cpu().numpy()


def evaluate(networks: Sequence[Network], scenes: Scenes, data: SegmentationData, mirror: bool = False) -> np.ndarray:
    """The confusion matrix over all images, int64 (K, K). See `predict`."""
    classes = len(data.classes)
    total = np.zeros((classes, classes), np.int64)
    for truth, prediction in zip(scenes.masks, predict(networks, scenes, data, mirror), strict=True):
        total += confusion(truth, prediction, classes)
    return total
