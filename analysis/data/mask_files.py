"""One image with its index mask, decoded and checked."""

from pathlib import Path
from typing import NamedTuple

import numpy as np

from analysis.data.images import SUFFIXES, read_image, read_indices, turned, upright_size
from analysis.data.reading import reading
from analysis.problem import Problem


class Pair(NamedTuple):
    """Files of an image and of its mask."""

    image: Path
    mask: Path


def pairs(folder: Path, split: str) -> list[Pair]:
    """The images of `folder`/`split` by name, each with the mask of the same stem in `folder`/`split`annot.

    Files whose suffix is not that of an image are passed over, and so are macOS's companions ("._a.png").

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


def read_pair(pair: Pair, classes: int, void: int, bits: int | None = None) -> tuple[np.ndarray, np.ndarray]:
    """The image, uint8 (H, W, 3), and its mask, uint8 (H, W), with `classes` where the file says `void`.

    The image is read by `read_image`, with its `bits`, the mask by `read_mask`.

    Raises:
        Problem: what these refuse, or the mask has another size than its image.
    """
    image, mask = read_image(pair.image, bits), read_mask(pair.mask, classes, void)
    _check_size(pair, mask, image.shape[:2])
    return image, mask


def has_class(pair: Pair, classes: int, void: int) -> bool:
    """Whether a mask has a pixel that is not void. Of its image only the size is read.

    Raises:
        Problem: what `read_mask` refuses, or the mask has another size than its image.
    """
    mask = read_mask(pair.mask, classes, void)
    _check_size(pair, mask, upright_size(pair.image))
    return bool((mask < classes).any())


def _check_size(pair: Pair, mask: np.ndarray, size: tuple[int, ...]) -> None:
    if mask.shape != size:
        (h, w), (height, width) = mask.shape, size
        raise Problem(f"{pair.mask} is {w} x {h}, its image {width} x {height}{turned(pair.image)}; give both one size")


def read_mask(path: Path, classes: int, void: int) -> np.ndarray:
    """A mask, uint8 (H, W), with `classes` where the file says `void`. See `read_indices`.

    Raises:
        Problem: what `read_indices` refuses, or a value that is neither a class nor void.
    """
    values = read_indices(path)
    unknown = (values >= classes) & (values != void) | (values < 0)
    if unknown.any():
        first = int(values[unknown][0])
        raise Problem(
            f"{path} has the value {first} among {int(unknown.sum())} pixels of unknown class; "
            f"known are 0 to {classes - 1} and {void} for void, unless classes.txt has a line such as void = 255"
        )
    return np.where(values == void, classes, values).astype(np.uint8)


def _by_stem(folder: Path) -> dict[str, Path]:
    with reading(folder):
        files = [path for path in sorted(folder.iterdir()) if not path.name.startswith("._")]
    files = [path for path in files if path.suffix.lower() in SUFFIXES]
    if not files:
        raise Problem(f"{folder} has no images ({', '.join(SUFFIXES)}); point to a folder with train, trainannot, ...")
    found: dict[str, Path] = {}
    for path in files:
        if path.stem in found:
            raise Problem(f"{found[path.stem]} and {path.name} have one stem; remove one of them")
        found[path.stem] = path
    return found
