"""The sealed trail: nothing missed, nothing sealed twice, every fault named."""

import threading
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, create_engine, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from build.gemeente import gemeente
from loket.audit import jobs, sealing
from loket.audit.batch import INSTALLATION, AuditBatch, AuditLeaf
from loket.audit.record import AuditRecord, AuditSubject, Outcome
from loket.audit.signing import anchored, keyring
from loket.audit.verify import Fault, Finding, Tally, verify_chain
from loket.authz import SYSTEM_ID
from loket.db import Database, Scope, uuid7
from loket.doctor import check_trail
from loket.processes import StartProblem

AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
OLD = UUID(int=int(datetime(2020, 1, 1, tzinfo=UTC).timestamp() * 1000) << 80 | 1)
"""An id that says its row was made long ago."""


@pytest.fixture
def code() -> str:
    """A gemeente of this test alone: the key store is of all tests."""
    return f"t{uuid.uuid4().hex[:8]}"


@pytest.fixture
def owner(database_urls) -> Iterator[Engine]:
    """Who owns the tables and can do what no trigger stops."""
    engine = create_engine(database_urls.database_owner_url)
    yield engine
    engine.dispose()


def written(session: Session, code: str | None, subjects: int = 0) -> AuditRecord:
    row = AuditRecord(
        gemeente_code=code,
        action="dossier.read",
        outcome=Outcome.DONE,
        occurred_at=AT,
        recorded_at=AT,
        user_id=SYSTEM_ID,
        rollen="consulent",
        authenticatie="wachtwoord",
        via="web",
        adres="10.0.0.1",
    )
    session.add(row)
    session.add_all(
        AuditSubject(record_id=row.id, subject_id=uuid7(), gemeente_code=code)
        for _ in range(subjects)
    )
    return row


def write(database: Database, code: str, number: int, subjects: int = 0) -> list[UUID]:
    with database.transaction(Scope.of(code)) as session:
        return [written(session, code, subjects).id for _ in range(number)]


def seal(database: Database, code: str) -> int:
    return jobs.seal_chain(database, code, AT)


def findings(database: Database, code: str) -> tuple[list[Finding], Tally]:
    tally = Tally()
    with database.transaction(jobs.scope_of_chain(code)) as session:
        vault = session.info["vault"]
        keys, known = keyring(vault, code), anchored(vault, code)
        return list(verify_chain(session, keys, known, code, tally)), tally


def as_owner(owner: Engine, statement: str, **values: object) -> None:
    """Change what only somebody with the machine can change."""
    tables = ("audit_record", "audit_subject", "audit_batch", "audit_leaf", "wijziging")
    with owner.begin() as connection:
        for table in tables:
            connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        found = connection.execute(text(statement), values)
        assert found.rowcount > 0, statement
        for table in tables:
            connection.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER USER"))


def forged(code: str, keten: str, number: int, **other: object) -> AuditBatch:
    values = {"form": 1, "aantal": 1, "row_ids": OLD.bytes, "until": AT} | other
    return AuditBatch(
        keten=keten,
        nummer=number,
        root=bytes(32),
        previous=bytes(32),
        sealed_at=AT,
        key_version=1,
        hash=bytes(32),
        signature=bytes(64),
        gemeente_code=code,
        **values,
    )


def add_leaf(
    database: Database, code: str, row_id: UUID, batch_id: UUID, position: int = 0
) -> None:
    """Put a leaf there for a row, as the program's own role can."""
    with database.transaction(Scope.of(code)) as session:
        session.add(
            AuditLeaf(
                tabel="audit_record",
                row_id=row_id,
                batch_id=batch_id,
                positie=position,
                hash=bytes(32),
                mac=bytes(16),
                gemeente_code=code,
            )
        )


def forge(database: Database, code: str, number: int, **other: Any) -> UUID:
    with database.transaction(Scope.of(code)) as session:
        batch = forged(code, code, number, **other)
        session.add(batch)
        return batch.id


def batch_id_of(database: Database, code: str, number: int) -> UUID:
    with database.session(Scope.of(code)) as session:
        asked = select(AuditBatch.id).where(
            AuditBatch.keten == code, AuditBatch.nummer == number
        )
        return session.scalars(asked).one()


def put_old_row(database: Database, code: str, row_id: UUID) -> None:
    with database.transaction(Scope.of(code)) as session:
        written(session, code).id = row_id


@pytest.fixture
def small_batches(monkeypatch):
    monkeypatch.setattr(sealing, "MOST", 7)


class TestSealing:
    def test_every_row_is_in_one_batch(self, database, code, small_batches):
        rows = write(database, code, 20)

        assert seal(database, code) == 20
        assert seal(database, code) == 0
        faults, tally = findings(database, code)
        assert (faults, tally.rows, tally.batches) == ([], len(rows), 3)

    def test_a_slow_transaction_comes_in_a_later_batch(self, database, code):
        slow = database.session(Scope.of(code))
        row = written(slow, code)
        slow.flush()
        write(database, code, 3)
        assert seal(database, code) == 3
        slow.commit()
        slow.close()

        assert findings(database, code)[1].waiting == 1
        assert seal(database, code) == 1
        assert findings(database, code)[0] == []
        assert row.id

    def test_of_no_gemeente_has_a_chain_too(self, database):
        with database.transaction(jobs.scope_of_chain(INSTALLATION)) as session:
            written(session, None)
        before = findings(database, INSTALLATION)[1].waiting

        assert before == 1
        assert seal(database, INSTALLATION) == 1

    def test_writers_and_two_sealers_at_once(self, database, code, small_batches):
        stop = threading.Event()
        failed: list[BaseException] = []

        def work(deed: Callable[[], object]) -> None:
            try:
                while not stop.is_set():
                    deed()
            except BaseException as error:
                failed.append(error)

        deeds = [lambda: write(database, code, 2)] * 2 + [
            lambda: seal(database, code)
        ] * 2
        threads = [threading.Thread(target=work, args=(deed,)) for deed in deeds]
        for thread in threads:
            thread.start()
        stop.wait(0.7)
        stop.set()
        for thread in threads:
            thread.join(20)
        seal(database, code)

        assert failed == []
        faults, tally = findings(database, code)
        assert (faults, tally.waiting) == ([], 0)
        assert tally.rows > 10

    def test_a_worker_killed_half_way_leaves_no_gap(
        self, database, code, monkeypatch, small_batches
    ):
        write(database, code, 20)

        def die(*_: object) -> None:
            raise KeyboardInterrupt

        # sealed, and killed before the key store was told
        with monkeypatch.context() as patch:
            patch.setattr(jobs, "anchor", lambda vault, rows: rows and die())
            with pytest.raises(KeyboardInterrupt):
                seal(database, code)
        # killed in the middle of a batch
        with monkeypatch.context() as patch:
            patch.setattr(sealing, "_add_leaves", die)
            with pytest.raises(KeyboardInterrupt):
                seal(database, code)

        assert seal(database, code) == 13
        assert findings(database, code)[0] == []
        with database.session() as session:
            assert len(anchored(session.info["vault"], code)) == 3

    @pytest.mark.parametrize("table", ["audit_batch", "audit_leaf"])
    @pytest.mark.parametrize("change", ["DELETE FROM {}", "UPDATE {} SET hash = ''"])
    def test_is_not_rewritten_by_the_program(self, database, code, table, change):
        write(database, code, 1)
        seal(database, code)

        with (
            database.session(Scope.of(code)) as session,
            pytest.raises(DBAPIError, match=r"append-only|permission denied"),
        ):
            session.execute(text(change.format(table)))

    def test_stays_within_the_gemeente(self, database, code):
        write(database, code, 1)
        seal(database, code)

        with database.session(Scope.of("0396")) as session:
            found = session.execute(
                text("SELECT 1 FROM audit_batch WHERE keten = :code"), {"code": code}
            )
            assert found.all() == []


class TestFaults:
    @pytest.fixture
    def rows(self, database, code, small_batches) -> list[UUID]:
        rows = write(database, code, 20, subjects=1)
        seal(database, code)
        return rows

    def test_names_each_record(self, database, code, owner, rows):
        changes = [
            ("UPDATE audit_record SET user_id = id WHERE id = :id", Fault.CHANGED),
            ("UPDATE audit_record SET grond = 'x' WHERE id = :id", Fault.CHANGED),
            (
                "UPDATE audit_record SET occurred_at = occurred_at"
                " + interval '1 microsecond' WHERE id = :id",
                Fault.CHANGED,
            ),
            ("DELETE FROM audit_subject WHERE record_id = :id", Fault.CHANGED),
            (
                "UPDATE audit_subject SET subject_id = record_id WHERE record_id = :id",
                Fault.CHANGED,
            ),
            ("UPDATE audit_leaf SET hash = mac WHERE row_id = :id", Fault.LEAF_CHANGED),
            ("UPDATE audit_leaf SET mac = hash WHERE row_id = :id", Fault.LEAF_CHANGED),
            ("DELETE FROM audit_leaf WHERE row_id = :id", Fault.LEAF_REMOVED),
            ("DELETE FROM audit_record WHERE id = :id", Fault.REMOVED),
        ]
        as_owner(
            owner, "DELETE FROM audit_subject WHERE record_id = :id", id=rows[2 * 8]
        )
        for number, (change, _) in enumerate(changes):
            as_owner(owner, change, id=rows[2 * number])

        found = findings(database, code)[0]

        named = {(each.row_id, each.fault) for each in found if each.row_id}
        assert named == {
            (rows[2 * number], fault) for number, (_, fault) in enumerate(changes)
        }

    def test_names_a_record_that_was_put_there_later(self, database, code, owner, rows):
        as_owner(
            owner,
            "INSERT INTO audit_record SELECT (jsonb_populate_record(audit_record,"
            " jsonb_build_object('id', CAST(:old AS text)))).* FROM audit_record"
            " WHERE id = :id",
            id=rows[3],
            old=str(OLD),
        )

        found = findings(database, code)[0]

        assert [(each.fault, each.row_id) for each in found] == [(Fault.INSERTED, OLD)]

    def test_a_leaf_of_another_chain_hides_no_record(self, database, code, rows):
        """All that the program's own role can add: a batch, a leaf and an old row."""
        other = f"{code}x"
        write(database, other, 1)
        seal(database, other)
        twin = UUID(int=OLD.int + 1)
        for row_id, batch_id in (
            (OLD, batch_id_of(database, other, 1)),
            (twin, forge(database, code, 0, row_ids=twin.bytes)),
        ):
            put_old_row(database, code, row_id)
            add_leaf(database, code, row_id, batch_id, 5 if row_id == OLD else 0)

        told = {(each.fault, each.row_id) for each in findings(database, code)[0]}
        assert {(Fault.INSERTED, OLD), (Fault.INSERTED, twin)} <= told
        assert {(Fault.LEAF_FORGED, OLD), (Fault.LEAF_CHANGED, twin)} <= told
        assert (Fault.BATCH_UNSIGNED, None) in told

    def test_nobody_adds_to_the_chain_of_another(self, database, code):
        with (
            pytest.raises(DBAPIError, match="own_chain"),
            database.transaction(Scope.of(code)) as session,
        ):
            session.add(forged(code, f"{code}x", 1))

    def test_a_forged_batch_does_not_end_the_sealing(self, database, code, rows):
        far = datetime(2999, 1, 1, tzinfo=UTC)
        with database.transaction(Scope.of(code)) as session:
            session.add(forged(code, code, 50, until=far))
        write(database, code, 1)

        assert seal(database, code) == 1
        faults, _ = findings(database, code)
        assert {each.nummer for each in faults} == {50}
        assert Fault.BATCH_UNSIGNED in {each.fault for each in faults}

    def test_a_forged_batch_takes_no_number_that_is_needed(self, database, code, rows):
        with database.transaction(Scope.of(code)) as session:
            session.add(forged(code, code, 4))
            session.add(forged(code, code, 2**31 - 1))
        write(database, code, 1)

        assert seal(database, code) == 1
        with database.session(Scope.of(code)) as session:
            ring = keyring(session.info["vault"], code)
            last = sealing.last_signed(session, ring, code)
            assert last is not None
            assert last.nummer == 5
        assert {each.nummer for each in findings(database, code)[0]} == {4, 2**31 - 1}

    def test_a_forged_batch_does_not_end_the_check(self, database, code, rows):
        with database.transaction(Scope.of(code)) as session:
            session.add(forged(code, code, 99, form=77))
            session.add(forged(code, code, 98, aantal=0, row_ids=b""))

        faults, _ = findings(database, code)
        assert {98, 99} <= {
            each.nummer for each in faults if each.fault is Fault.BATCH_UNSIGNED
        }

    def test_two_records_that_changed_places(self, database, code, owner, rows):
        as_owner(
            owner,
            "UPDATE audit_leaf SET row_id = CASE row_id WHEN :a THEN"
            " CAST(:spare AS uuid) ELSE row_id END WHERE row_id = :a",
            a=rows[1],
            spare=uuid7(),
        )

        assert Fault.LEAF_MOVED in {each.fault for each in findings(database, code)[0]}

    def test_names_each_batch(self, database, code, owner, small_batches):
        changes = [
            ("SET aantal = aantal + 1", Fault.BATCH_CHANGED),
            ("SET root = hash", Fault.BATCH_CHANGED),
            ("SET row_ids = row_ids || hash", Fault.BATCH_CHANGED),
            ("SET sealed_at = sealed_at - interval '1 day'", Fault.BATCH_CHANGED),
            ("SET signature = root || root", Fault.BATCH_UNSIGNED),
            ("SET previous = root", Fault.CHAIN_BROKEN),
            ("SET hash = root", Fault.NOT_ANCHORED),
            ("SET key_version = 9", Fault.NO_KEY),
        ]
        write(database, code, 7 * 2 * len(changes))
        seal(database, code)
        for number, (change, _) in enumerate(changes):
            statement = (
                f"UPDATE audit_batch {change} WHERE keten = :code AND nummer = :n"
            )
            as_owner(owner, statement, code=code, n=2 * number + 1)

        told = {(each.nummer, each.fault) for each in findings(database, code)[0]}

        expected = {(2 * n + 1, fault) for n, (_, fault) in enumerate(changes)}
        assert expected <= told
        # a batch after one with another hash no longer points at it; the rest is sound
        assert {number for number, _ in told} == {n for n, _ in expected} | {14}

    def test_an_end_that_was_cut_off(self, database, code, owner, rows):
        gone = "SELECT id FROM audit_batch WHERE keten = :code AND nummer = 3"
        as_owner(owner, f"DELETE FROM audit_leaf WHERE batch_id IN ({gone})", code=code)
        as_owner(
            owner,
            "DELETE FROM audit_batch WHERE keten = :code AND nummer = 3",
            code=code,
        )

        found = findings(database, code)[0]

        assert (Fault.BATCH_REMOVED, 3) in {(each.fault, each.nummer) for each in found}
        # and what comes after does not take the number of what is gone
        write(database, code, 1)
        seal(database, code)
        with database.session(Scope.of(code)) as session:
            last = sealing.last_batch(session, code)
            assert last is not None
            assert last.nummer == 4

    def test_a_chain_signed_by_another_is_refused(self, database, code, owner, rows):
        with database.session() as session:
            strange = keyring(session.info["vault"], f"{code}x")
            known = anchored(session.info["vault"], code)
        with database.session(Scope.of(code)) as session:
            found = list(verify_chain(session, strange, known, code, Tally()))

        assert {each.fault for each in found} >= {
            Fault.BATCH_UNSIGNED,
            Fault.LEAF_CHANGED,
        }

    def test_says_since_when_something_waits(self, database, code):
        write(database, code, 1)

        with database.session(Scope.of(code)) as session:
            oldest = sealing.oldest_waiting(session, code)

        assert oldest is not None
        assert datetime.now(UTC) - oldest < timedelta(minutes=1)


class TestWaiting:
    def test_the_doctor_tells_that_the_trail_is_not_sealed(self, database, config):
        with database.transaction(Scope.of("0396")) as session:
            gemeente(session, "0396")
        assert check_trail(config) == "wordt verzegeld"

        with database.transaction(Scope.of("0396")) as session:
            written(session, "0396").id = OLD
        with pytest.raises(StartProblem, match="sinds 01-01-2020 00:00 UTC niet"):
            check_trail(config)

        jobs.seal_chains(database, ["0396"], AT)
        assert check_trail(config) == "verzegeld"
