"""What folders of images with boxes and with masks share: splits read in time, digest, classes, place."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from analysis.data.finished import Finished
from analysis.data.folder import SPLITS, class_names, decode_splits, files_digest, find_folder, remembered
from analysis.problem import Problem

Files = dict[str, list[tuple[Path, Path]]]


def texts(files: Sequence[tuple[Path, Path]]) -> list[str]:
    """The decoder of these tests: what an image's label file says."""
    return [label.read_text() for _, label in files]


@pytest.fixture
def files(tmp_path: Path) -> Files:
    found: Files = {}
    for split in SPLITS:
        found[split] = [(tmp_path / f"{split}{i}.png", tmp_path / f"{split}{i}.txt") for i in range(2)]
        for image, label in found[split]:
            image.write_bytes(image.name.encode())
            label.write_text(f"label of {image.stem}")
    return found


def test_train_and_val_are_decoded_now_and_test_when_the_training_is_over(files: Files) -> None:
    decoded: list[Any] = []

    def decode(some: Sequence[tuple[Path, Path]]) -> list[str]:
        decoded.append([image.stem for image, _ in some])
        return texts(some)

    splits = decode_splits(files, decode)
    once = [["test0"], ["test1"]]  # looked at one by one, and dropped
    assert decoded == [["train0", "train1"], ["val0", "val1"], *once]
    assert splits.train == ["label of train0", "label of train1"]
    assert splits.validation == ["label of val0", "label of val1"]
    assert splits.test(Finished(1, 1)) == ["label of test0", "label of test1"]
    assert decoded == [["train0", "train1"], ["val0", "val1"], *once, ["test0", "test1"]]


def test_the_digest_is_of_names_and_contents_of_all_files(files: Files) -> None:
    parts = []
    for split in SPLITS:
        lines = [f"{p.name} {hashlib.sha256(p.read_bytes()).hexdigest()}" for pair in files[split] for p in pair]
        parts.append(hashlib.sha256("\n".join(lines).encode()).hexdigest())
        assert files_digest(files[split]) == parts[-1]
    before = decode_splits(files, texts).digest
    assert before == hashlib.sha256("".join(parts).encode()).hexdigest()
    for split in SPLITS:
        changed = files[split][1][1]
        kept = changed.read_text()
        changed.write_text("changed")
        assert decode_splits(files, texts).digest != before
        changed.write_text(kept)


def test_a_test_split_that_changes_during_the_training_is_refused(files: Files) -> None:
    splits = decode_splits(files, texts)
    files["test"][0][1].write_text("changed")
    with pytest.raises(Problem, match="the test split changed on disk during the training; restore"):
        splits.test(Finished(1, 1))


def test_a_file_that_is_gone_is_named(files: Files) -> None:
    files["val"][1][0].unlink()
    with pytest.raises(Problem, match=r"val1\.png does not exist"):
        decode_splits(files, texts)


@pytest.mark.parametrize(("suffix", "note"), [(".png", ""), (".jpg", "JPEG images"), (".JPEG", "JPEG images")])
def test_training_images_in_jpeg_are_noted(files: Files, suffix: str, note: str) -> None:
    image, label = files["train"][1]
    files["train"][1] = image.rename(image.with_suffix(suffix)), label
    assert decode_splits(files, texts).note == note


def test_the_folder_is_the_one_that_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("CAMVID_DIR", raising=False)
    with pytest.raises(Problem, match="no camvid data: name its folder with --data-dir or CAMVID_DIR"):
        find_folder("camvid", None)
    monkeypatch.setenv("CAMVID_DIR", str(tmp_path))
    assert find_folder("camvid", None) == tmp_path
    assert find_folder("camvid", "~/here") == Path.home() / "here"


def test_classes_are_the_lines_of_their_file(tmp_path: Path) -> None:
    path = tmp_path / "classes.txt"
    with pytest.raises(Problem, match=r"classes\.txt cannot be read .*give it a line for each class"):
        class_names(tmp_path, 2)
    path.write_text("square\n\n  bar \n")
    assert class_names(tmp_path, 2) == ("square", "bar")
    with pytest.raises(Problem, match="has 2 classes, the network 3: make them agree"):
        class_names(tmp_path, 3)
    path.write_bytes(b"\xff")
    with pytest.raises(Problem, match="cannot be read"):
        class_names(tmp_path, 1)


def test_the_last_data_set_stays_in_memory() -> None:
    loads: list[str] = []

    def load(name: str) -> str:
        loads.append(name)
        return name.upper()

    assert [remembered(load, name) for name in ("a", "a", "b", "a")] == ["A", "A", "B", "A"]
    assert loads == ["a", "b", "a"]  # one at a time
