"""Every table with cells, found by what the models declare: none can be forgotten."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    MetaData,
    SmallInteger,
    Text,
    Uuid,
    cast,
    column,
    func,
    or_,
    table,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import configure_mappers
from sqlalchemy.sql.expression import ColumnClause, FromClause, TableClause

from loket.db import NOBODY, Model, Scope
from loket.vault.cell import CipherBytes
from loket.vault.layout import Layout, Sealed

ROW: Final = "id"
TENANT: Final = "gemeente_code"


@dataclass(frozen=True)
class SealedTable:
    """One table with cells, without what the ORM does at a change of a row."""

    model: type[Any]
    layout: Layout
    table: TableClause

    @property
    def row(self) -> ColumnClause[UUID]:
        """Id of the row, sealed along with every cell."""
        return self.table.c[ROW]

    @property
    def scope(self) -> ColumnClause[UUID]:
        """Scope whose key seals the row."""
        return self.table.c[self.layout.scope]

    def of(self, tenant: str) -> ColumnElement[bool]:
        """Whether a row is of this tenant."""
        whole: ColumnElement[bool] = self.table.c[TENANT] == tenant
        return whole

    def is_of(self, tenant: str) -> bool:
        """Whether this tenant can have rows here."""
        fixed = self.layout.fixed_tenant
        return fixed is None or fixed == tenant

    def older_than(self, wanted: FromClause) -> ColumnElement[bool]:
        """Whether a row has a cell under a version before `wanted.version`."""
        return or_(
            *[
                _version(self.table.c[slot]) < wanted.c.version
                for slot in self.layout.slots
            ]
        )


def _version(cell: ColumnClause[bytes]) -> ColumnElement[int]:
    # a slice: of a document of megabytes only the beginning is read
    header = func.substring(cell, 2, 2)
    return func.get_byte(header, 0) * 256 + func.get_byte(header, 1)


def wanted_versions(targets: Mapping[UUID, int]) -> FromClause:
    """Make a table of scopes and the version their cells should have."""
    scopes = cast(list(targets), ARRAY(Uuid()))
    versions = cast(list(targets.values()), ARRAY(SmallInteger()))
    rows = func.unnest(scopes, versions).table_valued(
        column("scope", Uuid()), column("version", SmallInteger()), name="wanted"
    )
    return rows.render_derived()


def sealed_tables(metadata: MetaData = Model.metadata) -> list[SealedTable]:
    """List every table of these models that has cells."""
    configure_mappers()
    found = {
        each.layout.table: each for each in _sealed_tables() if _is_in(each, metadata)
    }
    return [found[name] for name in sorted(found)]


def _is_in(sealed: SealedTable, metadata: MetaData) -> bool:
    return sealed.model.__table__.metadata is metadata


def _sealed_tables() -> Iterator[SealedTable]:
    for mapper in Model.registry.mappers:
        model = mapper.class_
        if not issubclass(model, Sealed):
            continue
        layout = model.__layout__
        columns: dict[str, ColumnClause[Any]] = {
            ROW: column(ROW, Uuid()),
            layout.scope: column(layout.scope, Uuid()),
            **{slot: column(slot, CipherBytes()) for slot in layout.slots},
        }
        if not layout.fixed_tenant:
            columns[TENANT] = column(TENANT, Text())
        yield SealedTable(model, layout, table(layout.table, *columns.values()))


def scope_for(tenant: str, tables: list[SealedTable]) -> Scope:
    """Say within which scope all rows of a tenant are seen."""
    fixed = {each.layout.fixed_tenant for each in tables}
    return NOBODY if tenant in fixed else Scope.of(tenant)
