"""Roof: bring the database up to date, from a checkout and from an installed wheel."""

from pathlib import Path

from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, text

FOLDERS = (
    Path(__file__).parent / "migrations",
    Path(__file__).parent.parent / "migrations",
)
"""Installed, and in a checkout: the first that exists."""

TURN = 4_170_396
"""Advisory lock: two servers that start together migrate one after the other."""


def migrations_folder() -> Path:
    """Find the migrations by path: an editable install cannot import them."""
    return next(folder for folder in FOLDERS if (folder / "env.py").is_file())


ADDED_TO_ONLY = (
    *("audit_record", "audit_subject", "audit_batch", "audit_leaf"),
    *("row_seal", "wijziging"),
)
"""Tables whose rows nobody changes or removes."""


def alembic_config() -> AlembicConfig:
    """Configure alembic without a file, so that it works from a wheel too."""
    config = AlembicConfig()
    folder = str(migrations_folder()).replace("%", "%%")
    config.set_main_option("script_location", folder)
    config.set_main_option("path_separator", "os")
    return config


def migrate(
    owner_url: str, target: str = "head", *, runtime_role: str = "loket_app"
) -> None:
    """Bring the database up to `target` as the owner, and let the runtime role in."""
    config = alembic_config()
    engine = create_engine(owner_url, hide_parameters=True)
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT pg_advisory_lock(:turn)"), {"turn": TURN})
            connection.commit()
            config.attributes["connection"] = connection
            command.upgrade(config, target)
            connection.commit()
            _let_in(connection, runtime_role)
            connection.commit()
    finally:
        engine.dispose()


def _let_in(connection: Connection, role: str) -> None:
    """Give the runtime role its rights: rows, no tables, no change of a trail."""
    name = connection.dialect.identifier_preparer.quote(role)
    for right in (
        "USAGE ON SCHEMA public, beleid",
        "SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public",
        "SELECT ON ALL TABLES IN SCHEMA beleid",
    ):
        connection.exec_driver_sql(f"GRANT {right} TO {name}")
    # an older target does not have them all yet
    there = text("SELECT to_regclass(:name)")
    trail = ", ".join(
        name
        for name in ADDED_TO_ONLY
        if connection.scalar(there, {"name": f"public.{name}"})
    )
    for right in (
        f"UPDATE, DELETE, TRUNCATE ON {trail}",
        "INSERT, UPDATE, DELETE ON alembic_version",
        "DELETE ON gemeente, user_account, aanbieder",
    ):
        connection.exec_driver_sql(f"REVOKE {right} FROM {name}")


def newest_revision() -> str | None:
    """Tell which migration this version of the program expects."""
    return ScriptDirectory.from_config(alembic_config()).get_current_head()


def knows_revision(revision: str) -> bool:
    """Whether this version of the program has that migration."""
    script = ScriptDirectory.from_config(alembic_config())
    return any(each.revision == revision for each in script.walk_revisions())


def current_revision(connection: Connection) -> str | None:
    """Tell which migration the database has."""
    return MigrationContext.configure(connection).get_current_revision()


def is_current(connection: Connection) -> bool:
    """Whether the database has every migration of this version of the program."""
    return current_revision(connection) == newest_revision()
