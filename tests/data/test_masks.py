"""A folder of images and masks as a data set: at the working size, refused where damaged, its test split closed."""

import shutil

import numpy as np
import pytest
from PIL import Image
from scenes import CLASSES, scene, write_scenes

from analysis.data.finished import Finished
from analysis.data.masks import load_segmentation
from analysis.data.pixels import by_area
from analysis.data.windows import nearest
from analysis.problem import Problem

SIZE = (12, 16)


def load(folder, size=SIZE, **options):
    return load_segmentation(folder, size, CLASSES, **options)


@pytest.fixture
def folder(tmp_path):
    return write_scenes(tmp_path / "data", train=3, val=2, test=2)


def test_images_and_masks_come_as_they_were_written(folder):
    data = load(folder, (24, 32))
    drawn = [scene(number) for number in range(3)]
    assert np.array_equal(data.train_images, [image for image, _ in drawn])
    assert np.array_equal(data.train_masks, [mask for _, mask in drawn])
    assert data.pixels().tolist() == [sum(int((mask == k).sum()) for _, mask in drawn) for k in range(3)]
    flat = data.train_images.reshape(-1, 3).astype(float)
    assert np.allclose(data.mean, flat.mean(0))
    assert np.allclose(data.std, flat.std(0))
    assert (data.note, data.classes, data.size) == ("", CLASSES, (24, 32))


def test_the_working_size_reaches_images_and_training_masks_alone(folder):
    data = load(folder)
    assert data.train_images.shape == (3, *SIZE, 3)
    assert data.validation.images.shape == (2, *SIZE, 3)
    assert [mask.shape for mask in data.validation.masks] == [(24, 32)] * 2
    image, mask = scene(0)
    blocks = image.reshape(12, 2, 16, 2, 3).astype(float).mean((1, 3))
    assert np.abs(data.train_images[0] - blocks).max() <= 0.5
    assert np.array_equal(data.train_masks[0], mask[1::2, 1::2])
    assert np.array_equal(nearest(nearest(mask, (72, 96)), (24, 32)), mask)
    assert by_area(image, (24, 32)) is image


def test_the_digest_is_of_the_files_and_not_of_the_working_size(folder):
    digest = load(folder).digest
    assert load(folder, (24, 32)).digest == digest
    Image.fromarray(scene(99)[1]).save(folder / "testannot" / "006.png")
    assert load(folder).digest != digest


def test_the_test_split_opens_with_a_certificate_only(folder):
    data = load(folder)
    with pytest.raises(TypeError, match="certificate"):
        data.test(True)
    with pytest.raises(Problem, match="3 of 4 steps"):
        data.test(Finished(3, 4))
    scenes = data.test(Finished(4, 4))
    assert np.array_equal(scenes.masks, [scene(number)[1] for number in (5, 6)])
    shutil.copy(folder / "test" / "005.png", folder / "test" / "006.png")
    with pytest.raises(Problem, match="test split changed"):
        data.test(Finished(4, 4))


def test_other_numbers_for_void_and_palettes_are_corrected(folder):
    path = folder / "trainannot" / "000.png"
    mask = scene(0)[1]
    indexed = Image.fromarray(np.where(mask == 3, 255, mask).astype(np.uint8))
    indexed.putpalette([7, 8, 9] * 256)
    indexed.save(path)
    for other in ("001", "002"):
        Image.fromarray(np.zeros((24, 32), np.uint8)).save(folder / "trainannot" / f"{other}.png")
    for split in ("val", "test"):
        for file in (folder / f"{split}annot").iterdir():
            Image.fromarray(np.repeat(np.uint8([[255], [0]]), (23, 1), 0).repeat(32, 1)).save(file)
    Image.fromarray(scene(1)[0]).convert("L").save(folder / "train" / "001.png")
    data = load(folder, (24, 32), void=255)
    assert np.array_equal(data.train_masks[0], mask)
    assert np.ptp(data.train_images[1].astype(int), axis=-1).max() == 0  # grey
    assert (data.validation.masks[0][:23] == len(CLASSES)).all()


def cut(path):
    path.write_bytes(path.read_bytes()[:-60])


DAMAGES = {
    "cut image": ("train/001.png", cut, "truncated or not an image"),
    "missing image": ("valannot/003.png", lambda path: (path.parents[1] / "val/003.png").unlink(), "no counterpart"),
    "unknown class": (
        "valannot/004.png",
        lambda path: Image.fromarray(np.full((24, 32), 9, np.uint8)).save(path),
        "the value 9 among 768 pixels",
    ),
    "missing folder": ("testannot", shutil.rmtree, "does not exist"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_is_named_with_its_file(folder, damage):
    place, harm, words = DAMAGES[damage]
    harm(folder / place)
    with pytest.raises(Problem) as raised:
        load(folder)
    message = str(raised.value)
    assert words in message
    assert place.split(".")[0] in message
    assert "\n" not in message


def test_damage_in_the_test_split_is_found_before_a_training(folder):
    cut(folder / "test" / "005.png")
    with pytest.raises(Problem, match="005.png is truncated"):
        load(folder)
