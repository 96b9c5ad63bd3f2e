"""Rebuilding a search index while people search and write.

A new version with a key and a length of its own; a new epoch, so that writers write
both; the tokens of every row; then readers take the new one, and when nobody knows
the old one any more, its tokens and its key go. Killed at any moment, the next run
goes on.
"""

import time
from collections.abc import Sequence
from time import sleep
from typing import Any, cast
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    MetaData,
    Row,
    Table,
    and_,
    column,
    delete,
    exists,
    func,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, aliased

from loket.db import Database, Model, Scope
from loket.vault.cell import key_version, strip, unseal
from loket.vault.epoch import (
    PAUSE,
    StillAtWork,
    open_epoch,
    wait_for_older,
    wait_for_readers,
)
from loket.vault.errors import KeyDestroyed, Tampered
from loket.vault.keystore import insert_many, tenant_key
from loket.vault.layout import Indexed
from loket.vault.reseal import PATIENCE, Say
from loket.vault.rewrap import only_one
from loket.vault.sealedtables import SealedTable, sealed_tables
from loket.vault.sealing import token_rows
from loket.vault.searchindex import IndexVersion, State, choose_bits, search_index
from loket.vault.searchtoken import SearchToken, SearchUnique
from loket.vault.tenantkeys import FIRST, INDEX
from loket.vault.vault import Vault

ROWS = 500
NEVER = -1
"""An epoch that nobody knows: what is asked with it, is read anew."""
TOKENS = 20_000
"""Tokens that one transaction deletes."""
INDEXES: tuple[type[SearchToken] | type[SearchUnique], ...] = (
    SearchToken,
    SearchUnique,
)


class RebuildFailed(Tampered):
    """Rows that were found before would not be found any more: nothing was switched."""

    def __init__(self, rows: int) -> None:
        super().__init__(f"zoekindex, {rows} rijen")


class Rebuild:
    """Rebuilds the search index of one gemeente."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        tenant: str,
        *,
        say: Say = lambda _line: None,
        patience: float = PATIENCE,
        metadata: MetaData = Model.metadata,
    ) -> None:
        self._database = database
        self._vault = vault
        self._tenant = tenant
        self._say = say
        self._patience = patience
        self._scope = Scope.of(tenant)
        self._closed: set[UUID] = set()
        """Rows that could not be opened."""
        self._tables = [
            each
            for each in sealed_tables(metadata)
            if each.layout.indexed and each.is_of(tenant)
        ]

    def run(self) -> IndexVersion:
        """Do all of it, or go on where an earlier run stopped; return the new version.

        Raises:
            AlreadyTurning: somebody else replaces keys of this gemeente now.
            StillAtWork: a transaction from before did not end; nothing is lost.
            RebuildFailed: the new version does not find what the old one finds.
        """
        with only_one(self._vault.engine):
            states = self._states()
            if State.OLD not in states:
                self._begin(states)
                self._fill()
                self._switch()
            self._wait_for_readers()
            self._drop_old()
        self._vault.clear()
        return self._vault.indexes(self._tenant).reading

    def _states(self) -> dict[str, int]:
        with self._vault.engine.begin() as connection:
            asked = select(search_index.c.state, search_index.c.version).where(
                search_index.c.tenant == self._tenant
            )
            return {row.state: row.version for row in connection.execute(asked)}

    def _begin(self, states: dict[str, int]) -> None:
        if State.BUILDING not in states:
            self._add_version(states)
        self._next_epoch()

    def _next_epoch(self) -> None:
        engine = self._database.engine
        open_epoch(engine, self._tenant)
        self._vault.renew_index(self._tenant)
        wait_for_older(engine, self._tenant, patience=self._patience, say=self._say)

    def _add_version(self, states: dict[str, int]) -> None:
        now = self._vault.indexes(self._tenant).reading
        bits = choose_bits(self._count_rows())
        with self._vault.engine.begin() as connection:
            if not states:
                self._put(
                    connection, now.number, State.ACTIVE, now.bits, now.prefix_bits
                )
            new = self._newest_key(connection) + 1
            self._vault.tenant_keys.make(connection, self._tenant, INDEX, new)
            self._put(connection, new, State.BUILDING, *bits)

    def _count_rows(self) -> int:
        with self._database.transaction(self._scope) as session:
            return max(
                session.connection().scalar(
                    select(func.count())
                    .select_from(each.table)
                    .where(each.of(self._tenant))
                )
                or 0
                for each in self._tables
            )

    def _newest_key(self, connection: Connection) -> int:
        mine = (tenant_key.c.tenant == self._tenant) & (tenant_key.c.purpose == INDEX)
        newest = connection.scalar(select(func.max(tenant_key.c.version)).where(mine))
        return newest or FIRST

    def _put(
        self,
        connection: Connection,
        version: int,
        state: State,
        bits: int,
        prefix_bits: int,
    ) -> None:
        connection.execute(
            insert(search_index),
            {
                "tenant": self._tenant,
                "version": version,
                "state": state.value,
                "bits": bits,
                "prefix_bits": prefix_bits,
            },
        )

    # filling

    def _fill(self) -> None:
        number = self._states()[State.BUILDING]
        # every writer writes both from here on: what is left is what stood there
        new = next(
            each
            for each in self._vault.indexes(self._tenant, NEVER).writing
            if each.number == number
        )
        until = time.monotonic() + self._patience
        for table in self._tables:
            while self._fill_table(table, new):
                if time.monotonic() > until:
                    raise StillAtWork
                time.sleep(PAUSE)
        self._check(new)

    def _fill_table(self, table: SealedTable, new: IndexVersion) -> int:
        """Write the tokens of every row; return how many somebody else worked on."""
        busy, done, last = 0, 0, UUID(int=0)
        while True:
            with self._database.transaction(self._scope) as session:
                rows = self._lacking(session, table, new, last)
                held = self._hold(session, table, rows)
                self._write(session, table, new, held)
            busy += len(rows) - len(held)
            done += len(held)
            self._say(f"{table.layout.table}: {done} rijen.")
            if len(rows) < ROWS:
                return busy
            last = rows[-1]

    def _lacking(
        self, session: Session, table: SealedTable, new: IndexVersion, last: UUID
    ) -> Sequence[UUID]:
        has_new = [
            exists().where(each.row_id == table.row, each.index_version == new.number)
            for each in INDEXES
        ]
        asked = (
            select(table.row)
            .where(table.of(self._tenant), table.row > last)
            .where(and_(*[~each for each in has_new]))
            .order_by(table.row)
            .limit(ROWS)
        )
        return session.connection().execute(asked).scalars().all()

    def _hold(
        self, session: Session, table: SealedTable, rows: Sequence[UUID]
    ) -> Sequence[Row[Any]]:
        # a row that somebody changes is written by them, or by us when they are ready
        asked = (
            select(table.table)
            .where(table.row.in_(rows))
            .with_for_update(key_share=True, skip_locked=True)
        )
        return session.connection().execute(asked).all()

    def _write(
        self,
        session: Session,
        table: SealedTable,
        new: IndexVersion,
        rows: Sequence[Row[Any]],
    ) -> None:
        self._vault.load({getattr(row, table.layout.scope) for row in rows})
        shared: list[dict[str, Any]] = []
        unique: list[dict[str, Any]] = []
        for row in rows:
            for indexed in table.layout.indexed:
                made = self._tokens(table, indexed, new, row)
                (unique if indexed.unique else shared).extend(made)
        for model, tokens in ((SearchToken, shared), (SearchUnique, unique)):
            if tokens:
                into = insert_many(cast("Table", model.__table__), tokens)
                session.connection().execute(into.on_conflict_do_nothing())

    def _tokens(
        self, table: SealedTable, indexed: Indexed, new: IndexVersion, row: Row[Any]
    ) -> list[dict[str, Any]]:
        cell, scope = getattr(row, indexed.slot.name), getattr(row, table.layout.scope)
        if cell is None:
            return []
        try:
            key = self._vault.key(self._tenant, scope, key_version(cell))
            label = table.layout.hashes[indexed.slot.name]
            text = strip(unseal(key, label, scope, row.id, cell))
        except (KeyDestroyed, Tampered):
            # destroyed or damaged: nobody could open it to see if it is the one
            self._closed.add(row.id)
            return []
        value = indexed.read(indexed.slot.unpack(text))
        place = (self._tenant, scope)
        return list(token_rows(new, table.layout, indexed, place, row.id, value))

    def _check(self, new: IndexVersion) -> None:
        """Refuse to switch when a row would not be found any more."""
        lost: set[UUID] = set()
        with self._database.transaction(self._scope) as session:
            for each in INDEXES:
                other = aliased(each)
                asked = select(each.row_id).where(
                    each.gemeente_code == self._tenant,
                    each.index_version < new.number,
                    ~exists().where(
                        other.row_id == each.row_id,
                        other.index_name == each.index_name,
                        other.index_version == new.number,
                    ),
                )
                lost |= set(session.connection().execute(asked).scalars())
        if lost - self._closed:
            raise RebuildFailed(len(lost - self._closed))

    # switching

    def _switch(self) -> None:
        mine = search_index.c.tenant == self._tenant
        with self._vault.engine.begin() as connection:
            for state, later in (
                (State.ACTIVE, State.OLD),
                (State.BUILDING, State.ACTIVE),
            ):
                connection.execute(
                    update(search_index)
                    .where(mine, search_index.c.state == state.value)
                    .values(state=later.value)
                )
        self._vault.renew_index(self._tenant)

    def _wait_for_readers(self) -> None:
        self._say("Wacht tot iedereen de nieuwe zoekindex kent.")
        sleep(self._vault.index_lifetime)
        engine = self._database.engine
        wait_for_readers(engine, patience=self._patience, say=self._say)

    def _drop_old(self) -> None:
        active = self._states()[State.ACTIVE]
        mine = search_index.c.tenant == self._tenant
        with self._vault.engine.begin() as connection:
            connection.execute(
                delete(search_index).where(mine, search_index.c.state == State.OLD)
            )
        self._next_epoch()
        # from here on nobody writes the old tokens either
        until = time.monotonic() + self._patience
        for table in INDEXES:
            while self._drop_tokens(table, active) or self._is_any_old(table, active):
                if time.monotonic() > until:
                    raise StillAtWork
        with self._vault.engine.begin() as connection:
            connection.execute(
                delete(tenant_key).where(
                    tenant_key.c.tenant == self._tenant,
                    tenant_key.c.purpose == INDEX,
                    tenant_key.c.version < active,
                )
            )

    def _drop_tokens(
        self, table: type[SearchToken] | type[SearchUnique], active: int
    ) -> int:
        place: ColumnElement[Any] = column("ctid")
        old = (
            select(place)
            .select_from(table)
            .where(table.gemeente_code == self._tenant, table.index_version < active)
            .limit(TOKENS)
            # who corrects a name deletes its tokens in another order: waiting for
            # them while holding others could knot
            .with_for_update(skip_locked=True)
        )
        with self._database.transaction(self._scope) as session:
            return (
                session.connection()
                .execute(delete(cast("Table", table.__table__)).where(place.in_(old)))
                .rowcount
            )

    def _is_any_old(
        self, table: type[SearchToken] | type[SearchUnique], active: int
    ) -> bool:
        """Tell whether tokens are left that somebody else held, after a pause."""
        asked = select(
            exists().where(
                table.gemeente_code == self._tenant, table.index_version < active
            )
        )
        with self._database.transaction(self._scope) as session:
            left = bool(session.connection().execute(asked).scalar())
        if left:
            sleep(PAUSE)
        return left
