"""Reading played cases as lines of text: what a twin is stamped after."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from uuid import UUID

from psycopg import Connection, sql
from sqlalchemy import Table

from loket.audit.batch import AuditBatch, AuditLeaf
from loket.cases.dossier.teller import Teller
from loket.db import Model
from loket.outbox.promise import Promise
from loket.vault.rowseal import RowSeal
from loket.vault.searchtoken import SearchToken, SearchUnique

UUID_SHAPE = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
OF_NOBODY = {
    Teller.__tablename__,
    SearchToken.__tablename__,
    SearchUnique.__tablename__,
    RowSeal.__tablename__,
    AuditBatch.__tablename__,
    AuditLeaf.__tablename__,
}
"""Tables that a twin gets anew: numbers, tokens of its own person, and seals."""

Fields = tuple[str | None, ...]


def copied_tables() -> list[Table]:
    """Return the tables a case may have rows in, those it points at first."""
    return [
        table for table in Model.metadata.sorted_tables if table.name not in OF_NOBODY
    ]


def columns_of(table: Table) -> list[str]:
    """Return the columns that are written: what the database computes is not."""
    return [column.name for column in table.columns if column.computed is None]


@dataclass(frozen=True)
class Line:
    """One row as text, the way COPY writes it; None is null."""

    table: Table
    fields: Fields

    def value(self, column: str) -> str | None:
        """Return one field."""
        return self.fields[columns_of(self.table).index(column)]

    @property
    def has_id(self) -> bool:
        """Whether the row is found by an id of its own."""
        return "id" in self.table.columns

    @staticmethod
    def ids_in(value: str | None) -> list[str]:
        """Return the ids in one field; sealed bytes hold none."""
        if value is None or value.startswith("\\x"):
            return []
        return UUID_SHAPE.findall(value)

    def mentions(self) -> set[str]:
        """Return every id the row holds, its own too."""
        return {found for each in self.fields for found in self.ids_in(each)}


@dataclass
class Unit:
    """One dossier (or two of a couple) with everything that belongs to it."""

    lines: list[Line] = field(default_factory=list)

    def of(self, table: str) -> Iterator[Line]:
        """Go through the rows of one table."""
        return (line for line in self.lines if line.table.name == table)

    @property
    def dossiers(self) -> int:
        """Number of dossiers in it."""
        return sum(1 for _ in self.of("dossier"))

    @property
    def ids(self) -> list[str]:
        """Ids of its rows; they sort in the order in which the rows were made."""
        return sorted(str(line.value("id")) for line in self.lines if line.has_id)


def read_lines(connection: Connection) -> Iterator[Line]:
    """Read every row a case may consist of."""
    for table in copied_tables():
        query = sql.SQL("COPY (SELECT {} FROM {}) TO STDOUT").format(
            sql.SQL(", ").join(map(sql.Identifier, columns_of(table))),
            sql.Identifier(table.name),
        )
        with connection.cursor().copy(query) as rows:
            for fields in rows.rows():
                yield Line(table, fields)


def read_ids(connection: Connection) -> set[str]:
    """Read the id of every row there is, before the models are played."""
    return {str(line.value("id")) for line in read_lines(connection) if line.has_id}


def read_units(connection: Connection, before: Collection[str]) -> list[Unit]:
    """Gather what was made since: rows that mention each other are one unit.

    A promise that waits for a setting is left out: a hundred thousand twins would
    keep the worker busy with asking for it.
    """
    lines = [
        line
        for line in read_lines(connection)
        if line.table.name != Promise.__tablename__ or line.value("kept_at")
    ]
    own = {str(line.value("id")) for line in lines if line.has_id} - set(before)
    leader = {each: each for each in own}
    ties = [(line, sorted(line.mentions() & own)) for line in lines]
    for _, tied in ties:
        for other in tied[1:]:
            leader[_lead(leader, other)] = _lead(leader, tied[0])
    units: dict[str, Unit] = defaultdict(Unit)
    for line, tied in ties:
        if tied and not _is_old(line, before):
            units[_lead(leader, tied[0])].lines.append(line)
    found = [unit for unit in units.values() if unit.dossiers]
    return sorted(found, key=lambda unit: UUID(unit.ids[0]))


def _is_old(line: Line, before: Collection[str]) -> bool:
    return line.has_id and line.value("id") in before


def _lead(leader: dict[str, str], one: str) -> str:
    while leader[one] != one:
        leader[one] = leader[leader[one]]
        one = leader[one]
    return one
