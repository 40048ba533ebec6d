"""The decoded cache: made once, whole or absent, rebuilt when damaged, done without when it has no place."""

import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from analysis.data.cifar import load_dataset
from analysis.data.cifar import source as source_module
from analysis.data.finished import Finished
from analysis.data.labels import Dataset
from analysis.problem import Problem

FINISHED = Finished(3, 3)
ENTRY = ["facts.json", "test_images.npy", "test_labels.npy", "train_images.npy", "train_labels.npy"]


@pytest.fixture
def decoded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Collects the names of the parquet files that are decoded."""
    seen: list[str] = []
    read = source_module.read_parquet

    def record(path: Path, entry: Any) -> Any:
        seen.append(path.name.split("-")[0])
        return read(path, entry)

    monkeypatch.setattr(source_module, "read_parquet", record)
    return seen


def entry_of(cache: Path) -> Path:
    (entry,) = [path for path in (cache / "datasets").iterdir() if path.is_dir()]
    return entry


def check(data: Dataset, pixels: Any) -> None:
    found = (data.train_images, data.train_labels, *data.test(FINISHED))
    for array, expected in zip(found, [*pixels["train"], *pixels["test"]], strict=True):
        np.testing.assert_array_equal(array, expected)


def test_decoded_once_and_memory_mapped(parquet: Path, pixels: Any, surroundings: Path, decoded: list[str]) -> None:
    first = load_dataset("cifar10", parquet)
    again = load_dataset("cifar10", parquet)
    assert decoded == ["train", "test"]
    assert isinstance(again.train_images, np.memmap) and not again.train_images.flags.writeable
    assert (first.digest, first.mean, first.std, first.note) == (
        again.digest,
        again.mean,
        again.std,
        again.note,
    )
    check(again, pixels)
    assert sorted(path.name for path in entry_of(surroundings).iterdir()) == ENTRY


def test_a_changed_source_of_the_same_size_and_date_is_decoded_anew(binary_folder: Path) -> None:
    path = binary_folder / "cifar-10-batches-bin" / "data_batch_1.bin"
    labels = load_dataset("cifar10", binary_folder).train_labels
    before, content = path.stat(), path.read_bytes()
    path.write_bytes(bytes([9 - labels[0]]) + content[1:])
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert load_dataset("cifar10", binary_folder).train_labels[0] == 9 - labels[0]


def test_a_touched_source_is_not_decoded_anew(parquet: Path, decoded: list[str]) -> None:
    load_dataset("cifar10", parquet)
    for path in (parquet / "plain_text").iterdir():
        os.utime(path, (1, 1))
    load_dataset("cifar10", parquet)
    assert decoded == ["train", "test"]


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def flip(path: Path) -> None:
    """Change one byte and put size and date back."""
    before, content = path.stat(), bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def replace(path: Path) -> None:
    path.write_text("[]")


@pytest.mark.parametrize("damage", [cut, flip, replace, Path.unlink])
@pytest.mark.parametrize("name", ENTRY)
def test_a_damaged_entry_is_rebuilt(
    name: str,
    damage: Callable[[Path], None],
    parquet: Path,
    pixels: Any,
    surroundings: Path,
    decoded: list[str],
) -> None:
    load_dataset("cifar10", parquet)
    damage(entry_of(surroundings) / name)
    check(load_dataset("cifar10", parquet), pixels)
    assert decoded == ["train", "test"] * 2
    assert sorted(path.name for path in entry_of(surroundings).iterdir()) == ENTRY


def test_a_cache_that_is_deleted_during_a_training_is_made_again(
    parquet: Path, pixels: Any, surroundings: Path
) -> None:
    data = load_dataset("cifar10", parquet)
    for path in entry_of(surroundings).iterdir():
        path.unlink()
    np.testing.assert_array_equal(data.test(FINISHED)[0], pixels["test"][0])


def test_a_test_split_that_changes_during_a_training_is_refused(
    parquet: Path, pixels: Any, make: Any, surroundings: Path
) -> None:
    data = load_dataset("cifar10", parquet)
    (entry_of(surroundings) / "test_labels.npy").unlink()
    images, labels = pixels["test"]
    make.parquet(parquet / "plain_text" / "test-00000-of-00001.parquet", images, 9 - labels)
    with pytest.raises(Problem, match="changed on disk during the training"):
        data.test(FINISHED)


def test_without_a_cache_everything_works_and_the_remedy_is_said(
    parquet: Path, pixels: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cached = load_dataset("cifar10", parquet)
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("MNV2_CACHE_DIR", str(tmp_path / "file" / "cache"))
    data = load_dataset("cifar10", parquet)
    assert "MNV2_CACHE_DIR" in data.remark and str(tmp_path / "file") in data.remark
    assert (data.digest, data.mean) == (cached.digest, cached.mean)
    check(data, pixels)


def test_a_full_disk_leaves_nothing_behind(
    parquet: Path, pixels: Any, surroundings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "save", full)
    data = load_dataset("cifar10", parquet)
    assert "No space left on device" in data.remark
    check(data, pixels)
    assert [path.suffix for path in (surroundings / "datasets").iterdir()] == [".lock"]


def test_leftovers_of_a_killed_process_are_removed(parquet: Path, surroundings: Path) -> None:
    load_dataset("cifar10", parquet)
    entry = entry_of(surroundings)
    left = entry.parent / f".{entry.name}.killed"
    entry.rename(left)
    load_dataset("cifar10", parquet)
    assert entry_of(surroundings) == entry


PROCESS = """
import sys
from analysis.data.cifar import load_dataset
data = load_dataset("cifar10", sys.argv[1])
print(data.digest, data.remark)
"""


def test_two_processes_at_once(parquet: Path, surroundings: Path) -> None:
    """Both get the data; one decodes, so that one entry is left and nothing else."""
    command = [sys.executable, "-c", PROCESS, str(parquet)]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    printed = [process.communicate()[0] for process in running]
    assert printed == [f"{load_dataset('cifar10', parquet).digest} \n"] * 2
    assert sorted(path.name for path in entry_of(surroundings).iterdir()) == ENTRY


OPENED = """
import sys
from analysis.data.cifar import load_dataset
from analysis.data.finished import Finished
opened = []
sys.addaudithook(lambda event, values: opened.append(str(values[0])) if event == "open" else None)
data = load_dataset("cifar10", sys.argv[1])
data.split(4)[0].sum() + data.images_and_labels([1, 2])[0].sum() + data.train_images.sum()
def test_files():
    return {path.rsplit("/", 1)[-1] for path in opened if path.rsplit("/", 1)[-1].startswith("test")}
print(sorted(test_files()), any("train_images" in path for path in opened))
data.test(Finished(1, 1))
print(sorted(test_files()))
"""


def test_the_training_path_opens_no_test_file(parquet: Path) -> None:
    load_dataset("cifar10", parquet).test(FINISHED)  # from here on the cache is warm
    ran = subprocess.run([sys.executable, "-c", OPENED, str(parquet)], capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines() == ["[] True", "['test_images.npy', 'test_labels.npy']"]


def test_a_data_set_goes_to_another_process(parquet: Path, pixels: Any) -> None:
    check(pickle.loads(pickle.dumps(load_dataset("cifar10", parquet))), pixels)
