"""Hashes of the batches of the trail, kept in the key store, never changed."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import (
    Column,
    Connection,
    DateTime,
    Integer,
    LargeBinary,
    Table,
    Text,
    func,
    select,
)

from loket.vault.keystore import insert_many, metadata

audit_anchor = Table(
    "audit_anchor",
    metadata,
    Column("keten", Text, primary_key=True),
    Column("nummer", Integer, primary_key=True),
    Column("hash", LargeBinary, nullable=False),
    Column("kept_at", DateTime(timezone=True), server_default=func.now()),
)


@dataclass(frozen=True)
class Anchor:
    """The hash of one batch of one chain."""

    keten: str
    nummer: int
    hash: bytes


def add(connection: Connection, kept: Sequence[Anchor]) -> None:
    """Keep them, except what is kept already."""
    rows = [asdict(each) for each in kept]
    connection.execute(insert_many(audit_anchor, rows).on_conflict_do_nothing())


def read(connection: Connection, chain: str) -> dict[int, bytes]:
    """Read the hashes of one chain, by number."""
    asked = select(audit_anchor.c.nummer, audit_anchor.c.hash).where(
        audit_anchor.c.keten == chain
    )
    return {number: bytes(kept) for number, kept in connection.execute(asked)}


def last(connection: Connection, chain: str) -> int:
    """Number of the last one of a chain; 0: none."""
    asked = select(func.max(audit_anchor.c.nummer)).where(audit_anchor.c.keten == chain)
    return connection.execute(asked).scalar() or 0
