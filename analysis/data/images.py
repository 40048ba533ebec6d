"""Image files of every kind as upright colours of 8 bits, or as the indices that a mask stores. What has no right
reading is refused by its name."""

import re
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import numpy as np
from PIL import Image, UnidentifiedImageError

from analysis.data.reading import first_line, reading, refuse_stand_in
from analysis.problem import Problem

SUFFIXES = (".jpg", ".jpeg", ".png", ".bmp", ".tif", ".tiff", ".webp")
FORMATS = ("JPEG", "PNG", "BMP", "TIFF", "WEBP", "GIF", "PPM", "JPEG2000")  # by content; none that runs a program
LOSSLESS = ("PNG", "BMP", "TIFF")
BITS = (8, 10, 12, 14, 16)
EIGHT = ("1", "L", "LA", "La", "P", "PA", "RGB", "RGBA", "RGBa", "RGBX", "CMYK", "YCbCr", "HSV")  # modes of 8 bits
GREY = ("I", "I;16", "I;16B", "I;16L", "I;16N")  # modes of more bits
LARGEST = 178_956_970  # pixels, from which Pillow refuses to decode
SAMPLE_FORMAT, PHOTOMETRIC = 339, 262  # tags of a TIFF
# EXIF orientation -> what shows the picture as it was taken, and as every viewer does.
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def read_image(path: Path, bits: int | None = None) -> np.ndarray:
    """The image as viewers show it, turned by its EXIF orientation: uint8 (H, W, 3).

    Grey, palette and transparent images become RGB. Of `bits` bits (`stored_bits`, or those of this image alone) the
    upper 8 are kept. Brighter values are white.

    Raises:
        Problem: the file is truncated, not an image, too large, has several pictures, or pixels of a kind that has no
            stated white (floating point, negative, above 65535, colours of 16 bits that use fewer).
    """
    with _opened(path) as image:
        deep = is_deep_colour(image)
        image = decoded(image, str(path))
        if image.mode in GREY:
            values = _grey(image, path)
            return np.repeat(shortened(values, bits or _bits([values]))[..., None], 3, axis=2)
        colours = eight_bits(image, str(path))
        if deep and (used := bits or _bits_of_upper(colours)) < 16:
            raise Problem(f"{path} has colours of 16 bits but uses {used} of them; save it with 8 bits a colour")
        return colours


def stored_bits(paths: Sequence[Path]) -> int | None:
    """Bits of the values in the images of more than 8 bits among `paths`, None where all have 8: the fewest of 8, 10,
    12, 14, 16 that hold the largest value of them all, as cameras store 12 bits in 16. Of other images only the header
    is read.

    Raises:
        Problem: as `read_image`.
    """
    largest = []
    for path in paths:
        with _opened(path) as image:
            if is_deep_colour(image):
                largest.append(eight_bits(decoded(image, str(path)), str(path)).max(keepdims=True).astype(int) << 8)
            elif image.mode in GREY:
                largest.append(_grey(decoded(image, str(path)), path).max(keepdims=True))
    return _bits(largest) if largest else None


def shortened(values: np.ndarray, bits: int) -> np.ndarray:
    """The upper 8 of `bits` bits of whole numbers, of any shape, as uint8. Larger ones become 255."""
    return np.minimum(values >> (bits - 8), 255).astype(np.uint8)


def upright_size(path: Path) -> tuple[int, int]:
    """Height and width of an image in pixels, as viewers show it. Only the header is read where that suffices.

    Raises:
        Problem: the file is not an image.
    """
    with _opened(path) as image:
        width, height = image.size
        turned = image.format != "TIFF" and orientation(image) in (5, 6, 7, 8)  # Pillow turns a TIFF itself
        return (width, height) if turned else (height, width)


def turned(path: Path) -> str:
    """What to add to the size of an image in a message: " (turned by its EXIF orientation 6)", or "".

    Raises:
        Problem: the file is not an image.
    """
    with _opened(path) as image:
        found = orientation(image)
        return f" (turned by its EXIF orientation {found})" if found in TURNS else ""


def read_indices(path: Path) -> np.ndarray:
    """The indices that a mask stores, int64 (H, W), whatever its bits. Those of a palette for one with colours.

    Raises:
        Problem: the file is truncated, not an image, of a format that changes values (JPEG, WebP), or holds colours.
    """
    with _opened(path) as image:
        packing = image.info.get("compression") or ""
        if image.format not in LOSSLESS or re.search("jpeg|webp|sgilog", str(packing)):
            form = f"{image.format} {packing}".strip()
            raise Problem(
                f"{path} is a {form} file; indices are read from PNG, BMP and TIFF without loss: save it as PNG"
            )
        raw = _raw_mode(image)
        image = decoded(image, str(path))
        if image.mode not in ("L", "P", "1", *GREY):
            raise Problem(f"{path} holds {image.mode} colours; give one index a pixel (a grey or palette PNG)")
        if re.match("[1L];.*I", raw):
            raise Problem(f"{path} stores white as 0, which leaves its indices unclear; save masks as PNG")
        levels = {"L;2": 85, "L;4": 17}.get(raw[:3], 1)  # Pillow spreads 2 and 4 bits over 0 ... 255
        return np.asarray(image).astype(np.int64) // levels


def decoded(image: Image.Image, origin: str) -> Image.Image:
    """The opened image decoded and turned by its EXIF orientation.

    Raises:
        Problem: it has several pictures, or numbers that Pillow does not read as they are meant. It names `origin`.
            Whatever Pillow raises comes as it is.
    """
    tags: Any = getattr(image, "tag_v2", {})  # of a TIFF
    if 2 in np.atleast_1d(tags.get(SAMPLE_FORMAT, 1)) and image.mode in EIGHT:
        raise Problem(f"{origin} has signed numbers of 8 bits; save it with values from 0 to 255")
    if tags.get(PHOTOMETRIC) == 0 and image.mode in GREY:
        raise Problem(f"{origin} stores white as 0 in more than 8 bits; save it as PNG")
    if image.format != "MPO" and getattr(image, "n_frames", 1) > 1:  # cameras store a preview as a second frame
        raise Problem(f"{origin} has {image.n_frames} pictures in one file; give each a file")  # type: ignore[attr-defined]
    image.load()
    turn = TURNS.get(orientation(image))
    return image if turn is None else image.transpose(turn)


def eight_bits(image: Image.Image, origin: str) -> np.ndarray:
    """The decoded image as RGB, uint8 (H, W, 3).

    Raises:
        Problem: its pixels are not of 8 bits. It names `origin` and their mode.
    """
    if image.mode not in EIGHT:
        raise Problem(f"{origin} has pixels of mode {image.mode}; save it with 8 bits a colour")
    return np.asarray(image.convert("RGB"))


def orientation(image: Image.Image) -> int:
    """The EXIF orientation, 1 to 8. It is 1 where there is none, or one that viewers cannot read either."""
    try:
        found = image.getexif().get(0x0112, 1)
    except Exception:  # damaged metadata raise anything
        return 1
    return found if isinstance(found, int) and found in TURNS else 1


def is_deep_colour(image: Image.Image) -> bool:
    """Whether the opened file, not decoded yet, has 16 bits a colour, of which Pillow keeps the upper 8."""
    return image.mode in EIGHT and ";16" in _raw_mode(image)


@contextmanager
def _opened(path: Path) -> Iterator[Image.Image]:
    """The file as an image, with what Pillow raises in the block as a Problem. Its warnings are for programmers."""
    with reading(path):
        content = path.open("rb")
    with content, reading(path), decoding(content, str(path)) as image:
        yield image


@contextmanager
def decoding(content: IO[bytes], origin: str, formats: tuple[str, ...] = FORMATS) -> Iterator[Image.Image]:
    """An image opened from a stream. Whatever Pillow raises there or in the block becomes one line.

    Raises:
        Problem: truncated, not an image of `formats`, too large. It names `origin`.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with Image.open(content, formats=formats) as image:
                yield image
        except (Problem, MemoryError):
            raise
        except Image.DecompressionBombError as error:
            raise Problem(f"{origin} has more than {LARGEST:,} pixels; scale it down or cut it into tiles") from error
        except Exception as error:  # damaged files raise anything
            content.seek(0)
            refuse_stand_in(content.read(100), origin)
            if isinstance(error, UnidentifiedImageError):
                known = ", ".join(formats)
                raise Problem(f"{origin} is not an image of the kinds {known}; restore it or save it as PNG") from error
            raise Problem(f"{origin} is truncated or not an image ({first_line(error)}); restore it") from error


def _grey(image: Image.Image, path: Path) -> np.ndarray:
    values = np.asarray(image).astype(np.int64)
    low, high = int(values.min()), int(values.max())
    if low < 0 or high > 65535:
        raise Problem(f"{path} has grey values from {low} to {high}; save it with 8 or 16 bits")
    return values


def _bits(values: Sequence[np.ndarray]) -> int:
    largest = max((int(each.max()) for each in values), default=0)
    return next(bits for bits in BITS if largest < 1 << bits)


def _bits_of_upper(colours: np.ndarray) -> int:
    return _bits([colours.astype(np.int64) << 8])


def _raw_mode(image: Any) -> str:
    """How the pixels lie in the opened file, in Pillow's words ("L;2", "RGB;16B"), before it is decoded."""
    arguments = [tile[3] for tile in image.tile[:1]]
    first = arguments[0] if arguments else ""
    return str(first if isinstance(first, str) else first[0] if first else "")
