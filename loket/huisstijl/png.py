"""A picture in PNG that somebody uploads: read block by block, notes left out.

No decoder of others is needed to know that it is what it says: every block carries its
own sum, and the picture inside has exactly the size that its head promises.
"""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from loket.huisstijl.svg import LogoError

MAGIC = b"\x89PNG\r\n\x1a\n"
MOST_SIDE = 2000
KEPT = frozenset({b"IHDR", b"PLTE", b"tRNS", b"gAMA", b"sRGB", b"pHYs", b"IDAT"})
"""What makes the picture; texts, dates, places and animations are left out."""
_SAMPLES = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
"""Kind of colour → samples per pixel (PNG specification, 11.2.1)."""
_DEPTHS = {
    0: {1, 2, 4, 8, 16},
    2: {8, 16},
    3: {1, 2, 4, 8},
    4: {8, 16},
    6: {8, 16},
}
_ADAM7 = (
    (0, 0, 8, 8),
    (4, 0, 8, 8),
    (0, 4, 4, 8),
    (2, 0, 4, 4),
    (0, 2, 2, 4),
    (1, 0, 2, 2),
    (0, 1, 1, 2),
)
"""First column and row, and the steps, of each pass of an interlaced picture."""
_BROKEN = "Het PNG-bestand is beschadigd. Sla het logo opnieuw op."


@dataclass(frozen=True)
class _Head:
    width: int
    height: int
    depth: int
    colour: int
    interlaced: bool

    def _rows(self) -> Iterator[tuple[int, int]]:
        """Each part of the picture: columns and rows."""
        if not self.interlaced:
            yield self.width, self.height
            return
        for x, y, dx, dy in _ADAM7:
            columns = (self.width - x + dx - 1) // dx
            rows = (self.height - y + dy - 1) // dy
            if columns > 0 and rows > 0:
                yield columns, rows

    def lines(self) -> Iterator[int]:
        """Length in bytes of every line, with the byte in front that filters it."""
        bits = self.depth * _SAMPLES[self.colour]
        for columns, rows in self._rows():
            for _ in range(rows):
                yield 1 + (columns * bits + 7) // 8


def clean_png(raw: bytes) -> tuple[bytes, int, int]:
    """Return the picture without notes in it, its width and its height.

    Raises:
        LogoError: it is no PNG, is broken, or is too large.
    """
    blocks = list(_blocks(raw))
    head = _head(blocks)
    _check_order(blocks, head)
    _check_picture(b"".join(data for kind, data in blocks if kind == b"IDAT"), head)
    kept = [(kind, data) for kind, data in blocks if kind in KEPT]
    body = b"".join(_block(kind, data) for kind, data in [*kept, (b"IEND", b"")])
    return MAGIC + body, head.width, head.height


def _block(kind: bytes, data: bytes) -> bytes:
    total = zlib.crc32(kind + data)
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", total)


def _blocks(raw: bytes) -> Iterator[tuple[bytes, bytes]]:
    if not raw.startswith(MAGIC):
        raise LogoError("Dit is geen PNG-bestand.")
    place = len(MAGIC)
    while place + 12 <= len(raw):
        (size,) = struct.unpack_from(">I", raw, place)
        kind = raw[place + 4 : place + 8]
        data = raw[place + 8 : place + 8 + size]
        end = raw[place + 8 + size : place + 12 + size]
        if len(end) != 4 or struct.unpack(">I", end)[0] != zlib.crc32(kind + data):
            raise LogoError(_BROKEN)
        if kind == b"IEND":
            # what stands behind the end is left behind
            return
        yield kind, data
        place += 12 + size
    raise LogoError(_BROKEN)


def _head(blocks: list[tuple[bytes, bytes]]) -> _Head:
    if not blocks or blocks[0][0] != b"IHDR" or len(blocks[0][1]) != 13:
        raise LogoError(_BROKEN)
    width, height, depth, colour, packing, filters, interlace = struct.unpack(
        ">IIBBBBB", blocks[0][1]
    )
    if not (0 < width <= MOST_SIDE and 0 < height <= MOST_SIDE):
        raise LogoError(
            f"Het logo is te groot: maximaal {MOST_SIDE} bij {MOST_SIDE} beeldpunten."
        )
    if depth not in _DEPTHS.get(colour, ()) or packing or filters or interlace > 1:
        raise LogoError(_BROKEN)
    return _Head(width, height, depth, colour, bool(interlace))


def _check_order(blocks: list[tuple[bytes, bytes]], head: _Head) -> None:
    kinds = [kind for kind, _ in blocks]
    palettes = [data for kind, data in blocks if kind == b"PLTE"]
    fits = all(0 < len(data) <= 768 and len(data) % 3 == 0 for data in palettes)
    once = kinds.count(b"IHDR") == 1 and len(palettes) <= 1
    if not once or not fits or (head.colour == 3 and not palettes):
        raise LogoError(_BROKEN)


def _check_picture(packed: bytes, head: _Head) -> None:
    """Unpack no more than the picture can be, and see that it is exactly that."""
    lines = list(head.lines())
    size = sum(lines)
    unpacker = zlib.decompressobj()
    try:
        picture = unpacker.decompress(packed, size + 1)
    except zlib.error:
        raise LogoError(_BROKEN) from None
    if len(picture) != size or not unpacker.eof:
        raise LogoError(_BROKEN)
    place = 0
    for length in lines:
        if picture[place] > 4:
            raise LogoError(_BROKEN)
        place += length
