"""Replacing the key of row seals: every sound row gets a seal under a new version.

A new version first; then everybody who may still seal with the old one is waited for;
then row after row gets another line; the old version goes only when no row needs it.
Killed at any moment, the next run goes on. A row that does not fit its last seal gets
no new one: the change of somebody else would look like ours.
"""

import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import Table, delete, select
from sqlalchemy.orm import Session

from loket.db import Database, Scope
from loket.vault import keystore
from loket.vault.epoch import PAUSE, Say, StillAtWork, wait_for_readers
from loket.vault.journal import Deed, note
from loket.vault.keystore import tenant_key
from loket.vault.rewrap import only_one
from loket.vault.rowseal import (
    RowSeal,
    SealKeys,
    add_removals,
    add_seals,
    fits,
    last_seals,
    row_sealed_tables,
    seal_keys,
    sound_rows,
)
from loket.vault.tenantkeys import SEALS
from loket.vault.vault import Vault

ROWS = 200
"""Rows that one transaction seals anew."""
PATIENCE = 900
"""Seconds to wait for somebody else's transaction."""
Row = tuple[str, UUID]


@dataclass
class Renewed:
    """What was done."""

    old: int
    new: int
    rows: int = 0
    """Rows that this run gave a new seal."""
    unsound: set[Row] = field(default_factory=set)
    """Table and row: they do not fit their last seal, and got no new one."""
    is_dropped: bool = False
    """The old version is gone."""


class SealTurn:
    """Replaces the key of the row seals of one gemeente."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        tenant: str,
        by: str,
        *,
        say: Say = lambda _line: None,
        patience: float = PATIENCE,
    ) -> None:
        self._database = database
        self._vault = vault
        self._tenant = tenant
        self._by = by
        self._say = say
        self._patience = patience

    def run(self, *, drop_always: bool = False) -> Renewed:
        """Do all of it, or go on where an earlier run stopped.

        Args:
            drop_always: let the old version go even when rows do not fit their seal.
                They stay a fault for good: putting them back does not help any more.

        Raises:
            AlreadyTurning: somebody else replaces keys now.
            StillAtWork: a transaction from before did not end; nothing is lost.
        """
        with only_one(self._vault.engine):
            done = self._begin()
            engine = self._database.engine
            # from here on nobody seals with the old version
            wait_for_readers(engine, patience=self._patience, say=self._say)
            keys = seal_keys(self._vault, self._tenant)
            for table in row_sealed_tables():
                self._renew_table(table, keys, done)
            if drop_always or not done.unsound:
                self._drop(done)
        return done

    def _begin(self) -> Renewed:
        seal_keys(self._vault, self._tenant)
        with self._vault.engine.begin() as connection:
            held = keystore.hold_tenant_keys(connection, [self._tenant], SEALS)
            oldest, newest = held[0].version, held[-1].version
            if len(held) > 1:
                return Renewed(oldest, newest)
            self._vault.tenant_keys.make(connection, self._tenant, SEALS, newest + 1)
            note(
                connection,
                Deed.SEAL_KEY_ADDED,
                self._by,
                tenant=self._tenant,
                old=newest,
                new=newest + 1,
            )
        return Renewed(newest, newest + 1)

    def _renew_table(self, table: Table, keys: SealKeys, done: Renewed) -> None:
        until = time.monotonic() + self._patience
        while self._pass(table, keys, done):
            if time.monotonic() > until:
                raise StillAtWork
            # rows in somebody's hands: their transaction has to end first
            time.sleep(PAUSE)

    def _pass(self, table: Table, keys: SealKeys, done: Renewed) -> int:
        """Go once through a table; return how many rows somebody else worked on."""
        busy, last = 0, UUID(int=0)
        while True:
            with self._database.transaction(Scope.of(self._tenant)) as session:
                rows = self._left(session, table, done.new, last)
                sealed, unsound = self._renew(session, table, keys, rows)
            done.rows += sealed
            done.unsound |= {(table.name, row_id) for row_id in unsound}
            busy += len(rows) - sealed - len(unsound)
            self._say(f"{table.name}: {done.rows} rijen hebben een nieuw zegel.")
            if len(rows) < ROWS:
                return busy
            last = rows[-1]

    def _left(
        self, session: Session, table: Table, new: int, after: UUID
    ) -> Sequence[UUID]:
        last = last_seals(table, self._tenant).where(RowSeal.row_id > after).subquery()
        asked = (
            select(last.c.row_id)
            .where(last.c.key_version < new)
            .order_by(last.c.row_id)
            .limit(ROWS)
        )
        return session.execute(asked).scalars().all()

    def _renew(
        self, session: Session, table: Table, keys: SealKeys, ids: Sequence[UUID]
    ) -> tuple[int, set[UUID]]:
        """Seal these rows anew; tell how many, and which do not fit their last seal."""
        connection = session.connection()
        here = set(
            connection.execute(select(table.c.id).where(table.c.id.in_(ids))).scalars()
        )
        # who works on a row has it: waiting for them while holding others could knot
        asked = select(table.c.id).where(table.c.id.in_(ids))
        held = set(
            connection.execute(
                asked.with_for_update(of=table, key_share=True, skip_locked=True)
            ).scalars()
        )
        sound = sound_rows(connection, keys, table, held)
        add_seals(connection, keys, table, self._tenant, sound)
        unsound = held - set(sound)
        removed = self._removed(session, table, keys, set(ids) - here)
        add_removals(connection, keys, table, self._tenant, removed)
        gone = set(ids) - here - set(removed)
        return len(sound) + len(removed), unsound | gone

    def _removed(
        self, session: Session, table: Table, keys: SealKeys, ids: Collection[UUID]
    ) -> list[UUID]:
        """Say which of these rows Loket took away, by their last seal."""
        last = last_seals(table, self._tenant).subquery()
        asked = select(last).where(last.c.row_id.in_(ids))
        found = session.execute(asked).all() if ids else []
        return [seal.row_id for seal in found if fits(keys, None, seal)]

    def _drop(self, done: Renewed) -> None:
        with self._vault.engine.begin() as connection:
            connection.execute(
                delete(tenant_key).where(
                    tenant_key.c.tenant == self._tenant,
                    tenant_key.c.purpose == SEALS,
                    tenant_key.c.version < done.new,
                )
            )
            note(
                connection,
                Deed.SEAL_KEY_REPLACED,
                self._by,
                tenant=self._tenant,
                old=done.old,
                new=done.new,
                moved=done.rows,
            )
        done.is_dropped = True
