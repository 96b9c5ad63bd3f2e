"""Replacing the key of row seals: sound rows get a new seal, nothing is laundered."""

import os
import signal
import threading
import time
from typing import Any

import pytest
from sqlalchemy import event, text

from loket.cases.besluit.beschikking import Beschikking
from loket.db import Database, Model, Scope, make_engine
from loket.pgb.pgb import Pgb
from loket.vault.epoch import StillAtWork
from loket.vault.journal import last_deeds
from loket.vault.reseal import Reseal
from loket.vault.rowseal import add_removals, add_seals, seal_keys
from loket.vault.sealturn import Renewed, SealTurn
from loket.vault.vault import Vault
from loket.vault.verify import Fault
from vault.test_rowseal import CODE, SEALED, as_owner, faults, found_in, text_of, unhook
from vault.test_rowseal import owner as owner
from vault.test_rowseal import rows as rows


@pytest.fixture(autouse=True)
def _first_version(vault: Vault) -> None:
    """The key store is of all tests: begin with one version."""
    with vault.engine.begin() as connection:
        connection.execute(
            text(
                "DELETE FROM tenant_key k WHERE purpose = 'rs' AND tenant = :code AND"
                " version < (SELECT max(version) FROM tenant_key o WHERE"
                " o.tenant = k.tenant AND o.purpose = k.purpose)"
            ),
            {"code": CODE},
        )


def turn(database: Database, vault: Vault, **options: Any) -> Renewed:
    return SealTurn(database, vault, CODE, "test", patience=20).run(**options)


def old_keys(vault: Vault) -> dict[int, bytes]:
    """What somebody has who copied the key before it was replaced."""
    keys = seal_keys(vault, CODE)
    return {max(keys): keys[max(keys)]}


class TestTurning:
    def test_every_row_has_a_seal_of_the_new_key_alone(self, database, vault, rows):
        before = old_keys(vault)
        done = turn(database, vault)

        assert done.is_dropped
        assert (done.rows, done.new) == (len(SEALED), done.old + 1)
        assert seal_keys(vault, CODE).keys() == {done.new}
        assert before.keys().isdisjoint(seal_keys(vault, CODE))
        assert found_in(database) == []
        with vault.engine.connect() as connection:
            deeds = [each.deed for each in last_deeds(connection, 2, [CODE])]
        assert deeds == ["seal_key.replaced", "seal_key.added"]

    def test_what_loket_took_away_before_is_no_fault_after(self, database, vault, rows):
        with database.transaction(Scope.of(CODE)) as session:
            for agreement in session.scalars(text_of("zorgovereenkomst")).all():
                session.execute(
                    text("DELETE FROM zorgovereenkomst WHERE id = :id"),
                    {"id": agreement},
                )
            session.delete(session.get_one(Pgb, rows["pgb"].id))
        done = turn(database, vault)

        assert done.rows == len(SEALED)
        assert found_in(database) == []

    def test_other_data_keys_after_it_leave_seals_of_the_new_key(
        self, database, vault, rows
    ):
        turn(database, vault)
        Reseal(database, vault, CODE, patience=20).run()

        assert found_in(database) == []

    def test_goes_on_after_a_kill_at_every_statement(
        self, database, database_urls, vault, rows
    ):
        killed = [
            killed_at(database_urls, vault, moment)
            for moment in (4, 9, 12, 15, 18, 24, 31)
        ]
        assert killed.count(True) > 4
        done = turn(database, vault)

        assert done.is_dropped
        assert len(seal_keys(vault, CODE)) == 1
        assert found_in(database) == []

    def test_waits_for_who_may_still_seal_with_the_old_key(self, database, vault, rows):
        session = database.session(Scope.of(CODE))
        row = session.get_one(Beschikking, rows["beschikking"].id)
        row.onderwerp_motivering = "onder de oude sleutel"
        session.flush()
        with pytest.raises(StillAtWork):
            SealTurn(database, vault, CODE, "test", patience=0.3).run()
        assert len(seal_keys(vault, CODE)) == 2
        session.commit()
        session.close()
        assert found_in(database) == []

        assert turn(database, vault).is_dropped
        assert found_in(database) == []

    def test_people_write_on_meanwhile(self, database, vault, rows):
        stop = threading.Event()
        failed: list[BaseException] = []
        written = 0

        def write() -> None:
            nonlocal written
            try:
                while not stop.is_set():
                    with database.transaction(Scope.of(CODE)) as session:
                        found = session.get_one(Beschikking, rows["beschikking"].id)
                        found.onderwerp_motivering = f"keer {written}"
                    written += 1
            except BaseException as error:
                failed.append(error)

        thread = threading.Thread(target=write)
        thread.start()
        try:
            done = [turn(database, vault) for _ in range(3)]
        finally:
            stop.set()
            thread.join(20)

        assert failed == []
        assert all(each.is_dropped for each in done)
        assert written > 3
        assert found_in(database) == []


class TestTampered:
    def test_a_row_that_was_changed_is_not_laundered(
        self, database, vault, owner, rows
    ):
        wrong = rows["resultaatafspraak"].id
        as_owner(owner, "UPDATE resultaatafspraak SET doel = 6 - doel")
        done = turn(database, vault)

        assert done.unsound == {("resultaatafspraak", wrong)}
        assert not done.is_dropped
        assert faults(found_in(database)) == {
            (Fault.CHANGED, "resultaatafspraak", wrong)
        }
        # put back as it was, it is sound again and the old key can go
        as_owner(owner, "UPDATE resultaatafspraak SET doel = 6 - doel")
        again = turn(database, vault)
        assert (again.new, again.rows, again.is_dropped) == (done.new, 1, True)
        assert found_in(database) == []

    def test_the_old_key_can_go_and_the_row_stays_a_fault(
        self, database, vault, owner, rows
    ):
        wrong = rows["pgb"].id
        as_owner(owner, "UPDATE pgb SET jaarbedrag_cent = jaarbedrag_cent + 1")
        done = turn(database, vault, drop_always=True)

        assert done.is_dropped
        assert faults(found_in(database)) == {(Fault.CHANGED, "pgb", wrong)}
        as_owner(owner, "UPDATE pgb SET jaarbedrag_cent = jaarbedrag_cent - 1")
        assert faults(found_in(database)) == {(Fault.CHANGED, "pgb", wrong)}

    def test_a_row_that_was_taken_away_stays_a_fault(
        self, database, vault, owner, rows
    ):
        row_id = rows["resultaat_score"].id
        with owner.begin() as connection:
            unhook(connection, "resultaat_score")
            connection.execute(
                text("DELETE FROM resultaat_score WHERE id = :id"), {"id": row_id}
            )
        done = turn(database, vault)

        assert done.unsound == {("resultaat_score", row_id)}
        assert faults(found_in(database)) == {
            (Fault.REMOVED, "resultaat_score", row_id)
        }

    @pytest.mark.parametrize("claimed", ["old", "new"])
    def test_a_seal_of_the_old_key_is_no_seal_any_more(
        self, database, vault, owner, rows, claimed
    ):
        """Who has the old key changes a row and adds the line that belongs to it."""
        before = old_keys(vault)
        done = turn(database, vault)
        assert (done.is_dropped, done.old) == (True, *before), done
        as_owner(owner, "UPDATE pgb SET jaarbedrag_cent = jaarbedrag_cent + 1")
        ((version, key),) = before.items()
        forged = {version if claimed == "old" else done.new: key}
        with database.transaction(Scope.of(CODE)) as session:
            table = Model.metadata.tables["pgb"]
            add_seals(session.connection(), forged, table, CODE, [rows["pgb"].id])

        assert faults(found_in(database)) == {(Fault.CHANGED, "pgb", rows["pgb"].id)}

    def test_a_removal_that_the_old_key_sealed_hides_no_removal(
        self, database, vault, owner, rows
    ):
        before, row_id = old_keys(vault), rows["resultaat_score"].id
        turn(database, vault)
        with owner.begin() as connection:
            unhook(connection, "resultaat_score")
            connection.execute(
                text("DELETE FROM resultaat_score WHERE id = :id"), {"id": row_id}
            )
        with database.transaction(Scope.of(CODE)) as session:
            table = Model.metadata.tables["resultaat_score"]
            add_removals(session.connection(), before, table, CODE, [row_id])

        assert faults(found_in(database)) == {
            (Fault.REMOVED, "resultaat_score", row_id)
        }
        assert turn(database, vault).unsound == {("resultaat_score", row_id)}


def killed_at(urls: Any, vault: Vault, moment: int) -> bool:
    """Turn in a child that is killed at that many statements; tell whether it was."""
    child = os.fork()
    if child == 0:
        seen = 0

        def count(*_: object) -> None:
            nonlocal seen
            seen += 1
            if seen == moment:
                os.kill(os.getpid(), signal.SIGKILL)

        try:
            data = make_engine(urls.database_url)
            keys = make_engine(vault.engine.url.render_as_string(hide_password=False))
            for engine in (keys, data):
                event.listen(engine, "after_cursor_execute", count)
            own = Vault(keys, vault.tenant_keys.kek)
            turn(Database(data, vault=own), own)
        except BaseException:
            os._exit(3)
        os._exit(0)
    until = time.monotonic() + 30
    while True:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            break
        assert time.monotonic() < until
        time.sleep(0.02)  # between two looks whether the child has ended
    code = os.waitstatus_to_exitcode(status)
    assert code in (0, -signal.SIGKILL)
    return code != 0
