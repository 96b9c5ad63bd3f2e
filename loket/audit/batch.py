"""A batch of the trail: sealed, signed, and tied to the batch before it."""

import hashlib
import json
from typing import Final
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    SmallInteger,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from loket.audit.leaf import plain
from loket.db import Id, Model, Moment

INSTALLATION: Final = "0000"
"""Chain of what belongs to no gemeente, such as a login that failed."""
NOTHING: Final = bytes(32)
"""Stands before the first batch."""
ID: Final = 16


class AuditBatch(Model):
    """Some thousands of rows of the trail of one gemeente, sealed together.

    Append-only. `hash` covers all the rest; `signature` (Ed25519) covers `hash`.
    """

    __tablename__ = "audit_batch"
    __table_args__ = (
        UniqueConstraint("keten", "nummer"),
        # a number of another chain would be taken by who cannot be seen there
        CheckConstraint("keten = coalesce(gemeente_code, '0000')", name="own_chain"),
    )

    id: Mapped[Id]
    keten: Mapped[str]
    """Gemeente whose chain this is, or `INSTALLATION`."""
    nummer: Mapped[int]
    form: Mapped[int] = mapped_column(SmallInteger())
    aantal: Mapped[int]
    root: Mapped[bytes]
    row_ids: Mapped[bytes]
    """Ids of the rows in order, 16 bytes each: what is gone can be named."""
    previous: Mapped[bytes]
    """Hash of the batch before, or `NOTHING`."""
    until: Mapped[Moment]
    """Rows written up to here were looked at."""
    sealed_at: Mapped[Moment]
    key_version: Mapped[int] = mapped_column(SmallInteger())
    hash: Mapped[bytes]
    signature: Mapped[bytes]
    gemeente_code: Mapped[str | None]

    def header(self) -> bytes:
        """Write what is signed, the one way it is hashed."""
        said = {
            "batch": str(self.id),
            "keten": self.keten,
            "nummer": self.nummer,
            "form": self.form,
            "aantal": self.aantal,
            "root": self.root.hex(),
            "row_ids": hashlib.sha256(self.row_ids).hexdigest(),
            "previous": self.previous.hex(),
            "until": plain(self.until),
            "sealed_at": plain(self.sealed_at),
            "key_version": self.key_version,
        }
        return json.dumps(said, sort_keys=True, separators=(",", ":")).encode()

    def hash_of_header(self) -> bytes:
        """Hash the header: what the next batch points at."""
        return hashlib.sha256(b"\x02" + self.header()).digest()

    @property
    def places(self) -> int:
        """How many rows the batch names."""
        return len(self.row_ids) // ID

    def row_id(self, position: int) -> UUID:
        """Name the row that stood at this place."""
        return UUID(bytes=self.row_ids[position * ID : (position + 1) * ID])


def ids_in(row_ids: bytes) -> list[UUID]:
    """Read the ids that a batch names, in order."""
    ends = range(ID, len(row_ids) + 1, ID)
    return [UUID(bytes=row_ids[end - ID : end]) for end in ends]


class AuditLeaf(Model):
    """One row of the trail within its batch. Append-only.

    A row may have more of them: a leaf that somebody forged keeps no row out of the
    chain.
    """

    __tablename__ = "audit_leaf"
    __table_args__ = (Index(None, "batch_id", "positie", unique=True),)

    tabel: Mapped[str] = mapped_column(primary_key=True)
    row_id: Mapped[UUID] = mapped_column(primary_key=True)
    batch_id: Mapped[UUID] = mapped_column(ForeignKey(AuditBatch.id), primary_key=True)
    positie: Mapped[int]
    hash: Mapped[bytes]
    mac: Mapped[bytes]
    gemeente_code: Mapped[str | None]
