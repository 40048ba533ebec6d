"""Where a data set is found: the folder, the archive, or one line with what is missing and what to do."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from analysis.data.cifar import locate
from analysis.data.cifar.source import find
from analysis.problem import Problem


def test_empty_and_absent_folders(tmp_path: Path, refusal: Any) -> None:
    (tmp_path / "empty").mkdir()
    assert "holds no cifar10" in refusal(tmp_path / "empty")
    assert "does not exist" in refusal(tmp_path / "absent")
    with pytest.raises(Problem, match="holds no cifar10"):
        locate("cifar10", tmp_path / "empty")


def test_a_file_that_is_not_an_archive_of_cifar(tmp_path: Path, refusal: Any) -> None:
    (tmp_path / "holiday.tar.gz").write_bytes(b"x")
    assert "is not cifar-10-python.tar.gz" in refusal(tmp_path / "holiday.tar.gz")


@pytest.mark.parametrize("layout", ["parquet", "python_folder", "binary_folder"])
@pytest.mark.parametrize("split", ["train", "test"])
def test_a_missing_part_is_named(layout: str, split: str, refusal: Any, request: pytest.FixtureRequest) -> None:
    place = request.getfixturevalue(layout)
    files = [path for path in sorted(place.rglob("*")) if path.is_file()]
    gone = next(path for path in files if ("test" in path.name) == (split == "test"))
    gone.unlink()
    assert f"lacks {gone.name}" in refusal(place)


def test_a_missing_shard_is_named(parquet: Path, refusal: Any) -> None:
    folder = parquet / "plain_text"
    (folder / "train-00000-of-00001.parquet").rename(folder / "train-00001-of-00002.parquet")
    assert "lacks train-00000-of-00002.parquet" in refusal(parquet)


def test_a_split_without_images_is_refused(parquet: Path, make: Any, refusal: Any) -> None:
    make.parquet(parquet / "plain_text" / "train-00000-of-00001.parquet", [], np.empty(0, np.int64))
    assert "has no train images" in refusal(parquet)


def test_the_digest_is_of_the_files_and_of_their_order(parquet: Path, tmp_path: Path) -> None:
    source = find("cifar10", parquet)
    digest = source.digest(tmp_path / "stamps")
    assert source._replace(place=source.place).digest(tmp_path / "other") == digest
    assert source._replace(train=source.test, test=source.train).digest(tmp_path / "stamps") != digest
    (parquet / "plain_text" / source.test[0]).write_bytes(b"other")
    assert source.digest(tmp_path / "stamps") != digest
    assert source.words == f"{parquet / 'plain_text'} (parquet)"


@pytest.fixture
def foreign() -> Iterator[Path]:
    """A folder that others may enter; the test goes on without the rights of root."""
    with tempfile.TemporaryDirectory() as name:
        os.chmod(name, 0o755)
        root = os.geteuid() == 0
        yield Path(name)
        if root:
            os.seteuid(0)


@pytest.mark.parametrize("what", ["file", "folder", "subfolder"])
def test_a_missing_permission_is_named(what: str, foreign: Path, make: Any, pixels: Any, refusal: Any) -> None:
    for split, (pictures, labels) in pixels.items():
        path = make.parquet(foreign / "plain_text" / f"{split}-00000-of-00001.parquet", pictures, labels)
    closed = {"file": path, "folder": foreign, "subfolder": foreign / "plain_text"}[what]
    closed.chmod(0)
    if os.geteuid() == 0:
        os.seteuid(65534)
    assert f"no permission to read {closed}" in refusal(foreign)
    if os.geteuid() == 65534:
        os.seteuid(0)
    closed.chmod(0o755)
