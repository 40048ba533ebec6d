"""Whole files of every kind that tests damage, and the damage."""

import io
import json
import pickle
import struct
import tarfile
import zlib

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import torch
from PIL import Image
from raw_png import COLOUR, raw_png

from analysis.arch import preset, unroll
from analysis.data.cifar.catalog import CATALOG
from analysis.nn import build

TEN = CATALOG["cifar10"]
PICTURE = np.random.default_rng(0).integers(0, 256, (32, 32, 3), np.uint8)
TINY = preset("brief", rows=((1, 8, 1, 1),), classes=3)


def image_bytes():
    """Files of every format and depth, as (suffix, content)."""
    exif = Image.Exif()
    exif[0x0112] = 6
    deep = PICTURE[..., 0].astype(np.uint16) * 257
    plain = Image.fromarray(PICTURE)
    made = [
        (raw_png(deep, 16), "png"),
        (raw_png(PICTURE.astype(int) * 257, 16, COLOUR), "png"),
        (raw_png(PICTURE[..., 0] % 4, 2), "png"),
    ]
    for form, options in [
        *(("PNG", {"exif": exif}), ("JPEG", {"exif": exif}), ("TIFF", {"exif": exif}), ("BMP", {}), ("WEBP", {})),
        *(("TIFF", {"compression": "tiff_lzw"}), ("TIFF", {"compression": "jpeg"}), ("GIF", {}), ("JPEG2000", {})),
    ]:
        stream = io.BytesIO()
        plain.save(stream, form, **options)
        made.append((stream.getvalue(), form.lower()))
    return made


def parquet_bytes():
    names = {"info": {"features": {"label": {"names": list(TEN.classes), "_type": "ClassLabel"}}}}
    stream = io.BytesIO()
    Image.fromarray(PICTURE).save(stream, "PNG")
    column = pa.array(
        [{"bytes": stream.getvalue(), "path": "a.png"}] * 3, pa.struct([("bytes", pa.binary()), ("path", pa.string())])
    )
    table = pa.table({"img": column, "label": [1, 2, 3]})
    written = io.BytesIO()
    pq.write_table(table.replace_schema_metadata({"huggingface": json.dumps(names)}), written)
    return written.getvalue()


def state():
    return {key: value.contiguous() for key, value in build(unroll(TINY)).state_dict().items()}


def torch_bytes():
    stream = io.BytesIO()
    torch.save({"epoch": 3, "state_dict": {f"module.{key}": value for key, value in state().items()}}, stream)
    return stream.getvalue()


def tar_bytes():
    stream = io.BytesIO()
    batch = pickle.dumps({"data": PICTURE.reshape(1, -1), "labels": [3]})
    with tarfile.open(fileobj=stream, mode="w:gz") as tar:
        member = tarfile.TarInfo("a/data_batch_1")
        member.size = len(batch)
        tar.addfile(member, io.BytesIO(batch))
    return stream.getvalue()


def sealed(content):
    """A PNG with the checksums of what its chunks hold now, so that a reader looks inside."""
    made, place = content[:8], 8
    while place + 12 <= len(content):
        size = struct.unpack(">I", content[place : place + 4])[0]
        body = content[place + 4 : place + 8 + size]
        made += content[place : place + 4] + body + struct.pack(">I", zlib.crc32(body))
        place += 12 + size
    return made


def changed(content, changes):
    """The bytes with some of them set, cut, inserted, repeated or zeroed."""
    for what, where, new in changes:
        place = int(where * len(content))
        rest = content[place + len(new) :]
        content = {
            "set": content[:place] + new + rest,
            "cut": content[:place] + (rest if new else b""),
            "insert": content[:place] + new + content[place:],
            "repeat": content[:place] + content[max(0, place - 30) : place] + content[place:],
            "zero": content[:place] + b"\0" * len(new) + rest,
        }[what]
    return content
