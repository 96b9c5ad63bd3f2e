"""Replacing data keys, on the side of the data: every cell sealed anew.

New versions first; then a new epoch, so that who seals uses them; then cell by cell;
the old version goes only when no cell and no running transaction needs it. Killed at
any moment, the next run goes on. Row versions stay: nobody's edit is refused for it.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import (
    LargeBinary,
    MetaData,
    Row,
    bindparam,
    exists,
    func,
    select,
    update,
)
from sqlalchemy.orm import Session

from loket.db import Database, Model
from loket.vault import rotation
from loket.vault.cell import key_version, seal, strip, unseal
from loket.vault.epoch import (
    PAUSE,
    StillAtWork,
    open_epoch,
    wait_for_older,
    wait_for_readers,
)
from loket.vault.errors import KeyDestroyed, Tampered
from loket.vault.rewrap import only_one
from loket.vault.rotation import WHOLE, chunks
from loket.vault.rowseal import add_seals, is_row_sealed, seal_keys, sound_rows
from loket.vault.sealedtables import (
    SealedTable,
    scope_for,
    sealed_tables,
    wanted_versions,
)
from loket.vault.vault import Vault

ROWS = 200
"""Rows that one transaction moves."""
BYTES = 8 * 1024 * 1024
"""Cells that are in memory at once, when they are large."""
PATIENCE = 900
"""Seconds to wait for somebody else's transaction."""

Say = Callable[[str], None]


@dataclass
class Resealed:
    """What was done."""

    scopes: int = 0
    cells: int = 0
    keys: int = 0
    """Old keys that are gone."""
    broken: set[tuple[str, UUID, str]] = field(default_factory=set)
    """Cells that do not open: table, row and column. Their keys stay."""


class Reseal:
    """Replaces the data keys of one tenant, or of one scope of it."""

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
        every = sealed_tables(metadata)
        self._scope = scope_for(tenant, every)
        self._tables = [each for each in every if each.is_of(tenant)]
        self._broken: dict[tuple[str, UUID, str], UUID] = {}
        self._gone: set[UUID] = set()
        """Scopes that were destroyed meanwhile."""

    def run(self, scope: UUID = WHOLE) -> Resealed:
        """Do all of it, or go on where an earlier run stopped.

        Raises:
            AlreadyTurning: somebody else does this now.
            StillAtWork: a transaction from before did not end; nothing is lost.
        """
        with only_one(self._vault.engine):
            targets = rotation.renew(self._vault, self._tenant, scope)
            done = Resealed(scopes=len(targets))
            if targets:
                done.cells = self._move_all(targets)
                done.broken = set(self._broken)
                done.keys = self._drop_old(targets)
            with self._vault.engine.begin() as connection:
                rotation.end(connection, self._tenant, scope)
        return done

    def _move_all(self, targets: Mapping[UUID, int]) -> int:
        engine = self._database.engine
        open_epoch(engine, self._tenant)
        moved = self._move(targets)
        wait_for_older(engine, self._tenant, patience=self._patience, say=self._say)
        # from here on nobody seals under an old version
        until = time.monotonic() + self._patience
        while self._is_any_left(targets):
            moved += self._move(targets)
            if time.monotonic() > until:
                raise StillAtWork
            time.sleep(PAUSE)
        wait_for_readers(engine, patience=self._patience, say=self._say)
        return moved

    def _drop_old(self, targets: Mapping[UUID, int]) -> int:
        kept = set(self._broken.values())
        ready = {scope: new for scope, new in targets.items() if scope not in kept}
        with self._vault.engine.begin() as connection:
            return rotation.drop_older(connection, ready)

    def _move(self, targets: Mapping[UUID, int]) -> int:
        moved = 0
        for number, chunk in enumerate(chunks(sorted(targets), rotation.CHUNK)):
            self._vault.load(chunk)
            wanted = {scope: targets[scope] for scope in chunk}
            for table in self._tables:
                moved += self._move_table(table, wanted)
            seen = min((number + 1) * rotation.CHUNK, len(targets))
            self._say(f"{seen} van {len(targets)} sleutels langs, {moved} cellen.")
        return moved

    def _move_table(self, table: SealedTable, wanted: Mapping[UUID, int]) -> int:
        moved, last = 0, UUID(int=0)
        while True:
            with self._database.transaction(self._scope) as session:
                rows = self._hold_rows(session, table, wanted, last)
                for group in _by_size(rows):
                    moved += self._move_rows(session, table, wanted, group)
            if len(rows) < ROWS:
                return moved
            last = rows[-1].id

    def _hold_rows(
        self,
        session: Session,
        table: SealedTable,
        wanted: Mapping[UUID, int],
        last: UUID,
    ) -> Sequence[Row[tuple[UUID, int]]]:
        # who works on a row has it: waiting for them while holding others could knot
        versions = wanted_versions(wanted)
        sizes = [
            func.coalesce(func.octet_length(table.table.c[slot]), 0)
            for slot in table.layout.slots
        ]
        asked = (
            select(table.row, sum(sizes[1:], sizes[0]).label("size"))
            .join_from(table.table, versions, table.scope == versions.c.scope)
            .where(table.row > last, table.older_than(versions))
            .order_by(table.row)
            .limit(ROWS)
            .with_for_update(of=table.table, key_share=True, skip_locked=True)
        )
        return session.connection().execute(asked).all()

    def _move_rows(
        self,
        session: Session,
        table: SealedTable,
        wanted: Mapping[UUID, int],
        rows: Sequence[UUID],
    ) -> int:
        held = session.connection().execute(
            select(table.table).where(table.row.in_(rows))
        )
        changes: dict[str, list[dict[str, Any]]] = {}
        for row in map(dict, held.mappings()):
            for slot in table.layout.slots:
                new = self._sealed_anew(table, slot, row, wanted)
                if new is not None:
                    change = {"row": row["id"], "old": row[slot], "new": new}
                    changes.setdefault(slot, []).append(change)
        sound = self._sound_rows(session, table, changes)
        for slot, each in changes.items():
            column = table.table.c[slot]
            old = bindparam("old", type_=LargeBinary())
            session.connection().execute(
                update(table.table)
                .where(table.row == bindparam("row"), column == old)
                .values({slot: bindparam("new")}),
                each,
            )
        self._seal_rows(session, table, sound)
        return sum(map(len, changes.values()))

    def _sound_rows(
        self,
        session: Session,
        table: SealedTable,
        changes: Mapping[str, Sequence[Mapping[str, Any]]],
    ) -> list[UUID]:
        """Say which rows need another row seal: not those that somebody changed."""
        name = table.layout.table
        if not changes or not is_row_sealed(name):
            return []
        ids = {change["row"] for each in changes.values() for change in each}
        whole = Model.metadata.tables[name]
        keys = seal_keys(self._vault, self._tenant)
        return sound_rows(session.connection(), keys, whole, ids)

    def _seal_rows(
        self, session: Session, table: SealedTable, rows: Sequence[UUID]
    ) -> None:
        if rows:
            whole = Model.metadata.tables[table.layout.table]
            keys = seal_keys(self._vault, self._tenant)
            add_seals(session.connection(), keys, whole, self._tenant, rows)

    def _sealed_anew(
        self,
        table: SealedTable,
        slot: str,
        row: Mapping[str, Any],
        wanted: Mapping[UUID, int],
    ) -> bytes | None:
        cell, scope = row[slot], row[table.layout.scope]
        if cell is None:
            return None
        label, new = table.layout.hashes[slot], wanted[scope]
        try:
            version = key_version(cell)
            if version >= new:
                return None
            key = self._vault.key(self._tenant, scope, version)
            text = strip(unseal(key, label, scope, row["id"], cell))
            key = self._vault.key(self._tenant, scope, new)
        except KeyDestroyed:
            self._gone.add(scope)
            return None
        except Tampered:
            self._broken[table.layout.table, row["id"], slot] = scope
            return None
        return seal(key, new, label, scope, row["id"], text)

    def _is_any_left(self, targets: Mapping[UUID, int]) -> bool:
        scopes = sorted(targets.keys() - self._gone)
        with self._database.transaction(self._scope) as session:
            return any(
                self._is_left(session, table, {each: targets[each] for each in chunk})
                for chunk in chunks(scopes, rotation.CHUNK)
                for table in self._tables
            )

    def _is_left(
        self, session: Session, table: SealedTable, wanted: Mapping[UUID, int]
    ) -> bool:
        # a broken cell stays as it is
        broken = [row for name, row, _ in self._broken if name == table.layout.table]
        versions = wanted_versions(wanted)
        asked = select(
            exists()
            .where(table.scope == versions.c.scope)
            .where(table.older_than(versions), table.row.not_in(broken))
        )
        return bool(session.connection().scalar(asked))


def _by_size(rows: Sequence[Row[tuple[UUID, int]]]) -> Iterator[list[UUID]]:
    group: list[UUID] = []
    size = 0
    for row in rows:
        if group and size + row.size > BYTES:
            yield group
            group, size = [], 0
        group.append(row.id)
        size += row.size
    if group:
        yield group
