"""Rows that belong to a person, whatever table they are in, moved to another person.

The tables are read from the model: a new noun that refers to an inwoner moves along
without a word here.
"""

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Table, and_, select, update
from sqlalchemy.orm import Session

from loket.cases.dossier.inwoner import Inwoner
from loket.cases.dossier.samenvoeging import Samenvoeging
from loket.db import Model

_STAYS = {Inwoner.__tablename__, Samenvoeging.__tablename__}
Moved = list[list[Any]]


def person_columns() -> Iterator[tuple[Table, Column[Any]]]:
    """Walk the columns that say whose a row is."""
    target = Inwoner.__table__.c.id
    for table in Model.metadata.sorted_tables:
        if table.name in _STAYS or "gemeente_code" not in table.c:
            continue
        for column in table.columns:
            if any(key.column is target for key in column.foreign_keys):
                yield table, column


def move_rows(
    session: Session,
    van: Inwoner,
    naar: Inwoner,
    *,
    dossier_id: UUID | None = None,
    not_where_known: frozenset[str] = frozenset(),
) -> Moved:
    """Move what is of `van` to `naar`; return table, column and key of each row.

    Args:
        dossier_id: only rows of this dossier.
        not_where_known: names of columns; a row stays when `naar` is there already
            under the same value of that column.
    """
    moved: Moved = []
    for table, column in person_columns():
        where = [
            column == van.id,
            table.c.gemeente_code == van.gemeente_code,
        ]
        if dossier_id is not None:
            if "dossier_id" not in table.c:
                continue
            where.append(table.c.dossier_id == dossier_id)
        for name in not_where_known & set(table.c.keys()):
            twin = table.alias()
            there = select(twin.c[name]).where(twin.c[column.name] == naar.id)
            where.append(table.c[name].not_in(there))
        keys = [key for key in table.primary_key.columns if key is not column]
        changed = session.execute(
            update(table).where(*where).values({column: naar.id}).returning(*keys)
        )
        moved += [[table.name, column.name, *map(str, row)] for row in changed]
    session.expire_all()
    return moved


def move_back(session: Session, van: Inwoner, naar: Inwoner, moved: Moved) -> int:
    """Move rows back that are still where they were brought; return how many."""
    known = {(table.name, column.name): (table, column) for table, column in _all()}
    count = 0
    for table_name, column_name, *values in moved:
        table, column = known[table_name, column_name]
        keys = [key for key in table.primary_key.columns if key is not column]
        same = [
            key == _typed(key, value) for key, value in zip(keys, values, strict=True)
        ]
        back = session.execute(
            update(table)
            .where(and_(column == van.id, *same))
            .values({column: naar.id})
            .returning(column)
        )
        count += len(back.all())
    session.expire_all()
    return count


def _all() -> Iterable[tuple[Table, Column[Any]]]:
    return person_columns()


def _typed(key: Column[Any], value: str) -> Any:
    return UUID(value) if key.type.python_type is UUID else value
