"""`loket vault reseal`, `rebuild-index`, `shred`, `sweep`, and what each day does."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from click.testing import CliRunner
from sqlalchemy import create_engine, select, text

from build.dossier import dossier, inwoner
from build.gemeente import actor, gemeente
from loket.audit.record import AuditRecord, AuditSubject
from loket.authz import Role
from loket.beheer.jobs import AGE, sweep_keys
from loket.cases.dossier.dossier import Dossier
from loket.cases.dossier.inwoner import Inwoner
from loket.cli import main
from loket.db import Scope, uuid7
from loket.vault import rebuild
from loket.vault.errors import KeyDestroyed
from loket.vault.search import search
from loket.vault.vault import Vault

CODE = "0785"
"""A gemeente of these tests alone: all of them share one key store."""


@pytest.fixture
def run(environment, monkeypatch):
    monkeypatch.setattr(rebuild, "sleep", lambda _seconds: None)

    def run(*words: str, typed: str = ""):
        return CliRunner().invoke(main, ("vault", *words), env=environment, input=typed)

    return run


@pytest.fixture
def zaak(database) -> Dossier:
    with database.transaction(Scope.of(CODE)) as session:
        gemeente(session, CODE)
        by = actor(Role.CONSULENT, gemeente=CODE)
        client = inwoner(session, by, achternaam="van den Berg")
        made = dossier(session, by, client=client)
        session.flush()
        session.info["vault"].open_scope(CODE, made.id, "dossier")
        return made


def versions(vault: Vault, scope: UUID) -> list[int]:
    with vault.engine.connect() as connection:
        asked = text("SELECT version FROM data_key WHERE scope_id = :s ORDER BY 1")
        return list(connection.scalars(asked, {"s": scope}))


def trail(database, action: str) -> list[tuple[str | None, set[UUID]]]:
    """Ground and ids of each record of this deed."""
    with database.transaction(Scope.of(CODE)) as session:
        records = session.scalars(
            select(AuditRecord).where(AuditRecord.action == action)
        ).all()
        assert all(each.via == "cli" for each in records)
        return [
            (
                each.grond,
                set(
                    session.scalars(
                        select(AuditSubject.subject_id).where(
                            AuditSubject.record_id == each.id
                        )
                    )
                ),
            )
            for each in records
        ]


def found(database, name: str) -> set[UUID]:
    with database.transaction(Scope.of(CODE)) as session:
        rows = search(session, Inwoner, gemeente_code=CODE, achternaam=name)
        return {row.id for row in rows}


def person_of(database) -> UUID:
    with database.transaction(Scope.of(CODE)) as session:
        return session.scalars(select(Inwoner.id)).one()


class TestReseal:
    def test_one_dossier_by_its_reference(self, run, database, vault, zaak):
        done = run("reseal", zaak.referentie)

        assert done.exit_code == 0, done.output
        assert versions(vault, zaak.id) == [2]
        assert versions(vault, person_of(database)) == [1]
        [(grond, subjects)] = trail(database, "data_key.replaced")
        assert grond.startswith("1 sleutels, ")
        assert subjects == {zaak.id}

    def test_a_whole_gemeente(self, run, database, vault, zaak):
        done = run("reseal", "--gemeente", CODE)

        assert done.exit_code == 0, done.output
        assert versions(vault, zaak.id) == [2]
        assert versions(vault, person_of(database)) == [2]
        assert found(database, "Berg") == {person_of(database)}
        assert "oude sleutels verwijderd" in done.stdout

    @pytest.mark.parametrize(
        ("words", "says"),
        [
            ((), "Noem een dossier"),
            (("X", "--all"), "Noem een dossier"),
            (("ABCD-EFGH",), "geen sleutel"),
            ((str(uuid7()),), "geen sleutel"),
            (("--gemeente", "9999"), "geen sleutels"),
        ],
    )
    def test_what_cannot_be_is_told(self, run, zaak, words, says):
        done = run("reseal", *words)

        assert done.exit_code != 0
        assert says in done.output

    def test_a_cell_that_does_not_open_is_told_by_its_place(
        self, run, database, database_urls, vault, zaak
    ):
        owner = create_engine(database_urls.database_owner_url)
        with owner.begin() as connection:
            connection.execute(
                text(
                    "UPDATE inwoner SET contact = set_byte(contact, 20,"
                    " get_byte(contact, 20) # 1)"
                )
            )
        owner.dispose()
        person = person_of(database)

        done = run("reseal", str(person))

        assert done.exit_code == 1
        assert f"inwoner {person} contact" in done.output
        assert versions(vault, person) == [1, 2]


class TestRebuildIndex:
    def test_finds_everyone_under_a_new_key(self, run, database, zaak):
        done = run("rebuild-index", "--gemeente", CODE)

        assert done.exit_code == 0, done.output
        database.engine.dispose()
        [(grond, subjects)] = trail(database, "search_index.rebuilt")
        assert "6 en 6 bits" in grond
        assert subjects == set()


class TestShred:
    def test_asks_first(self, run, database, vault, zaak):
        done = run("shred", zaak.referentie, "--ground", "proef", typed="nee\n")

        assert done.exit_code == 1
        assert versions(vault, zaak.id) == [1]
        assert trail(database, "data_key.destroyed") == []

    def test_destroys_key_and_tokens_and_tells_the_trail(
        self, run, database, vault, zaak
    ):
        person = person_of(database)
        words = ("shred", str(person), "--ground", "bewaartermijn")
        done = run(*words, typed=f"{person}\n")

        assert done.exit_code == 0, done.output
        assert versions(vault, person) == []
        assert trail(database, "data_key.destroyed") == [("bewaartermijn", {person})]
        with database.transaction(Scope.of(CODE)) as session:
            vault.clear()
            with pytest.raises(KeyDestroyed):
                _ = session.get_one(Inwoner, person).achternaam
            tokens = text("SELECT count(*) FROM search_token WHERE scope_id = :s")
            assert session.scalar(tokens, {"s": person}) == 0

    def test_may_be_said_again(self, run, vault, zaak):
        for _ in range(2):
            done = run("shred", str(zaak.id), "--ground", "proef", "--yes")
            assert done.exit_code == 0, done.output

    def test_wants_a_ground(self, run, vault, zaak):
        done = run("shred", str(zaak.id), "--ground", " ", "--yes")

        assert done.exit_code == 2
        assert versions(vault, zaak.id) == [1]


class TestSweep:
    @pytest.fixture
    def orphan(self, vault, database_urls, zaak) -> UUID:
        scope = uuid7()
        vault.open_scope(CODE, scope, "dossier")
        with vault.engine.begin() as connection:
            connection.execute(
                text(
                    "UPDATE data_key SET created_at = now() - make_interval(days => 30)"
                    " WHERE scope_id = ANY(:scopes)"
                ),
                {"scopes": [scope, zaak.id]},
            )
        return scope

    def test_shows_first_and_then_does(self, run, database, vault, zaak, orphan):
        dry = run("sweep", "--gemeente", CODE, "--dry-run")
        assert dry.exit_code == 0, dry.output
        assert str(orphan) in dry.output
        # it has no cell yet, but it is there
        assert str(zaak.id) not in dry.output
        assert versions(vault, orphan) == [1]

        done = run("sweep", "--gemeente", CODE)

        assert done.exit_code == 0, done.output
        assert versions(vault, orphan) == []
        assert versions(vault, zaak.id) == [1]
        [(_, subjects)] = trail(database, "data_key.swept")
        assert orphan in subjects

    def test_no_key_of_a_day_goes(self, run, vault, zaak, orphan):
        assert run("sweep", "--days", "0").exit_code == 2

    def test_happens_every_day(self, database, config, vault, zaak, orphan):
        assert timedelta(days=1) <= AGE
        assert sweep_keys(database, config, datetime.now(UTC)) >= 1

        assert versions(vault, orphan) == []
        assert versions(vault, zaak.id) == [1]
        assert sweep_keys(database, config, datetime.now(UTC)) == 0
