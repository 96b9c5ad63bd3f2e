"""Sealing the trail: what was written since, in batches, one chain for each gemeente.

Writers of the trail wait for nothing: only sealers of the same chain wait for each
other. A row of a slow transaction is found as well, in a later batch: every time the
rows of the last day are looked at that are in no batch yet.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Table, any_, cast, exists, func, select, true
from sqlalchemy import Uuid as UuidType
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from loket.audit.batch import INSTALLATION, NOTHING, AuditBatch, AuditLeaf
from loket.audit.leaf import (
    FORM,
    FORMS,
    RECORD,
    canonical,
    leaf_hash,
    leaf_mac,
    root_of,
)
from loket.audit.record import AuditSubject
from loket.audit.signing import Signer, is_signed
from loket.db import Model, made_at, uuid7
from loket.vault.keystore import insert_many

MOST: Final = 5_000
"""Rows in one batch: what a worker holds at a time."""
SLOWEST: Final = timedelta(days=1)
"""No transaction that writes takes longer than this."""


@dataclass(frozen=True)
class Waiting:
    """A row that is in no batch yet, as it is hashed."""

    table: str
    row_id: UUID
    text: str


def last_batch(
    session: Session, chain: str, *, before: int | None = None
) -> AuditBatch | None:
    """Find the last batch of a chain, or the last one before this number."""
    earlier = true() if before is None else AuditBatch.nummer < before
    return session.scalars(
        select(AuditBatch)
        .where(AuditBatch.keten == chain, earlier)
        .order_by(AuditBatch.nummer.desc())
        .limit(1)
    ).one_or_none()


def last_signed(session: Session, signer: Signer, chain: str) -> AuditBatch | None:
    """Find the last batch that we signed; what somebody put after it does not count."""
    batch = last_batch(session, chain)
    while batch is not None and not is_signed(batch, signer.public):
        session.expunge(batch)
        batch = last_batch(session, chain, before=batch.nummer)
    return batch


def _free_number(session: Session, chain: str, last: int) -> int:
    """Give the next number; a forged batch may hold one, and keeps it."""
    taken = set(
        session.scalars(
            select(AuditBatch.nummer).where(
                AuditBatch.keten == chain, AuditBatch.nummer > last
            )
        )
    )
    number = last + 1
    while number in taken:
        number += 1
    return number


def seal_batch(
    session: Session,
    signer: Signer,
    chain: str,
    at: datetime,
    *,
    above: int = 0,
    after: datetime | None = None,
) -> AuditBatch | None:
    """Seal the oldest rows that wait, at most `MOST` of each table; None: none do.

    Args:
        above: number of the last batch the key store knows of. After the database was
            restored from a backup the chain goes on with a higher one: a gap that
            `verify` tells of, never two batches of one number.
        after: until where this run looked a moment ago. What a slow transaction
            commits before that is for the next run, which looks back a day: looking
            back at every batch would read a day again for each five thousand rows.
    """
    place = func.hashtextextended(f"audit_chain:{chain}", 0)
    session.execute(select(func.pg_advisory_xact_lock(place)))
    last = last_signed(session, signer, chain)
    since = after or _looked_from(last)
    found = {
        table: waiting(session, table, chain, since, MOST) for table in FORMS[FORM]
    }
    # in the order they were written, so that a batch reads like the days it tells of
    rows = sorted(
        (row for each in found.values() for row in each), key=lambda row: row.row_id
    )
    if not rows:
        return None
    batch_id = uuid7()
    full = (made_at(each[-1].row_id) for each in found.values() if len(each) == MOST)
    until = min([made_at(batch_id), *full])
    leaves = [leaf_hash(row.text) for row in rows]
    batch = AuditBatch(
        id=batch_id,
        keten=chain,
        nummer=_free_number(session, chain, max(last.nummer if last else 0, above)),
        form=FORM,
        aantal=len(rows),
        root=root_of(leaves),
        row_ids=b"".join(row.row_id.bytes for row in rows),
        previous=last.hash if last else NOTHING,
        until=until,
        sealed_at=at,
        key_version=signer.version,
        gemeente_code=gemeente_of(chain),
    )
    batch.hash = batch.hash_of_header()
    batch.signature = signer.sign(batch.hash)
    session.add(batch)
    session.flush()
    _add_leaves(session, batch, rows, leaves, signer.mark_key)
    return batch


def _looked_from(last: AuditBatch | None) -> datetime | None:
    """Say from when rows are looked at that are in no batch yet.

    A forged batch may say that all was looked at until far from now: it would stop the
    sealing unseen. No batch is believed about days to come.
    """
    return min(last.until, made_at(uuid7())) - SLOWEST if last else None


def _add_leaves(
    session: Session,
    batch: AuditBatch,
    rows: Sequence[Waiting],
    leaves: Sequence[bytes],
    key: bytes,
) -> None:
    table = Model.metadata.tables[AuditLeaf.__tablename__]
    session.connection().execute(
        insert_many(
            table,
            [
                {
                    "tabel": row.table,
                    "row_id": row.row_id,
                    "batch_id": batch.id,
                    "positie": position,
                    "hash": leaf,
                    "mac": leaf_mac(key, batch.id, position, leaf),
                    "gemeente_code": batch.gemeente_code,
                }
                for position, (row, leaf) in enumerate(zip(rows, leaves, strict=True))
            ],
        )
    )


def waiting(
    session: Session,
    name: str,
    chain: str,
    since: datetime | None,
    most: int,
) -> list[Waiting]:
    """Find the rows of one table that are in no batch, oldest first."""
    table = Model.metadata.tables[name]
    columns = FORMS[FORM][name]
    asked = (
        select(*(table.c[each] for each in columns))
        .where(in_chain(table, chain), ~is_sealed(table))
        .order_by(table.c.id)
        .limit(most)
    )
    if since is not None:
        asked = asked.where(table.c.id > first_id(since))
    rows = session.execute(asked).all()
    ids = [row.id for row in rows]
    told = subjects_of(session, ids) if name == RECORD else {}
    return [
        Waiting(name, row.id, canonical(name, columns, row, told.get(row.id, ())))
        for row in rows
    ]


def first_id(at: datetime) -> UUID:
    """Give the smallest id a row can have that was made at this moment (UUIDv7).

    The ids of the trail carry the real time at which a row was made; the moments in a
    row are those of the deed, which may be entered later.
    """
    return UUID(int=int(at.timestamp() * 1000) << 80)


def subjects_of(session: Session, ids: Sequence[UUID]) -> dict[UUID, list[UUID]]:
    """Read who these records are about: a list shows many."""
    asked = select(AuditSubject.record_id, AuditSubject.subject_id).where(
        AuditSubject.record_id == any_(cast(list(ids), ARRAY(UuidType)))
    )
    told: dict[UUID, list[UUID]] = {}
    for record_id, subject_id in session.execute(asked) if ids else ():
        told.setdefault(record_id, []).append(subject_id)
    return told


def in_chain(table: Table, chain: str) -> ColumnElement[bool]:
    """Say which rows belong to a chain."""
    gemeente = gemeente_of(chain)
    code: ColumnElement[str] = table.c.gemeente_code
    return code.is_(None) if gemeente is None else code == gemeente


def is_sealed(table: Table) -> ColumnElement[bool]:
    """Say that a row is in a batch."""
    return exists().where(AuditLeaf.tabel == table.name, AuditLeaf.row_id == table.c.id)


def gemeente_of(chain: str) -> str | None:
    """Gemeente of a chain; None for that of the installation."""
    return None if chain == INSTALLATION else chain


def oldest_waiting(session: Session, chain: str) -> datetime | None:
    """Say since when something waits to be sealed."""
    last = last_batch(session, chain)
    since = _looked_from(last)
    found = [
        made_at(row.row_id)
        for table in FORMS[FORM]
        for row in waiting(session, table, chain, since, 1)
    ]
    return min(found, default=None)
