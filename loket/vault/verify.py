"""Is everything that is sealed still what was sealed? Names each row that is not.

Two checks: every cell is opened (and thrown away), and every row that decides about
people is compared with its last seal. What was lawfully destroyed is counted, not told
as a fault: its cells cannot be opened, its row seals still can be checked.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, Select, Table, any_, exists, func, select
from sqlalchemy import Uuid as UuidType
from sqlalchemy import cast as sql_cast
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from loket.db import Model, mapped, read_whole
from loket.vault.cell import CipherBytes, key_version, strip, unseal
from loket.vault.errors import KeyDestroyed, KeyMissing, Tampered
from loket.vault.layout import Layout, Sealed, Slot, vault_of
from loket.vault.rowseal import (
    RowSeal,
    SealKeys,
    add_seals,
    fits,
    last_seals,
    row_sealed_tables,
    seal_keys,
)
from loket.vault.vault import Vault

PAGE = 500
"""Rows held at a time."""


class Fault(StrEnum):
    """What can be wrong with a row."""

    TAMPERED = "gewijzigd, verplaatst of met een andere sleutel verzegeld"
    NO_KEY = "de sleutel ontbreekt"
    EMPTIED = "leeggemaakt"
    ROLLED_BACK = "teruggezet naar een oudere versie"
    CHANGED = "buiten Loket om gewijzigd"
    REMOVED = "buiten Loket om verwijderd"
    INSERTED = "buiten Loket om toegevoegd of teruggezet"


@dataclass(frozen=True)
class Finding:
    """One fault: in which row, and in which column where that is known."""

    fault: Fault
    tabel: str
    row_id: UUID
    kolom: str = ""

    def __str__(self) -> str:
        column = f".{self.kolom}" if self.kolom else ""
        return f"{self.tabel}{column} {self.row_id}: {self.fault.value}"


@dataclass
class Tally:
    """How far the check came."""

    cells: int = 0
    destroyed: int = 0
    """Cells whose key was destroyed on purpose."""
    rows: int = 0
    """Rows compared with their seal."""
    seen: set[str] = field(default_factory=set)
    """Tables that were looked at."""


# cells


def verify_cells(session: Session, tenant: str, tally: Tally) -> Iterator[Finding]:
    """Open every cell of a gemeente, or of the installation (the fixed tenant)."""
    for model in sealed_models():
        layout: Layout = model.__layout__
        if layout.fixed_tenant not in (None, tenant):
            continue
        if layout.fixed_tenant is None and not hasattr(model, "gemeente_code"):
            continue
        tally.seen.add(layout.table)
        for rows in _pages(session, _asked(layout, tenant)):
            yield from _verify_page(vault_of(session), layout, tenant, rows, tally)


def sealed_models() -> list[type[Sealed]]:
    """Give every model with sealed columns, in the order of their tables."""
    found = [mapper.class_ for mapper in mapped() if issubclass(mapper.class_, Sealed)]
    return sorted(found, key=lambda model: model.__layout__.table)


def _asked(layout: Layout, tenant: str) -> Select[Any]:
    table = Model.metadata.tables[layout.table]
    names = dict.fromkeys(("id", layout.scope, *layout.slots))
    asked = select(*(table.c[name] for name in names))
    if layout.fixed_tenant is None:
        asked = asked.where(table.c.gemeente_code == tenant)
    return asked


def _pages(session: Session, asked: Select[Any]) -> Iterator[Sequence[RowMapping]]:
    """Read on by id, some rows at a time; asked anew, so that nothing stays open."""
    by_id = asked.selected_columns["id"]
    last: UUID | None = None
    while True:
        page = asked if last is None else asked.where(by_id > last)
        rows = session.execute(page.order_by(by_id).limit(PAGE)).mappings().all()
        if not rows:
            return
        yield rows
        last = rows[-1]["id"]


def _verify_page(
    vault: Vault, layout: Layout, tenant: str, rows: Sequence[RowMapping], tally: Tally
) -> Iterator[Finding]:
    vault.load({row[layout.scope] for row in rows})
    for row in rows:
        scope = row[layout.scope]
        for slot in layout.slots.values():
            cell = row[slot.name]
            tally.cells += cell is not None
            try:
                fault = _fault_of(vault, layout, slot, (tenant, scope), row["id"], cell)
            except KeyDestroyed:
                tally.destroyed += 1
                continue
            if fault:
                yield Finding(fault, layout.table, row["id"], slot.name)


def _fault_of(
    vault: Vault,
    layout: Layout,
    slot: Slot,
    place: tuple[str, UUID],
    row_id: UUID,
    cell: bytes | None,
) -> Fault | None:
    if cell is None:
        if not slot.is_always_sealed:
            return None
        # destroyed scopes may be emptied; asking for the key tells
        return None if vault.graves([place[1]]) else Fault.EMPTIED
    try:
        key = vault.key(*place, key_version(cell))
        slot.unpack(
            strip(unseal(key, layout.hashes[slot.name], place[1], row_id, cell))
        )
    except KeyDestroyed:
        raise
    except KeyMissing:
        return Fault.NO_KEY
    except (Tampered, ValueError):
        return Fault.TAMPERED
    return None


# row seals


def verify_seals(session: Session, tenant: str, tally: Tally) -> Iterator[Finding]:
    """Compare every row that decides about people with the last seal it left."""
    keys = seal_keys(vault_of(session), tenant)
    for table in row_sealed_tables():
        tally.seen.add(table.name)
        asked = select(table).where(table.c.gemeente_code == tenant)
        for rows in _pages(session, asked):
            seals = _seals_of(session, table.name, [row["id"] for row in rows])
            for row in rows:
                tally.rows += 1
                found = _fault_of_row(keys, table, row, seals.get(row["id"], []))
                if found:
                    yield found
        yield from _removed(session, keys, table, tenant)


def _seals_of(
    session: Session, table: str, ids: Collection[UUID]
) -> dict[UUID, list[RowSeal]]:
    """Fetch the seals of these rows, newest first."""
    wanted = any_(sql_cast(list(ids), ARRAY(UuidType)))
    found: dict[UUID, list[RowSeal]] = {}
    for seal in session.scalars(
        select(RowSeal)
        .where(RowSeal.tabel == table, RowSeal.row_id == wanted)
        .order_by(RowSeal.row_id, RowSeal.versie.desc())
    ):
        found.setdefault(seal.row_id, []).append(seal)
        session.expunge(seal)
    return found


def _fault_of_row(
    keys: SealKeys, table: Table, row: RowMapping, seals: Sequence[RowSeal]
) -> Finding | None:
    if not seals or seals[0].is_removed:
        return Finding(Fault.INSERTED, table.name, row["id"])
    if fits(keys, row, seals[0]):
        return None
    if any(fits(keys, row, older) for older in seals[1:]):
        return Finding(Fault.ROLLED_BACK, table.name, row["id"])
    for column in table.columns:
        if isinstance(column.type, CipherBytes) and row[column.name] is None:
            return Finding(Fault.EMPTIED, table.name, row["id"], column.name)
    return Finding(Fault.CHANGED, table.name, row["id"])


def _removed(
    session: Session, keys: SealKeys, table: Table, tenant: str
) -> Iterator[Finding]:
    last = last_seals(table, tenant).subquery()
    gone = select(last).where(~exists().where(table.c.id == last.c.row_id))
    read_whole(session)
    for seal in session.execute(gone.execution_options(yield_per=PAGE)):
        # anybody who can add a line can write that Loket took the row away
        if not fits(keys, None, seal):
            yield Finding(Fault.REMOVED, table.name, seal.row_id)


def count_cells(session: Session, tenant: str) -> int:
    """Count the rows whose cells will be opened, for who shows progress."""
    total = 0
    for model in sealed_models():
        asked = _asked(model.__layout__, tenant).subquery()
        total += session.scalar(select(func.count()).select_from(asked)) or 0
    return total


def seal_unsealed(session: Session, tenant: str) -> int:
    """Give a seal to rows from before there were seals; count them.

    A deed for once, after an upgrade: it declares that what stands there is right.
    """
    keys, sealed = seal_keys(vault_of(session), tenant), 0
    for table in row_sealed_tables():
        asked = select(table.c.id).where(
            table.c.gemeente_code == tenant,
            ~exists().where(RowSeal.tabel == table.name, RowSeal.row_id == table.c.id),
        )
        ids = session.scalars(asked).all()
        for start in range(0, len(ids), PAGE):
            part = ids[start : start + PAGE]
            add_seals(session.connection(), keys, table, tenant, part)
        sealed += len(ids)
    return sealed
