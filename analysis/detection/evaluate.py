"""Whole images through a detector."""

from collections.abc import Iterator

import torch
from torch import Tensor

from analysis.detection.anchors import flatten
from analysis.detection.augment import standardise
from analysis.detection.boxes import decode, suppress
from analysis.detection.data import DetectionData, Pictures
from analysis.detection.score import Detections
from analysis.nn import Network

LEAST_SCORE, CANDIDATES, DOUBLES, KEPT = 0.01, 400, 0.45, 100


@torch.inference_mode()
def detect(
    network: Network, pictures: Pictures, data: DetectionData, anchors: Tensor, batch: int = 8
) -> Iterator[Detections]:
    """For each picture what the network finds in it, at the working size of the data; `anchors` (A, 4), centres.

    Every anchor and class of a probability above 0.01 is a candidate; of the best 400 those stay that no better one of
    their class overlaps by more than 0.45, at most 100.
    """
    network.eval()
    classes = len(data.classes)
    for start in range(0, len(pictures.images), batch):
        part = torch.tensor(pictures.images[start : start + batch]).permute(0, 3, 1, 2).float()
        offsets, scores = flatten(network(standardise(part, data)), classes)
        boxes = decode(offsets, anchors).clamp(0, 1)
        for box, probability in zip(boxes, scores.softmax(2)[..., :classes], strict=True):
            yield chosen(box, probability)


def chosen(boxes: Tensor, probability: Tensor) -> Detections:
    """The detections among boxes (A, 4), corners, with their classes' probabilities (A, K); see `detect`."""
    flat = probability.flatten()
    scores, places = flat.topk(min(CANDIDATES, len(flat)))
    places, scores = places[scores > LEAST_SCORE], scores[scores > LEAST_SCORE]
    candidates, labels = boxes[places // probability.shape[1]], places % probability.shape[1]
    kept = suppress(candidates, scores, labels, DOUBLES)[:KEPT]
    return Detections(candidates[kept].numpy(), labels[kept].numpy(), scores[kept].numpy())
