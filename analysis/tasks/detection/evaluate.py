"""Whole images through a detector."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from analysis.data.boxes import DetectionData, Pictures
from analysis.data.pixels import standardise
from analysis.nn import Network
from analysis.tasks.detection.anchors import flatten
from analysis.tasks.detection.boxes import decode, suppress
from analysis.tasks.detection.score import Detections
from analysis.tasks.shown import shown_places

LEAST_SCORE, CANDIDATES, DOUBLES, KEPT = 0.01, 400, 0.45, 100
SHOWN_SCORE = 0.4  # from which a box is shown to people


@dataclass(frozen=True)
class ShownBoxes:
    """What a detector finds in a test image. `place`: of the image in its split, from 0. For each box that is shown,
    `boxes`: left, top, right, bottom as fractions, to four digits; `labels`; `scores`, to three."""

    place: int
    boxes: tuple[tuple[float, ...], ...]
    labels: tuple[int, ...]
    scores: tuple[float, ...]


def show(found: Sequence[Detections]) -> tuple[ShownBoxes, ...]:
    """Of the detections in the images of a split those that are shown: of a few images, from a score of 0.4 on."""
    made = []
    for place in shown_places(len(found)):
        boxes, labels, scores = (values[found[place].scores >= SHOWN_SCORE].tolist() for values in found[place])
        rounded = tuple(tuple(round(edge, 4) for edge in box) for box in boxes)
        made.append(ShownBoxes(place, rounded, tuple(labels), tuple(round(score, 3) for score in scores)))
    return tuple(made)


@torch.inference_mode()
def detect(
    network: Network, pictures: Pictures, data: DetectionData, anchors: Tensor, batch: int = 8
) -> Iterator[Detections]:
    """For each picture what the network finds in it, at the working size of the data; `anchors` (A, 4), centres.

    Every anchor and class of a probability above 0.01 is a candidate; of the best 400 those stay that no better one of
    their class overlaps by more than 0.45, at most 100.
    """
    network.eval()
    classes, device = len(data.classes), anchors.device
    for start in range(0, len(pictures.images), batch):
        part = torch.tensor(pictures.images[start : start + batch]).to(device).permute(0, 3, 1, 2).float()
        offsets, scores = flatten(network(standardise(part, data.mean, data.std)), classes)
        boxes = decode(offsets, anchors).clamp(0, 1)
        for box, probability in zip(boxes.cpu(), scores.softmax(2)[..., :classes].cpu(), strict=True):
            yield chosen(box, probability)


def chosen(boxes: Tensor, probability: Tensor) -> Detections:
    """The detections among boxes (A, 4), corners, with their classes' probabilities (A, K). See `detect`."""
    flat = probability.flatten()
    scores, places = flat.topk(min(CANDIDATES, len(flat)))
    places, scores = places[scores > LEAST_SCORE], scores[scores > LEAST_SCORE]
    candidates, labels = boxes[places // probability.shape[1]], places % probability.shape[1]
    kept = suppress(candidates, scores, labels, DOUBLES)[:KEPT]
    return Detections(candidates[kept].numpy(), labels[kept].numpy(), scores[kept].numpy())
