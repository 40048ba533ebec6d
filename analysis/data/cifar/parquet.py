"""The Hugging Face parquet layout: encoded images and labels in columns."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from analysis.data.cifar.catalog import SIDE, Entry
from analysis.data.cifar.encoded import JPEG_START, decode_image
from analysis.data.cifar.names import check_names
from analysis.data.cifar.pixels import Pixels, checked_labels
from analysis.data.reading import AGAIN, first_line, reading, refuse_stand_in
from analysis.problem import Problem

IMAGE_COLUMNS = ("img", "image")
ROWS = 2048  # decoded at a time, to keep memory low


def read_parquet(path: Path, entry: Entry) -> Pixels:
    """Decode one parquet file: column `img` {bytes, path}, column `label` (CIFAR-100: `fine_label`).

    Raises:
        Problem: unreadable or cut file, missing column, names of classes in its metadata that are not the data set's,
            more images than it has, image that is broken or not 32 x 32, label out of range.
    """
    import pyarrow
    import pyarrow.parquet

    with reading(path):
        try:
            with path.open("rb") as stream:
                refuse_stand_in(stream.read(100), str(path))
                file = pyarrow.parquet.ParquetFile(stream)
                image, label = _columns(file.schema_arrow, path, entry.label[0])
                if names := stated_names(file.schema_arrow.metadata, label):
                    check_names(names, entry.classes, str(path))
                if (rows := file.metadata.num_rows) > max(entry.sizes):
                    most = max(entry.sizes)
                    raise Problem(f"{path} has {rows:,} images, more than {most:,}; is it another data set?")
                return _decode(file, path, image, label, len(entry.classes))
        except (pyarrow.ArrowException, UnicodeDecodeError) as error:
            raise Problem(f"{path} is cut or no parquet file ({first_line(error)}); {AGAIN}") from error


def stated_names(metadata: dict[bytes, bytes] | None, column: str) -> list[str]:
    """Names of the classes of a column in the metadata that the library `datasets` writes. Empty without them."""
    try:
        names = json.loads((metadata or {})[b"huggingface"])["info"]["features"][column]["names"]
    except (KeyError, TypeError, ValueError, RecursionError):
        return []
    return list(map(str, names)) if isinstance(names, list) else []


def _columns(schema: Any, path: Path, label: str) -> tuple[str, str]:
    import pyarrow.types as types

    image = next((name for name in IMAGE_COLUMNS if name in schema.names), None)
    if image is None or label not in schema.names:
        lacking = f"column {label!r}" if image else f"column {IMAGE_COLUMNS[0]!r}"
        raise Problem(f"{path} has no {lacking}, only {', '.join(schema.names) or 'none'}; is it another data set?")
    kind = schema.field(image).type
    if not (types.is_struct(kind) and kind.get_field_index("bytes") >= 0):
        raise Problem(f"{path}: column {image!r} is {kind}, not images stored as {{bytes, path}}; {AGAIN}")
    if not types.is_integer(schema.field(label).type):
        raise Problem(f"{path}: column {label!r} is {schema.field(label).type}, not whole numbers; {AGAIN}")
    return image, label


def _decode(file: Any, path: Path, image: str, label: str, classes: int) -> Pixels:
    count = file.metadata.num_rows
    images = np.empty((count, SIDE, SIDE, 3), np.uint8)
    labels: list[int] = []
    jpeg = False
    for row, (encoded, number) in enumerate(_rows(file, image, label)):
        if encoded is None or number is None:
            raise Problem(f"{path}: row {row} has no {'image bytes' if encoded is None else 'label'}; {AGAIN}")
        images[row] = decode_image(encoded, f"{path}: image {row}")
        labels.append(number)
        jpeg = jpeg or encoded.startswith(JPEG_START)
    return Pixels(images, checked_labels(labels, classes, str(path)), jpeg)


def _rows(file: Any, image: str, label: str) -> Iterator[tuple[bytes | None, int | None]]:
    for batch in file.iter_batches(ROWS, columns=[f"{image}.bytes", label]):
        yield from zip(batch.column(image).field("bytes").to_pylist(), batch.column(label).to_pylist(), strict=True)
