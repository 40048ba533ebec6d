"""CIFAR as libraries leave it on disk: converted and hash-named parquet, Keras's archive and folder; too much of it."""

import shutil

import numpy as np
import pytest

from analysis.data.cifar import load_dataset
from analysis.data.cifar.catalog import CATALOG
from analysis.data.finished import Finished
from analysis.problem import Problem


def loads_alike(place, pixels):
    data = load_dataset("cifar10", place)
    assert np.array_equal(data.train_images, pixels["train"][0])
    assert np.array_equal(data.train_labels, pixels["train"][1])
    assert np.array_equal(data.test(Finished(1, 1))[0], pixels["test"][0])
    return True


@pytest.mark.parametrize("inner", ["", "plain_text", "default", "cifar10", "cifar10/plain_text"])
def test_converted_parquet_has_a_folder_for_each_split(tmp_path, pixels, make, inner):
    place = tmp_path / "hub" / inner
    for split, (images, labels) in pixels.items():
        half = len(labels) // 2
        make.parquet(place / split / "0000.parquet", images[:half], labels[:half])
        make.parquet(place / split / "0001.parquet", images[half:], labels[half:])
    assert loads_alike(tmp_path / "hub", pixels)
    (place / "train" / "0000.parquet").unlink()
    assert "lacks train/0000.parquet" in refusal(tmp_path / "hub")


@pytest.mark.parametrize("suffixes", [("-b42a59f3b1a9f5ae",) * 2, ("", ""), ("-0", "-1")])
def test_shards_may_have_a_hash_in_their_names(tmp_path, pixels, make, suffixes):
    for split, (images, labels) in pixels.items():
        half = len(labels) // 2
        for part, suffix in enumerate(suffixes):
            mine = slice(part * half, (part + 1) * half)
            path = tmp_path / "hub" / "data" / f"{split}-{part:05}-of-00002{suffix}.parquet"
            make.parquet(path, images[mine], labels[mine])
    assert loads_alike(tmp_path / "hub", pixels)
    shutil.copy(path, path.with_name("test-00001-of-00002-ffff.parquet"))
    assert "is there twice; point to a folder with one copy" in refusal(tmp_path / "hub")


@pytest.mark.parametrize(
    "name",
    [
        "cifar-10-batches-py.tar.gz",
        "cifar-10-batches-py-target_archive",
        "cifar-10-python.tgz",
        "cifar-10-python.tar.gz",
    ],
)
def test_archives_have_the_names_that_libraries_give_them(tmp_path, python_archive, pixels, name):
    (tmp_path / "keras").mkdir()
    shutil.copy(python_archive, tmp_path / "keras" / name)
    assert loads_alike(tmp_path / "keras", pixels)
    assert loads_alike(tmp_path / "keras" / name, pixels)


def test_an_archive_may_be_unpacked_once(tmp_path, python_folder, pixels):
    shutil.make_archive(str(tmp_path / "cifar-10-python"), "tar", python_folder)
    assert loads_alike(tmp_path / "cifar-10-python.tar", pixels)


def test_keras_3_keeps_its_folder_in_another(tmp_path, python_folder, pixels):
    shutil.copytree(python_folder, tmp_path / "datasets" / "cifar-10-batches-py-target")
    assert loads_alike(tmp_path / "datasets", pixels)


@pytest.mark.parametrize("layout", ["parquet", "python_folder", "binary_archive"])
def test_more_images_than_the_data_set_has_are_another_data_set(layout, request, monkeypatch):
    monkeypatch.setitem(CATALOG, "cifar10", CATALOG["cifar10"]._replace(sizes=(39, 8)))
    line = refusal(request.getfixturevalue(layout))
    assert "is it another data set" in line and "40" in line and "39" in line


@pytest.mark.parametrize("layout", ["parquet", "python_folder", "binary_folder", "python_archive"])
@pytest.mark.parametrize("content", [b"version https://git-lfs.github.com/spec/v1\noid", b"<html>404</html>"])
def test_what_downloads_leave_is_named(layout, content, request):
    place = request.getfixturevalue(layout)
    path = place if place.is_file() else next(p for p in sorted(place.rglob("*")) if p.is_file())
    path.write_bytes(content)
    line = refusal(place)
    assert str(path) in line and ("Git LFS" in line or "HTML page" in line)


def refusal(place):
    with pytest.raises(Problem) as caught:
        load_dataset("cifar10", place)
    assert "\n" not in str(caught.value)
    return str(caught.value)
