"""The Hugging Face parquet layout: encoded images and labels in columns."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from analysis.data.cifar.catalog import SIDE, Entry
from analysis.data.cifar.pixels import Pixels, checked_labels
from analysis.data.reading import AGAIN, first_line, reading
from analysis.problem import Problem

IMAGE_COLUMNS = ("img", "image")
JPEG_START = b"\xff\xd8\xff"
ROWS = 2048  # decoded at a time, to keep memory low


def read_parquet(path: Path, entry: Entry) -> Pixels:
    """Decode one parquet file: column `img` {bytes, path}, column `label` (CIFAR-100: `fine_label`).

    Raises:
        Problem: unreadable or cut file, missing column, image that is broken or not 32 x 32, label out of
        range.
    """
    import pyarrow
    import pyarrow.parquet

    with reading(path):
        try:
            with path.open("rb") as stream:
                file = pyarrow.parquet.ParquetFile(stream)
                image, label = _columns(file.schema_arrow, path, entry.label[0])
                return _decode(file, path, image, label, len(entry.classes))
        except pyarrow.ArrowException as error:
            raise Problem(f"{path} is cut or no parquet file ({first_line(error)}); {AGAIN}") from error


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
        images[row] = _decode_image(encoded, f"{path}: image {row}")
        labels.append(number)
        jpeg = jpeg or encoded.startswith(JPEG_START)
    return Pixels(images, checked_labels(labels, classes, str(path)), jpeg)


def _rows(file: Any, image: str, label: str) -> Iterator[tuple[bytes | None, int | None]]:
    for batch in file.iter_batches(ROWS, columns=[f"{image}.bytes", label]):
        yield from zip(batch.column(image).field("bytes").to_pylist(), batch.column(label).to_pylist(), strict=True)


def _decode_image(encoded: bytes, origin: str) -> np.ndarray:
    from PIL import Image

    try:
        with Image.open(io.BytesIO(encoded), formats=("PNG", "JPEG")) as image:
            if image.size != (SIDE, SIDE):
                raise Problem(f"{origin} is {image.size[0]} x {image.size[1]} pixels, not {SIDE} x {SIDE}; {AGAIN}")
            return np.asarray(image.convert("RGB"))
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise Problem(f"{origin} cannot be decoded as PNG or JPEG; {AGAIN}") from error
