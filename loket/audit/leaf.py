"""What the chain says of one row: its canonical text, its hash, the root of a batch.

Anybody can check it without our code: a leaf is `sha256(00 | text)`, a node above it
`sha256(01 | left | right)`, where a node without a neighbour goes up as it is.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, Final
from uuid import UUID

FORM: Final = 1
"""Version of the canonical text; older batches keep the one they were made with."""

SUBJECTS: Final = "subjects"
RECORD: Final = "audit_record"

FORMS: Final[Mapping[int, Mapping[str, tuple[str, ...]]]] = {
    1: {
        RECORD: (
            *("id", "gemeente_code", "action", "outcome", "occurred_at"),
            *("recorded_at", "user_id", "rollen", "aanbieder_id", "authenticatie"),
            *("via", "adres", "subject_soort", "subject_id", "dossier_id", "grond"),
        ),
        "wijziging": (
            *("id", "gemeente_code", "soort", "sleutel", "veld", "oud", "nieuw"),
            *("reden", "changed_at", "changed_by_id"),
        ),
        "row_seal": (
            *("id", "gemeente_code", "tabel", "row_id", "versie", "is_removed"),
            *("kolommen", "mac", "sealed_at"),
        ),
    }
}
"""Form → table → the columns that count, in the trail of a gemeente."""


def plain(value: Any) -> Any:
    """Write a value of a column the one way it is hashed."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, (UUID, date)):
        return str(value)
    if isinstance(value, (bytes, memoryview)):
        return bytes(value).hex()
    return value


def canonical(
    table: str, columns: Sequence[str], row: Sequence[Any], subjects: Iterable[UUID]
) -> str:
    """Write one row as JSON with sorted names: the text that is hashed."""
    said = dict(zip(columns, map(plain, row), strict=True)) | {"table": table}
    if table == RECORD:
        said[SUBJECTS] = sorted(map(str, subjects))
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def leaf_hash(text: str) -> bytes:
    """Hash one canonical text."""
    return hashlib.sha256(b"\x00" + text.encode()).digest()


def root_of(leaves: Sequence[bytes]) -> bytes:
    """Give the Merkle root; of no leaves, that only a forged batch has, nothing."""
    row = list(leaves)
    if not row:
        return b""
    while len(row) > 1:
        above = [
            hashlib.sha256(b"\x01" + row[at] + row[at + 1]).digest()
            for at in range(0, len(row) - 1, 2)
        ]
        row = above + row[len(row) & ~1 :]
    return row[0]


def leaf_mac(key: bytes, batch: UUID, position: int, leaf: bytes) -> bytes:
    """Bind a leaf to its place, so that a changed one is known without its row."""
    place = batch.bytes + position.to_bytes(4)
    return hmac.digest(key, place + leaf, hashlib.sha256)[:16]
