"""Small CIFAR data sets, made on the spot in every layout."""

import io
import pickle
import tarfile
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from PIL import Image

from analysis.data.cifar import load_dataset
from analysis.problem import Problem

TRAIN = 40  # images; five batches of eight
TEST = 8
BATCHES = [f"data_batch_{number}" for number in range(1, 6)]


@pytest.fixture(autouse=True)
def surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache and no data of the user's."""
    monkeypatch.setenv("MNV2_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.delenv("CIFAR10_DIR", raising=False)
    monkeypatch.delenv("CIFAR100_DIR", raising=False)
    return tmp_path / "cache"


@pytest.fixture
def pixels() -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Images and labels of both splits."""
    rng = np.random.default_rng(7)
    return {
        split: (rng.integers(0, 256, (count, 32, 32, 3), np.uint8), rng.integers(0, 10, count))
        for split, count in (("train", TRAIN), ("test", TEST))
    }


def planes(images: np.ndarray) -> np.ndarray:
    return images.transpose(0, 3, 1, 2).reshape(len(images), -1)


def encoded(image: np.ndarray, form: str = "PNG") -> bytes:
    stream = io.BytesIO()
    Image.fromarray(image).save(stream, form)
    return stream.getvalue()


def write_parquet(path: Path, images: Any, labels: Any, form: str = "PNG", label: str = "label") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    column = [{"bytes": encoded(image, form), "path": None} for image in images]
    kind = pa.struct([("bytes", pa.binary()), ("path", pa.string())])
    pq.write_table(pa.table({"img": pa.array(column, kind), label: pa.array(labels)}), path)
    return path


@pytest.fixture
def make() -> SimpleNamespace:
    """The functions that make files, for the tests that make their own."""
    return SimpleNamespace(planes=planes, encoded=encoded, parquet=write_parquet, archive=pack)


@pytest.fixture
def parquet(tmp_path: Path, pixels: Any) -> Path:
    for split, (images, labels) in pixels.items():
        write_parquet(tmp_path / "hub" / "plain_text" / f"{split}-00000-of-00001.parquet", images, labels)
    return tmp_path / "hub"


def cifar10_batches(pixels: Any) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    images, labels = pixels["train"]
    parts = zip(BATCHES, np.split(images, 5), np.split(labels, 5), strict=True)
    return {name: (image, label) for name, image, label in parts} | {"test_batch": pixels["test"]}


@pytest.fixture
def python_folder(tmp_path: Path, pixels: Any) -> Path:
    folder = tmp_path / "python" / "cifar-10-batches-py"
    folder.mkdir(parents=True)
    for name, (images, labels) in cifar10_batches(pixels).items():
        batch = {
            "batch_label": name,
            "data": planes(images),
            "labels": labels.tolist(),
            "filenames": ["a.png"],
        }
        (folder / name).write_bytes(pickle.dumps(batch))
    return folder.parent


@pytest.fixture
def binary_folder(tmp_path: Path, pixels: Any) -> Path:
    folder = tmp_path / "binary" / "cifar-10-batches-bin"
    folder.mkdir(parents=True)
    for name, (images, labels) in cifar10_batches(pixels).items():
        records = np.concatenate([labels[:, None].astype(np.uint8), planes(images)], 1)
        (folder / f"{name}.bin").write_bytes(records.tobytes())
    return folder.parent


def pack(folder: Path, archive: Path) -> Path:
    archive.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(archive, "w:gz") as tar:
        tar.add(folder, folder.name)
    return archive


@pytest.fixture
def python_archive(tmp_path: Path, python_folder: Path) -> Path:
    return pack(python_folder / "cifar-10-batches-py", tmp_path / "archive" / "cifar-10-python.tar.gz")


@pytest.fixture
def binary_archive(tmp_path: Path, binary_folder: Path) -> Path:
    return pack(binary_folder / "cifar-10-batches-bin", tmp_path / "archive2" / "cifar-10-binary.tar.gz")


REMEDIES = ("download it again", "point to", "get the original", "use the original", "another data set", "allow it")


@pytest.fixture
def refusal() -> Callable[..., str]:
    """A function that loads a damaged data set and gives the refusal: one line with the place and the remedy."""

    def refused(place: Path, name: str = "cifar10") -> str:
        with pytest.raises(Problem) as caught:
            load_dataset(name, place)
        line = str(caught.value)
        assert "\n" not in line and str(place) in line and any(remedy in line for remedy in REMEDIES), line
        return line

    return refused


@pytest.fixture(params=[0, 0.45, 0.999])
def cut(request: pytest.FixtureRequest) -> Callable[[Path], Path]:
    """A function that keeps a share of the bytes of an archive, or of a folder's first training file."""

    def cut_to(place: Path, share: float = request.param) -> Path:
        files = [place] if place.is_file() else sorted(place.rglob("*"))
        path = next(path for path in files if path.is_file() and "test" not in path.name)
        content = path.read_bytes()
        path.write_bytes(content[: int(len(content) * share)])
        return path

    return cut_to
