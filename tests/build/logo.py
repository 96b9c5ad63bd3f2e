"""Pictures that somebody may upload, made by hand."""

import struct
import zlib

from loket.huisstijl.png import MAGIC


def block(kind: bytes, data: bytes) -> bytes:
    """Make one block of a PNG, with its sum."""
    total = struct.pack(">I", zlib.crc32(kind + data))
    return struct.pack(">I", len(data)) + kind + data + total


def png(
    width: int = 4,
    height: int = 4,
    *,
    colour: int = 6,
    depth: int = 8,
    interlace: int = 0,
    picture: bytes | None = None,
    extra: bytes = b"",
) -> bytes:
    """Make a picture of one grey; a keyword says what is odd about it."""
    samples = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour]
    line = b"\0" + b"\x80" * ((width * samples * depth + 7) // 8)
    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlace)
    packed = zlib.compress(line * height if picture is None else picture)
    return (
        MAGIC
        + block(b"IHDR", head)
        + extra
        + block(b"IDAT", packed)
        + block(b"IEND", b"")
    )
