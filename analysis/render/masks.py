"""Images next to their masks: the truth and what networks predict."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from analysis.problem import Problem
from analysis.render.style import picture_grid

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# Colours of the classes by index, in an order that suits CamVid's names; after the last they repeat. Void is white.
# From the schemes of Okabe and Ito and of P. Tol (Colour Schemes, SRON, 2021), chosen so that any two of the twelve
# are at least 20 apart in CIELAB for normal, deutan, protan and tritan sight (after doi:10.1109/TVCG.2009.113).
MASK_COLOURS = (
    *("#33BBEE", "#EEDD88", "#000000", "#BBBBBB", "#AA3377", "#663333"),
    *("#E69F00", "#0077BB", "#332288", "#EE6677", "#CC3311"),
)


def masks_figure(
    images: Sequence[np.ndarray],
    truth: Sequence[np.ndarray],
    predictions: Mapping[str, Sequence[np.ndarray]],
    classes: Sequence[str],
) -> "Figure":
    """A row for each image: it, its true mask, and a mask under each title of `predictions`.

    A legend names the classes. `images`: uint8 (H, W, 3). Masks hold indices of `classes`. All beyond them are void.

    Raises:
        Problem: no images, or not one mask for each.
    """
    from matplotlib.patches import Patch

    columns: dict[str, Sequence[np.ndarray]] = {"truth": truth, **predictions}
    if not images or any(len(masks) != len(images) for masks in columns.values()):
        counts = ", ".join(f"{len(masks)} of {title}" for title, masks in columns.items())
        raise Problem(f"{len(images)} images do not go with {counts}: give one mask for each")
    height, width = images[0].shape[:2]
    figure, grid = picture_grid(["image", *columns], len(images), height, width)
    for row, image in enumerate(images):
        grid[row, 0].imshow(image)
        for column, masks in enumerate(columns.values(), start=1):
            grid[row, column].imshow(coloured(masks[row], len(classes)), interpolation="nearest")
    handles = [Patch(color=MASK_COLOURS[i % len(MASK_COLOURS)], label=name) for i, name in enumerate(classes)]
    void = Patch(facecolor="white", edgecolor="#888888", linewidth=0.5, label="void")
    ncols = -(-(len(classes) + 1) // 2)
    sizes = {"handlelength": 1.0, "columnspacing": 1.0, "handletextpad": 0.4}
    figure.legend(handles=[*handles, void], loc="outside lower center", ncols=ncols, **sizes)
    return figure


def coloured(mask: np.ndarray, classes: int) -> np.ndarray:
    """A mask (H, W) as an image, uint8 (H, W, 3), in the colours of its classes. Void is white."""
    colours = [tuple(bytes.fromhex(MASK_COLOURS[i % len(MASK_COLOURS)][1:])) for i in range(classes)]
    return np.array([*colours, (255, 255, 255)], np.uint8)[np.minimum(mask, classes)]
