"""Labelled images: a table or a folder for each class, and how each becomes a square."""

import numpy as np
import pytest
from PIL import Image

from analysis.data.labelled import Look, find_labelled, read_all
from analysis.problem import Problem


def picture(path, size=(40, 30), seed=0):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.random.default_rng(seed).integers(0, 256, (size[1], size[0], 3), np.uint8)).save(path)


def table(tmp_path, text):
    (tmp_path / "labels.csv").write_text(text)
    return tmp_path / "labels.csv"


def test_a_table_gives_files_in_its_order_wherever_they_are(tmp_path):
    picture(tmp_path / "val" / "b.png", seed=1)
    picture(tmp_path / "a.png")
    labels = table(tmp_path, 'file,class,words\nb.png,7,"a, b"\na.png,999,\n')
    found = find_labelled(tmp_path, labels)
    assert [path.name for path in found.paths] == ["b.png", "a.png"] and found.classes.tolist() == [7, 999]
    assert found.names == {7: "a, b"} and len(found.digest) == 64
    other = found._replace(classes=found.classes[::-1])
    assert other.digest != found.digest


def test_folders_are_numbers_or_all_classes_in_their_order(tmp_path):
    for name in ("3", "12"):
        picture(tmp_path / "numbers" / name / "x.png")
    assert find_labelled(tmp_path / "numbers").classes.tolist() == [12, 3]
    for name in ("n02", "n01", "n03"):
        picture(tmp_path / "synsets" / name / "x.png")
    assert find_labelled(tmp_path / "synsets", classes=3).classes.tolist() == [0, 1, 2]
    with pytest.raises(Problem, match="has 3 folders, neither 1000 nor called by numbers"):
        find_labelled(tmp_path / "synsets")
    with pytest.raises(Problem, match="is not called by a class from 0 to 9"):
        find_labelled(tmp_path / "numbers", classes=10)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name,class\na.png,1\n", "lacks the columns file and class"),
        ("", "lacks the columns"),
        ("file,class\na.png,1000\n", "line 2: class '1000' is not a whole number from 0 to 999"),
        ("file,class\na.png,x\n", "line 2: class 'x'"),
        ("file,class\na.png,1\na.png,2\n", "line 3: file 'a.png' is named twice"),
        ("file,class\n,2\n", "line 2: file '' is missing"),
        ("file,class\nb.png,1\n", "line 2: there is no file"),
        ("file,class\n../a.png,1\n", "line 2: file '../a.png' is outside"),
    ],
)
def test_a_table_that_cannot_be_meant_is_one_line(text, said, tmp_path):
    picture(tmp_path / "a.png")
    with pytest.raises(Problem, match=said) as caught:
        find_labelled(tmp_path, table(tmp_path, text))
    assert "\n" not in str(caught.value)


def test_no_folder_no_images_no_text(tmp_path):
    with pytest.raises(Problem, match="there is no folder"):
        find_labelled(tmp_path / "none")
    (tmp_path / "e" / "1").mkdir(parents=True)
    with pytest.raises(Problem, match="names no images"):
        find_labelled(tmp_path / "e")
    (tmp_path / "labels.csv").write_bytes(b"file,class\n\xff\xfe,1")
    with pytest.raises(Problem, match="not a table of text"):
        find_labelled(tmp_path, tmp_path / "labels.csv")


def test_a_look_squashes_or_crops(tmp_path):
    wide = np.zeros((80, 160, 3), np.uint8)
    wide[:, 60:100] = 255  # the middle is white
    squashed, cropped = Look(32).of(wide), Look(32, "crop").of(wide)
    assert squashed.shape == cropped.shape == (32, 32, 3)
    assert 0.2 < squashed.mean() / 255 < 0.3 and 0.5 < cropped.mean() / 255 < 0.62
    assert Look(40, filter="area").of(wide)[0, :, 0].tolist() == [0] * 15 + [255] * 10 + [0] * 15
    assert Look(32, "crop").said == "the middle 87.5% of the shorter side at 32 x 32, bilinear"
    with pytest.raises(Problem, match="no image is made by"):
        Look(32, "stretch").of(wide)
    picture(tmp_path / "a.png")
    picture(tmp_path / "b.png", (20, 50))
    images = read_all([tmp_path / "a.png", tmp_path / "b.png"], Look(16))
    assert images.shape == (2, 16, 16, 3) and images.std() > 0
