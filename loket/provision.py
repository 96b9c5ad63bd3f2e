"""Roof: the roles and databases of Loket, and the addresses of the embedded ones."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import URL, Connection, create_engine, text

from loket.home import run_folder

OWNER, APP = "loket_owner", "loket_app"
KEYSTORE_OWNER, KEYSTORE_APP = "loket_keystore_owner", "loket_keystore_app"
DATABASES = {"loket": (OWNER, APP), "loket_keystore": (KEYSTORE_OWNER, KEYSTORE_APP)}
"""Each database with its owner and its runtime role."""
ROLES = tuple(role for pair in DATABASES.values() for role in pair)
SUPERUSER = "postgres"


@dataclass(frozen=True)
class Addresses:
    """Where the embedded servers answer, for each role."""

    database_url: str
    database_owner_url: str
    keystore_url: str
    keystore_owner_url: str
    redis_url: str

    def environ(self) -> dict[str, str]:
        """Return them as the settings that `Config.from_env` reads."""
        return {
            "LOKET_DATABASE_URL": self.database_url,
            "LOKET_DATABASE_OWNER_URL": self.database_owner_url,
            "LOKET_KEYSTORE_URL": self.keystore_url,
            "LOKET_KEYSTORE_OWNER_URL": self.keystore_owner_url,
            "LOKET_REDIS_URL": self.redis_url,
        }


def server_url(run: Path, role: str, database: str) -> str:
    """Write the address of a database on the embedded PostgreSQL."""
    return URL.create(
        "postgresql+psycopg",
        username=role,
        database=database,
        query={"host": str(run)},
    ).render_as_string(hide_password=False)


def addresses(home: Path) -> Addresses:
    """Tell where the embedded servers of this home answer, running or not."""
    run = run_folder(home)
    return Addresses(
        database_url=server_url(run, APP, "loket"),
        database_owner_url=server_url(run, OWNER, "loket"),
        keystore_url=server_url(run, KEYSTORE_APP, "loket_keystore"),
        keystore_owner_url=server_url(run, KEYSTORE_OWNER, "loket_keystore"),
        redis_url=f"unix://{quote(str(run))}/valkey.sock",
    )


def provision(superuser_url: str, password: str | None = None) -> None:
    """Make the roles and databases of Loket where they are missing."""
    engine = create_engine(
        superuser_url, hide_parameters=True, isolation_level="AUTOCOMMIT"
    )
    with engine.connect() as connection:
        make_roles(connection, password)
        for database, (owner, app) in DATABASES.items():
            make_database(connection, database, owner, app)
    engine.dispose()


def make_roles(connection: Connection, password: str | None = None) -> None:
    """Make the four roles where they are missing; none has rights of its own."""
    for role in ROLES:
        _make_role(connection, role, password)


def _make_role(connection: Connection, role: str, password: str | None) -> None:
    known = text("SELECT 1 FROM pg_roles WHERE rolname = :role")
    if connection.scalar(known, {"role": role}):
        return
    secret = "" if password is None else f" PASSWORD '{password}'"
    connection.exec_driver_sql(
        f"CREATE ROLE {role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE"
        f" NOREPLICATION NOBYPASSRLS{secret}"
    )


def make_database(
    connection: Connection, name: str, owner: str, app: str, template: str = ""
) -> None:
    """Make a database that only its two roles enter, where it is missing."""
    known = text("SELECT 1 FROM pg_database WHERE datname = :name")
    if connection.scalar(known, {"name": name}):
        return
    source = f" TEMPLATE {template}" if template else ""
    connection.exec_driver_sql(f"CREATE DATABASE {name} OWNER {owner}{source}")
    connection.exec_driver_sql(f"REVOKE ALL ON DATABASE {name} FROM PUBLIC")
    connection.exec_driver_sql(f"GRANT CONNECT ON DATABASE {name} TO {app}")
