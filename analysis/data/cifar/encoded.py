"""One image of 32 x 32 pixels from the bytes of a PNG or JPEG file."""

import io

import numpy as np

from analysis.data.cifar.catalog import SIDE
from analysis.data.images import decoded, eight_bits, is_deep_colour
from analysis.data.reading import AGAIN
from analysis.problem import Problem

JPEG_START = b"\xff\xd8\xff"


def decode_image(encoded: bytes, origin: str) -> np.ndarray:
    """The image, turned by its EXIF orientation: uint8 (32, 32, 3).

    Raises:
        Problem: it is broken, not 32 x 32, or has more than 8 bits a colour, as no image of CIFAR has. It names
            `origin`.
    """
    from PIL import Image

    try:
        with Image.open(io.BytesIO(encoded), formats=("PNG", "JPEG")) as opened:
            if opened.size != (SIDE, SIDE):
                raise Problem(f"{origin} is {opened.size[0]} x {opened.size[1]} pixels, not {SIDE} x {SIDE}; {AGAIN}")
            if is_deep_colour(opened):
                raise Problem(f"{origin} has 16 bits a colour, not the 8 of this data set; {AGAIN}")
            return eight_bits(decoded(opened, origin), origin)
    except (Problem, MemoryError):
        raise
    except Exception as error:  # damaged files raise anything
        raise Problem(f"{origin} cannot be decoded as PNG or JPEG; {AGAIN}") from error
