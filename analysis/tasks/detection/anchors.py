"""Anchors of SSD: the boxes that the predictors' outputs are offsets from (arXiv:1512.02325, section 2.2)."""

import math

import torch
from torch import Tensor

from analysis.arch import unroll
from analysis.arch.ssd import SSD
from analysis.problem import Problem

RATIOS = (1.0, 2.0, 1 / 2, 3.0, 1 / 3)


def shapes(scale: float, following: float, number: int) -> list[tuple[float, float]]:
    """(width, height) of the `number` anchors at a place, as shares of the image's shorter side.

    Of ratio r: (s sqrt(r), s / sqrt(r)). Six are the five ratios and the square of sqrt(s s'), s' being the next
    map's scale; four leave the ratios 3 and 1/3 out; three are the square of half the scale and the ratios 2 and 1/2
    (the first map, as in the published SSD models on MobileNet).

    Raises:
        Problem: another number.
    """
    square = math.sqrt(scale * following)
    match number:
        case 3:
            ratios, squares = (2.0, 1 / 2), [scale / 2]
        case 4:
            ratios, squares = RATIOS[1:3], [scale, square]
        case 6:
            ratios, squares = RATIOS[1:], [scale, square]
        case _:
            raise Problem(f"{number} anchors a place are none of 3, 4 and 6")
    return [(s, s) for s in squares] + [(scale * math.sqrt(r), scale / math.sqrt(r)) for r in ratios]


def anchors(variant: SSD, scales: tuple[float, float]) -> Tensor:
    """Anchors of all maps of the network, float32 (A, 4): centre x, y, width, height as fractions of the image.

    Map k of m has the scale low + (high - low) k / (m - 1); after the last comes 1. The order is that of `flatten`:
    maps, rows, columns, anchors of a place.

    Raises:
        Problem: what `shapes` refuses.
    """
    plan, count = unroll(variant), len(variant.anchors)
    low, high = scales
    steps = [low + (high - low) * k / max(count - 1, 1) for k in range(count)] + [1.0]
    height, width = variant.size
    short, made = min(height, width), []
    for k, (number, name) in enumerate(zip(variant.anchors, plan.outputs[::2], strict=True)):
        _, rows, columns = plan.shapes[name]
        sides = torch.tensor(shapes(steps[k], steps[k + 1], number)) * short / torch.tensor([width, height])
        y, x = torch.meshgrid((torch.arange(rows) + 0.5) / rows, (torch.arange(columns) + 0.5) / columns, indexing="ij")
        places = torch.stack([x, y], -1)[:, :, None].expand(rows, columns, number, 2)
        made.append(torch.cat([places, sides.expand(rows, columns, number, 2)], -1).reshape(-1, 4))
    return torch.cat(made)


def flatten(outputs: tuple[Tensor, ...], classes: int) -> tuple[Tensor, Tensor]:
    """The network's maps, boxes and classes in turn, as offsets (N, A, 4) and scores (N, A, classes + 1).

    The last score is that of background. Channel c of a map belongs to anchor c // 4 or c // (classes + 1).
    """
    parts = [[], []]
    for place, output in enumerate(outputs):
        numbers = (4, classes + 1)[place % 2]
        parts[place % 2].append(output.permute(0, 2, 3, 1).reshape(len(output), -1, numbers))
    return torch.cat(parts[0], 1), torch.cat(parts[1], 1)
