"""Images of 32 x 32 pixels in files: upright, of 8 bits, or refused."""

import io

import numpy as np
import pytest
from PIL import Image
from raw_png import COLOUR, raw_png

from analysis.data.cifar.encoded import decode_image
from analysis.data.images import TURNS
from analysis.problem import Problem

PICTURE = np.random.default_rng(0).integers(0, 256, (32, 32, 3), np.uint8)
BACK = {2: 2, 3: 3, 4: 4, 5: 5, 6: 8, 7: 7, 8: 6}  # which turn undoes which


def encoded(image, form="PNG", **options):
    stream = io.BytesIO()
    image.save(stream, form, **options)
    return stream.getvalue()


@pytest.mark.parametrize("number", BACK)
def test_an_image_is_turned_as_viewers_turn_it(number):
    exif = Image.Exif()
    exif[0x0112] = number
    stored = Image.fromarray(PICTURE).transpose(TURNS[BACK[number]])
    assert np.array_equal(decode_image(encoded(stored, exif=exif), "a"), PICTURE)


@pytest.mark.parametrize("mode", ["L", "LA", "P", "RGBA"])
def test_every_mode_of_8_bits_becomes_rgb(mode):
    drawn = Image.fromarray(PICTURE).convert(mode)
    assert np.array_equal(decode_image(encoded(drawn), "a"), np.asarray(drawn.convert("RGB")))


@pytest.mark.parametrize("factor", [257, 16, 1])
def test_more_than_8_bits_are_refused_by_name(factor):
    deep = PICTURE[..., 0].astype(np.uint16) * factor
    with pytest.raises(Problem, match="row 3 has pixels of mode I"):
        decode_image(encoded(Image.fromarray(deep)), "row 3")
    with pytest.raises(Problem, match="row 3 has 16 bits a colour, not the 8 of this data set"):
        decode_image(raw_png(PICTURE.astype(int) * factor, 16, COLOUR), "row 3")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (encoded(Image.fromarray(PICTURE[:31])), "is 32 x 31 pixels, not 32 x 32"),
        (encoded(Image.fromarray(PICTURE))[:200], "cannot be decoded as PNG or JPEG"),
        (encoded(Image.fromarray(PICTURE), "GIF"), "cannot be decoded as PNG or JPEG"),
        (b"", "cannot be decoded as PNG or JPEG"),
    ],
    ids=["31", "cut", "gif", "empty"],
)
def test_what_is_refused_is_named(content, words):
    with pytest.raises(Problem, match=f"row 3 {words}"):
        decode_image(content, "row 3")
