"""Rows that decide about people: whatever is done to them outside Loket is named."""

import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, create_engine, select, text
from sqlalchemy.exc import DBAPIError

from build.rows import fill
from loket.audit import jobs
from loket.cases.besluit.beschikking import Beschikking
from loket.db import Database, Scope
from loket.pgb.pgb import Pgb
from loket.vault.reseal import Reseal
from loket.vault.rowseal import RowSeal, make_mac
from loket.vault.search import drop_tokens
from loket.vault.verify import (
    Fault,
    Finding,
    Tally,
    seal_unsealed,
    verify_cells,
    verify_seals,
)

CODE = "0375"
SEALED = ("beschikking", "besluitregel", "pgb", "resultaatafspraak", "resultaat_score")


@pytest.fixture
def rows(database: Database) -> dict[str, Any]:
    """One row of every table, made as Loket makes them."""
    with database.transaction(Scope.of(CODE)) as session:
        return fill(session, CODE)


@pytest.fixture
def owner(database_urls) -> Iterator[Engine]:
    engine = create_engine(database_urls.database_owner_url)
    yield engine
    engine.dispose()


def as_owner(owner: Engine, statement: str, **values: object) -> None:
    with owner.begin() as connection:
        connection.execute(text("ALTER TABLE row_seal DISABLE TRIGGER USER"))
        assert connection.execute(text(statement), values).rowcount > 0
        connection.execute(text("ALTER TABLE row_seal ENABLE TRIGGER USER"))


def found_in(database: Database, *, cells: bool = True) -> list[Finding]:
    with database.session(Scope.of(CODE)) as session:
        tally = Tally()
        found = list(verify_seals(session, CODE, tally))
        assert set(SEALED) <= tally.seen
        if cells:
            found += verify_cells(session, CODE, tally)
            assert tally.cells > 30
        return found


def faults(found: list[Finding]) -> set[tuple[Fault, str, UUID]]:
    return {(each.fault, each.tabel, each.row_id) for each in found}


class TestSound:
    def test_nothing_is_wrong_with_what_loket_wrote(self, database, rows):
        assert found_in(database) == []

    def test_a_change_by_loket_leaves_another_seal(self, database, rows):
        with database.transaction(Scope.of(CODE)) as session:
            found = session.get_one(Beschikking, rows["beschikking"].id)
            found.onderwerp_motivering = "een andere motivering"
        with database.transaction(Scope.of(CODE)) as session:
            seals = session.scalars(
                select(RowSeal.versie).where(RowSeal.row_id == rows["beschikking"].id)
            ).all()

        assert sorted(seals)[-2:] == [len(seals) - 1, len(seals)]
        assert found_in(database) == []

    def test_other_data_keys_leave_other_seals_and_launder_nothing(
        self, database, vault, owner, rows
    ):
        wrong = rows["resultaatafspraak"].id
        as_owner(owner, "UPDATE resultaatafspraak SET doel = 6 - doel")

        done = Reseal(database, vault, CODE, patience=30).run()

        assert done.cells > 30
        assert faults(found_in(database)) == {
            (Fault.CHANGED, "resultaatafspraak", wrong)
        }

    def test_what_loket_takes_away_is_no_fault(self, database, rows):
        with database.transaction(Scope.of(CODE)) as session:
            for agreement in session.scalars(text_of("zorgovereenkomst")):
                session.execute(
                    text("DELETE FROM zorgovereenkomst WHERE id = :id"),
                    {"id": agreement},
                )
            session.delete(session.get_one(Pgb, rows["pgb"].id))

        assert found_in(database) == []

    def test_what_was_destroyed_is_counted_and_no_fault(self, database, vault, rows):
        scope = rows["beschikking"].dossier_id
        vault.shred(scope, "bewaartermijn")
        with database.transaction(Scope.of(CODE)) as session:
            drop_tokens(session, scope)
        with database.session(Scope.of(CODE)) as session:
            tally = Tally()
            found = list(verify_cells(session, CODE, tally))

        assert found == []
        assert tally.destroyed > 5
        assert found_in(database, cells=False) == []

    def test_rows_from_before_there_were_seals_get_one_once(
        self, database, owner, rows
    ):
        as_owner(owner, "DELETE FROM row_seal")
        assert {each.fault for each in found_in(database)} == {Fault.INSERTED}

        with database.transaction(Scope.of(CODE)) as session:
            assert seal_unsealed(session, CODE) >= len(SEALED)
            assert seal_unsealed(session, CODE) == 0

        assert found_in(database) == []


def text_of(table: str) -> Any:
    return text(f"SELECT id FROM {table}")


class TestFaults:
    def test_rows_that_were_taken_away(self, database, owner, rows):
        gone = {(Fault.REMOVED, table, rows[table].id) for table in SEALED}
        with owner.begin() as connection:
            for table in SEALED:
                unhook(connection, table)
                taken = text(f"DELETE FROM {table} WHERE id = :id")
                assert connection.execute(taken, {"id": rows[table].id}).rowcount == 1

        assert faults(found_in(database)) == gone

    def test_rows_that_were_changed(self, database, owner, rows):
        changes = [
            ("beschikking", "onderwerp_motivering = NULL", Fault.EMPTIED),
            ("resultaatafspraak", "resultaat = NULL", Fault.EMPTIED),
            ("pgb", "jaarbedrag_cent = jaarbedrag_cent + 1", Fault.CHANGED),
            ("besluitregel", "volume = volume + 1", Fault.CHANGED),
            ("resultaat_score", "score = 6 - score, gemeten_op = now()", Fault.CHANGED),
        ]
        for table, change, _ in changes:
            statement = f"UPDATE {table} SET {change} WHERE id = :id"
            as_owner(owner, statement, id=rows[table].id)

        assert faults(found_in(database)) == {
            (fault, table, rows[table].id) for table, _, fault in changes
        }

    def test_a_cell_that_was_put_back(self, database, owner, rows):
        row_id = rows["beschikking"].id
        with owner.begin() as connection:
            asked = text("SELECT onderwerp_motivering FROM beschikking WHERE id = :id")
            old = connection.execute(asked, {"id": row_id}).scalar_one()
        with database.transaction(Scope.of(CODE)) as session:
            session.get_one(Beschikking, row_id).onderwerp_motivering = "later bedacht"
        as_owner(
            owner,
            "UPDATE beschikking SET onderwerp_motivering = :old WHERE id = :id",
            old=old,
            id=row_id,
        )

        # the cell itself is sound: only the seal tells
        found = faults(found_in(database))
        assert found == {(Fault.ROLLED_BACK, "beschikking", row_id)}

    def test_a_row_that_was_added(self, database, owner, rows):
        new = uuid.uuid4()
        as_owner(
            owner,
            "INSERT INTO resultaat_score SELECT (jsonb_populate_record(resultaat_score,"
            " jsonb_build_object('id', CAST(:new AS text)))).* FROM resultaat_score",
            new=str(new),
        )

        # its cell came along from another row, and does not open there
        assert (Fault.INSERTED, "resultaat_score", new) in faults(found_in(database))
        assert (Fault.TAMPERED, "resultaat_score", new) in faults(found_in(database))

    def test_the_last_seal_that_was_taken_away_is_told_by_the_chain(
        self, database, owner, rows
    ):
        from audit.test_keten import findings

        jobs.seal_chain(database, CODE, datetime(2026, 11, 23, tzinfo=UTC))
        row_id = rows["pgb"].id
        seal = as_row(owner, row_id)
        as_owner(owner, "DELETE FROM row_seal WHERE row_id = :id", id=row_id)

        named = {each.row_id for each in findings(database, CODE)[0]}
        assert seal in named

    def test_the_program_rewrites_no_seal(self, database, rows):
        with (
            database.session(Scope.of(CODE)) as session,
            pytest.raises(DBAPIError, match=r"append-only|permission denied"),
        ):
            session.execute(text("DELETE FROM row_seal"))


def as_row(owner: Engine, row_id: UUID) -> UUID:
    with owner.connect() as connection:
        asked = text("SELECT id FROM row_seal WHERE row_id = :id")
        return connection.execute(asked, {"id": row_id}).scalars().one()


def unhook(connection: Any, table: str) -> None:
    """Drop the ties to a table: its owner can do that."""
    ties = connection.execute(
        text(
            "SELECT conname, conrelid::regclass FROM pg_constraint"
            " WHERE contype = 'f' AND confrelid = CAST(:table AS regclass)"
        ),
        {"table": table},
    ).all()
    for name, holder in ties:
        connection.execute(text(f'ALTER TABLE {holder} DROP CONSTRAINT "{name}"'))


def test_every_value_and_the_version_count():
    key = b"k" * 32
    one = make_mac(key, "t", UUID(int=1), 1, {"dag": date(2026, 1, 2), "leeg": None})

    assert one != make_mac(key, "t", UUID(int=1), 1, {"dag": date(2026, 1, 2)})
    assert one != make_mac(
        key, "t", UUID(int=1), 2, {"dag": date(2026, 1, 2), "leeg": None}
    )
