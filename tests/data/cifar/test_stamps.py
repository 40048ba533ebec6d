"""The digest of a file is remembered until the file is touched, and computed again where it cannot be."""

import hashlib
import json
from pathlib import Path

import pytest

from analysis.data.cifar.stamps import file_digest
from analysis.problem import Problem

CONTENT = hashlib.sha256(b"content").hexdigest()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "file").write_bytes(b"content")
    return tmp_path / "file"


def test_a_digest_is_remembered_until_the_file_changes(file: Path, tmp_path: Path) -> None:
    assert file_digest(file, tmp_path / "stamps") == CONTENT
    (stamp,) = (tmp_path / "stamps").iterdir()
    stamp.write_text(json.dumps(json.loads(stamp.read_text()) | {"sha256": "remembered"}))
    assert file_digest(file, tmp_path / "stamps") == "remembered"
    file.write_bytes(b"another")  # of the same size
    assert file_digest(file, tmp_path / "stamps") == hashlib.sha256(b"another").hexdigest()


def test_a_damaged_stamp_is_computed_again(file: Path, tmp_path: Path) -> None:
    file_digest(file, tmp_path / "stamps")
    (stamp,) = (tmp_path / "stamps").iterdir()
    remembered = json.loads(stamp.read_text())
    for damaged in ("", "[]", "{}", json.dumps(remembered | {"mark": 0, "sha256": "other"})):
        stamp.write_text(damaged)
        assert file_digest(file, tmp_path / "stamps") == CONTENT


def test_without_a_place_to_remember_it_is_computed(file: Path) -> None:
    assert file_digest(file, file / "below") == CONTENT


def test_a_file_that_cannot_be_read_is_a_problem(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="does not exist"):
        file_digest(tmp_path / "absent", tmp_path / "stamps")
