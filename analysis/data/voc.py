"""The PASCAL VOC layout: lists of images, and the annotation of one image, parsed and checked."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

import numpy as np

from analysis.data.images import SUFFIXES
from analysis.data.reading import decoded_text, first_line, read_lines, reading, refuse_stand_in
from analysis.problem import Problem

LARGEST_ANNOTATION = 4 << 20  # bytes
SIDES = ("xmin", "ymin", "xmax", "ymax")
COLUMN = re.compile(r"(\S+) (-1| 0| 1)")  # VOC's lists for one class: a name, and whether the image shows it
HOLDERS = ("object", "part")  # elements that have a box of their own; boxes of parts are not used
METADATA = ("folder", "filename", "path", "source", "owner", "size")  # elements that may hold any text and numbers
CORNERS = ("left", "top", "right", "bottom", "xtl", "ytl", "xbr", "ybr", "x1", "y1", "x2", "y2", "x", "y", "points")
SIZES = ("width", "height", "nrows", "ncols")
WIDE = re.compile(r"(utf|ucs|iso-10646-ucs)[-_]?(16|32|2|4)[-_]?(le|be)?", re.IGNORECASE)  # encodings


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
    """Files of the images that ImageSets/Main/`split`.txt names, one a line, in its order.

    A line is the whole name, which may have spaces, with or without its suffix. In VOC's lists for one class, where
    each line goes on with -1, 0 or 1, two characters wide, the name is what comes before.

    Raises:
        Problem: the list is missing, empty, or names an image twice, an image or annotation is missing, or two images
            have one name.
    """
    path = folder / "ImageSets" / "Main" / f"{split}.txt"
    names = read_lines(path)
    if not names:
        raise Problem(f"{path} names no image; give one name without suffix a line")
    images, annotations = _by_stem(folder / "JPEGImages", SUFFIXES), _by_stem(folder / "Annotations", (".xml",))
    columns = [COLUMN.fullmatch(name) for name in names]
    if not any(_key(name) in images for name in names):
        names = [match[1] for match in columns if match] if all(columns) else names
    found: set[Path] = set()
    files = []
    for name in names:
        if Path(name).name != name:
            raise Problem(f"{path} names {name!r}, which is not a plain file name")
        image = _one(images, name, path, folder / "JPEGImages")
        if image in found:
            raise Problem(f"{path} names {name} more than once; remove one of the lines")
        found.add(image)
        alike = annotations.get(_key(image.stem), [])
        files.append(Files(image, alike[0] if len(alike) == 1 else folder / "Annotations" / f"{image.stem}.xml"))
    return files


def _by_stem(folder: Path, suffixes: Sequence[str]) -> dict[str, list[Path]]:
    """The files of a folder by stem. macOS's companions ("._a.jpg") are passed over."""
    found: dict[str, list[Path]] = {}
    with reading(folder):
        for path in sorted(folder.iterdir()):
            if path.suffix.lower() in suffixes and not path.name.startswith("._") and path.is_file():
                found.setdefault(_key(path.stem), []).append(path)
    return found


def _key(stem: str) -> str:
    return unicodedata.normalize("NFC", stem)  # macOS stores letters and accents apart


def _one(images: dict[str, list[Path]], name: str, path: Path, folder: Path) -> Path:
    alike = images.get(_key(name), [])
    if not alike and Path(name).suffix.lower() in SUFFIXES:
        alike = [image for image in images.get(_key(Path(name).stem), []) if _key(image.name) == _key(name)]
    if not alike:
        first = folder / f"{name}{SUFFIXES[0]}"
        raise Problem(f"{path} names {name}, but {first} does not exist; restore it or remove the line")
    if len(alike) > 1:
        raise Problem(f"{path} names {name}, which is {alike[0].name} and {alike[1].name} in {folder}; remove one")
    return alike[0]


def read_objects(path: Path, size: tuple[int, int], classes: Sequence[str], turned: str = "") -> Objects:
    """The objects of an annotation of an image of `size` (height, width); coordinates in the file are pixel edges.

    Capitals and namespaces of the tags do not matter. Corrected: corners in another order are put in theirs, a box that
    reaches out of the image is clipped to it, one without area there is left out, and a size of 0, or none, is taken
    from the image. Objects marked difficult count like the others. All else is refused. `turned`: what to add to the
    size of the image in a message.

    Raises:
        Problem: it names the file that is truncated, larger than 4 MiB or declares a document type (the only way to
            entities, hence to external files and to text that grows), several annotations, a box outside of an object
            or a second one in it, coordinates as fractions, an unknown class, a box or size that is not a number, a
            size other than the image's, and what holds names, corners or a size where nobody would look for them.
    """
    root, (height, width), corrected = _annotation(path, classes), size, []
    stated = [_number(path, root, f"size/{side}", default=0.0) for side in ("height", "width")]
    if len(root.findall("size")) > 1:
        raise Problem(f"{path} has {len(root.findall('size'))} <size>; leave the one of its image")
    if 0 in stated:
        _refuse_other_sizes(path, root)
        corrected.append(f"{path.name}: size {stated[1]:g} x {stated[0]:g} taken from the image, {width} x {height}")
    elif stated != [height, width]:
        raise Problem(
            f"{path} is of an image of {stated[1]:g} x {stated[0]:g}, its image has {width} x {height}{turned}"
        )
    boxes, labels = [], []
    for thing in root.iter("object"):
        name = (thing.findtext("name") or "").strip()
        if name not in classes:
            raise Problem(f"{path} has an object of class {name!r}; known are {', '.join(classes)}")
        for tag in ("bndbox", "name", *(f"bndbox/{side}" for side in SIDES)):
            if (count := len(thing.findall(tag))) > 1:
                raise Problem(f"{path} has {count} <{tag}> in one <object>, {name}; give each box an object")
        box = [_number(path, thing, f"bndbox/{side}") for side in SIDES]
        place = " ".join(f"{edge:g}" for edge in box)
        if box[0] > box[2] or box[1] > box[3]:
            corrected.append(f"{path.name}: {name} at {place} has its corners in another order")
            box = [min(box[0::2]), min(box[1::2]), max(box[0::2]), max(box[1::2])]
        clipped = [min(max(edge, 0), limit) for edge, limit in zip(box, (width, height) * 2, strict=True)]
        if clipped[0] >= clipped[2] or clipped[1] >= clipped[3]:
            corrected.append(f"{path.name}: {name} at {place} has no area in the image and is left out")
            continue
        if max(clipped) < 1.5:
            raise Problem(f"{path} has {name} at {place}, within one pixel, as fractions are; give pixels")
        if clipped != box:
            corrected.append(f"{path.name}: {name} at {place} is clipped to the image")
        boxes.append([edge / limit for edge, limit in zip(clipped, (width, height) * 2, strict=True)])
        labels.append(classes.index(name))
    return Objects(np.array(boxes, np.float32).reshape(-1, 4), np.array(labels, np.int64), tuple(corrected))


def _annotation(path: Path, classes: Sequence[str]) -> ElementTree.Element:
    """The <annotation> of a file, with the names of all elements in small letters and without a namespace.

    Raises:
        Problem: as `read_objects`, as far as elements are where nobody would look for them.
    """
    root = _parsed(path)
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2].lower()
    found = [element for element in root.iter() if element.tag == "annotation"]
    if len(found) > 1:
        raise Problem(f"{path} has {len(found)} <annotation>; give each image a file")
    if not found and root.find(".//object") is None:
        raise Problem(f"{path} has neither <annotation> nor <object> but <{root.tag}>; is it of another format?")
    empty = root.find(".//object") is None
    for parent, element in _pairs(root):
        lost = element.tag == "bndbox" and parent.tag not in HOLDERS
        lost |= element.tag in SIDES and parent.tag != "bndbox"
        named = empty and element.tag == "name" and (element.text or "").strip() in classes
        if lost or named:
            raise Problem(
                f"{path} has <{element.tag}> in <{parent.tag}>; objects are <object> with <name> and <bndbox>"
            )
    for element in _outside(root, (*HOLDERS, *METADATA)):
        attributes = _attributes(element)
        words = {*attributes.values(), (element.text or "").strip(), element.tag}
        if {element.tag, *attributes} & {*CORNERS, *SIDES} or (empty and words & set(classes)):
            raise Problem(f"{path} has <{element.tag}> outside of an <object>, which has <name> and <bndbox>")
    return found[0] if found else root


def _outside(root: ElementTree.Element, skipped: Sequence[str]) -> Iterator[ElementTree.Element]:
    """The elements without those of a `skipped` tag and all that is in these."""
    waiting = [root]
    while waiting:
        element = waiting.pop()
        if element.tag not in skipped:
            yield element
            waiting.extend(element)


def _refuse_other_sizes(path: Path, root: ElementTree.Element) -> None:
    """Refuse an annotation without a <size> in its place that states one elsewhere, of which its boxes may be.

    Raises:
        Problem: an element or attribute outside of objects holds a width or height.
    """
    known = list(root.find("size") or ())
    for element in _outside(root, HOLDERS):
        stated = {element.tag: element.text or "", **_attributes(element)} if element not in known else {}
        for name in SIZES:
            if stated.get(name, "").strip(" 0."):
                raise Problem(f"{path} has {name} in <{element.tag}>; a size is <size> with <width> and <height>")


def _attributes(element: ElementTree.Element) -> dict[str, str]:
    return {name.rpartition("}")[2].lower(): value.strip() for name, value in element.attrib.items()}


def _pairs(root: ElementTree.Element) -> Iterator[tuple[ElementTree.Element, ElementTree.Element]]:
    return ((parent, element) for parent in root.iter() for element in parent)


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
    refuse_stand_in(content, str(path))
    # decoded here, as the parser does not know the encodings of East Asia
    declared = re.match(rb"\s*<\?xml[^>]*?encoding\s*=\s*[\"']([\w.:-]+)[\"']", content[:200])
    encoding = declared[1].decode() if declared else "utf-8"
    # a declaration that is read byte by byte is not of 2 or 4 bytes a letter, whatever it says
    text = decoded_text(content, str(path), "utf-8" if WIDE.fullmatch(encoding) else encoding)
    try:
        return ElementTree.fromstring(text, ElementTree.XMLParser(target=_Builder()))
    except (ElementTree.ParseError, LookupError, ValueError) as error:
        raise Problem(f"{path} is truncated or not XML ({first_line(error)}); restore it") from error
    except Problem as problem:
        raise Problem(f"{path} {problem}, which annotations have no use for; remove it") from None


def _number(path: Path, element: ElementTree.Element, where: str, default: float | None = None) -> float:
    text = element.findtext(where)
    if text is None and default is not None:
        return default
    try:
        number = float(text or "") if (text or "").isascii() and "_" not in (text or "") else np.nan
    except ValueError:
        number = np.nan
    if not np.isfinite(number):
        raise Problem(f"{path} has {text!r} as {where}; give a number of pixels")
    return number
