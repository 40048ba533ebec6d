"""One image with its index mask, decoded and checked."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image, UnidentifiedImageError

from analysis.data.reading import first_line, reading
from analysis.problem import Problem

SUFFIXES = (".jpg", ".jpeg", ".png", ".bmp", ".tif", ".tiff")


class Pair(NamedTuple):
    """Files of an image and of its mask."""

    image: Path
    mask: Path


def pairs(folder: Path, split: str) -> list[Pair]:
    """The images of `folder`/`split` by name, each with the mask of the same stem in `folder`/`split`annot.

    Files whose suffix is not that of an image are passed over.

    Raises:
        Problem: a folder is missing or has no images; an image without its mask, a mask without its image, or two
            of one stem; it names them.
    """
    images, masks = (_by_stem(folder / name) for name in (split, f"{split}annot"))
    for one, other, place in ((images, masks, f"{split}annot"), (masks, images, split)):
        if alone := sorted(one.keys() - other.keys()):
            more = f" (and {len(alone) - 1} more)" if len(alone) > 1 else ""
            raise Problem(f"{one[alone[0]]} has no counterpart in {folder / place}{more}; add or remove it")
    return [Pair(images[stem], masks[stem]) for stem in sorted(images)]


def read_pair(pair: Pair, classes: int, void: int) -> tuple[np.ndarray, np.ndarray]:
    """The image, uint8 (H, W, 3), and its mask, uint8 (H, W), with `classes` where the file says `void`.

    An image in grey, with a palette or with transparency becomes RGB. A mask with a palette is read by its indices. All
    else is refused.

    Raises:
        Problem: it names the file that is truncated or not an image, the mask that holds colours, has another size than
            its image, or a value that is neither a class nor void.
    """
    image = np.asarray(_decoded(pair.image).convert("RGB"))
    decoded = _decoded(pair.mask)
    if decoded.mode not in ("L", "P", "1", "I", "I;16"):
        raise Problem(f"{pair.mask} holds {decoded.mode} colours; give one index a pixel (a grey or palette PNG)")
    values = np.asarray(decoded).astype(np.int64)
    if values.shape != image.shape[:2]:
        (h, w), (height, width) = values.shape, image.shape[:2]
        raise Problem(f"{pair.mask} is {w} x {h}, its image {width} x {height}; give both one size")
    unknown = (values >= classes) & (values != void) | (values < 0)
    if unknown.any():
        first = int(values[unknown][0])
        raise Problem(
            f"{pair.mask} has the value {first} among {int(unknown.sum())} pixels of unknown class; "
            f"known are 0 to {classes - 1} and {void} for void"
        )
    return image, np.where(values == void, classes, values).astype(np.uint8)


def _by_stem(folder: Path) -> dict[str, Path]:
    with reading(folder):
        files = sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES)
    if not files:
        raise Problem(f"{folder} has no images ({', '.join(SUFFIXES)}); point to a folder with train, trainannot, ...")
    found: dict[str, Path] = {}
    for path in files:
        if path.stem in found:
            raise Problem(f"{found[path.stem]} and {path.name} have one stem; remove one of them")
        found[path.stem] = path
    return found


def _decoded(path: Path) -> Image.Image:
    with reading(path):
        content = path.open("rb")
    with content:
        try:
            image = Image.open(content)
            image.load()
        except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
            raise Problem(f"{path} is truncated or not an image ({first_line(error)}); restore it") from error
    return image
