"""An image and its mask: found by their stem, read as indices, refused with the file that is wrong."""

import shutil

import numpy as np
import pytest
from PIL import Image
from scenes import scene, write_scenes

from analysis.data.mask_files import Pair, pairs, read_pair
from analysis.problem import Problem

VOID = 3


@pytest.fixture
def folder(tmp_path):
    return write_scenes(tmp_path / "data", train=3, val=2, test=2)


def read(folder, split="train", place=1):
    return read_pair(pairs(folder, split)[place], classes=3, void=VOID)


def test_pairs_come_by_name_and_other_files_are_passed_over(folder):
    (folder / "train" / "notes.txt").write_text("hello")
    assert pairs(folder, "train") == [
        Pair(folder / "train" / f"{stem}.png", folder / "trainannot" / f"{stem}.png") for stem in ("000", "001", "002")
    ]


def test_an_image_and_its_mask_come_as_they_were_drawn(folder):
    image, mask = read(folder)
    assert np.array_equal(image, scene(1)[0])
    assert np.array_equal(mask, scene(1)[1])
    assert (image.dtype, mask.dtype) == (np.uint8, np.uint8)


def test_another_number_for_void_and_a_palette_are_read(folder):
    mask = scene(1)[1]
    indexed = Image.fromarray(np.where(mask == VOID, 255, mask).astype(np.uint8))
    indexed.putpalette([7, 8, 9] * 256)
    indexed.save(folder / "trainannot" / "001.png")
    found = read_pair(pairs(folder, "train")[1], classes=3, void=255)[1]
    assert np.array_equal(found, mask)


@pytest.mark.parametrize("mode", ["L", "P", "RGBA"])
def test_an_image_of_another_mode_becomes_rgb(folder, mode):
    drawn = Image.fromarray(scene(1)[0])
    drawn.convert(mode).save(folder / "train" / "001.png")
    image = read(folder)[0]
    assert image.shape == (24, 32, 3)
    assert np.array_equal(image, np.asarray(drawn.convert(mode).convert("RGB")))


def cut(path):
    path.write_bytes(path.read_bytes()[:-60])


def annotated(path):
    return path.parents[1] / "trainannot" / path.name


DAMAGES = {
    "cut image": ("train/001.png", cut, "truncated or not an image"),
    "cut mask": ("trainannot/001.png", cut, "truncated or not an image"),
    "text": ("train/001.png", lambda path: path.write_text("hello"), "is not an image of the kinds"),
    "missing mask": ("train/001.png", lambda path: annotated(path).unlink(), "has no counterpart"),
    "missing image": (
        "trainannot/001.png",
        lambda path: (path.parents[1] / "train/001.png").unlink(),
        "no counterpart",
    ),
    "another size": (
        "trainannot/001.png",
        lambda path: Image.fromarray(scene(1, (24, 30))[1]).save(path),
        "is 30 x 24, its image 32 x 24",
    ),
    "unknown class": (
        "trainannot/001.png",
        lambda path: Image.fromarray(np.full((24, 32), 9, np.uint8)).save(path),
        "the value 9 among 768 pixels",
    ),
    "colours": ("trainannot/001.png", lambda path: Image.fromarray(scene(2)[0]).save(path), "holds RGB colours"),
    "two of one stem": ("train/000.png", lambda path: shutil.copy(path, path.with_suffix(".bmp")), "have one stem"),
    "no folder": ("trainannot", shutil.rmtree, "does not exist"),
    "empty folder": ("train", lambda path: [file.unlink() for file in path.iterdir()], "has no images"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_what_is_refused_is_named_with_its_file(folder, damage):
    place, harm, words = DAMAGES[damage]
    harm(folder / place)
    with pytest.raises(Problem) as raised:
        read(folder)
    message = str(raised.value)
    assert words in message
    assert place.split(".")[0] in message
    assert "\n" not in message


def test_all_that_lack_a_counterpart_are_counted(folder):
    for stem in ("000", "002"):
        (folder / "trainannot" / f"{stem}.png").unlink()
    with pytest.raises(Problem, match=r"/000\.png has no counterpart in .*annot \(and 1 more\); add or remove"):
        pairs(folder, "train")
