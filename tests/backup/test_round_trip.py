"""What was copied comes back whole, opens, can be found, and is shut as before."""

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from pyrage.x25519 import Identity
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from backup.conftest import CODE, KEPT, WORD, House
from build.rows import canary
from conftest import open_vault
from loket.backup import chain, dump
from loket.backup.dump import dumped
from loket.backup.envelope import new_pair, unseal
from loket.backup.making import make_copy, one_moment
from loket.backup.manifest import Manifest
from loket.backup.restoring import put_back
from loket.cases.dossier.inwoner import Inwoner
from loket.config import Config
from loket.db import Database, Scope, make_engine
from loket.outside import connection_to
from loket.processes import StartProblem
from loket.programs import find_clients
from loket.vault.search import search
from servers import DatabaseUrls

SHUT = (
    # policies, rights, triggers, keys and functions, as PostgreSQL itself tells them
    "SELECT tablename, policyname, permissive, roles::text, cmd, qual, with_check"
    " FROM pg_policies ORDER BY 1, 2",
    "SELECT relname, relrowsecurity, relacl::text FROM pg_class JOIN pg_namespace n"
    " ON n.oid = relnamespace WHERE nspname IN ('public', 'beleid')"
    " AND relkind IN ('r', 'v') ORDER BY 1",
    "SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) FROM pg_trigger"
    " WHERE NOT tgisinternal ORDER BY 1, 2",
    "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)"
    " FROM pg_constraint WHERE conrelid <> 0 ORDER BY 1, 2",
    "SELECT proname, prosecdef, proconfig::text, md5(prosrc) FROM pg_proc p JOIN"
    " pg_namespace n ON n.oid = pronamespace WHERE nspname IN ('public', 'beleid')"
    " AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = p.oid AND deptype = 'e')"
    " ORDER BY 1, 4",
)
TOKENS = (
    "SELECT gemeente_code, index_name, encode(token, 'hex'), row_id, scope_id"
    " FROM {} WHERE index_name LIKE '%.%' ORDER BY 1, 2, 3, 4"
)


def ask(url: str, question: str) -> list[tuple[object, ...]]:
    with connection_to(url) as connection:
        return [tuple(row) for row in connection.execute(text(question))]


def as_meant(rows: list[tuple[object, ...]]) -> list[str]:
    """Leave out casts and brackets: PostgreSQL sets them elsewhere when it reads back.

    `= ANY ((ARRAY['a'::varchar])::text[])` becomes `= ANY (ARRAY['a'::varchar::text])`.
    """
    return sorted(re.sub(r"::[a-z ]+(\[\])?|[()]", "", repr(row)) for row in rows)


@contextmanager
def people_of(config: Config) -> Iterator[Session]:
    """Work in a database that was put back, as the program does."""
    urls = DatabaseUrls(
        config.database_url,
        config.database_owner_url,
        config.keystore_url,
        config.keystore_owner_url,
    )
    keys, vault = open_vault(urls)
    engine = make_engine(config.database_url)
    with Database(engine, vault=vault).transaction(Scope.of("0396")) as session:
        yield session
    engine.dispose()
    keys.dispose()


class TestPutBack:
    def test_is_the_same_house(self, house: House, made, lost: Config):
        done = put_back(
            lost,
            house.newest(),
            house.newest(chain.KEYS),
            house.identities,
            all_cells=True,
        )

        assert done.proof.faults == []
        assert done.proof.opened > 75
        assert done.proof.rows == sum(made.data.rows.values())
        for here, there in (
            (house.config.database_owner_url, lost.database_owner_url),
            (house.config.keystore_owner_url, lost.keystore_owner_url),
        ):
            for question in SHUT:
                before = as_meant(ask(here, question))
                assert as_meant(ask(there, question)) == before
                assert before or "policies" in question or "prosecdef" in question
        self.assert_found(house, lost)
        self.assert_shut(lost)

    def assert_found(self, house: House, lost: Config) -> None:
        for table in ("search_token", "search_unique"):
            before = ask(house.config.database_owner_url, TOKENS.format(table))
            assert before
            assert ask(lost.database_owner_url, TOKENS.format(table)) == before
        with people_of(lost) as session:
            found = search(
                session, Inwoner, gemeente_code="0396", achternaam=f"{WORD}*"
            )
            assert len(found) == 12
            assert {each.achternaam.startswith(WORD) for each in found} == {True}

    def assert_shut(self, lost: Config) -> None:
        engine = create_engine(lost.database_url)
        with engine.connect() as connection:
            unscoped = connection.scalar(text("SELECT count(*) FROM inwoner"))
            with pytest.raises(DBAPIError, match="permission denied"):
                connection.execute(text("DELETE FROM audit_record"))
        engine.dispose()
        assert unscoped == 0

    def test_can_be_copied_and_put_back_once_more(self, house: House, made, lost):
        put_back(lost, house.newest(), house.newest(chain.KEYS), house.identities)
        own = replace(lost, backup_to=lost.home / "backup")
        make_copy(own, **KEPT)
        newest = chain.newest(own.backup_dir, chain.DATA)

        # under the keys that are there, as is usual
        again = put_back(lost, newest, None, house.identities, overwrite=True)

        assert again.keys is None
        assert again.proof.faults == []
        assert again.proof.rows == sum(made.data.rows.values())

    def test_lays_messages_aside_so_that_none_is_sent_twice(self, house, made, lost):
        done = put_back(
            lost, house.newest(), house.newest(chain.KEYS), house.identities
        )

        assert done.messages == lost.iwmo_dir / "teruggezet" / made.data.name
        back = done.messages / "out" / "WMO301_een.xml"
        first = house.config.iwmo_dir / "out" / "WMO301_een.xml"
        assert back.read_bytes() == first.read_bytes()
        assert not (lost.iwmo_dir / "out").exists()


class TestCopy:
    def test_holds_no_search_tokens(self, house: House, made, tmp_path):
        assert "public.search_token" not in made.data.rows
        opened = self.opened(house, tmp_path)

        tokens = ask(house.config.database_owner_url, TOKENS.format("search_unique"))

        assert tokens
        assert b"COPY public.inwoner " in opened
        assert b"COPY public.search_unique " not in opened
        for row in tokens:
            assert str(row[2]).encode() not in opened

    def opened(self, house: House, tmp_path) -> bytes:
        archive = tmp_path / "archive"
        sealed = house.newest() / "database.dump.age"
        with sealed.open("rb") as source, archive.open("wb") as target:
            unseal(source, target, house.identities)
        clients = find_clients(house.config.home, made_by(house)).bin
        done = subprocess.run(
            [clients / "pg_restore", "--file=-", archive],
            capture_output=True,
            timeout=60,
            check=True,
        )
        return done.stdout

    def test_shows_nothing_and_says_little(self, house: House, made):
        for which in chain.CHAINS:
            for file in house.newest(which).iterdir():
                held = file.read_bytes()
                assert canary(CODE, "inwoner", "achternaam").encode() not in held
                assert WORD.encode() not in held
        assert set(made.data.rows) > {"public.inwoner", "public.dossier"}
        assert made.data.lsn.count("/") == 1
        assert made.data.pair == made.keys.pair

    def test_is_not_opened_by_what_stands_on_the_server(self, house: House, made):
        assert made.data.recipients == house.config.backup_recipients
        other = new_pair()[0]
        with (
            (house.newest() / "database.dump.age").open("rb") as sealed,
            Path("/dev/null").open("wb") as nowhere,
            pytest.raises(StartProblem, match="past niet"),
        ):
            unseal(sealed, nowhere, [Identity.from_str(other)])

    def test_is_closed_to_others_on_the_disk(self, house: House, made):
        for folder in (house.config.backup_dir, house.newest()):
            assert folder.stat().st_mode & 0o077 == 0

    def test_is_of_one_moment(self, house: House, made):
        with one_moment(house.config) as moment:
            before = moment.data.scalar(text("SELECT count(*) FROM inwoner"))
            with connection_to(house.config.database_owner_url) as other:
                other.execute(text("DELETE FROM search_token"))
                clients = find_clients(house.config.home, made_by(house)).bin
                url = house.config.database_owner_url
                with dumped(clients, url, moment.data_snapshot) as archive:
                    assert archive.read(5) == b"PGDMP"
                    while archive.read(1 << 20):
                        pass
                other.rollback()

        assert before == made.data.rows["public.inwoner"]

    def test_puts_no_password_on_the_command_line(self, monkeypatch, house: House):
        url = make_url(house.config.database_owner_url).set(password="hoorngeelduin")
        address, environ = dump._call(url.render_as_string(hide_password=False))

        assert "hoorngeelduin" not in address
        assert environ["PGPASSWORD"] == "hoorngeelduin"


def made_by(house: House) -> int:
    return Manifest.read(house.newest()).postgres
