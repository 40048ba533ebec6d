"""Files are whole or absent, and the cache is where the user says."""

import os
import stat
from pathlib import Path

import pytest

from analysis.files import cache_folder, content_digest, write_whole
from analysis.problem import Problem


def test_the_cache_is_the_users_or_the_one_that_is_named(monkeypatch):
    monkeypatch.setenv("MNV2_CACHE_DIR", "~/elsewhere")
    assert cache_folder() == Path.home() / "elsewhere"
    monkeypatch.delenv("MNV2_CACHE_DIR")
    assert cache_folder().name == "mobilenetv2-ablations"


def test_a_file_is_replaced_whole_in_a_folder_that_is_made(tmp_path):
    path = tmp_path / "a" / "b" / "file"
    assert write_whole(path, b"first") == path
    write_whole(path, b"second")
    assert path.read_bytes() == b"second"
    assert [each.name for each in path.parent.iterdir()] == ["file"]
    mask = os.umask(0)
    os.umask(mask)
    assert stat.S_IMODE(path.stat().st_mode) == 0o666 & ~mask


def test_what_fails_half_way_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    path = write_whole(tmp_path / "file", b"old")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(Problem, match=r"cannot write .*file \(No space left on device\): free space"):
        write_whole(path, b"new")
    assert path.read_bytes() == b"old"
    assert [each.name for each in tmp_path.iterdir()] == ["file"]


def test_a_digest_is_that_of_the_content(tmp_path):
    (tmp_path / "a").write_bytes(b"abc")
    assert content_digest(tmp_path / "a").startswith("ba7816bf8f01cfea")
    with pytest.raises(Problem, match="cannot be read .*: name a file that is there"):
        content_digest(tmp_path / "none")
