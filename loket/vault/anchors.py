"""What the key store knows of the trail, never changed: hashes of batches, and terms.

A term says from which batch on a version of the signing key holds. Whoever has an old
key and may write in the database of the cases, but not here, signs nothing that passes.
"""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    DateTime,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    any_,
    cast,
    func,
    insert,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY

from loket.vault.keystore import insert_many, metadata

audit_anchor = Table(
    "audit_anchor",
    metadata,
    Column("keten", Text, primary_key=True),
    Column("nummer", Integer, primary_key=True),
    Column("hash", LargeBinary, nullable=False),
    Column("kept_at", DateTime(timezone=True), server_default=func.now()),
)
signing_term = Table(
    "signing_term",
    metadata,
    Column("keten", Text, primary_key=True),
    Column("version", SmallInteger, primary_key=True),
    Column("vanaf", Integer, nullable=False),
    Column("begun_at", DateTime(timezone=True), server_default=func.now()),
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
    return _hashes(connection, audit_anchor.c.keten == chain)


def read_some(
    connection: Connection, chain: str, numbers: Collection[int]
) -> dict[int, bytes]:
    """Read the hashes of these batches of one chain, by number."""
    wanted = audit_anchor.c.nummer == any_(cast(list(numbers), ARRAY(Integer)))
    return _hashes(connection, (audit_anchor.c.keten == chain) & wanted)


def _hashes(connection: Connection, wanted: ColumnElement[bool]) -> dict[int, bytes]:
    asked = select(audit_anchor.c.nummer, audit_anchor.c.hash).where(wanted)
    return {number: bytes(kept) for number, kept in connection.execute(asked)}


def last(connection: Connection, chain: str, *, upto: int) -> int:
    """Number of the last one that is not above `upto`; 0: none."""
    asked = select(func.max(audit_anchor.c.nummer)).where(
        audit_anchor.c.keten == chain, audit_anchor.c.nummer <= upto
    )
    return connection.execute(asked).scalar() or 0


def numbers_from(connection: Connection, chain: str, first: int) -> set[int]:
    """Say which numbers are known from this one on."""
    asked = select(audit_anchor.c.nummer).where(
        audit_anchor.c.keten == chain, audit_anchor.c.nummer >= first
    )
    return set(connection.execute(asked).scalars())


def add_term(connection: Connection, chain: str, version: int, number: int) -> None:
    """Say that this version of the signing key holds from this batch on."""
    connection.execute(
        insert(signing_term).values(keten=chain, version=version, vanaf=number)
    )


def terms(connection: Connection, chain: str) -> dict[int, int]:
    """Read from which batch each version holds; the first one is not named."""
    asked = select(signing_term.c.version, signing_term.c.vanaf).where(
        signing_term.c.keten == chain
    )
    return {row.version: row.vanaf for row in connection.execute(asked)}
