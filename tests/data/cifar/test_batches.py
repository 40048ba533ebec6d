"""CIFAR's own files: read to the same pixels from both forms, refused where they hold something else."""

import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from analysis.data.cifar.batches import read_binary, read_python
from analysis.data.cifar.catalog import CATALOG
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
