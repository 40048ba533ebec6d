"""Images of every depth, orientation and format: the pixels that a viewer shows and the indices that a mask stores, or
one line."""

import numpy as np
import pytest
from PIL import Image
from raw_png import COLOUR, raw_png

from analysis.data import images
from analysis.data.images import TURNS, read_image, read_indices, shortened, stored_bits, turned, upright_size
from analysis.problem import Problem

RAMP = np.arange(256, dtype=np.uint16)[None].repeat(8, 0)
PICTURE = np.random.default_rng(0).integers(0, 256, (6, 10, 3), np.uint8)
BACK = {2: 2, 3: 3, 4: 4, 5: 5, 6: 8, 7: 7, 8: 6}  # which turn undoes which


def refusal(read, path):
    with pytest.raises(Problem) as raised:
        read(path)
    message = str(raised.value)
    assert str(path) in message and "\n" not in message
    return message


@pytest.mark.parametrize("suffix", ["png", "tif"])
@pytest.mark.parametrize(("bits", "factor"), [(16, 257), (14, 64), (12, 16), (10, 4), (8, 1)])
def test_grey_of_more_than_8_bits_keeps_all_levels(tmp_path, suffix, bits, factor):
    path = tmp_path / f"a.{suffix}"
    Image.fromarray(RAMP * factor).save(path)
    assert stored_bits([path]) == bits
    assert np.array_equal(read_image(path), np.repeat(RAMP[..., None], 3, 2))


def test_32_bit_grey_is_read_where_16_bits_hold_it(tmp_path):
    path = tmp_path / "a.tif"
    Image.fromarray(RAMP.astype(np.int32) * 257).save(path)
    assert np.array_equal(read_image(path)[..., 1], RAMP)
    for values in (RAMP.astype(np.int32) - 1, RAMP.astype(np.int32) << 12):
        Image.fromarray(values).save(path)
        assert "has grey values from" in refusal(read_image, path)


@pytest.mark.parametrize("values", [RAMP / 255, RAMP * 257.0, RAMP * np.nan])
def test_floating_point_is_refused_by_name(tmp_path, values):
    path = tmp_path / "a.tif"
    Image.fromarray(values.astype(np.float32)).save(path)
    assert "pixels of mode F; save it with 8 bits" in refusal(read_image, path)


def test_bits_are_those_of_all_images_together(tmp_path):
    bright, dark, plain = (tmp_path / f"{name}.png" for name in ("bright", "dark", "plain"))
    Image.fromarray(RAMP * 257).save(bright)
    Image.fromarray(RAMP * 3).save(dark)
    Image.fromarray(PICTURE).save(plain)
    assert (stored_bits([dark]), stored_bits([dark, plain, bright]), stored_bits([plain])) == (10, 16, None)
    assert read_image(dark, 16).max() == 255 * 3 >> 8
    assert shortened(np.array([0, 4095, 4096, 65535]), 12).tolist() == [0, 255, 255, 255]


def test_colours_of_16_bits_are_their_upper_8_or_refused(tmp_path):
    path, colours = tmp_path / "a.png", RAMP[..., None].repeat(3, 2).astype(np.int64)
    path.write_bytes(raw_png(colours * 257, 16, COLOUR))
    assert stored_bits([path]) == 16
    assert np.array_equal(read_image(path), colours)
    path.write_bytes(raw_png(colours * 16, 16, COLOUR))
    assert "colours of 16 bits but uses 12" in refusal(read_image, path)
    assert read_image(path, 16).max() == 15  # a dark one among others


@pytest.mark.parametrize("form", ["png", "jpg", "tif", "lzw.tif", "webp"])
@pytest.mark.parametrize("number", range(1, 9))
def test_an_image_is_upright_as_viewers_show_it(tmp_path, form, number):
    path, exif = tmp_path / f"a.{form}", Image.Exif()
    exif[0x0112] = number
    stored = Image.fromarray(PICTURE)
    stored = stored.transpose(TURNS[BACK[number]]) if number > 1 else stored
    options = {"jpg": {"quality": 100, "subsampling": 0}, "lzw.tif": {"compression": "tiff_lzw"}}
    stored.save(path, exif=exif, **({"lossless": True} if form == "webp" else options.get(form, {})))
    assert np.abs(read_image(path).astype(int) - PICTURE).max() <= (12 if form == "jpg" else 0)
    assert upright_size(path) == (6, 10)
    assert turned(path) == (f" (turned by its EXIF orientation {number})" if number > 1 else "")


@pytest.mark.parametrize("number", [0, 9, 999])
def test_an_orientation_that_does_not_exist_changes_nothing(tmp_path, number):
    exif = Image.Exif()
    exif[0x0112] = number
    Image.fromarray(PICTURE).save(tmp_path / "a.png", exif=exif)
    assert np.array_equal(read_image(tmp_path / "a.png"), PICTURE)


def test_a_mask_is_turned_like_its_image(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6
    mask = PICTURE[..., 0] % 4
    Image.fromarray(mask).transpose(TURNS[8]).save(tmp_path / "a.png", exif=exif)
    assert np.array_equal(read_indices(tmp_path / "a.png"), mask)


@pytest.mark.parametrize("bits", [1, 2, 4, 8, 16])
def test_a_grey_mask_of_any_depth_has_the_indices_that_it_stores(tmp_path, bits):
    values = np.random.default_rng(1).integers(0, 1 << bits, (5, 13))
    (tmp_path / "a.png").write_bytes(raw_png(values, bits))
    assert np.array_equal(read_indices(tmp_path / "a.png"), values)


@pytest.mark.parametrize("bits", [1, 2, 4, 8])
def test_a_palette_is_read_by_its_indices(tmp_path, bits):
    values = np.random.default_rng(1).integers(0, 1 << bits, (5, 13)).astype(np.uint8)
    mask = Image.fromarray(values)
    mask.putpalette([200, 9, 9, 3, 3, 3] * 128)
    for name in ("a.png", "a.bmp"):
        mask.save(tmp_path / name, **({"bits": bits} if name == "a.png" else {}))
        assert np.array_equal(read_indices(tmp_path / name), values)


@pytest.mark.parametrize(
    ("name", "options", "words"),
    [
        ("a.jpg", {"quality": 100}, "is a JPEG file"),
        ("a.webp", {}, "is a WEBP file"),
        ("a.tif", {"compression": "jpeg"}, "is a TIFF jpeg file"),
        ("a.jp2", {}, "is a JPEG2000 file"),
    ],
)
@pytest.mark.parametrize("called", ["", "mask.png"])
def test_a_format_that_changes_values_is_no_mask_whatever_it_is_called(tmp_path, name, options, words, called):
    Image.fromarray(PICTURE[..., 0] % 3).save(tmp_path / name, **options)
    path = (tmp_path / name).rename(tmp_path / (called or name))
    assert words in refusal(read_indices, path)


@pytest.mark.parametrize("mode", ["1", "L"])
def test_a_mask_that_stores_white_as_0_is_refused(tmp_path, mode):
    mask = Image.fromarray(PICTURE[..., 0] % 2 * 255).convert(mode)
    mask.save(tmp_path / "a.tif", tiffinfo={262: 0})
    assert "stores white as 0" in refusal(read_indices, tmp_path / "a.tif")


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "LA"])
def test_a_mask_in_colours_is_refused(tmp_path, mode):
    Image.fromarray(PICTURE).convert(mode).save(tmp_path / "a.png")
    assert f"holds {mode} colours" in refusal(read_indices, tmp_path / "a.png")


@pytest.mark.parametrize("suffix", ["tif", "png", "gif", "webp"])
def test_several_pictures_in_one_file_are_refused(tmp_path, suffix):
    path, first = tmp_path / f"a.{suffix}", Image.fromarray(PICTURE)
    first.save(path, save_all=True, append_images=[Image.fromarray(255 - PICTURE)])
    assert "has 2 pictures in one file" in refusal(read_image, path)


def test_a_picture_that_is_too_large_says_so(tmp_path, monkeypatch, recwarn):
    path = tmp_path / "a.png"
    Image.fromarray(PICTURE).save(path)
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 40)  # 60 pixels: Pillow warns
    assert np.array_equal(read_image(path), PICTURE)
    assert not recwarn.list
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 20)
    assert "scale it down" in refusal(read_image, path)
    assert images.LARGEST == 2 * (1024 * 1024 * 1024 // 4 // 3)


@pytest.mark.parametrize("content", [b"", b"hello", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n"])
def test_other_content_is_not_an_image(tmp_path, content):
    (tmp_path / "a.png").write_bytes(content)
    for read in (read_image, read_indices, upright_size):
        assert "not an image" in refusal(read, tmp_path / "a.png")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"version https://git-lfs.github.com/spec/v1\n", "is a pointer of Git LFS"),
        (b"\n<!DOCTYPE html>", "an HTML page"),
    ],
)
def test_what_downloads_leave_is_named(tmp_path, content, words):
    (tmp_path / "a.png").write_bytes(content)
    for read in (read_image, read_indices, upright_size):
        assert words in refusal(read, tmp_path / "a.png")


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "YCbCr"])
def test_every_mode_of_8_bits_becomes_rgb(tmp_path, mode):
    drawn = Image.fromarray(PICTURE).convert(mode)
    path = tmp_path / ("a.tif" if mode in ("CMYK", "YCbCr") else "a.png")
    drawn.save(path)
    assert np.array_equal(read_image(path), np.asarray(drawn.convert("RGB")))


def test_an_image_that_is_cut_or_gone_is_named(tmp_path):
    path = tmp_path / "a.png"
    Image.fromarray(PICTURE).save(path)
    path.write_bytes(path.read_bytes()[:-60])
    assert "is truncated or not an image" in refusal(read_image, path)
    path.unlink()
    assert "does not exist" in refusal(read_image, path)


SIGNED, BRIGHT = {339: 2}, {262: 0}  # tags of a TIFF: how numbers are stored, what 0 shows


@pytest.mark.parametrize("read", [read_image, read_indices, lambda path: stored_bits([path])])
@pytest.mark.parametrize(("depth", "tags", "words"), [(16, BRIGHT, "white as 0 in more than 8"), (8, SIGNED, "signed")])
def test_numbers_that_pillow_reads_otherwise_are_refused(tmp_path, read, depth, tags, words):
    """It inverts white as 0 for 8 bits alone, and takes -1 of 8 bits for 255."""
    Image.fromarray((RAMP * (depth > 8) + 1).astype(f"uint{depth}")).save(tmp_path / "a.tif", tiffinfo=tags)
    if depth > 8 or read in (read_image, read_indices):
        assert words in refusal(read, tmp_path / "a.tif")
    else:
        assert read(tmp_path / "a.tif") is None  # nothing of it is decoded


def test_white_as_0_of_8_bits_is_shown_as_viewers_show_it(tmp_path):
    Image.fromarray(PICTURE[..., 0]).save(tmp_path / "a.tif", tiffinfo=BRIGHT)
    assert np.array_equal(read_image(tmp_path / "a.tif")[..., 0], PICTURE[..., 0])


@pytest.mark.parametrize("kind", ["PPM", "GIF"])
def test_a_mask_of_another_kind_names_the_kinds_that_are_read(tmp_path, kind):
    Image.fromarray(PICTURE[..., 0] % 3).save(tmp_path / "a.png", format=kind)
    assert f"is a {kind} file; indices are read from PNG, BMP and TIFF" in refusal(read_indices, tmp_path / "a.png")
