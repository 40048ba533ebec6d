"""CIFAR's own files: read to the same pixels from both forms, refused where they hold something else."""

import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from analysis.data.cifar.batches import class_names, read_binary, read_python
from analysis.data.cifar.catalog import CATALOG
from analysis.data.cifar.source import find
from analysis.problem import Problem

CIFAR10, CIFAR100 = CATALOG["cifar10"], CATALOG["cifar100"]


@pytest.mark.parametrize("layout", ["python_folder", "binary_folder"])
def test_a_cut_file_is_named(layout: str, cut: Any, refusal: Any, request: pytest.FixtureRequest) -> None:
    place = request.getfixturevalue(layout)
    assert str(cut(place)) in refusal(place)


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("key", ["labels", b"labels"])
def test_a_pickle_is_read_in_either_order_of_its_array(order: Any, key: Any, pixels: Any, make: Any) -> None:
    images, labels = pixels["test"]
    data = np.asarray(make.planes(images), order=order)
    read = read_python(pickle.dumps({"data": data, key: labels.tolist()}), CIFAR10, "here")
    np.testing.assert_array_equal(read.images, images)
    np.testing.assert_array_equal(read.labels, labels)
    assert (read.labels.dtype, read.jpeg) == (np.int64, False)


def test_of_two_label_bytes_the_fine_one_counts(pixels: Any, make: Any) -> None:
    images, labels = pixels["test"]
    columns = [labels[:, None], labels[:, None] * 10 + 9, make.planes(images)]
    read = read_binary(np.concatenate(columns, 1).astype(np.uint8).tobytes(), CIFAR100, "here")
    np.testing.assert_array_equal(read.images, images)
    np.testing.assert_array_equal(read.labels, labels * 10 + 9)


@pytest.mark.parametrize("size", [0, 1, 3072, 3074, 2 * 3073 - 1])
def test_only_whole_records_are_read(size: int) -> None:
    with pytest.raises(Problem, match=f"here has {size} bytes, not whole records of 3073"):
        read_binary(bytes(size), CIFAR10, "here")


def test_a_label_out_of_range_is_refused_in_both_forms(python_folder: Path, binary_folder: Path, refusal: Any) -> None:
    for label in (-1, 10, 2**63):
        batch = {"data": np.zeros((2, 3072), np.uint8), "labels": [3, label]}
        (python_folder / "cifar-10-batches-py" / "data_batch_4").write_bytes(pickle.dumps(batch))
        assert f"label {label} of image 1" in refusal(python_folder)
    path = binary_folder / "cifar-10-batches-bin" / "data_batch_2.bin"
    path.write_bytes(b"\x0a" + path.read_bytes()[1:])
    assert "label 10 of image 0" in refusal(binary_folder)


@pytest.mark.parametrize(
    ("batch", "words"),
    [
        ([], "holds no batch but list"),
        ({}, "has no 'data'"),
        ({"data": np.zeros((1, 3072), np.uint8)}, "has no 'labels', only data"),
        ({"data": "text", "labels": [0]}, "not an array of bytes"),
        ({"data": np.zeros((1, 3072)), "labels": [0]}, ""),
        ({"data": np.zeros((1, 3071), np.uint8), "labels": [0]}, "rows of 3072"),
        ({"data": np.zeros((2, 3072), np.uint8), "labels": [0]}, "not a list of 2 whole numbers"),
        ({"data": np.zeros((1, 3072), np.uint8), "labels": ["cat"]}, "not a list of 1 whole numbers"),
        ({"data": np.zeros((1, 3072), np.uint8), "labels": 0}, "not a list of 1 whole numbers"),
    ],
    ids=str,
)
def test_a_pickle_of_something_else_is_refused(batch: Any, words: str, python_folder: Path, refusal: Any) -> None:
    path = python_folder / "cifar-10-batches-py" / "data_batch_1"
    path.write_bytes(pickle.dumps(batch))
    line = refusal(python_folder)
    assert str(path) in line and words in line


OTHERS = [b"zero", b"one", b"two", b"three", b"four", b"five", b"six", b"seven", b"eight", b"nine"]
META = {
    "python_folder": ("batches.meta", lambda names: pickle.dumps({b"label_names": names, b"num_vis": 3072}, 2)),
    "python_archive": ("batches.meta", lambda names: pickle.dumps({b"label_names": names}, 2)),
    "binary_folder": ("batches.meta.txt", lambda names: b"\n".join(names) + b"\n\n"),
    "binary_archive": ("batches.meta.txt", lambda names: b"\n".join(names)),
}


@pytest.mark.parametrize("layout", META)
@pytest.mark.parametrize("whole", [True, False])
def test_batches_of_other_classes_are_refused(layout: str, whole: bool, refusal: Any, make: Any, request: Any) -> None:
    """Another set of ten classes in the layout of CIFAR-10 says so in the file next to its batches."""
    file, content = META[layout]
    folder = next(request.getfixturevalue(f"{layout.split('_')[0]}_folder").iterdir())
    ours = [name.encode() for name in CIFAR10.classes]
    (folder / file).write_bytes(content(ours))
    place = folder.parent
    if layout.endswith("archive"):
        place = make.archive(folder, folder.parent / f"{folder.name}.tar.gz")
    assert len(find("cifar10", place).read("train").labels) == 40
    (folder / file).write_bytes(content(OTHERS if whole else [*ours[:9], b"tram"]))
    if layout.endswith("archive"):
        make.archive(folder, place)
    assert f"{file} calls class {0 if whole else 9}" in refusal(place)


def test_names_that_are_not_a_list_are_refused() -> None:
    assert class_names(pickle.dumps({"label_names": [b"a", "b"]}), "label_names", "m") == ["a", "b"]
    for batch in ({}, {"label_names": "ab"}, []):
        with pytest.raises(Problem, match="m has no list 'label_names' of the names of classes"):
            class_names(pickle.dumps(batch), "label_names", "m")
