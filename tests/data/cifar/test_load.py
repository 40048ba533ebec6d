"""Every layout gives the same data set; what is found where; what tables must say."""

import hashlib
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from analysis.data.cifar import load_dataset, locate
from analysis.data.finished import Finished
from analysis.problem import Problem

FINISHED = Finished(3, 3)
LAYOUTS = ["parquet", "python_folder", "python_archive", "binary_folder", "binary_archive"]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_gives_the_same_pixels_labels_and_digest(
    layout: str, pixels: Any, request: pytest.FixtureRequest
) -> None:
    data = load_dataset("cifar10", request.getfixturevalue(layout))
    np.testing.assert_array_equal(data.train_images, pixels["train"][0])
    np.testing.assert_array_equal(data.train_labels, pixels["train"][1])
    images, labels = data.test(FINISHED)
    np.testing.assert_array_equal(images, pixels["test"][0])
    np.testing.assert_array_equal(labels, pixels["test"][1])
    assert data.train_images.dtype == np.uint8
    assert data.train_labels.dtype == labels.dtype == np.int64
    assert data.digest == "278c6ce15ac1b9d1b120710063fa787fac458438d617789e0dbbc1e42cecd4a8"
    assert data.note == "partial: 40 + 8 images"
    assert data.classes[3] == "cat"
    assert data.remark == ""


def test_digest_is_that_of_shape_pixels_and_labels(parquet: Path, pixels: Any) -> None:
    parts = [
        hashlib.sha256(f"{images.shape}\n".encode() + images.tobytes() + labels.astype("<i8").tobytes()).hexdigest()
        for images, labels in pixels.values()
    ]
    assert load_dataset("cifar10", parquet).digest == hashlib.sha256("".join(parts).encode()).hexdigest()


def test_mean_and_deviation_are_those_of_the_training_pixels(parquet: Path, pixels: Any) -> None:
    data = load_dataset("cifar10", parquet)
    values = pixels["train"][0].reshape(-1, 3).astype(np.float64)
    np.testing.assert_allclose(data.mean, values.mean(0), rtol=1e-12)
    np.testing.assert_allclose(data.std, values.std(0), rtol=1e-12)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_environment_names_the_folder(
    layout: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = request.getfixturevalue(layout)
    assert locate("cifar10") is None
    monkeypatch.setenv("CIFAR10_DIR", str(place))
    words = locate("cifar10")
    assert words and str(place) in words and layout.split("_")[0] in words
    assert len(load_dataset("cifar10").train_labels) == 40


def test_parquet_files_are_found_directly_and_in_shards(tmp_path: Path, pixels: Any, make: Any) -> None:
    (images, labels), test = pixels["train"], pixels["test"]
    for shard in range(2):
        part = slice(shard * 20, shard * 20 + 20)
        make.parquet(tmp_path / "flat" / f"train-{shard:05d}-of-00002.parquet", images[part], labels[part])
    make.parquet(tmp_path / "flat" / "test-00000-of-00001.parquet", *test)
    np.testing.assert_array_equal(load_dataset("cifar10", tmp_path / "flat").train_images, images)


def test_jpeg_is_noticed_from_the_bytes(tmp_path: Path, pixels: Any, make: Any) -> None:
    for split, (images, labels) in pixels.items():
        make.parquet(tmp_path / "jpeg" / f"{split}-00000-of-00001.parquet", images, labels, form="JPEG")
    assert load_dataset("cifar10", tmp_path / "jpeg").note.startswith("JPEG copy")


def test_cifar100_reads_fine_labels_in_every_layout(tmp_path: Path, pixels: Any, make: Any) -> None:
    expected, digests = pixels["train"][1] * 10 + 9, set()
    for split, (images, labels) in pixels.items():
        fine = labels * 10 + 9
        hub, python, binary = (tmp_path / name for name in ("hub", "cifar-100-python", "cifar-100-binary"))
        make.parquet(hub / "cifar100" / f"{split}-00000-of-00001.parquet", images, fine, label="fine_label")
        batch = {"data": make.planes(images), "fine_labels": fine.tolist(), "coarse_labels": labels.tolist()}
        python.mkdir(exist_ok=True)
        (python / split).write_bytes(pickle.dumps(batch))
        binary.mkdir(exist_ok=True)
        columns = [labels[:, None].astype(np.uint8), fine[:, None].astype(np.uint8), make.planes(images)]
        (binary / f"{split}.bin").write_bytes(np.concatenate(columns, 1).tobytes())
    for place in (hub, python, binary):
        data = load_dataset("cifar100", place)
        np.testing.assert_array_equal(data.train_labels, expected)
        digests.add(data.digest)
    assert len(digests) == 1
    assert (len(data.classes), data.classes[0], data.classes[-1]) == (100, "apple", "worm")


def test_unknown_names_are_refused() -> None:
    for ask in (load_dataset, locate):
        with pytest.raises(Problem, match="unknown data set 'cifar11'; known are cifar10, cifar100, synthetic"):
            ask("cifar11")


def test_no_data_and_no_download_says_the_ways() -> None:
    with pytest.raises(Problem, match=r"CIFAR10_DIR .*--data-dir.* cifar-10-batches-py .*--dataset synthetic"):
        load_dataset("cifar10", download=False)


def test_synthetic_says_so_and_needs_nothing() -> None:
    data = load_dataset("synthetic", train=60, test=30)
    assert data.note == "SYNTHETIC" and locate("synthetic") == "generated from a seed"
    assert len(data.test(FINISHED)[1]) == 30 and data.train_images.shape == (60, 32, 32, 3)
    with pytest.raises(Problem, match="at least one"):
        load_dataset("synthetic", train=0)
