"""Arithmetic of boxes: corners and centres, overlap, offsets from anchors, suppression of doubles.

Boxes are float (n, 4): corners (left, top, right, bottom) or centres (x, y, width, height)."""

import torch
from torch import Tensor

VARIANCES = (0.1, 0.1, 0.2, 0.2)  # of the offsets, as in SSD (arXiv:1512.02325, its published code)


def corners(centres: Tensor) -> Tensor:
    """Centre form (..., 4) to corner form (..., 4)."""
    half = centres[..., 2:] / 2
    return torch.cat([centres[..., :2] - half, centres[..., :2] + half], -1)


def centres(corners: Tensor) -> Tensor:
    """Corner form (..., 4) to centre form (..., 4)."""
    return torch.cat([(corners[..., :2] + corners[..., 2:]) / 2, corners[..., 2:] - corners[..., :2]], -1)


def overlap(a: Tensor, b: Tensor) -> Tensor:
    """Intersection over union of each of a (n, 4) with each of b (m, 4), corners: (n, m); 0 where both are empty."""
    sides = (torch.minimum(a[:, None, 2:], b[None, :, 2:]) - torch.maximum(a[:, None, :2], b[None, :, :2])).clamp(min=0)
    both = sides.prod(-1)
    area_a, area_b = ((x[:, 2:] - x[:, :2]).prod(-1) for x in (a, b))
    either = area_a[:, None] + area_b[None] - both
    return torch.where(either > 0, both / either, 0.0)


def encode(boxes: Tensor, anchors: Tensor) -> Tensor:
    """Offsets of boxes (n, 4), corners, from anchors (n, 4), centres (arXiv:1512.02325, eq. 2), over `VARIANCES`:
    ((x - x_a) / w_a, (y - y_a) / h_a, log(w / w_a), log(h / h_a))."""
    boxes = centres(boxes)
    offsets = [(boxes[..., :2] - anchors[..., :2]) / anchors[..., 2:], (boxes[..., 2:] / anchors[..., 2:]).log()]
    return torch.cat(offsets, -1) / _variances(boxes)


def decode(offsets: Tensor, anchors: Tensor) -> Tensor:
    """The inverse of `encode`: (..., n, 4) offsets to corners. Logarithms end at 4, so that it stays finite."""
    offsets = offsets * _variances(offsets)
    places = offsets[..., :2] * anchors[..., 2:] + anchors[..., :2]
    return corners(torch.cat([places, offsets[..., 2:].clamp(max=4).exp() * anchors[..., 2:]], -1))


def _variances(like: Tensor) -> Tensor:
    """`VARIANCES` on the device of a tensor, filled in there: a copy of numbers from the CPU would wait for it."""
    return torch.cat([like.new_full((1,), each) for each in VARIANCES])


def suppress(boxes: Tensor, scores: Tensor, labels: Tensor, most: float) -> Tensor:
    """Indices (k,), best score first, of the boxes (n, 4), corners, that no better box of their class overlaps by more
    than `most`; `scores` and `labels` (n,).

    Greedy non-maximum suppression: a suppressed box suppresses none. Of equal scores the first comes first.
    """
    order = scores.argsort(dim=0, descending=True, stable=True)
    boxes, labels = boxes[order], labels[order]
    doubles = ((overlap(boxes, boxes) > most) & (labels[:, None] == labels[None])).triu(1).numpy()
    kept = torch.ones(len(order), dtype=torch.bool).numpy()
    for place in range(len(order)):
        if kept[place]:
            kept &= ~doubles[place]
    return order[torch.from_numpy(kept)]
