"""Sealed columns are unreadable in SQL, and the trail cannot be changed."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from build.rows import canary, fill, mappers, sealed_fields
from loket.db import Scope
from loket.vault.cell import ALGORITHM
from loket.vault.layout import Sealed

CODE = "0375"
SEALED = [
    (mapper.class_, field)
    for mapper in mappers()
    if issubclass(mapper.class_, Sealed)
    for field in sealed_fields(mapper.class_)
]
TRAIL = (
    *("audit_record", "audit_subject", "audit_batch", "audit_leaf"),
    *("row_seal", "wijziging"),
)
CHANGES = ("UPDATE {} SET gemeente_code = '0396'", "DELETE FROM {}", "TRUNCATE {}")


def name_of(value: Any) -> str:
    return value.__name__ if isinstance(value, type) else str(value)


@pytest.fixture(scope="module")
def filled(stock, tmp_path_factory):
    """A database with one committed row per table, and its raw bytes per table."""
    from conftest import open_vault
    from loket.db import Database, make_engine

    with stock.copies() as urls:
        keys, vault = open_vault(urls)
        engine = make_engine(urls.database_url)
        with Database(engine, vault=vault).transaction(Scope.of(CODE)) as session:
            rows = fill(session, CODE)
        owner = create_engine(urls.database_owner_url)
        yield rows, owner, urls
        for used in (keys, engine, owner):
            used.dispose()


@pytest.fixture(scope="module")
def dump(filled, server_url):
    """Everything that stands in the database, as somebody with a backup reads it."""
    _, owner, _ = filled
    with owner.connect() as connection:
        return {
            mapper.local_table.name: b"\n".join(
                _bytes_of(row)
                for row in connection.exec_driver_sql(
                    f"SELECT * FROM {mapper.local_table.name}"
                )
            )
            for mapper in mappers()
        }


def _bytes_of(row: Any) -> bytes:
    return b"|".join(
        bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
        for value in row
    )


class TestSealedColumn:
    def test_there_are_fields_to_look_for(self):
        assert len(SEALED) > 30

    @pytest.mark.parametrize(("noun", "field"), SEALED, ids=name_of)
    def test_comes_back_through_the_model(self, filled, noun, field):
        rows, _, _ = filled

        assert getattr(rows[noun.__tablename__], field) is not None

    @pytest.mark.parametrize(("noun", "field"), SEALED, ids=name_of)
    def test_shows_nothing_in_any_table(self, filled, dump, noun, field):
        rows, _, _ = filled
        opened = getattr(rows[noun.__tablename__], field)
        sought = {canary(CODE, noun.__tablename__, field).encode()}
        if isinstance(opened, str | date):
            sought.add(str(opened).encode())

        assert dump[noun.__tablename__]
        leaks = [t for t, body in dump.items() if any(s in body for s in sought)]

        assert leaks == []

    @pytest.mark.parametrize("noun", dict(SEALED), ids=name_of)
    def test_is_a_cell_of_the_vault(self, filled, noun):
        _, owner, _ = filled
        columns = ", ".join(noun.__layout__.slots)
        with owner.connect() as connection:
            found = connection.exec_driver_sql(
                f"SELECT {columns} FROM {noun.__tablename__}"
            ).all()

        assert {bytes(cell)[0] for row in found for cell in row if cell} == {ALGORITHM}

    def test_a_plain_value_would_have_been_found(self, dump):
        assert b"Elders" in dump["gemeente"]


@pytest.mark.parametrize("table", TRAIL)
@pytest.mark.parametrize("change", CHANGES, ids=lambda sql: sql.split()[0])
class TestTrail:
    def test_cannot_be_changed_by_the_program(self, filled, table, change):
        _, _, urls = filled
        engine = create_engine(urls.database_url)

        with engine.connect() as connection:
            connection.execute(
                text("SELECT set_config('loket.gemeenten', :code, false)"),
                {"code": CODE},
            )
            assert connection.scalar(text(f"SELECT count(*) FROM {table}")) > 0
            with pytest.raises(DBAPIError, match="permission denied"):
                connection.exec_driver_sql(change.format(table))
        engine.dispose()

    def test_cannot_be_changed_by_the_owner_either(self, filled, table, change):
        _, owner, _ = filled
        cascade = " CASCADE" if change.startswith("TRUNCATE") else ""

        with (
            owner.connect() as connection,
            pytest.raises(DBAPIError, match="append-only"),
        ):
            connection.exec_driver_sql(change.format(table) + cascade)
