"""PNG files of any depth, as microscopes and annotation tools write them and Pillow does not."""

import struct
import zlib

import numpy as np

GREY, COLOUR = 0, 2


def raw_png(values, bits, kind=GREY):
    """The bytes of a PNG whose samples (H, W) or (H, W, 3) are `values`, stored with `bits` bits each."""
    height, width = values.shape[:2]
    shifts = np.arange(bits - 1, -1, -1)
    rows = (values.reshape(height, -1, 1).astype(np.int64) >> shifts & 1).astype(np.uint8).reshape(height, -1)
    lines = b"".join(b"\0" + np.packbits(row).tobytes() for row in rows)
    header = struct.pack(">IIBBBBB", width, height, bits, kind, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(lines)), (b"IEND", b""))
    chunks = (
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)) for name, body in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)
