"""Row seals: what a cell alone cannot tell of rows that decide about people.

A cell notices that it was changed or moved. It cannot see that it was emptied, put
back to its own older value, or that its row was taken away. A model that inherits
`RowSealed` leaves a line in `row_seal` at every insert, change and removal: a keyed
hash over all that the row then held, cells included. Lines are only added, and each
becomes a part of the sealed trail.

The hash is over the bytes of the cells, not over what they hold: it stays checkable
after a lawful destruction and betrays nothing. Who gives a row other cells for the
same content (a new data key) asks `sound_rows` first, and then `add_seals`.
"""

import hashlib
import hmac
import json
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import (
    Connection,
    Integer,
    RowMapping,
    Select,
    SmallInteger,
    Table,
    UniqueConstraint,
    any_,
    event,
    func,
    literal,
    select,
)
from sqlalchemy import Uuid as UuidType
from sqlalchemy import cast as sql_cast
from sqlalchemy.dialects.postgresql import ARRAY, distinct_on
from sqlalchemy.orm import (
    Mapped,
    Mapper,
    Session,
    UOWTransaction,
    mapped_column,
    object_session,
)

from loket.db import Id, Model, Moment, made_at, mapped, uuid7
from loket.vault.keystore import insert_many
from loket.vault.layout import vault_of
from loket.vault.tenantkeys import SEALS
from loket.vault.vault import Vault

TOUCHED: Final = "row_seals"

Key = tuple[str, str]
"""Table and gemeente."""
SealKeys = Mapping[int, bytes]
"""Version → key; the highest one seals, the others only check."""


class RowSealed:
    """A model of which every version leaves a seal."""


class RowSeal(Model):
    """What one row held after one change. Append-only, by a trigger."""

    __tablename__ = "row_seal"
    __table_args__ = (UniqueConstraint("tabel", "row_id", "versie"),)

    id: Mapped[Id]
    gemeente_code: Mapped[str] = mapped_column(index=True)
    tabel: Mapped[str]
    row_id: Mapped[UUID]
    versie: Mapped[int]
    is_removed: Mapped[bool]
    """The row was taken away by Loket itself; the last line it gets."""
    kolommen: Mapped[str]
    """Columns that are covered, so that a later column does not spoil old seals."""
    mac: Mapped[bytes]
    sealed_at: Mapped[Moment]
    key_version: Mapped[int] = mapped_column(SmallInteger(), server_default="1")
    """Version of the key that `mac` was made with: a wrong one fits nothing."""


def is_row_sealed(table: str) -> bool:
    """Tell whether the rows of this table leave seals."""
    return any(
        issubclass(mapper.class_, RowSealed) and str(mapper.local_table) == table
        for mapper in mapped()
    )


def row_sealed_tables() -> list[Table]:
    """Give every table whose rows leave a seal."""
    return sorted(
        (
            cast("Table", mapper.local_table)
            for mapper in mapped()
            if issubclass(mapper.class_, RowSealed)
        ),
        key=lambda table: table.name,
    )


def last_seals(table: Table, tenant: str) -> Select[Any]:
    """Ask for the last line of every row of a table that ever was there."""
    return (
        select(RowSeal.__table__)
        .ext(distinct_on(RowSeal.row_id))
        .where(RowSeal.tabel == table.name, RowSeal.gemeente_code == tenant)
        .order_by(RowSeal.row_id, RowSeal.versie.desc())
    )


def covered(table: Table) -> tuple[str, ...]:
    """Columns of a table that a seal covers: all that the database does not derive."""
    return tuple(column.name for column in table.columns if column.computed is None)


def make_mac(
    key: bytes, table: str, row_id: UUID, version: int, values: Mapping[str, Any] | None
) -> bytes:
    """Hash what a row holds; None: that it was taken away."""
    said = [table, str(row_id), version, values and _plain_of(values)]
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hmac.digest(key, text.encode(), hashlib.sha256)


def _plain_of(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _plain(value) for name, value in values.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, (bytes, memoryview)):
        return hashlib.sha256(bytes(value)).hexdigest()
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, (UUID, date)):
        return str(value)
    return value


def seal_keys(vault: Vault, tenant: str) -> SealKeys:
    """Open the keys of the row seals of a gemeente; make the first one."""
    with vault.engine.begin() as connection:
        return vault.tenant_keys.versions(connection, tenant, SEALS)


# at a flush


@event.listens_for(RowSealed, "after_insert", propagate=True)
@event.listens_for(RowSealed, "after_update", propagate=True)
def _touched(_mapper: Mapper[Any], _connection: Connection, row: Any) -> None:
    _note(row, removed=False)


@event.listens_for(RowSealed, "after_delete", propagate=True)
def _removed(_mapper: Mapper[Any], _connection: Connection, row: Any) -> None:
    _note(row, removed=True)


def _note(row: Any, *, removed: bool) -> None:
    session = object_session(row)
    if session is not None:
        noted: dict[Key, dict[UUID, bool]] = session.info.setdefault(TOUCHED, {})
        place = (row.__tablename__, row.gemeente_code)
        noted.setdefault(place, {})[row.id] = removed


@event.listens_for(Session, "after_flush")
def _write_seals(session: Session, _context: UOWTransaction) -> None:
    noted: dict[Key, dict[UUID, bool]] = session.info.pop(TOUCHED, {})
    if not noted:
        return
    connection, vault = session.connection(), vault_of(session)
    opened: dict[str, SealKeys] = {}
    for (name, tenant), rows in noted.items():
        keys = opened.get(tenant) or opened.setdefault(tenant, seal_keys(vault, tenant))
        table = Model.metadata.tables[name]
        gone = [row_id for row_id, removed in rows.items() if removed]
        add_seals(connection, keys, table, tenant, rows.keys() - set(gone))
        add_removals(connection, keys, table, tenant, gone)


def fits(keys: SealKeys, row: RowMapping | None, seal: Any) -> bool:
    """Tell whether a row holds what it held when this seal was made.

    Args:
        row: every column of the row, as it is stored; None: it is gone.
        seal: a `RowSeal`, or a row with its columns.
    """
    key = keys.get(seal.key_version)
    if key is None or seal.is_removed != (row is None):
        return False
    values = None
    if row is not None:
        names = seal.kolommen.split()
        if not set(names) <= row.keys():
            return False
        values = {name: row[name] for name in names}
    mac = make_mac(key, seal.tabel, seal.row_id, seal.versie, values)
    return hmac.compare_digest(mac, seal.mac)


def sound_rows(
    connection: Connection, keys: SealKeys, table: Table, ids: Collection[UUID]
) -> list[UUID]:
    """Say which of these rows hold what their last seal says.

    Whoever seals the cells of a row anew asks this first: a row that somebody changed
    must not get a new seal, or the change would look like ours.
    """
    wanted = any_(sql_cast(list(ids), ARRAY(UuidType)))
    last = connection.execute(
        select(RowSeal.__table__)
        .ext(distinct_on(RowSeal.row_id))
        .where(RowSeal.tabel == table.name, RowSeal.row_id == wanted)
        .order_by(RowSeal.row_id, RowSeal.versie.desc())
    ).all()
    seals = {seal.row_id: seal for seal in last if not seal.is_removed}
    rows = connection.execute(select(table).where(table.c.id == wanted)).mappings()
    return [
        row["id"]
        for row in rows
        if row["id"] in seals and fits(keys, row, seals[row["id"]])
    ]


def add_seals(
    connection: Connection,
    keys: SealKeys,
    table: Table,
    tenant: str,
    ids: Collection[UUID],
) -> None:
    """Seal these rows as they stand in the database now."""
    columns = covered(table)
    # as it is stored, whatever a session thinks that it stored
    asked = (
        select(*(table.c[name] for name in columns), _next_version(table).label("next"))
        .where(table.c.id == any_(sql_cast(list(ids), ARRAY(UuidType))))
        .order_by(table.c.id)
    )
    rows = connection.execute(asked).all() if ids else []
    _insert(
        connection,
        [
            _line(
                keys,
                table,
                tenant,
                row.id,
                row.next,
                dict(zip(columns, row[:-1], strict=True)),
            )
            for row in rows
        ],
    )


def add_removals(
    connection: Connection,
    keys: SealKeys,
    table: Table,
    tenant: str,
    ids: Sequence[UUID],
) -> None:
    """Seal that these rows were taken away by Loket."""
    asked = (
        select(RowSeal.row_id, func.max(RowSeal.versie) + 1)
        .where(
            RowSeal.tabel == table.name,
            RowSeal.row_id == any_(sql_cast(list(ids), ARRAY(UuidType))),
        )
        .group_by(RowSeal.row_id)
    )
    known = connection.execute(asked).all() if ids else []
    _insert(
        connection,
        [
            _line(keys, table, tenant, row_id, version, None)
            for row_id, version in known
        ],
    )


def _next_version(table: Table) -> Any:
    return (
        select(func.coalesce(func.max(RowSeal.versie), 0) + literal(1, Integer))
        .where(RowSeal.tabel == table.name, RowSeal.row_id == table.c.id)
        .scalar_subquery()
    )


def _line(
    keys: SealKeys,
    table: Table,
    tenant: str,
    row_id: UUID,
    version: int,
    values: Mapping[str, Any] | None,
) -> dict[str, Any]:
    seal_id, newest = uuid7(), max(keys)
    return {
        "id": seal_id,
        "gemeente_code": tenant,
        "tabel": table.name,
        "row_id": row_id,
        "versie": version,
        "is_removed": values is None,
        "kolommen": " ".join(values or ()),
        "mac": make_mac(keys[newest], table.name, row_id, version, values),
        "sealed_at": made_at(seal_id),
        "key_version": newest,
    }


def _insert(connection: Connection, lines: Sequence[Mapping[str, Any]]) -> None:
    if lines:
        connection.execute(insert_many(cast("Table", RowSeal.__table__), lines))
