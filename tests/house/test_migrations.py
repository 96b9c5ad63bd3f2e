"""Models equal migrations, and every migration goes up and down."""

import re
from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, text

from loket import nouns
from loket.db import Model
from loket.migrating import alembic_config, migrate, newest_revision
from loket.provision import APP, OWNER
from servers import new_name

PUBLIC = "n.nspname = 'public' AND c.relname <> 'alembic_version'"
CATALOGUE = {
    "columns": (
        "SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod),"
        " a.attnotnull, a.attgenerated::text, pg_get_expr(d.adbin, d.adrelid)"
        " FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid"
        " JOIN pg_namespace n ON n.oid = c.relnamespace"
        " LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum"
        f" WHERE {PUBLIC} AND c.relkind = 'r' AND a.attnum > 0"
        " AND NOT a.attisdropped"
    ),
    "constraints": (
        "SELECT c.relname, o.conname, o.contype::text, pg_get_constraintdef(o.oid)"
        " FROM pg_constraint o JOIN pg_class c ON c.oid = o.conrelid"
        f" JOIN pg_namespace n ON n.oid = c.relnamespace WHERE {PUBLIC}"
    ),
    "indexes": (
        "SELECT tablename, indexname, indexdef FROM pg_indexes"
        " WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
    ),
}
GUARDS = {
    "policies": (
        "SELECT tablename, policyname, permissive, cmd, qual, with_check"
        " FROM pg_policies"
    ),
    "row security": (
        "SELECT c.relname FROM pg_class c JOIN pg_namespace n"
        f" ON n.oid = c.relnamespace WHERE {PUBLIC} AND c.relrowsecurity"
    ),
    "triggers": (
        "SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid)"
        " FROM pg_trigger WHERE NOT tgisinternal"
    ),
    "views": "SELECT viewname, definition FROM pg_views WHERE schemaname = 'beleid'",
}


def shape(connection: Connection, questions: dict[str, str]) -> dict[str, set[str]]:
    """What the catalogue of PostgreSQL says, line by line."""
    return {
        what: {str(tuple(row)) for row in connection.execute(text(question))}
        for what, question in questions.items()
    }


@pytest.fixture
def owner_url(servers):
    """An empty database of the owner."""
    name = new_name()
    servers.create(name, OWNER, APP)
    yield servers.url(OWNER, name)
    servers.drop(name)


@pytest.fixture
def declared(owner_url):
    """The shape of a database that the models make by themselves."""
    assert nouns.MODULES
    engine = create_engine(owner_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE EXTENSION btree_gist")
        Model.metadata.create_all(connection)
    with engine.connect() as connection:
        yield shape(connection, CATALOGUE)
    engine.dispose()


@pytest.fixture
def migrated(shared_urls):
    """The owner's connection to a database that the migrations made."""
    engine = create_engine(shared_urls.database_owner_url)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


class TestModels:
    def test_ask_for_no_migration(self, migrated):
        config = alembic_config()
        config.attributes["connection"] = migrated

        command.check(config)

    @pytest.mark.parametrize("what", CATALOGUE)
    def test_have_the_same_shape_in_the_migrations(self, migrated, declared, what):
        found = shape(migrated, CATALOGUE)

        assert len(declared[what]) > 100
        assert found[what] - declared[what] == set(), "only in the migrations"
        assert declared[what] - found[what] == set(), "only in the models"


class TestLine:
    def test_has_one_head_and_numbers_without_a_gap(self):
        script = ScriptDirectory.from_config(alembic_config())
        revisions = [found.revision for found in script.walk_revisions()]

        assert script.get_heads() == [newest_revision()]
        assert sorted(revisions) == [f"{n:04}" for n in range(1, len(revisions) + 1)]

    def test_goes_down_to_nothing_and_up_again_to_the_same(self, owner_url):
        engine = create_engine(owner_url)
        everything = CATALOGUE | GUARDS
        migrate(owner_url)
        with engine.connect() as connection:
            before = shape(connection, everything)
        config = alembic_config()

        with engine.connect() as connection:
            config.attributes["connection"] = connection
            command.downgrade(config, "base")
            connection.commit()
            empty = shape(connection, everything)
        migrate(owner_url)

        with engine.connect() as connection:
            after = shape(connection, everything)
        engine.dispose()
        assert {what for what, lines in before.items() if not lines} == set()
        assert {what: lines for what, lines in empty.items() if lines} == {}
        assert after == before

    def test_each_step_goes_down_and_up(self, owner_url):
        script = ScriptDirectory.from_config(alembic_config())
        engine = create_engine(owner_url)
        config = alembic_config()

        with engine.connect() as connection:
            config.attributes["connection"] = connection
            for step in reversed(list(script.walk_revisions())):
                command.upgrade(config, step.revision)
                up = shape(connection, CATALOGUE | GUARDS)
                command.downgrade(config, "-1")
                command.upgrade(config, step.revision)
                assert shape(connection, CATALOGUE | GUARDS) == up
                connection.commit()
        engine.dispose()

    def test_leaves_no_function_or_schema_behind(self, owner_url):
        engine = create_engine(owner_url)
        config = alembic_config()

        with engine.connect() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            command.downgrade(config, "base")
            connection.commit()
            left = connection.scalars(
                text(
                    "SELECT proname FROM pg_proc JOIN pg_namespace n"
                    " ON n.oid = pronamespace WHERE nspname = 'public'"
                    " AND proowner = (SELECT oid FROM pg_roles"
                    " WHERE rolname = current_user) AND NOT EXISTS (SELECT 1"
                    " FROM pg_depend d WHERE d.objid = pg_proc.oid AND deptype = 'e')"
                    " UNION SELECT nspname FROM pg_namespace WHERE nspname = 'beleid'"
                )
            ).all()
        engine.dispose()

        assert left == []


class TestTrail:
    @pytest.mark.parametrize("table", ["audit_record", "audit_subject"])
    def test_has_its_trigger(self, migrated, table):
        trigger = migrated.scalar(
            text(
                "SELECT pg_get_triggerdef(oid) FROM pg_trigger"
                " WHERE tgrelid = :t ::regclass AND tgname = 'append_only'"
                " AND tgenabled = 'O'"
            ),
            {"t": table},
        )

        assert "BEFORE DELETE OR UPDATE OR TRUNCATE" in trigger
        assert "refuse_change()" in trigger


def test_a_migration_never_imports_the_program():
    script = ScriptDirectory.from_config(alembic_config())
    steps = {step.revision: Path(step.path) for step in script.walk_revisions()}

    found = [
        revision
        for revision, path in steps.items()
        if re.search(r"^\s*(from|import) loket", path.read_text("utf-8"), re.MULTILINE)
    ]

    assert found == []
