"""The sealed cell: its bytes, and the column type that takes nothing else.

`e1 | key version u16 | nonce 12 | AES-256-GCM(text padded to 16) | tag 16`
AAD (43 bytes): `header 3 | sha256(label:kind)[:8] | scope 16 | row 16`
The padding ends in `80 00..`; `81 00..` says that the value is null.
"""

import hashlib
import os
from typing import Any, Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Dialect, LargeBinary
from sqlalchemy.types import TypeDecorator

from loket.vault.errors import Tampered

ALGORITHM: Final = 0xE1
"""AES-256-GCM. e2 is kept for AES-GCM-SIV, e3 for deflate-then-seal."""
HEADER: Final = 3
NONCE: Final = 12
TAG: Final = 16
BLOCK: Final = 16
SMALLEST: Final = HEADER + NONCE + BLOCK + TAG

_VALUE = 0x80
_NULL = 0x81


class Cell(bytes):
    """Bytes that this vault sealed; only these go into a sealed column."""

    __slots__ = ()


class CipherBytes(TypeDecorator[bytes]):
    """A column of cells; plain bytes, text and Core values are refused."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Any, _: Dialect) -> bytes | None:
        """Let only a cell through."""
        if value is None or isinstance(value, Cell):
            return value
        raise TypeError("a sealed column takes only sealed cells")


def label_hash(label: str, kind: str) -> bytes:
    """Name a column within a cell: by label, so that tables can be renamed."""
    return hashlib.sha256(f"{label}:{kind}".encode()).digest()[:8]


def key_version(cell: bytes) -> int:
    """Read which version of the key sealed this cell.

    Raises:
        Tampered: this is not the outline of a cell.
    """
    misfit = (len(cell) - HEADER - NONCE - TAG) % BLOCK
    if len(cell) < SMALLEST or misfit or cell[0] != ALGORITHM:
        raise Tampered
    return cell[1] << 8 | cell[2]


def seal(
    key: AESGCM, version: int, label: bytes, scope: UUID, row: UUID, text: bytes | None
) -> Cell:
    """Seal one value (or null) for one place."""
    padded = b"\x81" if text is None else text + b"\x80"
    padded = padded.ljust(len(padded) + 15 & ~15, b"\x00")
    header = b"\xe1" + version.to_bytes(2)
    # straight from the kernel: a buffer would repeat itself after a fork
    nonce = os.urandom(NONCE)
    aad = header + label + scope.int.to_bytes(16) + row.int.to_bytes(16)
    return Cell(header + nonce + key.encrypt(nonce, padded, aad))


def unseal(key: AESGCM, label: bytes, scope: UUID, row: UUID, cell: bytes) -> bytes:
    """Open one cell; the result still has its padding (see `strip`).

    Raises:
        Tampered: changed, moved, or sealed with another key.
    """
    aad = cell[:3] + label + scope.int.to_bytes(16) + row.int.to_bytes(16)
    try:
        return key.decrypt(cell[3:15], cell[15:], aad)
    except (InvalidTag, ValueError):
        raise Tampered from None


def strip(padded: bytes) -> bytes | None:
    """Take the padding off; null comes back as None."""
    text = padded.rstrip(b"\x00")
    if not text or text[-1] not in (_VALUE, _NULL):
        raise Tampered
    return None if text[-1] == _NULL else text[:-1]


def wrap(key: AESGCM, context: bytes, secret: bytes) -> bytes:
    """Wrap a key under another key, bound to its place."""
    nonce = os.urandom(NONCE)
    return nonce + key.encrypt(nonce, secret, context)


def unwrap(key: AESGCM, context: bytes, wrapped: bytes) -> bytes:
    """Unwrap a key.

    Raises:
        Tampered: another key wrapped it, or it was changed or moved.
    """
    try:
        return key.decrypt(wrapped[:NONCE], wrapped[NONCE:], context)
    except (InvalidTag, ValueError):
        raise Tampered("sleutel") from None
