"""A split without anything to learn or to score is refused before a training; classes.txt says what its masks mean."""

import numpy as np
import pytest
from pictures import KINDS, annotation, write_pictures
from PIL import Image
from scenes import CLASSES, write_scenes

from analysis.data.boxes import load_detection
from analysis.data.finished import Finished
from analysis.data.folder import class_names, classes_and_void
from analysis.data.masks import load_segmentation
from analysis.problem import Problem

SPLITS = ("train", "val", "test")


def load_boxes(folder):
    return load_detection(folder, (24, 32), KINDS, "drawn")


def stems(folder, split):
    return (folder / "ImageSets" / "Main" / f"{split}.txt").read_text().split()


NOTHING = {
    "no object": annotation([]),
    "objects without area": annotation([("bar", 9, 9, 9, 20)]),
    "objects elsewhere": annotation([("bar", 70, 9, 90, 20)]),
}


@pytest.mark.parametrize("split", SPLITS)
@pytest.mark.parametrize("what", NOTHING)
def test_a_split_without_objects_is_refused(tmp_path, split, what):
    folder = write_pictures(tmp_path / "data", train=3, val=2, test=2)
    for stem in stems(folder, split):
        (folder / "Annotations" / f"{stem}.xml").write_text(NOTHING[what])
    with pytest.raises(Problem, match=f"^{split} has nothing to learn or score: all . labels in .*Annotations"):
        load_boxes(folder)


@pytest.mark.parametrize("split", SPLITS)
def test_one_object_in_a_split_is_enough(tmp_path, split):
    folder = write_pictures(tmp_path / "data", train=3, val=2, test=2)
    for stem in stems(folder, split)[:-1]:
        (folder / "Annotations" / f"{stem}.xml").write_text(annotation([]))
    assert len(load_boxes(folder).test(Finished(1, 1)).labels) == 2


@pytest.mark.parametrize("split", SPLITS)
def test_a_published_test_set_without_annotations_is_refused(tmp_path, split):
    folder = write_pictures(tmp_path / "data", train=3, val=2, test=2)
    for stem in stems(folder, split):
        (folder / "Annotations" / f"{stem}.xml").unlink()
    with pytest.raises(Problem, match=r"\.xml does not exist"):
        load_boxes(folder)


@pytest.mark.parametrize("split", SPLITS)
def test_a_split_of_void_masks_is_refused(tmp_path, split):
    folder = write_scenes(tmp_path / "data", train=3, val=2, test=2)
    masks = sorted((folder / f"{split}annot").iterdir())
    for path in masks:
        Image.fromarray(np.full((24, 32), 3, np.uint8)).save(path)
    with pytest.raises(Problem, match=f"^{split} has nothing to learn or score: all . labels in .*{split}annot"):
        load_segmentation(folder, (12, 16), CLASSES)
    one = np.full((24, 32), 3, np.uint8)
    one[5, 5] = 1
    Image.fromarray(one).save(masks[-1])
    assert len(load_segmentation(folder, (12, 16), CLASSES).train_masks) == 3


@pytest.mark.parametrize("line", ["void = 255", "void 255", "VOID: 255", " Void=255 "])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_line_of_the_classes_names_void(tmp_path, line, encoding):
    (tmp_path / "classes.txt").write_text(f"ground\r\n{line}\r\ndisc\r\n", encoding=encoding)
    assert classes_and_void(tmp_path, 2) == (("ground", "disc"), 255)


@pytest.mark.parametrize("lines", [["void = 1"], ["void = 70000"], ["void = 255", "void = 254"]])
def test_void_is_one_number_that_is_not_of_a_class(tmp_path, lines):
    (tmp_path / "classes.txt").write_text("\n".join(["a", "b", *lines]))
    with pytest.raises(Problem, match="as void; name one value from 2 to 65535"):
        classes_and_void(tmp_path, 2)


@pytest.mark.parametrize("name", ["void", "avoid 3", "void area"])
def test_a_class_may_be_called_nearly_so(tmp_path, name):
    (tmp_path / "classes.txt").write_text(f"ground\n{name}\n")
    assert classes_and_void(tmp_path, 2) == (("ground", name), None)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-8"])
def test_names_of_classes_have_no_byte_order_mark(tmp_path, encoding):
    (tmp_path / "classes.txt").write_text("Zelle\ngroße Zelle\n", encoding=encoding)
    assert class_names(tmp_path, 2) == ("Zelle", "große Zelle")


def test_two_classes_of_one_name_are_refused(tmp_path):
    (tmp_path / "classes.txt").write_text("cell\ncell\n")
    with pytest.raises(Problem, match="names cell more than once"):
        class_names(tmp_path, 2)
