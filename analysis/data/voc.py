"""One image with its annotation in the PASCAL VOC layout, decoded and checked."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

import numpy as np
from PIL import Image, UnidentifiedImageError

from analysis.data.reading import first_line, reading
from analysis.problem import Problem

SUFFIXES = (".jpg", ".jpeg", ".png", ".bmp")
LARGEST_ANNOTATION = 4 << 20  # bytes


class Files(NamedTuple):
    """An image and its annotation."""

    image: Path
    annotation: Path


class Objects(NamedTuple):
    """What an annotation says: `boxes` float32 (n, 4), left, top, right, bottom as fractions of the image's width and
    height; `labels` int64 (n,), indices of the classes; `corrected`: a line for each thing put right."""

    boxes: np.ndarray
    labels: np.ndarray
    corrected: tuple[str, ...]


def listed(folder: Path, split: str) -> list[Files]:
    """Files of the images that ImageSets/Main/`split`.txt names, one stem a line, in its order.

    Raises:
        Problem: the list is missing, empty, or names a stem twice, an image or annotation is missing.
    """
    path = folder / "ImageSets" / "Main" / f"{split}.txt"
    with reading(path):
        lines = path.read_text(errors="replace").split("\n")
    stems = [line.split()[0] for line in lines if line.strip()]
    if not stems:
        raise Problem(f"{path} names no image; give one name without suffix a line")
    if twice := sorted({stem for stem in stems if stems.count(stem) > 1}):
        raise Problem(f"{path} names {twice[0]} more than once; remove one of the lines")
    found = []
    for stem in stems:
        if Path(stem).name != stem:
            raise Problem(f"{path} names {stem!r}, which is not a plain file name")
        images = [folder / "JPEGImages" / (stem + suffix) for suffix in SUFFIXES]
        image = next((image for image in images if image.is_file()), None)
        if image is None:
            raise Problem(f"{path} names {stem}, but {images[0]} does not exist; restore it or remove the line")
        found.append(Files(image, folder / "Annotations" / f"{stem}.xml"))
    return found


def read_image(path: Path) -> np.ndarray:
    """The image, uint8 (H, W, 3); grey, palette and transparent ones become RGB.

    Raises:
        Problem: the file is truncated or not an image.
    """
    with reading(path):
        content = path.open("rb")
    with content:
        try:
            return np.asarray(Image.open(content).convert("RGB"))
        except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
            raise Problem(f"{path} is truncated or not an image ({first_line(error)}); restore it") from error


def read_objects(path: Path, size: tuple[int, int], classes: Sequence[str]) -> Objects:
    """The objects of an annotation of an image of `size` (height, width); coordinates in the file are pixel edges.

    Corrected: a box that reaches out of the image is clipped to it, one without area there is left out, and a size of
    0, or none, is taken from the image. Objects marked difficult count like the others. All else is refused.

    Raises:
        Problem: it names the file that is truncated, larger than 4 MiB or declares a document type (the only way to
            entities, hence to external files and to text that grows), an unknown class, a box or size that is not a
            number, a size other than the image's.
    """
    root, (height, width), corrected = _parsed(path), size, []
    stated = [_number(path, root, f"size/{side}", default=0.0) for side in ("height", "width")]
    if 0 in stated:
        corrected.append(f"{path.name}: size {stated[1]:g} x {stated[0]:g} taken from the image, {width} x {height}")
    elif stated != [height, width]:
        raise Problem(f"{path} is of an image of {stated[1]:g} x {stated[0]:g}, its image has {width} x {height}")
    boxes, labels = [], []
    for thing in root.iter("object"):
        name = (thing.findtext("name") or "").strip()
        if name not in classes:
            raise Problem(f"{path} has an object of class {name!r}; known are {', '.join(classes)}")
        box = [_number(path, thing, f"bndbox/{side}") for side in ("xmin", "ymin", "xmax", "ymax")]
        clipped = [min(max(edge, 0), limit) for edge, limit in zip(box, (width, height) * 2, strict=True)]
        place = " ".join(f"{edge:g}" for edge in box)
        if clipped[0] >= clipped[2] or clipped[1] >= clipped[3]:
            corrected.append(f"{path.name}: {name} at {place} has no area in the image and is left out")
            continue
        if clipped != box:
            corrected.append(f"{path.name}: {name} at {place} is clipped to the image")
        boxes.append([edge / limit for edge, limit in zip(clipped, (width, height) * 2, strict=True)])
        labels.append(classes.index(name))
    return Objects(np.array(boxes, np.float32).reshape(-1, 4), np.array(labels, np.int64), tuple(corrected))


class _Builder(ElementTree.TreeBuilder):
    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        raise Problem("declares a document type")


def _parsed(path: Path) -> ElementTree.Element:
    with reading(path):
        if path.stat().st_size > LARGEST_ANNOTATION:
            raise Problem(
                f"{path} is larger than {LARGEST_ANNOTATION >> 20} MiB, too large for the annotation of one image"
            )
        content = path.read_bytes()
    try:
        return ElementTree.fromstring(content, ElementTree.XMLParser(target=_Builder()))
    except (ElementTree.ParseError, LookupError, ValueError) as error:
        raise Problem(f"{path} is truncated or not XML ({first_line(error)}); restore it") from error
    except Problem as problem:
        raise Problem(f"{path} {problem}, which annotations have no use for; remove it") from None


def _number(path: Path, element: ElementTree.Element, where: str, default: float | None = None) -> float:
    text = element.findtext(where)
    if text is None and default is not None:
        return default
    try:
        number = float(text or "")
    except ValueError:
        number = np.nan
    if not np.isfinite(number):
        raise Problem(f"{path} has {text!r} as {where}; give a number of pixels")
    return number
