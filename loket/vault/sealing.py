"""What happens at a flush: keys first, then cells, then search tokens."""

import weakref
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, cast
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    Dialect,
    LargeBinary,
    SmallInteger,
    Table,
    Uuid,
    any_,
    bindparam,
    delete,
    event,
    inspect,
    select,
)
from sqlalchemy import cast as sql_cast
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import (
    Mapper,
    ORMExecuteState,
    Session,
    UOWTransaction,
    object_session,
)
from sqlalchemy.types import TypeDecorator

from loket.db import scope_of, uuid7
from loket.vault.cell import Cell, seal
from loket.vault.epoch import hold_epochs
from loket.vault.keystore import insert_many
from loket.vault.layout import (
    OPENED,
    Indexed,
    Layout,
    Opened,
    Pending,
    Sealed,
    Slot,
    value_of,
    vault_of,
)
from loket.vault.searchindex import IndexVersion
from loket.vault.searchtoken import SearchToken, SearchUnique
from loket.vault.tokens import Find
from loket.vault.vault import Vault

TOKENS = "vault_tokens"
NOW = "now"
"""Stands for the versions that are searched when the statement runs."""


@dataclass
class Batch:
    """Tokens that one flush replaces, written in a few statements."""

    stale: list[tuple[UUID, str]] = field(default_factory=list)
    shared: list[dict[str, Any]] = field(default_factory=list)
    unique: list[dict[str, Any]] = field(default_factory=list)


@event.listens_for(Session, "before_flush")
def _prepare_keys(session: Session, _context: UOWTransaction, _rows: Any) -> None:
    session.info.pop(TOKENS, None)
    wanted = {}
    rows = [(row, True) for row in session.new]
    rows += [(row, False) for row in session.dirty]
    for row, is_new in rows:
        if isinstance(row, Sealed) and _has_work(row, is_new=is_new):
            place = _place(row)
            if place is not None:
                wanted[place] = row.__layout__.scope_kind
    if wanted:
        epochs = hold_epochs(session, {tenant for tenant, _ in wanted})
        vault_of(session).prepare(wanted, epochs)


def _has_work(row: Any, *, is_new: bool) -> bool:
    return any(
        type(row.__dict__.get(slot.attribute)) is Pending
        or (is_new and slot.is_always_sealed)
        for slot in row.__layout__.slots.values()
    )


def _place(row: Any) -> tuple[str, UUID] | None:
    layout: Layout = row.__layout__
    tenant, scope = layout.tenant_of(row), layout.scope_of(row)
    return (tenant, scope) if tenant and scope else None


@event.listens_for(Sealed, "before_insert", propagate=True)
def _seal_new(_mapper: Mapper[Any], _connection: Connection, row: Any) -> None:
    if row.id is None:
        row.id = uuid7()
    for slot in row.__layout__.slots.values():
        cell = row.__dict__.get(slot.attribute)
        if cell is None and slot.is_always_sealed:
            setattr(row, slot.attribute, Pending(None, frozenset()))
        elif type(cell) is Cell:
            # sealed in a flush that was rolled back: that key may be gone by now
            held = value_of(row, slot)
            setattr(row, slot.attribute, Pending(held, frozenset()))
        _seal(row, slot)
    for indexed in row.__layout__.indexed:
        _index(row, indexed, is_new=True)


@event.listens_for(Sealed, "before_update", propagate=True)
def _seal_changed(_mapper: Mapper[Any], _connection: Connection, row: Any) -> None:
    layout: Layout = row.__layout__
    fixed = {layout.scope, "id"}
    if not layout.fixed_tenant:
        fixed.add("gemeente_code")
    state = inspect(row)
    if any(state.attrs[name].history.has_changes() for name in fixed):
        raise TypeError(f"a row of {layout.table} cannot move: its cells would close")
    changed: set[str] = set()
    for slot in layout.slots.values():
        waiting = row.__dict__.get(slot.attribute)
        if type(waiting) is Pending:
            changed |= waiting.changed
            _seal(row, slot)
    for indexed in _to_index(row, changed):
        _index(row, indexed, is_new=False)


def _to_index(row: Any, changed: set[str]) -> list[Indexed]:
    indexed: tuple[Indexed, ...] = row.__layout__.indexed
    touched = [each for each in indexed if each.name in changed]
    session, place = object_session(row), _place(row)
    if not touched or session is None or place is None:
        return []
    # who builds an index takes a row with a token for one that has them all
    writing = vault_of(session).indexes(place[0], _epoch(session, place[0])).writing
    return list(indexed) if len(writing) > 1 else touched


def _seal(row: Any, slot: Slot) -> None:
    waiting = row.__dict__.get(slot.attribute)
    if type(waiting) is not Pending:
        return
    if waiting.value is None and not slot.is_always_sealed:
        setattr(row, slot.attribute, None)
        return
    session, place = object_session(row), _place(row)
    if session is None or place is None:
        raise TypeError(f"a row of {row.__layout__.table} has no scope to seal under")
    tenant, scope = place
    epoch = _epoch(session, tenant)
    version, key = vault_of(session).sealing_key(
        tenant, scope, row.__layout__.scope_kind, epoch
    )
    packed = slot.pack(waiting.value)
    cell = seal(key, version, row.__layout__.hashes[slot.name], scope, row.id, packed)
    setattr(row, slot.attribute, cell)
    row.__dict__.setdefault(OPENED, {})[slot.name] = Opened(cell, slot.unpack(packed))


def _epoch(session: Session, tenant: str) -> int:
    return hold_epochs(session, (tenant,))[tenant]


def _index(row: Any, indexed: Indexed, *, is_new: bool) -> None:
    session, place = object_session(row), _place(row)
    if session is None or place is None:
        return
    layout: Layout = row.__layout__
    batch: Batch = session.info.setdefault(TOKENS, Batch())
    rows = batch.unique if indexed.unique else batch.shared
    if not is_new:
        batch.stale += [
            (row.id, layout.index_name(indexed.name, find)) for find in indexed.finds
        ]
    value = indexed.read(value_of(row, indexed.slot))
    tenant = place[0]
    indexes = vault_of(session).indexes(tenant, _epoch(session, tenant))
    for version in indexes.writing:
        rows += token_rows(version, layout, indexed, place, row.id, value)


def token_rows(
    version: IndexVersion,
    layout: Layout,
    indexed: Indexed,
    place: tuple[str, UUID],
    row_id: UUID,
    value: object,
) -> Iterator[dict[str, Any]]:
    """Make the rows by which one field is found: of `search_unique` if it is unique.

    Args:
        version: of the index of this tenant.
        place: tenant and scope of the row.
    """
    tenant, scope = place
    for find in indexed.finds if value is not None else ():
        index = layout.index_name(indexed.name, find)
        tokens = [
            version.token(index, find, part, unique=indexed.unique)
            for part in find.parts(value)
        ]
        for token in dict.fromkeys(tokens):
            yield {
                "gemeente_code": tenant,
                "index_name": index,
                "index_version": version.number,
                "token": token,
                "row_id": row_id,
                "scope_id": scope,
            }


@event.listens_for(Sealed, "before_delete", propagate=True)
def _unindex(_mapper: Mapper[Any], _connection: Connection, row: Any) -> None:
    session, layout = object_session(row), row.__layout__
    if session is None or not layout.indexed:
        return
    batch: Batch = session.info.setdefault(TOKENS, Batch())
    batch.stale += [
        (row.id, layout.index_name(indexed.name, find))
        for indexed in layout.indexed
        for find in indexed.finds
    ]


@event.listens_for(Session, "after_flush")
def _write_tokens(session: Session, _context: UOWTransaction) -> None:
    batch: Batch | None = session.info.pop(TOKENS, None)
    if batch is None:
        return
    connection = session.connection()
    if batch.stale:
        _drop_stale(connection, batch.stale)
    if batch.unique:
        connection.execute(
            insert_many(cast("Table", SearchUnique.__table__), batch.unique)
        )
    if batch.shared:
        connection.execute(
            insert_many(cast("Table", SearchToken.__table__), batch.shared)
        )


def _drop_stale(connection: Connection, stale: list[tuple[UUID, str]]) -> None:
    fields: dict[str, list[UUID]] = {}
    for row, index in stale:
        fields.setdefault(index, []).append(row)
    for table in (SearchToken, SearchUnique):
        for index, rows in fields.items():
            connection.execute(
                delete(table).where(
                    table.index_name == index,
                    table.row_id == any_(sql_cast(rows, ARRAY(Uuid()))),
                )
            )


# a unique field in SQL: the tokens are made when the session runs the statement

_asking: ContextVar[weakref.ref[Session] | None] = ContextVar("asking", default=None)


@dataclass(frozen=True)
class Sought:
    """A value that is compared with a unique field."""

    index: str
    find: Find
    value: object = field(repr=False)


class SoughtTokens(TypeDecorator[Any]):
    """Turns what is sought into its tokens, one for each gemeente in scope."""

    impl = ARRAY(LargeBinary)
    cache_ok = True

    def process_bind_param(self, value: Any, _: Dialect) -> list[bytes] | None:
        """Hash under the index key of the session that runs the statement."""
        if not isinstance(value, Sought):
            raise TypeError("a sealed field is compared with what is sought only")
        vault, tenants = _who_asks()
        return [
            token
            for tenant in tenants
            for token in vault.tokens(
                tenant, value.index, value.find, value.value, unique=True
            )
        ]


class SoughtVersions(TypeDecorator[Any]):
    """The versions of the index that are searched now, of each gemeente in scope."""

    impl = ARRAY(SmallInteger)
    cache_ok = True

    def process_bind_param(self, _value: Any, _: Dialect) -> list[int]:
        """Take what the vault of the session knows."""
        vault, tenants = _who_asks()
        return sorted({vault.indexes(tenant).reading.number for tenant in tenants})


def _who_asks() -> tuple[Vault, tuple[str, ...]]:
    asking = _asking.get()
    session = asking() if asking else None
    if session is None:
        raise TypeError("a sealed field is compared within a session only")
    tenants = scope_of(session).gemeenten
    if not tenants:
        raise TypeError("a sealed field is compared within a scope only")
    return vault_of(session), tenants


@event.listens_for(Session, "do_orm_execute")
def _remember_session(state: ORMExecuteState) -> None:
    _asking.set(weakref.ref(state.session))
    mapper = state.bind_mapper
    if (state.is_insert or state.is_update) and mapper is not None:
        _refuse_bulk(mapper.class_, state.parameters)


def _refuse_bulk(model: type[Any], parameters: Any) -> None:
    # SQLAlchemy would leave out unknown names without a word
    if not issubclass(model, Sealed) or not parameters:
        return
    rows = parameters if isinstance(parameters, (list, tuple)) else [parameters]
    for row in rows:
        if not model.__layout__.names.isdisjoint(row):
            raise TypeError(f"{model.__name__} has sealed fields: add rows instead")


def matches(owner: Any, indexed: Indexed, value: object) -> ColumnElement[bool]:
    """Say in SQL that a unique field has this value."""
    layout: Layout = inspect(owner).mapper.class_.__layout__
    find = indexed.finds[0]
    index = layout.index_name(indexed.name, find)
    sought = bindparam(None, Sought(index, find, value), type_=SoughtTokens())
    found = select(SearchUnique.row_id).where(
        SearchUnique.index_name == index,
        SearchUnique.index_version
        == any_(bindparam(None, NOW, type_=SoughtVersions())),
        SearchUnique.token == any_(sought),
    )
    return cast("ColumnElement[bool]", owner.id.in_(found))
