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

from sqlalchemy import (
    ColumnElement,
    LargeBinary,
    Table,
    any_,
    cast,
    exists,
    func,
    select,
    true,
)
from sqlalchemy import Uuid as UuidType
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by
from sqlalchemy.orm import Session

from loket.audit.batch import INSTALLATION, NOTHING, AuditBatch, AuditLeaf, ids_in
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
from loket.audit.signing import FIRST, Keyring, anchor, keyring
from loket.db import Model, made_at, uuid7
from loket.vault import anchors
from loket.vault.keystore import insert_many
from loket.vault.layout import vault_of

MOST: Final = 5_000
"""Rows in one batch: what a worker holds at a time."""
SLOWEST: Final = timedelta(days=1)
"""No transaction that writes takes longer than this."""
CLOCKS: Final = timedelta(hours=1)
"""Clocks of two machines differ less than this."""
TABLES: Final = tuple(FORMS[FORM])


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


def last_signed(session: Session, ring: Keyring, chain: str) -> AuditBatch | None:
    """Find the last batch that is ours; what somebody put after it does not count."""
    batch = last_batch(session, chain)
    while batch is not None and not ring.is_ours(batch):
        session.expunge(batch)
        batch = last_batch(session, chain, before=batch.nummer)
    return batch


def hold_chain(session: Session, chain: str) -> None:
    """Let nobody else seal this chain or replace its key before this session ends."""
    place = func.hashtextextended(f"audit_chain:{chain}", 0)
    session.execute(select(func.pg_advisory_xact_lock(place)))


def free_number(
    session: Session, ring: Keyring, chain: str, last: AuditBatch | None
) -> int:
    """Give the number of the next batch: after what is ours, where nothing stands.

    A forged batch may hold a number, and keeps it. So does what only the key store
    knows: after the database was restored from a backup the chain goes on past it,
    and `verify` tells of the gap. A number far away takes one number and no more.
    """
    number = max(last.nummer + 1 if last else FIRST, ring.open_from)
    taken = set(
        session.scalars(
            select(AuditBatch.nummer).where(
                AuditBatch.keten == chain, AuditBatch.nummer >= number
            )
        )
    )
    with vault_of(session).engine.begin() as connection:
        taken |= anchors.numbers_from(connection, chain, number)
    while number in taken:
        number += 1
    return number


def seal_batch(
    session: Session, chain: str, at: datetime, *, after: datetime | None = None
) -> AuditBatch | None:
    """Seal the oldest rows that wait, at most `MOST` of each table; None: none do.

    Args:
        after: until where this run looked a moment ago. What a slow transaction
            commits before that is for the next run, which looks back a day: looking
            back at every batch would read a day again for each five thousand rows.
    """
    hold_chain(session, chain)
    # asked anew under the lock: the key may have been replaced a moment ago
    ring = keyring(vault_of(session), chain)
    last = last_signed(session, ring, chain)
    anchor_rest(session, ring, chain, last)
    since = after or _looked_from(last)
    sealed = sealed_in(session, ring, chain, since, is_next=after is not None)
    found = {table: waiting(session, table, chain, sealed, MOST) for table in TABLES}
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
        nummer=free_number(session, ring, chain, last),
        form=FORM,
        aantal=len(rows),
        root=root_of(leaves),
        row_ids=b"".join(row.row_id.bytes for row in rows),
        previous=last.hash if last else NOTHING,
        until=until,
        sealed_at=at,
        key_version=ring.newest.version,
        gemeente_code=gemeente_of(chain),
    )
    batch.hash = batch.hash_of_header()
    batch.signature = ring.newest.sign(batch.hash)
    session.add(batch)
    session.flush()
    _add_leaves(session, batch, rows, leaves, ring.newest.mark_key)
    return batch


def anchor_rest(
    session: Session, ring: Keyring, chain: str, last: AuditBatch | None
) -> None:
    """Anchor what a killed worker sealed; never what is not ours."""
    if last is None:
        return
    vault = vault_of(session)
    with vault.engine.begin() as connection:
        known = anchors.last(connection, chain, upto=last.nummer)
    rest = session.scalars(
        select(AuditBatch).where(
            AuditBatch.keten == chain,
            AuditBatch.nummer > known,
            AuditBatch.nummer <= last.nummer,
        )
    ).all()
    anchor(vault, [batch for batch in rest if ring.is_ours(batch)])


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


@dataclass(frozen=True)
class SealedIn:
    """Batches of ours in which the rows are that were sealed since a moment."""

    since: datetime | None
    batches: tuple[UUID, ...]
    torn: tuple[UUID, ...]
    """Rows of batches whose leaves somebody changed: they are sealed all the same."""


def sealed_in(
    session: Session,
    ring: Keyring,
    chain: str,
    since: datetime | None,
    *,
    is_next: bool = False,
) -> SealedIn:
    """Say where the rows are that were sealed since a moment; None: all there are.

    A leaf alone proves nothing: whoever puts one there for a row that waits would keep
    it out of the chain. It counts in a batch that is ours: one that the key store knows
    with its hash is not opened for that.

    Args:
        is_next: the batches were looked at a moment ago.
    """
    asked = select(AuditBatch.id, AuditBatch.nummer, AuditBatch.hash).where(
        AuditBatch.keten == chain
    )
    if since is not None:
        # a row is made before its batch, as far as two clocks agree
        asked = asked.where(AuditBatch.id > first_id(since - CLOCKS))
    found = session.execute(asked).all()
    with vault_of(session).engine.begin() as connection:
        known = anchors.read_some(connection, chain, [each.nummer for each in found])
    ours = [
        each.id
        for each in found
        if known.get(each.nummer) == each.hash
        or ring.is_ours(session.get_one(AuditBatch, each.id))
    ]
    torn = {} if is_next else _torn(session, ours)
    return SealedIn(
        since,
        tuple(each for each in ours if each not in torn),
        tuple(row_id for each in torn.values() for row_id in ids_in(each)),
    )


def _torn(session: Session, batches: Sequence[UUID]) -> dict[UUID, bytes]:
    """Find batches whose leaves are not those of the rows they name."""
    named = func.string_agg(
        func.uuid_send(AuditLeaf.row_id),
        aggregate_order_by(cast(b"", LargeBinary), AuditLeaf.positie),
    )
    held = select(named).where(AuditLeaf.batch_id == AuditBatch.id).scalar_subquery()
    asked = select(AuditBatch.id, AuditBatch.row_ids).where(
        AuditBatch.id == any_(cast(list(batches), ARRAY(UuidType))),
        held.is_distinct_from(AuditBatch.row_ids),
    )
    return {row.id: row.row_ids for row in session.execute(asked)}


def waiting(
    session: Session, name: str, chain: str, sealed: SealedIn, most: int
) -> list[Waiting]:
    """Find the rows of one table that are in no batch of ours, oldest first."""
    table = Model.metadata.tables[name]
    columns = FORMS[FORM][name]
    asked = (
        select(*(table.c[each] for each in columns))
        .where(in_chain(table, chain), ~_is_sealed(table, sealed))
        .order_by(table.c.id)
        .limit(most)
    )
    if sealed.since is not None:
        asked = asked.where(table.c.id > first_id(sealed.since))
    rows = session.execute(asked).all()
    ids = [row.id for row in rows]
    told = subjects_of(session, ids) if name == RECORD else {}
    return [
        Waiting(name, row.id, canonical(name, columns, row, told.get(row.id, ())))
        for row in rows
    ]


def _is_sealed(table: Table, sealed: SealedIn) -> ColumnElement[bool]:
    asked = (
        select(AuditLeaf.batch_id)
        .where(
            AuditLeaf.tabel == table.name,
            AuditLeaf.row_id == table.c.id,
            AuditLeaf.batch_id == any_(cast(list(sealed.batches), ARRAY(UuidType))),
        )
        .correlate(table)
    )
    # an offset keeps it a look at the index for each row, in the order of the ids:
    # as a join it is planned for a table of leaves that is as small as it was
    has_leaf = exists(asked.offset(0))
    if not sealed.torn:
        return has_leaf
    is_named = table.c.id == any_(cast(list(sealed.torn), ARRAY(UuidType)))
    return has_leaf | is_named


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


def gemeente_of(chain: str) -> str | None:
    """Gemeente of a chain; None for that of the installation."""
    return None if chain == INSTALLATION else chain


def oldest_waiting(session: Session, chain: str) -> datetime | None:
    """Say since when something waits to be sealed."""
    ring = keyring(vault_of(session), chain)
    since = _looked_from(last_signed(session, ring, chain))
    sealed = sealed_in(session, ring, chain, since)
    found = [
        made_at(row.row_id)
        for table in TABLES
        for row in waiting(session, table, chain, sealed, 1)
    ]
    return min(found, default=None)
