"""Data keys are replaced while the office works, and nothing is lost."""

import threading
from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import LargeBinary, event, select, text

from loket import nouns
from loket.db import Model, uuid7
from loket.vault import rotation
from loket.vault.cell import CipherBytes, key_version
from loket.vault.epoch import StillAtWork, open_epoch, wait_for_older
from loket.vault.errors import KeyDestroyed, Tampered
from loket.vault.reseal import Reseal
from loket.vault.rewrap import AlreadyTurning, only_one
from loket.vault.rotation import WHOLE
from loket.vault.sealedtables import sealed_tables
from vault.ground import BUUR, GEMEENTE, Ground
from vault.proef import Houder, Own, Persoon, Stuk

WHOLE_VALUES = {
    "tekst": "Ÿlva\x00 “ja”",
    "toelichting": "",
    "dag": date(1941, 5, 9),
    "akkoord": False,
    "aantal": -3,
    "inhoud": b"%PDF\x00\x80\x81\x00\x00",
    "gegevens": {"a": (1, None, "x")},
}


def stuk(**values: object) -> Stuk:
    return Stuk(**{"gemeente_code": GEMEENTE, "dossier_id": uuid7(), **values})


def store(ground: Ground, *rows: object) -> None:
    with ground.session(GEMEENTE, BUUR) as session:
        session.add_all(rows)
        session.commit()


def reseal(ground: Ground, tenant: str = GEMEENTE, **options: object) -> Reseal:
    """Who replaces keys, as a process of its own: nothing is open yet."""
    vault = ground.vault()
    database = ground.database(vault)
    return Reseal(database, vault, tenant, metadata=Own.metadata, **options)  # type: ignore[arg-type]  # options are those of Reseal


def versions(ground: Ground, scope: UUID) -> list[int]:
    with ground.keys.connect() as connection:
        found = text("SELECT version FROM data_key WHERE scope_id = :s ORDER BY 1")
        return list(connection.scalars(found, {"s": scope}))


def cells(ground: Ground) -> list[int]:
    """The key version of every cell there is."""
    found = []
    with ground.data.connect() as connection:
        for table in sealed_tables(Own.metadata):
            for row in connection.execute(select(*table.model.__table__.c)):
                values = [getattr(row, slot) for slot in table.layout.slots]
                found += [key_version(cell) for cell in values if cell is not None]
    return found


class TestTables:
    def test_every_column_of_cells_of_every_noun_is_found(self):
        assert nouns.MODULES
        declared = {
            (table.name, column.name)
            for table in Model.metadata.tables.values()
            for column in table.columns
            if isinstance(column.type, CipherBytes)
        }
        found = {
            (table.layout.table, slot)
            for table in sealed_tables()
            for slot in table.layout.slots
        }

        assert found == declared
        assert len(found) > 30

    def test_every_other_column_of_bytes_is_known_to_hold_no_cell(self):
        plain = {
            f"{table.name}.{column.name}"
            for table in Model.metadata.tables.values()
            for column in table.columns
            if isinstance(column.type, LargeBinary)
        }

        hashes = {f"audit_leaf.{name}" for name in ("hash", "mac")} | {"row_seal.mac"}
        for name in ("hash", "previous", "root", "row_ids", "signature"):
            hashes.add(f"audit_batch.{name}")
        tokens = {"search_token.token", "search_unique.token"}
        assert plain == {"huisstijl.logo"} | tokens | hashes

    def test_every_table_says_whose_its_rows_are(self):
        for each in sealed_tables():
            columns = set(each.model.__table__.c.keys())
            assert {name.key for name in each.table.c} <= columns


class TestReseal:
    def test_every_cell_gets_the_new_key_and_the_old_one_goes(self, ground: Ground):
        whole = stuk(**WHOLE_VALUES)
        person = Persoon(
            gemeente_code=GEMEENTE, bsn="999900006", achternaam="van den Bérg"
        )
        neighbour = stuk(gemeente_code=BUUR, tekst="buur")
        store(ground, whole, person, neighbour)
        version = person.version

        done = reseal(ground).run()

        assert done.scopes >= 2
        assert done.broken == set()
        for scope in (whole.dossier_id, person.id):
            assert versions(ground, scope) == [2]
        assert versions(ground, neighbour.dossier_id) == [1]
        with ground.session(GEMEENTE, BUUR) as later:
            again = later.get_one(Stuk, whole.id)
            for name, value in WHOLE_VALUES.items():
                assert getattr(again, name) == value
            assert again.bedrag is None
            found = later.get_one(Persoon, person.id)
            assert (found.bsn, found.achternaam) == ("999900006", "van den Bérg")
            assert found.version == version
            assert later.get_one(Stuk, neighbour.id).tekst == "buur"

    def test_one_dossier_is_resealed_alone(self, ground: Ground):
        one, other = stuk(tekst="een"), stuk(tekst="ander")
        store(ground, one, other)

        assert reseal(ground).run(one.dossier_id).scopes == 1
        assert versions(ground, one.dossier_id) == [2]
        assert versions(ground, other.dossier_id) == [1]

    def test_accounts_have_keys_of_their_own(self, ground: Ground):
        row = Houder(geheim="totp")
        store(ground, row)

        reseal(ground, "0000").run()

        assert versions(ground, row.id) == [2]
        with ground.session() as later:
            assert later.get_one(Houder, row.id).geheim == "totp"

    def test_a_page_of_before_opens_what_stands_there_now(self, ground: Ground):
        row = stuk(tekst="een", aantal=3)
        store(ground, row)
        with ground.session() as reader:
            loaded = reader.get_one(Stuk, row.id)
            reader.commit()
            reseal(ground).run()

            assert (loaded.tekst, loaded.aantal) == ("een", 3)

    def test_a_process_with_the_old_key_seals_with_the_new_one(self, ground: Ground):
        row = stuk(tekst="een")
        vault = ground.vault()
        with ground.session(vault=vault) as writer:
            writer.add(row)
            writer.commit()
            reseal(ground).run()
            row.tekst = "twee"
            writer.add(stuk(dossier_id=row.dossier_id, tekst="nieuw"))
            writer.commit()

        assert set(cells(ground)) == {2}
        with ground.session() as later:
            assert later.get_one(Stuk, row.id).tekst == "twee"

    def test_what_was_sealed_before_a_rollback_is_sealed_anew(self, ground: Ground):
        first, row = stuk(tekst="een"), stuk(tekst="twee")
        row.dossier_id = first.dossier_id
        store(ground, first)
        with ground.session() as writer:
            writer.add(row)
            writer.flush()
            writer.rollback()
            reseal(ground).run()
            writer.add(row)
            writer.commit()

        assert set(cells(ground)) == {2}
        with ground.session() as later:
            assert later.get_one(Stuk, row.id).tekst == "twee"

    def test_a_broken_cell_keeps_its_key_and_is_told(self, ground: Ground):
        broken, whole = stuk(tekst="een"), stuk(tekst="twee")
        store(ground, broken, whole)
        with ground.data.begin() as connection:
            connection.execute(
                text(
                    "UPDATE proef_stuk SET tekst = set_byte(tekst, 20,"
                    " get_byte(tekst, 20) # 1) WHERE id = :id"
                ),
                {"id": broken.id},
            )

        done = reseal(ground).run()

        assert done.broken == {("proef_stuk", broken.id, "tekst")}
        assert versions(ground, broken.dossier_id) == [1, 2]
        assert versions(ground, whole.dossier_id) == [2]
        with ground.session() as later, pytest.raises(Tampered):
            _ = later.get_one(Stuk, broken.id).tekst

    def test_what_was_destroyed_stays_destroyed(self, ground: Ground):
        row = stuk(tekst="een")
        store(ground, row)
        ground.vault().shred(row.dossier_id, "bewaartermijn")

        reseal(ground).run()

        assert versions(ground, row.dossier_id) == []
        with ground.session() as later, pytest.raises(KeyDestroyed):
            _ = later.get_one(Stuk, row.id).tekst

    def test_what_is_destroyed_meanwhile_does_not_hold_it_up(self, ground: Ground):
        gone, stays = stuk(tekst="een"), stuk(tekst="twee")
        store(ground, gone, stays)
        work = reseal(ground, patience=5)
        shredded = []

        def shred(_line: str) -> None:
            if not shredded:
                shredded.append(gone.dossier_id)
                ground.vault().shred(gone.dossier_id, "bewaartermijn")

        moving = rotation.renew
        try:
            rotation.renew = lambda *given: (targets := moving(*given), shred(""))[0]  # type: ignore[assignment]  # between two steps
            work.run()
        finally:
            rotation.renew = moving

        assert versions(ground, gone.dossier_id) == []
        assert versions(ground, stays.dossier_id) == [2]

    def test_two_at_once_are_refused(self, ground: Ground):
        with (
            only_one(ground.keys),
            pytest.raises(AlreadyTurning),
        ):
            reseal(ground).run()


class TestResume:
    @pytest.mark.parametrize("stop", ["open_epoch", "wait_for_older", "drop_older"])
    def test_goes_on_with_the_same_key_after_a_stop(
        self, ground: Ground, monkeypatch, stop
    ):
        row = stuk(tekst="een")
        store(ground, row)

        def fail(*_given: object, **_named: object) -> None:
            raise OSError("stopped here")

        module = "rotation" if stop == "drop_older" else "reseal"
        with monkeypatch.context() as patched:
            patched.setattr(f"loket.vault.{module}.{stop}", fail)
            with pytest.raises(OSError, match="stopped here"):
                reseal(ground).run()
        assert versions(ground, row.dossier_id) == [1, 2]
        with ground.session() as later:
            assert later.get_one(Stuk, row.id).tekst == "een"

        reseal(ground).run()

        assert versions(ground, row.dossier_id) == [2]
        assert cells(ground) == [2] * len(cells(ground))

    def test_what_is_ready_is_not_done_again(self, ground: Ground):
        row = stuk(tekst="een")
        store(ground, row)
        with ground.keys.begin() as connection:
            rotation.begin(connection, GEMEENTE, WHOLE)
        reseal(ground).run(row.dossier_id)

        reseal(ground).run()

        assert versions(ground, row.dossier_id) == [2]

    def test_a_new_run_makes_a_new_key(self, ground: Ground):
        row = stuk(tekst="een")
        store(ground, row)

        reseal(ground).run()
        reseal(ground).run()

        assert versions(ground, row.dossier_id) == [3]


class TestWriterThatIsSlow:
    """A transaction that sealed before, and commits after everything else."""

    def test_keeps_its_commit_and_its_key(self, ground: Ground):
        row = stuk(tekst="een")
        store(ground, row)
        with ground.session(vault=ground.vault()) as writer:
            late = stuk(dossier_id=row.dossier_id, tekst="laat")
            writer.add(late)
            writer.flush()
            with pytest.raises(StillAtWork):
                reseal(ground, patience=0.3).run()
            assert versions(ground, row.dossier_id) == [1, 2]
            done = threading.Thread(target=reseal(ground, patience=20).run)
            done.start()
            done.join(0.5)
            assert done.is_alive()
            writer.commit()
        done.join(20)

        assert not done.is_alive()
        assert versions(ground, row.dossier_id) == [2]
        assert set(cells(ground)) == {2}
        with ground.session() as later:
            assert later.get_one(Stuk, late.id).tekst == "laat"

    def test_that_waits_before_it_stores_is_waited_for_as_well(self, ground: Ground):
        row = stuk(tekst="een")
        store(ground, row)
        sealed, may_go = threading.Event(), threading.Event()
        late = stuk(dossier_id=row.dossier_id, tekst="laat")

        def pause(_connection, _cursor, statement, *_rest):
            if statement.startswith("INSERT INTO proef_stuk"):
                sealed.set()
                assert may_go.wait(20)

        def write() -> None:
            with ground.session(vault=ground.vault()) as writer:
                writer.add(late)
                writer.commit()

        event.listen(ground.data, "before_cursor_execute", pause)
        try:
            writing = threading.Thread(target=write)
            writing.start()
            assert sealed.wait(20)
            turning = threading.Thread(target=reseal(ground, patience=20).run)
            turning.start()
            turning.join(0.5)
            assert turning.is_alive()
        finally:
            may_go.set()
            writing.join(20)
            event.remove(ground.data, "before_cursor_execute", pause)
        turning.join(20)

        assert set(cells(ground)) == {2}
        with ground.session() as later:
            assert later.get_one(Stuk, late.id).tekst == "laat"

    def test_a_row_somebody_works_on_is_moved_when_they_are_ready(self, ground: Ground):
        row = stuk(tekst="een")
        store(ground, row)
        with ground.session() as reader:
            reader.execute(
                text("SELECT FROM proef_stuk WHERE id = :id FOR UPDATE"),
                {"id": row.id},
            )
            turning = threading.Thread(target=reseal(ground, patience=20).run)
            turning.start()
            turning.join(0.5)
            assert turning.is_alive()
        turning.join(20)

        assert versions(ground, row.dossier_id) == [2]

    def test_a_savepoint_that_was_undone_does_not_let_go(self, ground: Ground):
        row = stuk(tekst="een")
        store(ground, row)
        with ground.session(vault=ground.vault()) as writer:
            with writer.begin_nested() as savepoint:
                writer.add(stuk(dossier_id=row.dossier_id, tekst="weg"))
                writer.flush()
                savepoint.rollback()
            writer.add(stuk(dossier_id=row.dossier_id, tekst="blijft"))
            writer.flush()
            open_epoch(ground.data, GEMEENTE)

            with pytest.raises(StillAtWork):
                wait_for_older(ground.data, GEMEENTE, patience=0.2)
        wait_for_older(ground.data, GEMEENTE, patience=5)

    def test_who_begins_later_does_not_wait(self, ground: Ground):
        row = stuk(tekst="een")
        store(ground, row)
        with ground.session(vault=ground.vault()) as slow:
            slow.add(stuk(dossier_id=row.dossier_id, tekst="traag"))
            slow.flush()
            turning = threading.Thread(target=reseal(ground, patience=20).run)
            turning.start()
            turning.join(0.3)
            store(ground, stuk(dossier_id=row.dossier_id, tekst="vlot"))
            assert turning.is_alive()
            slow.commit()
        turning.join(20)

        assert set(cells(ground)) == {2}
