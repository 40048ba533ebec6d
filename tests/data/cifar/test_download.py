"""Downloading from mirrors in order, from a server on this machine."""

import hashlib
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from analysis.data.cifar import download, load_dataset, locate
from analysis.data.cifar.download import Archive, fetch
from analysis.problem import Problem

Mirrors = Callable[..., None]


@pytest.fixture
def asked() -> list[str]:
    """Paths that the server was asked for."""
    return []


@pytest.fixture
def server(python_archive: Path, asked: list[str]) -> Iterator[str]:
    """Serves the archive whole, cut, changed or not at all, by the first part of the path."""
    content = python_archive.read_bytes()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            kind = self.path.split("/")[1]
            asked.append(kind)
            if kind == "absent" or (kind == "later" and asked.count(kind) == 1):
                self.send_error(404 if kind == "absent" else 503)
                return
            body = content[:-1] + b"x" if kind == "changed" else content
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[: len(body) // 2] if kind == "cut" else body)

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()


@pytest.fixture
def mirrors(server: str, python_archive: Path, monkeypatch: pytest.MonkeyPatch) -> Mirrors:
    """Sets the mirrors of CIFAR-10."""
    digest = hashlib.sha256(python_archive.read_bytes()).hexdigest()

    def use(*kinds: str) -> None:
        addresses = tuple(f"{server}/{kind}/{python_archive.name}" for kind in kinds)
        monkeypatch.setitem(download.ARCHIVES, "cifar10", Archive(python_archive.name, digest, addresses))

    return use


@pytest.mark.parametrize("first", ["absent", "cut", "changed"])
def test_the_next_mirror_is_tried(first: str, mirrors: Mirrors, asked: list[str], pixels: Any) -> None:
    mirrors(first, "whole")
    data = load_dataset("cifar10")
    assert (data.train_labels == pixels["train"][1]).all()
    assert asked == [first, "whole"]


def test_downloaded_once(mirrors: Mirrors, asked: list[str], surroundings: Path) -> None:
    mirrors("whole")
    digest = load_dataset("cifar10").digest
    assert load_dataset("cifar10").digest == load_dataset("cifar10", download=False).digest == digest
    words = locate("cifar10")
    assert words and str(surroundings / "downloads") in words
    assert asked == ["whole"]


def test_a_mirror_that_recovers_is_tried_again(mirrors: Mirrors, asked: list[str], tmp_path: Path) -> None:
    mirrors("later")
    assert fetch("cifar10", tmp_path / "downloads").is_file()
    assert asked == ["later", "later"]


def test_when_no_mirror_helps_every_reason_is_said(mirrors: Mirrors, surroundings: Path) -> None:
    mirrors("absent", "cut", "changed")
    with pytest.raises(Problem) as caught:
        load_dataset("cifar10")
    line = str(caught.value)
    assert "\n" not in line and "CIFAR10_DIR" in line and "--dataset synthetic" in line
    for reason in ("(status 404)", "(cut transfer)", "(wrong checksum)"):
        assert reason in line
    assert [path.suffix for path in (surroundings / "downloads").iterdir()] == [".lock"]


def test_without_a_network(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    nobody = Archive("cifar-10-python.tar.gz", "0" * 64, ("http://127.0.0.1:9/cifar-10-python.tar.gz",))
    monkeypatch.setitem(download.ARCHIVES, "cifar10", nobody)
    with pytest.raises(Problem, match="not reachable"):
        fetch("cifar10", tmp_path)


def test_a_damaged_download_is_fetched_anew(mirrors: Mirrors, asked: list[str], tmp_path: Path) -> None:
    mirrors("whole")
    path = fetch("cifar10", tmp_path)
    whole = path.read_bytes()
    path.write_bytes(whole[:-9])
    assert fetch("cifar10", tmp_path).read_bytes() == whole
    assert asked == ["whole"] * 2


def test_a_folder_that_cannot_be_written(mirrors: Mirrors, tmp_path: Path) -> None:
    mirrors("whole")
    (tmp_path / "file").write_text("")
    with pytest.raises(Problem, match=r"cannot download to .*set MNV2_CACHE_DIR"):
        fetch("cifar10", tmp_path / "file" / "downloads")


def test_progress_ends_at_the_whole(mirrors: Mirrors, python_archive: Path) -> None:
    mirrors("whole")
    told: list[tuple[int, int]] = []
    load_dataset("cifar10", progress=lambda done, total: told.append((done, total)))
    size = python_archive.stat().st_size
    assert told[-1] == (size, size)
    assert [done for done, _ in told] == sorted(done for done, _ in told)


def test_published_archives_have_secure_mirrors() -> None:
    for archive in download.ARCHIVES.values():
        assert len(archive.mirrors) > 1 and len(bytes.fromhex(archive.sha256)) == 32
        assert all(mirror.startswith("https://") and mirror.endswith(archive.file) for mirror in archive.mirrors)
