"""What a detector is trained by: truths matched to anchors, hard negatives, two losses (arXiv:1512.02325, 2.2)."""

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy, smooth_l1_loss

from analysis.tasks.detection.boxes import corners, encode, overlap

NEGATIVES = 3  # hardest background anchors for each matched one


def match(boxes: Tensor, anchors: Tensor, least: float = 0.5) -> Tensor:
    """For each anchor (A, 4), centres, the index of its truth in `boxes` (n, 4), corners, or -1: int64 (A,).

    Each truth takes the anchor that overlaps it most; of several truths with one best anchor the one that overlaps it
    most. Every other anchor takes the truth that overlaps it most, from `least` on.
    """
    if not len(boxes):
        return torch.full((len(anchors),), -1)
    shared = overlap(boxes, corners(anchors))
    best = shared.max(1, keepdim=True)
    taken = torch.zeros_like(shared, dtype=torch.bool).scatter_(1, best.indices, best.values > 0)
    value, truth = torch.where(taken, shared + 2, shared).max(0)  # above every overlap
    return torch.where(value >= least, truth, -1)


def targets(
    boxes: list[Tensor], labels: list[Tensor], anchors: Tensor, classes: int, least: float = 0.5
) -> tuple[Tensor, Tensor]:
    """For N images the encoded offsets, float32 (N, A, 4), and classes, int64 (N, A), that each anchor should say.

    Anchors are matched with truths as in `match`.

    Background is the index `classes`; its offsets are 0.
    """
    offsets = anchors.new_zeros(len(boxes), len(anchors), 4)
    wanted = torch.full((len(boxes), len(anchors)), classes)
    for i, (box, label) in enumerate(zip(boxes, labels, strict=True)):
        truth = match(box, anchors, least)
        where = truth >= 0
        offsets[i, where] = encode(box[truth[where]], anchors[where])
        wanted[i, where] = label[truth[where]]
    return offsets, wanted


def masked_targets(
    boxes: Tensor, labels: Tensor, anchors: Tensor, classes: int, least: float = 0.5
) -> tuple[Tensor, Tensor]:
    """`targets` for accelerators, where nothing has a shape that depends on values: `boxes` (N, M, 4) and `labels`
    (N, M) of N images, of which an image that has fewer is filled with boxes without area."""
    shared = overlap(boxes.flatten(0, 1), corners(anchors)).unflatten(0, boxes.shape[:2])
    best = shared.max(2, keepdim=True)
    taken = torch.zeros_like(shared, dtype=torch.bool).scatter_(2, best.indices, best.values > 0)
    value, truth = torch.where(taken, shared + 2, shared).max(1)
    matched = (value >= least)[..., None]
    mine = boxes.gather(1, truth[..., None].expand(-1, -1, 4))
    offsets = torch.where(matched, encode(torch.where(matched, mine, corners(anchors)), anchors), 0.0)
    return offsets, torch.where(matched[..., 0], labels.gather(1, truth), classes)


def masked_loss(offsets: Tensor, scores: Tensor, aims: tuple[Tensor, Tensor]) -> Tensor:
    """`detection_loss` for accelerators, where nothing has a shape that depends on values; `aims` from
    `masked_targets`."""
    wanted_offsets, wanted = aims
    matched = wanted < scores.shape[2] - 1
    each = cross_entropy(scores.flatten(0, 1), wanted.flatten(), reduction="none").view_as(wanted)
    chosen = matched | hardest(each.detach(), matched)
    box_losses = smooth_l1_loss(offsets, wanted_offsets, reduction="none").sum(2)
    losses = torch.where(matched, box_losses, 0.0).sum() + torch.where(chosen, each, 0.0).sum()
    return losses / matched.sum().clamp(min=1)


def detection_loss(offsets: Tensor, scores: Tensor, aims: tuple[Tensor, Tensor]) -> Tensor:
    """(smooth L1 over matched anchors + cross-entropy over matched anchors and hard negatives) / matched anchors.

    offsets (N, A, 4), scores (N, A, K + 1) of the network; `aims` from `targets`. Hard negatives are the background
    anchors of largest cross-entropy in each image, three for each matched anchor; an image without any gives three.
    Without a matched anchor the divisor is 1.
    """
    wanted_offsets, wanted = aims
    matched = wanted < scores.shape[2] - 1
    each = cross_entropy(scores.flatten(0, 1), wanted.flatten(), reduction="none").view_as(wanted)
    chosen = matched | hardest(each.detach(), matched)
    box_loss = smooth_l1_loss(offsets[matched], wanted_offsets[matched], reduction="sum")
    return (box_loss + each[chosen].sum()) / matched.sum().clamp(min=1)


def hardest(losses: Tensor, matched: Tensor) -> Tensor:
    """Which anchors are hard negatives, bool (N, A), by cross-entropy (N, A); never a matched one."""
    number = NEGATIVES * matched.sum(1, keepdim=True).clamp(min=1)
    rank = losses.masked_fill(matched, -1).argsort(dim=1, descending=True, stable=True).argsort(dim=1)
    return (rank < number) & ~matched
