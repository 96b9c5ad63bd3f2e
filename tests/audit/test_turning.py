"""Replacing the signing key: the old one proves what it signed then, and no more."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from audit.test_export import ALWAYS
from audit.test_keten import (
    AT,
    as_owner,
    findings,
    seal,
    small_batches,
    write,
    written,
)
from audit.test_keten import code as code
from audit.test_keten import owner as owner
from loket.audit import sealing
from loket.audit.batch import AuditBatch, AuditLeaf
from loket.audit.checking import PublicKey, verify_export
from loket.audit.export import write_export
from loket.audit.leaf import FORM, FORMS, canonical, leaf_hash, leaf_mac, root_of
from loket.audit.signing import Keyring, keyring
from loket.audit.turning import Replaced, replace_signing_key
from loket.audit.verify import Fault
from loket.db import Database, Scope, uuid7
from loket.vault.journal import last_deeds

small_batches = small_batches


def vault_in(database: Database):
    with database.session() as session:
        return session.info["vault"]


def turn(database: Database, code: str) -> Replaced:
    return replace_signing_key(database, vault_in(database), code, "test")


def keys_of(database: Database, code: str) -> Keyring:
    return keyring(vault_in(database), code)


def faults(database: Database, code: str) -> set[tuple[Fault, int]]:
    return {(each.fault, each.nummer) for each in findings(database, code)[0]}


def forge(session: Session, ring: Keyring, code: str, number: int) -> AuditBatch:
    """Make a batch as Loket does, with a row of its own, under version 1."""
    row, last = written(session, code), sealing.last_batch(session, code)
    session.flush()
    columns = FORMS[FORM]["audit_record"]
    values = [getattr(row, column) for column in columns]
    leaf = leaf_hash(canonical("audit_record", columns, values, ()))
    batch = AuditBatch(
        id=uuid7(),
        keten=code,
        nummer=number,
        form=FORM,
        aantal=1,
        root=root_of([leaf]),
        row_ids=row.id.bytes,
        previous=last.hash if last else bytes(32),
        until=AT,
        sealed_at=AT,
        key_version=1,
        gemeente_code=code,
    )
    batch.hash = batch.hash_of_header()
    batch.signature = ring.signers[1].sign(batch.hash)
    session.add(batch)
    session.flush()
    session.add(
        AuditLeaf(
            tabel="audit_record",
            row_id=row.id,
            batch_id=batch.id,
            positie=0,
            hash=leaf,
            mac=leaf_mac(ring.signers[1].mark_key, batch.id, 0, leaf),
            gemeente_code=code,
        )
    )
    return batch


def with_old_key(database: Database, code: str, number: int) -> None:
    ring = keys_of(database, code)
    with database.transaction(Scope.of(code)) as session:
        forge(session, ring, code, number)


@pytest.fixture
def turned(database, code, small_batches) -> Replaced:
    write(database, code, 14)
    seal(database, code)
    return turn(database, code)


class TestTurning:
    def test_the_next_batch_is_signed_by_the_new_version(self, database, code, turned):
        assert turned == Replaced(1, 2, 3)
        write(database, code, 7)
        assert seal(database, code) == 7

        assert faults(database, code) == set()
        with database.session(Scope.of(code)) as session:
            last = sealing.last_batch(session, code)
            assert last is not None
            assert (last.nummer, last.key_version) == (3, 2)

    def test_may_be_done_again_and_before_anything_was_sealed(self, database, code):
        assert turn(database, code) == Replaced(1, 2, 1)
        assert turn(database, code) == Replaced(2, 3, 1)
        write(database, code, 1)
        assert seal(database, code) == 1
        assert turn(database, code) == Replaced(3, 4, 2)
        write(database, code, 1)
        seal(database, code)

        assert faults(database, code) == set()

    def test_is_told_in_the_journal(self, database, code, turned):
        with vault_in(database).engine.connect() as connection:
            (deed,) = last_deeds(connection, 1, [code])
        assert (deed.deed, deed.from_version, deed.to_version, deed.done_by) == (
            "signing_key.replaced",
            1,
            2,
            "test",
        )

    def test_what_a_killed_worker_sealed_is_known_first(
        self, database, code, small_batches, monkeypatch
    ):
        write(database, code, 7)
        with database.transaction(Scope.of(code)) as session:
            assert sealing.seal_batch(session, code, AT)

        assert turn(database, code).vanaf == 2
        assert faults(database, code) == set()

    def test_what_the_key_store_forgot_is_known_again(
        self, database, database_urls, code, small_batches
    ):
        """It was put back from a copy: of some batches it knows no more."""
        write(database, code, 21)
        seal(database, code)
        engine = create_engine(database_urls.keystore_owner_url)
        with engine.begin() as connection:
            off = "ALTER TABLE audit_anchor DISABLE TRIGGER USER"
            connection.execute(text(off))
            connection.execute(
                text("DELETE FROM audit_anchor WHERE keten = :c AND nummer = 2"),
                {"c": code},
            )
            connection.execute(text(off.replace("DISABLE", "ENABLE")))
        engine.dispose()
        turn(database, code)

        assert faults(database, code) == set()

    @pytest.mark.parametrize("change", ["DELETE FROM {}", "UPDATE {} SET vanaf = 99"])
    def test_from_where_a_version_holds_is_never_changed(
        self, database, code, turned, change
    ):
        with (
            pytest.raises(Exception, match=r"append-only|permission denied"),
            vault_in(database).engine.begin() as connection,
        ):
            connection.execute(text(change.format("signing_term")))

    def test_a_sealing_and_a_turning_at_once(self, database, code, small_batches):
        stop = threading.Event()
        failed: list[BaseException] = []
        turns: list[Replaced] = []

        def work(deed: Callable[[], object]) -> None:
            try:
                while not stop.is_set():
                    deed()
            except BaseException as error:
                failed.append(error)

        deeds = (
            lambda: write(database, code, 3),
            lambda: seal(database, code),
            lambda: (turns.append(turn(database, code)), stop.wait(0.05)),
        )
        threads = [threading.Thread(target=work, args=(deed,)) for deed in deeds]
        for thread in threads:
            thread.start()
        stop.wait(0.7)
        stop.set()
        for thread in threads:
            thread.join(30)
        seal(database, code)

        assert failed == []
        assert len(turns) > 2
        found, tally = findings(database, code)
        assert (found, tally.waiting) == ([], 0)
        with database.session(Scope.of(code)) as session:
            doubled = text(
                "SELECT 1 FROM audit_leaf GROUP BY tabel, row_id HAVING count(*) > 1"
            )
            assert session.execute(doubled).all() == []


class TestOldKey:
    """Somebody has the old private key, and may write in the database of the cases."""

    @pytest.mark.parametrize("number", [3, 4, 2**31 - 1])
    def test_signs_no_later_batch(self, database, code, turned, number):
        with_old_key(database, code, number)

        assert faults(database, code) == {(Fault.KEY_REPLACED, number)}

    @pytest.mark.parametrize("number", [0, -5])
    def test_signs_no_batch_among_the_old_ones(self, database, code, turned, number):
        with_old_key(database, code, number)

        assert (Fault.KEY_REPLACED, number) in faults(database, code)

    def test_replaces_no_old_batch(self, database, code, owner, turned):
        gone = "SELECT id FROM audit_batch WHERE keten = :code AND nummer = 2"
        as_owner(owner, f"DELETE FROM audit_leaf WHERE batch_id IN ({gone})", code=code)
        as_owner(
            owner,
            "DELETE FROM audit_batch WHERE keten = :code AND nummer = 2",
            code=code,
        )
        with_old_key(database, code, 2)

        assert faults(database, code) >= {
            (Fault.KEY_REPLACED, 2),
            (Fault.NOT_ANCHORED, 2),
        }

    def test_does_not_end_the_sealing_or_lead_it_astray(self, database, code, turned):
        for number in (3, 2**31 - 1):
            with_old_key(database, code, number)
        write(database, code, 1)

        # its rows are sealed by Loket as well: that batch is no place to be
        assert seal(database, code) == 3
        with database.session(Scope.of(code)) as session:
            last = sealing.last_signed(session, keys_of(database, code), code)
            assert last is not None
            assert (last.nummer, last.key_version) == (4, 2)
        found = faults(database, code)
        assert {(Fault.KEY_REPLACED, 3), (Fault.KEY_REPLACED, 2**31 - 1)} <= found
        assert {number for _, number in found} == {3, 2**31 - 1}

    def test_sealing_and_the_check_take_the_same_batches(
        self, database, code, owner, turned
    ):
        """Whatever stands at the end: it is built on exactly when it is no fault."""
        with_old_key(database, code, 3)
        as_owner(
            owner,
            "UPDATE audit_batch SET key_version = 2 WHERE keten = :code AND nummer = 2",
            code=code,
        )
        ring = keys_of(database, code)
        with database.session(Scope.of(code)) as session:
            last = sealing.last_signed(session, ring, code)
            assert last is not None
            assert last.nummer == 1
        assert {number for _, number in faults(database, code)} == {2, 3}


class TestExport:
    def export(self, database: Database, code: str, path: Path) -> Path:
        with database.session(Scope.of(code)) as session:
            ring = keyring(session.info["vault"], code)
            write_export(session, ring, code, ALWAYS, path, AT)
        return path

    def public(self, database: Database, code: str) -> dict[int, PublicKey]:
        ring = keys_of(database, code)
        return {
            version: PublicKey(ring.terms[version], signer.public)
            for version, signer in ring.signers.items()
        }

    def test_of_two_keys_is_sound(self, database, code, turned, tmp_path):
        write(database, code, 7)
        seal(database, code)
        path = self.export(database, code, tmp_path / "spoor.zip")

        assert verify_export(path) == []
        assert verify_export(path, self.public(database, code)) == []

    def test_names_what_the_old_key_signed_later(
        self, database, code, turned, tmp_path
    ):
        with_old_key(database, code, 3)
        path = self.export(database, code, tmp_path / "spoor.zip")

        told = verify_export(path, self.public(database, code))
        assert told == [
            "bundel 3: ondertekend met versie 1, die hier niet geldt",
        ]

    def test_that_the_old_key_closed_is_refused(
        self, database, code, small_batches, tmp_path
    ):
        write(database, code, 7)
        seal(database, code)
        path = self.export(database, code, tmp_path / "spoor.zip")
        assert verify_export(path) == []
        turn(database, code)

        (told,) = verify_export(path, self.public(database, code))
        assert "die is vervangen" in told
