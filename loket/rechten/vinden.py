"""Finding every row about one person, by walking the ties of the model itself.

A new noun that refers to a person, a dossier or one of those rows, is found without a
word here; `register.py` says under which heading it is read.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Column,
    ColumnElement,
    Select,
    Table,
    and_,
    false,
    or_,
    select,
    true,
)
from sqlalchemy.orm import Mapper, Session, undefer

from loket.cases.dossier.dossier import Betrokkene, BetrokkeneRol, Dossier
from loket.cases.dossier.inwoner import Inwoner
from loket.db import Model, mapped
from loket.rechten.register import ONDERDELEN
from loket.vault.fields import Field
from loket.vault.kinds import BYTES
from loket.vault.layout import Sealed

OMHOOG = {
    "huishouden": ("huishouden_lid", "huishouden_id"),
    "gesprek": ("gesprek_deelname", "gesprek_id"),
}
"""Shared by several people, so it is found from the row that ties this one to it."""


@dataclass
class Vondst:
    """What is held about one person: the rows by table, and whose they are."""

    personen: frozenset[UUID]
    """The person, and the records that went into theirs."""
    dossiers: frozenset[UUID]
    """In which this person is the cliënt, as far as they were not destroyed."""
    vernietigd: frozenset[UUID] = frozenset()
    """Those that were: of these only is told that they were there."""
    rijen: dict[str, Sequence[Any]] = field(default_factory=dict)

    def ids(self, tabel: str) -> list[UUID]:
        """Return the ids of what was found in one table."""
        return [each.id for each in self.rijen.get(tabel, ())]


def find_all(session: Session, inwoner_id: UUID, *, inhoud: bool = False) -> Vondst:
    """Find it: one question to the database for each table.

    Args:
        inhoud: the documents themselves too, not only what is known of them.
    """
    personen = _records_of(session, inwoner_id)
    kept, gone = _own_dossiers(session, personen)
    vondst = Vondst(personen, kept, gone)
    for mapper in _in_order():
        table = _table(mapper)
        if inhoud and not file_fields(mapper.class_):
            continue
        asked = select(mapper.class_).where(_about(table, vondst, inhoud=inhoud))
        asked = asked.order_by(*table.primary_key.columns)
        if inhoud:
            asked = asked.options(*_undeferred(mapper.class_))
        vondst.rijen[table.name] = session.scalars(asked).all()
    return vondst


def _undeferred(cls: type[Any]) -> Iterator[Any]:
    for name in file_fields(cls):
        yield undefer(getattr(cls, cls.__layout__.slots[name].attribute))


def _records_of(session: Session, inwoner_id: UUID) -> frozenset[UUID]:
    """Return the record of this person and all that went into it."""
    first = select(Inwoner.id).where(Inwoner.id == inwoner_id).cte(recursive=True)
    gone = select(Inwoner.id).join(first, Inwoner.merged_into_id == first.c.id)
    every = first.union(gone)
    held = select(every.c.id).join(Inwoner, Inwoner.id == every.c.id)
    return frozenset(session.scalars(held.where(Inwoner.vernietigd_op.is_(None))))


def _own_dossiers(
    session: Session, personen: frozenset[UUID]
) -> tuple[frozenset[UUID], frozenset[UUID]]:
    """Return those of this cliënt that are kept, and those that were destroyed."""
    rows = session.execute(
        select(Dossier.id, Dossier.vernietigd_op)
        .join(Betrokkene, Betrokkene.dossier_id == Dossier.id)
        .where(
            Betrokkene.inwoner_id.in_(personen),
            Betrokkene.rol == BetrokkeneRol.CLIENT,
        )
    ).all()
    gone = frozenset(row.id for row in rows if row.vernietigd_op)
    return frozenset(row.id for row in rows) - gone, gone


def mappers() -> dict[str, Mapper[Any]]:
    """Return every noun by its table."""
    return {_table(each).name: each for each in mapped()}


def _table(mapper: Mapper[Any]) -> Table:
    table = mapper.local_table
    if not isinstance(table, Table):
        raise TypeError(f"{mapper.class_.__name__} has no table of its own")
    return table


def _in_order() -> Iterator[Mapper[Any]]:
    """Walk the tables of the copy, those that others hang on first."""
    known = mappers()
    names = [each.name for each in Model.metadata.sorted_tables]
    wanted = [name for name in names if name in ONDERDELEN]
    yield from (known[name] for name in wanted if name not in OMHOOG)
    yield from (known[name] for name in wanted if name in OMHOOG)


def ties(table: Table, *targets: str) -> list[Column[Any]]:
    """Return the columns of a table that refer to one of these tables."""
    return [
        column
        for column in table.columns
        if any(key.column.table.name in targets for key in column.foreign_keys)
    ]


def _about(table: Table, vondst: Vondst, *, inhoud: bool) -> ColumnElement[bool]:
    own: Mapping[str, frozenset[UUID]] = {
        "inwoner": vondst.personen,
        "dossier": vondst.dossiers | vondst.vernietigd,
    }
    if table.name in own:
        return table.c.id.in_(own[table.name])
    if table.name in OMHOOG:
        child, column = OMHOOG[table.name]
        ids = {getattr(each, column) for each in vondst.rijen.get(child, ())}
        return table.c.id.in_(ids)
    found: list[ColumnElement[bool]] = [
        each.in_(vondst.personen) & _readable(table) for each in ties(table, "inwoner")
    ]
    found += [each.in_(vondst.dossiers) for each in ties(table, "dossier")]
    if not found and not inhoud:
        found = [
            each.in_(vondst.ids(parent))
            for parent in vondst.rijen
            for each in ties(table, parent)
            if "id" in mappers()[parent].columns
        ]
    return or_(false(), *found)


def _readable(table: Table) -> ColumnElement[bool]:
    """Leave out what hangs on a dossier that was destroyed: its key is gone."""
    kept: list[ColumnElement[bool]] = [
        each.is_(None) | each.not_in(_destroyed()) for each in ties(table, "dossier")
    ]
    return and_(true(), *kept)


def _destroyed() -> Select[UUID]:
    return select(Dossier.id).where(Dossier.vernietigd_op.is_not(None))


def sealed_fields(cls: type[Any]) -> dict[str, "Field[Any]"]:
    """Return the sealed fields of a noun, in the order in which it declares them."""
    if not issubclass(cls, Sealed):
        return {}
    return {
        name: value
        for base in reversed(cls.__mro__)
        for name, value in vars(base).items()
        if isinstance(value, Field)
    }


def file_fields(cls: type[Any]) -> list[str]:
    """Return the sealed fields that hold a file."""
    return [name for name, each in sealed_fields(cls).items() if each.kind is BYTES]
