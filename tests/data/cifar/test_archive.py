"""Members of an archive are read in memory; a damaged or hostile archive is refused."""

import tarfile
from pathlib import Path
from typing import Any

import pytest

from analysis.data.cifar import load_dataset
from analysis.data.cifar.archive import read_members
from analysis.problem import Problem

MEMBERS = ("data_batch_1", "test_batch")


@pytest.mark.parametrize("layout", ["python_archive", "binary_archive"])
def test_a_cut_archive_is_named(layout: str, cut: Any, refusal: Any, request: pytest.FixtureRequest) -> None:
    place = request.getfixturevalue(layout)
    assert str(cut(place)) in refusal(place)


def test_the_members_asked_for_are_read_whole_and_in_any_folder(python_archive: Path, python_folder: Path) -> None:
    found = read_members(python_archive, MEMBERS)
    source = python_folder / "cifar-10-batches-py"
    assert found == {name: (source / name).read_bytes() for name in MEMBERS}


def test_what_is_not_there_is_named(python_archive: Path, tmp_path: Path) -> None:
    with pytest.raises(Problem, match="lacks data_batch_7, data_batch_8; download it again"):
        read_members(python_archive, ("data_batch_7", "test_batch", "data_batch_8"))
    with pytest.raises(Problem, match="does not exist"):
        read_members(tmp_path / "absent.tar.gz", MEMBERS)


def test_members_stay_inside(tmp_path: Path, python_folder: Path, refusal: Any) -> None:
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


def test_a_member_too_large_to_be_genuine_is_not_read(
    python_archive: Path, refusal: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("analysis.data.cifar.archive.LIMIT", 1000)
    assert "too many for this data set" in refusal(python_archive)
