"""Parquet files: decoded image by image, refused with the row or the column that is wrong."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from analysis.data.cifar.catalog import CATALOG
from analysis.data.cifar.parquet import read_parquet


def images(content: list[bytes | None]) -> pa.Array:
    kind = pa.struct([("bytes", pa.binary()), ("path", pa.string())])
    return pa.array([{"bytes": each, "path": "a.png"} for each in content], kind)


@pytest.fixture
def rewrite(parquet: Path) -> Callable[[pa.Table], Path]:
    """A function that puts another table in the place of the training images."""

    def write(table: pa.Table) -> Path:
        pq.write_table(table, parquet / "plain_text" / "train-00000-of-00001.parquet")
        return parquet

    return write


@pytest.fixture
def black(make: Any) -> bytes:
    return make.encoded(np.zeros((32, 32, 3), np.uint8))


def test_a_cut_file_is_named(parquet: Path, cut: Any, refusal: Any) -> None:
    assert str(cut(parquet)) in refusal(parquet)


def test_either_name_of_the_image_column_and_grey_images_are_read(tmp_path: Path, make: Any) -> None:
    grey = np.random.default_rng(0).integers(0, 256, (32, 32), np.uint8)
    pq.write_table(pa.table({"image": images([make.encoded(grey)]), "label": [7]}), tmp_path / "a.parquet")
    read = read_parquet(tmp_path / "a.parquet", CATALOG["cifar10"])
    np.testing.assert_array_equal(read.images[0], np.stack([grey] * 3, -1))
    assert (read.labels.tolist(), read.jpeg) == ([7], False)


def test_one_jpeg_among_the_images_is_noticed(tmp_path: Path, black: bytes, make: Any) -> None:
    jpeg = make.encoded(np.zeros((32, 32, 3), np.uint8), "JPEG")
    pq.write_table(pa.table({"img": images([black, jpeg, black]), "label": [1, 2, 3]}), tmp_path / "a.parquet")
    assert read_parquet(tmp_path / "a.parquet", CATALOG["cifar10"]).jpeg


def test_a_wrong_column_or_an_empty_row_is_named(rewrite: Any, black: bytes, parquet: Path, refusal: Any) -> None:
    assert "has no column 'label', only img" in refusal(rewrite(pa.table({"img": images([black])})))
    assert "has no column 'img', only label" in refusal(rewrite(pa.table({"label": [1]})))
    assert "column 'img' is int64" in refusal(rewrite(pa.table({"img": [1], "label": [1]})))
    assert "column 'label' is string" in refusal(rewrite(pa.table({"img": images([black]), "label": ["cat"]})))
    assert "row 1 has no image bytes" in refusal(rewrite(pa.table({"img": images([black, None]), "label": [1, 2]})))
    assert "row 0 has no label" in refusal(
        rewrite(pa.table({"img": images([black]), "label": pa.array([None], pa.int8())}))
    )
    assert "has no column 'fine_label'" in refusal(parquet, "cifar100")


def test_an_image_that_is_broken_or_too_large_is_named(rewrite: Any, black: bytes, make: Any, refusal: Any) -> None:
    large = make.encoded(np.zeros((33, 33, 3), np.uint8))
    both = pa.table({"img": images([black, large]), "label": [1, 2]})
    assert "image 1 is 33 x 33 pixels, not 32 x 32" in refusal(rewrite(both))
    for broken in (b"", b"no image", black[:60]):
        assert "image 0 cannot be decoded" in refusal(rewrite(pa.table({"img": images([broken]), "label": [1]})))


@pytest.mark.parametrize("label", [-1, 10, 2**63])
def test_a_label_out_of_range_is_refused(label: int, rewrite: Any, black: bytes, refusal: Any) -> None:
    kind = pa.int64() if label < 2**63 else pa.uint64()
    table = pa.table({"img": images([black] * 2), "label": pa.array([3, label], kind)})
    assert f"label {label} of image 1 is not in 0 ... 9" in refusal(rewrite(table))
