"""Images with boxes on them: the truth and what detectors find."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.problem import Problem
from analysis.render.style import COLOURS, picture_grid

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Boxes = tuple[Any, Any]  # corners (n, 4): left, top, right, bottom as fractions; labels (n,)


def boxes_figure(
    images: Sequence[np.ndarray], columns: Mapping[str, Sequence[Boxes]], classes: Sequence[str]
) -> "Figure":
    """A row for each image, uint8 (H, W, 3), and a column under each title, in which its boxes lie on the image.

    A legend names the classes.

    Raises:
        Problem: no images, or not one set of boxes for each.
    """
    from matplotlib.patches import Patch, Rectangle

    if not images or any(len(boxes) != len(images) for boxes in columns.values()):
        counts = ", ".join(f"{len(boxes)} of {title}" for title, boxes in columns.items())
        raise Problem(f"{len(images)} images cannot carry {counts}: give one set of boxes for each")
    height, width = images[0].shape[:2]
    figure, grid = picture_grid(list(columns), len(images), height, width)
    for row, image in enumerate(images):
        for axes, sets in zip(grid[row], columns.values(), strict=True):
            axes.imshow(image)
            for (left, top, right, bottom), label in zip(*sets[row], strict=True):
                place, sides = (left * width, top * height), ((right - left) * width, (bottom - top) * height)
                axes.add_patch(Rectangle(place, *sides, fill=False, color=COLOURS[label % len(COLOURS)], linewidth=0.8))
    handles = [Patch(fill=False, color=COLOURS[i % len(COLOURS)], label=name) for i, name in enumerate(classes)]
    figure.legend(handles=handles, loc="outside lower center", ncols=len(classes))
    return figure
