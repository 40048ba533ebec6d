"""Every kind of wrong data gives one line that names the file and says what to do."""

import os
import pickle
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from analysis.data.cifar import load_dataset, locate
from analysis.problem import Problem

REMEDIES = (
    "download it again",
    "point to",
    "get the original",
    "use the original",
    "another data set",
    "allow it",
)


def refusal(place: Path, name: str = "cifar10") -> str:
    with pytest.raises(Problem) as caught:
        load_dataset(name, place)
    line = str(caught.value)
    assert "\n" not in line and str(place) in line and any(remedy in line for remedy in REMEDIES), line
    return line


def first_train_file(folder: Path) -> Path:
    return next(path for path in sorted(folder.rglob("*")) if path.is_file() and "test" not in path.name)


@pytest.mark.parametrize("layout", ["parquet", "python_folder", "python_archive", "binary_folder", "binary_archive"])
@pytest.mark.parametrize("share", [0, 0.45, 0.999])
def test_cut_files(layout: str, share: float, request: pytest.FixtureRequest) -> None:
    place = request.getfixturevalue(layout)
    path = place if place.is_file() else first_train_file(place)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    line = refusal(place)
    assert str(path) in line


def test_empty_and_absent_folders(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert "holds no cifar10" in refusal(tmp_path / "empty")
    assert "does not exist" in refusal(tmp_path / "absent")
    with pytest.raises(Problem, match="holds no cifar10"):
        locate("cifar10", tmp_path / "empty")


def test_a_file_that_is_no_archive_of_cifar(tmp_path: Path) -> None:
    (tmp_path / "holiday.tar.gz").write_bytes(b"x")
    assert "is not cifar-10-python.tar.gz" in refusal(tmp_path / "holiday.tar.gz")


@pytest.mark.parametrize("layout", ["parquet", "python_folder", "binary_folder"])
@pytest.mark.parametrize("split", ["train", "test"])
def test_missing_part(layout: str, split: str, request: pytest.FixtureRequest) -> None:
    place = request.getfixturevalue(layout)
    files = [path for path in sorted(place.rglob("*")) if path.is_file()]
    gone = next(path for path in files if ("test" in path.name) == (split == "test"))
    gone.unlink()
    assert f"lacks {gone.name}" in refusal(place)


def test_missing_shard(parquet: Path) -> None:
    folder = parquet / "plain_text"
    (folder / "train-00000-of-00001.parquet").rename(folder / "train-00001-of-00002.parquet")
    assert "lacks train-00000-of-00002.parquet" in refusal(parquet)


@pytest.fixture
def rewrite(parquet: Path) -> Callable[[pa.Table], Path]:
    def write(table: pa.Table) -> Path:
        pq.write_table(table, parquet / "plain_text" / "train-00000-of-00001.parquet")
        return parquet

    return write


def images(content: list[bytes | None]) -> pa.Array:
    kind = pa.struct([("bytes", pa.binary()), ("path", pa.string())])
    return pa.array([{"bytes": each, "path": "a.png"} for each in content], kind)


def test_columns(rewrite: Any, make: Any, parquet: Path) -> None:
    black = make.encoded(np.zeros((32, 32, 3), np.uint8))
    assert "has no column 'label', only img" in refusal(rewrite(pa.table({"img": images([black])})))
    assert "has no column 'img', only label" in refusal(rewrite(pa.table({"label": [1]})))
    assert "column 'img' is int64" in refusal(rewrite(pa.table({"img": [1], "label": [1]})))
    assert "column 'label' is string" in refusal(rewrite(pa.table({"img": images([black]), "label": ["cat"]})))
    assert "row 1 has no image bytes" in refusal(rewrite(pa.table({"img": images([black, None]), "label": [1, 2]})))
    assert "row 0 has no label" in refusal(
        rewrite(pa.table({"img": images([black]), "label": pa.array([None], pa.int8())}))
    )
    assert "no train images" in refusal(rewrite(pa.table({"img": images([]), "label": pa.array([], pa.int64())})))
    assert "has no column 'fine_label'" in refusal(parquet, "cifar100")


def test_images(rewrite: Any, make: Any) -> None:
    black, large = (make.encoded(np.zeros((side, side, 3), np.uint8)) for side in (32, 33))
    both = pa.table({"img": images([black, large]), "label": [1, 2]})
    assert "image 1 is 33 x 33 pixels, not 32 x 32" in refusal(rewrite(both))
    for broken in (b"", b"no image", black[:60]):
        assert "image 0 cannot be decoded" in refusal(rewrite(pa.table({"img": images([broken]), "label": [1]})))


@pytest.mark.parametrize("label", [-1, 10, 2**63])
def test_labels_out_of_range(label: int, rewrite: Any, make: Any, python_folder: Path) -> None:
    black = make.encoded(np.zeros((32, 32, 3), np.uint8))
    kind = pa.int64() if label < 2**63 else pa.uint64()
    table = pa.table({"img": images([black] * 2), "label": pa.array([3, label], kind)})
    assert f"label {label} of image 1 is not in 0 ... 9" in refusal(rewrite(table))
    batch = {"data": np.zeros((2, 3072), np.uint8), "labels": [3, label]}
    (python_folder / "cifar-10-batches-py" / "data_batch_4").write_bytes(pickle.dumps(batch))
    assert f"label {label} of image 1" in refusal(python_folder)


def test_label_out_of_range_in_a_binary_record(binary_folder: Path) -> None:
    path = binary_folder / "cifar-10-batches-bin" / "data_batch_2.bin"
    path.write_bytes(b"\x0a" + path.read_bytes()[1:])
    assert "label 10 of image 0" in refusal(binary_folder)


@pytest.mark.parametrize(
    "batch",
    [
        [],
        {},
        {"data": np.zeros((1, 3072), np.uint8)},
        {"data": "text", "labels": [0]},
        {"data": np.zeros((1, 3072)), "labels": [0]},
        {"data": np.zeros((1, 3071), np.uint8), "labels": [0]},
        {"data": np.zeros((2, 3072), np.uint8), "labels": [0]},
        {"data": np.zeros((1, 3072), np.uint8), "labels": ["cat"]},
        {"data": np.zeros((1, 3072), np.uint8), "labels": 0},
    ],
    ids=str,
)
def test_pickles_of_other_things(batch: Any, python_folder: Path) -> None:
    path = python_folder / "cifar-10-batches-py" / "data_batch_1"
    path.write_bytes(pickle.dumps(batch))
    assert str(path) in refusal(python_folder)


def test_archive_members_stay_inside(tmp_path: Path, python_folder: Path) -> None:
    """Members that point outside, and links, are neither extracted nor followed."""
    archive = tmp_path / "evil" / "cifar-10-python.tar.gz"
    archive.parent.mkdir()
    source = python_folder / "cifar-10-batches-py"
    with tarfile.open(archive, "w:gz") as tar:
        for path in source.iterdir():
            tar.add(path, f"../../../{path.name}")
    before = sorted(tmp_path.rglob("*"))
    assert len(load_dataset("cifar10", archive).train_labels) == 40
    after = [path for path in sorted(tmp_path.rglob("*")) if tmp_path / "cache" not in (path, *path.parents)]
    assert after == before
    with tarfile.open(archive, "w:gz") as tar:
        link = tarfile.TarInfo("cifar-10-batches-py/data_batch_1")
        link.type, link.linkname = tarfile.SYMTYPE, str(source / "data_batch_1")
        tar.addfile(link)
    assert "lacks data_batch_1" in refusal(archive)


def test_a_member_too_large_to_be_genuine_is_not_read(python_archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("analysis.data.cifar.archive.LIMIT", 1000)
    assert "too many for this data set" in refusal(python_archive)


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
def test_no_permission(what: str, foreign: Path, make: Any, pixels: Any) -> None:
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
