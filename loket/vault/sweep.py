"""Sweeping keys of which nothing is left: made for a row that never came, or is gone.

A key is stored before the first cell, so a transaction that failed leaves one. Only
what is old goes, only when no row and no case has that id, and at a moment when nobody
seals: the next one who would use it makes a key anew.
"""

import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import (
    Connection,
    ForeignKeyConstraint,
    MetaData,
    Uuid,
    any_,
    cast,
    delete,
    func,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from loket.db import Database, Model
from loket.vault.epoch import PAUSE, StillAtWork, try_whole_epoch
from loket.vault.keystore import data_key
from loket.vault.rewrap import only_one
from loket.vault.rotation import CHUNK, chunks
from loket.vault.sealedtables import SealedTable, scope_for, sealed_tables
from loket.vault.vault import Vault

SAFE_AGE: Final = timedelta(days=1)
"""No key that is younger is swept, whatever is asked."""
PATIENCE: Final = 60.0


@dataclass(frozen=True)
class Orphan:
    """A key of which nothing is left."""

    scope: UUID
    kind: str


class Sweep:
    """Sweeps the keys of one tenant."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        tenant: str,
        *,
        patience: float = PATIENCE,
        metadata: MetaData = Model.metadata,
    ) -> None:
        self._database = database
        self._vault = vault
        self._tenant = tenant
        self._patience = patience
        every = sealed_tables(metadata)
        self._scope = scope_for(tenant, every)
        self._tables = [each for each in every if each.is_of(tenant)]

    def find(self, age: timedelta = SAFE_AGE) -> list[Orphan]:
        """List what would be swept; nothing is done."""
        held = self._old_keys(max(age, SAFE_AGE))
        found: list[Orphan] = []
        for chunk in chunks(held, CHUNK):
            with self._database.transaction(self._scope) as session:
                alive = self._alive(session, [each.scope for each in chunk])
            found += [each for each in chunk if each.scope not in alive]
        return found

    def run(self, age: timedelta = SAFE_AGE) -> list[Orphan]:
        """Take the keys away; return what is gone.

        Raises:
            AlreadyTurning: somebody replaces keys of this tenant now.
            StillAtWork: there was no moment at which nobody sealed.
        """
        with only_one(self._vault.engine):
            swept: list[Orphan] = []
            for chunk in chunks(self.find(age), CHUNK):
                swept += self._sweep(chunk)
        return swept

    def _old_keys(self, age: timedelta) -> list[Orphan]:
        before = self._before(age)
        asked = (
            select(data_key.c.scope_id, func.min(data_key.c.kind).label("kind"))
            .where(data_key.c.tenant == self._tenant)
            .group_by(data_key.c.scope_id)
            .having(func.max(data_key.c.created_at) < func.now() - before)
            .order_by(data_key.c.scope_id)
        )
        with self._vault.engine.begin() as connection:
            return [Orphan(row.scope_id, row.kind) for row in connection.execute(asked)]

    def _before(self, age: timedelta) -> timedelta:
        """Leave what may be of a transaction that runs that long already."""
        with self._database.transaction(self._scope) as session:
            longest = session.connection().scalar(
                text(
                    "SELECT max(clock_timestamp() - xact_start) FROM pg_stat_activity"
                    " WHERE datname = current_database()"
                    " AND backend_type = 'client backend'"
                )
            )
        return max(age, (longest or timedelta()) + SAFE_AGE)

    def _alive(self, session: Session, scopes: Collection[UUID]) -> set[UUID]:
        connection = session.connection()
        alive: set[UUID] = set()
        for table in self._tables:
            alive |= _found(connection, table, scopes)
        return alive

    def _sweep(self, orphans: Sequence[Orphan]) -> list[Orphan]:
        until = time.monotonic() + self._patience
        while True:
            with self._database.transaction(self._scope) as session:
                if try_whole_epoch(session.connection(), self._tenant):
                    return self._take_away(session, orphans)
            if time.monotonic() > until:
                raise StillAtWork
            time.sleep(PAUSE)

    def _take_away(self, session: Session, orphans: Sequence[Orphan]) -> list[Orphan]:
        # nobody seals now: what they committed is seen, and what comes asks anew
        alive = self._alive(session, [each.scope for each in orphans])
        gone = [each for each in orphans if each.scope not in alive]
        wanted = any_(cast([each.scope for each in gone], ARRAY(Uuid())))
        with self._vault.engine.begin() as connection:
            connection.execute(
                delete(data_key).where(
                    data_key.c.tenant == self._tenant, data_key.c.scope_id == wanted
                )
            )
        for each in gone:
            self._vault.forget(each.scope)
        return gone


def _found(
    connection: Connection, table: SealedTable, scopes: Collection[UUID]
) -> set[UUID]:
    """Say which scopes have a row in this table, or in the one its scopes are of."""
    wanted = any_(cast(list(scopes), ARRAY(Uuid())))
    asked = select(table.scope).where(table.scope == wanted).distinct()
    found = set(connection.execute(asked).scalars())
    whole = table.model.__table__
    for constraint in whole.constraints:
        if not isinstance(constraint, ForeignKeyConstraint):
            continue
        for key in constraint.elements:
            if key.parent.name == table.layout.scope:
                asked = select(key.column).where(key.column == wanted)
                found |= set(connection.execute(asked).scalars())
    return found
