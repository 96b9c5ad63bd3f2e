"""Keys come before data, in few questions, and never cross a fork or a thread."""

import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Engine, event, select, text

from loket.db import uuid7
from loket.vault.errors import Tampered
from loket.vault.shelf import Shelf
from loket.vault.tokens import exact, surname_nl
from loket.vault.vault import Vault
from vault.ground import BUUR, GEMEENTE, KEK, Ground
from vault.proef import Persoon, Stuk

GOLDEN = json.loads((Path(__file__).parent / "golden.json").read_text("utf-8"))


@contextmanager
def statements(engine: Engine) -> Iterator[list[str]]:
    """Note every statement that goes to this database."""
    seen: list[str] = []

    def note(_connection, _cursor, statement, *_rest):
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def personen(count: int) -> list[Persoon]:
    return [
        Persoon(
            gemeente_code=GEMEENTE,
            bsn=f"{999900000 + number}",
            achternaam=f"Jansen{number}",
            geboortedatum=date(1950, 1, 1),
        )
        for number in range(count)
    ]


class TestQuestions:
    def test_a_cold_page_of_fifty_asks_the_key_store_once(self, session, ground):
        session.add_all(personen(50))
        session.commit()
        with ground.session() as cold, statements(ground.keys) as seen:
            names = {row.achternaam for row in cold.scalars(select(Persoon))}

        assert len(names) == 50
        assert len(seen) == 1

    def test_a_warm_page_asks_nothing(self, session, ground, vault):
        session.add_all(personen(5))
        session.commit()
        with ground.session(vault=vault) as warm, statements(ground.keys) as seen:
            assert len([row.bsn for row in warm.scalars(select(Persoon))]) == 5

        assert seen == []

    def test_a_flipped_version_asks_once_and_no_more(self, session, ground):
        row = Stuk(gemeente_code=GEMEENTE, dossier_id=uuid7(), tekst="x")
        session.add(row)
        session.commit()
        with ground.data.begin() as connection:
            connection.execute(
                text("UPDATE proef_stuk SET tekst = set_byte(tekst, 2, 9)")
            )
        with ground.session() as later:
            found = later.get_one(Stuk, row.id)
            with pytest.raises(Tampered):
                _ = found.tekst
            with statements(ground.keys) as seen, pytest.raises(Tampered):
                _ = found.tekst

        assert seen == []

    def test_a_flush_makes_its_keys_in_one_transaction(self, session, ground):
        first, *others = personen(21)
        session.add(first)
        session.flush()
        begun = []
        note = begun.append
        event.listen(ground.keys, "commit", note)
        session.add_all(others)
        session.flush()
        event.remove(ground.keys, "commit", note)

        assert len(begun) == 1

    def test_a_flush_writes_its_tokens_in_few_statements(self, session, ground):
        session.add_all(personen(20))
        with statements(ground.data) as seen:
            session.flush()

        tokens = [line for line in seen if "search_" in line]
        assert len(tokens) == 2

    def test_the_keys_stand_before_the_data_is_written(self, session, ground):
        row = personen(1)[0]
        standing = []

        def note(_connection, _cursor, statement, *_rest):
            if statement.startswith("INSERT INTO proef_persoon"):
                with ground.keys.connect() as connection:
                    found = text("SELECT count(*) FROM data_key WHERE scope_id = :s")
                    standing.append(connection.scalar(found, {"s": row.id}))

        event.listen(ground.data, "before_cursor_execute", note)
        session.add(row)
        session.flush()
        event.remove(ground.data, "before_cursor_execute", note)

        assert standing == [1]

    def test_a_scope_is_opened_once(self, ground, vault):
        scope = uuid7()
        vault.open_scope(GEMEENTE, scope, "dossier")
        ground.vault().open_scope(GEMEENTE, scope, "dossier")

        with ground.keys.connect() as connection:
            found = text("SELECT kind, version FROM data_key WHERE scope_id = :s")
            keys = connection.execute(found, {"s": scope}).all()
        assert [tuple(key) for key in keys] == [("dossier", 1)]

    def test_each_opening_is_told(self, session, ground):
        session.add_all(personen(2))
        session.commit()
        told = []
        vault = ground.vault(on_open=lambda _s, row, name: told.append((row.id, name)))
        with ground.session(vault=vault) as later:
            rows = later.scalars(select(Persoon)).all()
            for row in rows:
                assert row.bsn
                assert row.achternaam

        assert sorted(told) == sorted((row.id, "identiteit") for row in rows)


class TestProcesses:
    def test_a_child_shares_no_key_no_connection_and_no_nonce(self, session, ground):
        vault = session.info["vault"]
        row = Stuk(gemeente_code=GEMEENTE, dossier_id=uuid7(), tekst="x")
        session.add(row)
        session.commit()
        readers = []
        for _ in range(4):
            reader, writer = os.pipe()
            child = os.fork()
            if child == 0:
                _be_a_child(writer, vault, row.dossier_id)
            os.close(writer)
            readers.append((child, reader))
        nonces = []
        for child, reader in readers:
            with os.fdopen(reader, "rb") as pipe:
                answer = pipe.read()
            _, status = os.waitpid(child, 0)
            assert os.waitstatus_to_exitcode(status) == 0
            assert answer[:1] == b"1"
            nonces += [answer[at : at + 12] for at in range(1, len(answer), 12)]

        assert len(nonces) == 4 * 1000
        assert len(set(nonces)) == len(nonces)
        session.refresh(row)
        assert row.tekst == "x"

    def test_threads_never_seal_under_the_key_of_another(self, ground, vault):
        wrong: list[object] = []

        def work(gemeente: str) -> None:
            for _ in range(10):
                with ground.session(gemeente, vault=vault) as session:
                    row = Stuk(
                        gemeente_code=gemeente, dossier_id=uuid7(), tekst=gemeente
                    )
                    session.add(row)
                    session.commit()
                    session.expire_all()
                    if row.tekst != gemeente:
                        wrong.append(row.id)

        threads = [
            threading.Thread(target=work, args=(code,))
            for code in (GEMEENTE, BUUR, "0599", "0363") * 2
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)

        assert wrong == []
        with ground.session(vault=ground.vault()) as later:
            rows = later.scalars(select(Stuk)).all()
            assert len(rows) == 80
            assert all(row.tekst == row.gemeente_code for row in rows)

    def test_the_shelf_keeps_no_more_and_no_longer_than_it_should(self):
        shelf: Shelf[int, int] = Shelf(2, 60)
        for number in range(3):
            shelf.put(number, number)

        assert [shelf.get(number) for number in range(3)] == [None, 1, 2]
        stale: Shelf[int, int] = Shelf(2, -1)
        stale.put(1, 1)
        assert stale.get(1) is None


def _be_a_child(writer: int, vault, scope: UUID) -> None:
    """Say whether the cache is empty, then give a thousand nonces; never return."""
    try:
        from loket.vault.cell import label_hash, seal

        empty = vault.known_key(GEMEENTE, scope, 1) is None
        version, key = vault.sealing_key(GEMEENTE, scope, "dossier")
        label = label_hash("x", "text")
        cells = [seal(key, version, label, scope, scope, b"x") for _ in range(1000)]
        os.write(writer, b"1" if empty else b"0")
        os.write(writer, b"".join(cell[3:15] for cell in cells))
    except BaseException:
        os._exit(1)
    os._exit(0)


class TestForgotten:
    """A process that hears it was deaf forgets all: whoever works loses nothing."""

    def test_between_loading_and_opening(self, session, ground, monkeypatch):
        session.add_all(personen(3))
        session.commit()
        vault = ground.vault()
        load = vault.load

        def load_and_forget(scopes):
            load(scopes)
            vault.clear()

        monkeypatch.setattr(vault, "load", load_and_forget)
        with ground.session(vault=vault) as reader:
            names = {row.achternaam for row in reader.scalars(select(Persoon))}

        assert names == {"Jansen0", "Jansen1", "Jansen2"}

    def test_between_making_a_key_and_sealing(self, ground, monkeypatch):
        vault, keep, times = ground.vault(), Vault._keep, []

        def keep_and_forget(self, *opened):
            is_kept = keep(self, *opened)
            if len(times) < 3:
                times.append(is_kept)
                self.clear()
            return is_kept

        monkeypatch.setattr(Vault, "_keep", keep_and_forget)
        with ground.session(vault=vault) as writer:
            writer.add_all(personen(2))
            writer.commit()
        monkeypatch.undo()

        assert times == [True] * 3
        with ground.session() as reader:
            names = {row.achternaam for row in reader.scalars(select(Persoon))}
        assert names == {"Jansen0", "Jansen1"}

    def test_what_was_read_before_is_not_kept(self, session, ground):
        row = Stuk(gemeente_code=GEMEENTE, dossier_id=uuid7(), tekst="x")
        session.add(row)
        session.commit()
        vault = ground.vault()
        reading, times = vault._read, []

        def read_late(connection, scopes):
            opened = reading(connection, scopes)
            times.append(len(opened))
            if len(times) == 1:
                vault.clear()
            return opened

        vault._read = read_late
        vault.load([row.dossier_id])

        assert times == [1, 1]
        assert vault.known_key(GEMEENTE, row.dossier_id, 1) is not None


class TestGolden:
    """Every released version reads what an earlier one sealed."""

    @pytest.fixture
    def restored(self, ground: Ground) -> None:
        with ground.keys.begin() as connection:
            for table in ("tenant_key", "data_key"):
                connection.execute(
                    text(
                        f"INSERT INTO {table} SELECT * FROM"
                        f" json_populate_recordset(NULL::{table}, :rows)"
                        " ON CONFLICT DO NOTHING"
                    ),
                    {"rows": json.dumps(GOLDEN[table])},
                )
        with ground.data.begin() as connection:
            for table in ("proef_stuk", "proef_persoon"):
                connection.execute(
                    text(
                        f"INSERT INTO {table} SELECT * FROM"
                        f" json_populate_recordset(NULL::{table}, :rows)"
                    ),
                    {"rows": json.dumps(GOLDEN[table])},
                )

    def test_cells_of_every_kind_are_read(self, ground, restored):
        assert KEK.hex() == GOLDEN["kek"]
        with ground.session(GOLDEN["gemeente"]) as session:
            stuk = session.scalars(select(Stuk)).one()
            persoon = session.scalars(select(Persoon)).one()

            assert stuk.tekst == "Ÿlva\x00 zei: “ja”"
            assert stuk.toelichting == ""
            assert stuk.dag == date(1941, 5, 9)
            assert stuk.akkoord is False
            assert stuk.aantal == -3
            assert stuk.bedrag == 12_050
            assert stuk.inhoud == b"%PDF\x00\x80\x81\x00\x00"
            assert stuk.gegevens == {"a": (1, None, "x")}
            assert persoon.bsn == "999900006"
            assert persoon.achternaam == "van den Bérg"
            assert persoon.geboortedatum == date(1941, 5, 9)
            assert persoon.email is None

    def test_tokens_stay_the_same(self, ground, restored):
        vault = ground.vault()
        made = vault.tokens(
            GOLDEN["gemeente"],
            "proef_persoon.achternaam.exact",
            exact(surname_nl),
            "van den Bérg",
            unique=False,
        )

        assert [token.hex() for token in made] == GOLDEN["tokens"]


class TestFailure:
    def test_a_key_that_was_not_stored_never_seals(self, ground: Ground):
        vault, scope = ground.vault(), uuid7()

        def fail(_connection):
            raise OSError("the key store went away")

        event.listen(ground.keys, "commit", fail)
        try:
            with pytest.raises(OSError, match="went away"):
                vault.open_scope("8888", scope, "dossier")
        finally:
            event.remove(ground.keys, "commit", fail)
        with ground.session("8888", vault=vault) as session:
            row = Stuk(gemeente_code="8888", dossier_id=scope, tekst="x")
            session.add(row)
            session.commit()

        with ground.session("8888") as later:
            assert later.get_one(Stuk, row.id).tekst == "x"
