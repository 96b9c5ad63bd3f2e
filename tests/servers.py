"""The servers that tests run against: embedded, or those the environment names."""

import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, create_engine, make_url
from sqlalchemy.exc import DBAPIError

from loket.embedded import EmbeddedPair
from loket.provision import (
    APP,
    KEYSTORE_APP,
    KEYSTORE_OWNER,
    OWNER,
    make_database,
    make_roles,
)

ROOM_IN_MEMORY = 4 * 1024**3


@dataclass(frozen=True)
class Servers:
    """A PostgreSQL as its superuser, and a Redis or Valkey."""

    superuser_url: str
    redis_url: str

    @property
    def password(self) -> str | None:
        """The roles of the tests share the superuser's password, if it has one."""
        password = make_url(self.superuser_url).password
        return None if password is None else str(password)

    def url(self, role: str, database: str) -> str:
        """Address of a database for one of our roles."""
        url = make_url(self.superuser_url)
        url = url.set(username=role, password=self.password, database=database)
        return url.render_as_string(hide_password=False)

    @contextmanager
    def superuser(self) -> Iterator[Connection]:
        """Connect for making and dropping databases."""
        engine = create_engine(self.superuser_url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            yield connection
        engine.dispose()

    def prepare_roles(self) -> None:
        """Make the roles; another test run on the same server may do so too."""
        with self.superuser() as connection:
            try:
                make_roles(connection, self.password)
            except DBAPIError:
                make_roles(connection, self.password)

    def create(self, database: str, owner: str, app: str, template: str = "") -> None:
        """Make a database, empty or as a copy."""
        with self.superuser() as connection:
            make_database(connection, database, owner, app, template)

    def drop(self, database: str) -> None:
        """Drop a database and whoever is still connected to it."""
        with self.superuser() as connection:
            connection.exec_driver_sql(f"DROP DATABASE {database} WITH (FORCE)")


@dataclass(frozen=True)
class DatabaseUrls:
    """One database with its key store, for owner and runtime role."""

    database_url: str
    database_owner_url: str
    keystore_url: str
    keystore_owner_url: str


@dataclass(frozen=True)
class Stock:
    """The two databases that are migrated once and copied for each test."""

    servers: Servers
    database: str
    keystore: str

    def urls(self, database: str, keystore: str) -> DatabaseUrls:
        """Addresses of a database and a key store on these servers."""
        url = self.servers.url
        return DatabaseUrls(
            database_url=url(APP, database),
            database_owner_url=url(OWNER, database),
            keystore_url=url(KEYSTORE_APP, keystore),
            keystore_owner_url=url(KEYSTORE_OWNER, keystore),
        )

    @contextmanager
    def copies(self) -> Iterator[DatabaseUrls]:
        """Copy both; they are dropped afterwards."""
        names = new_name(), new_name()
        with self.copy_of_database(names[0]), self.copy_of_keystore(names[1]):
            yield self.urls(*names)

    @contextmanager
    def copy_of_database(self, name: str) -> Iterator[None]:
        """Copy the database."""
        self.servers.create(name, OWNER, APP, self.database)
        yield
        self.servers.drop(name)

    @contextmanager
    def copy_of_keystore(self, name: str) -> Iterator[None]:
        """Copy the key store."""
        self.servers.create(name, KEYSTORE_OWNER, KEYSTORE_APP, self.keystore)
        yield
        self.servers.drop(name)


def new_name() -> str:
    """Name a database so that test runs on one server do not meet."""
    return f"loket_test_{secrets.token_hex(6)}"


@contextmanager
def running_servers() -> Iterator[Servers]:
    """Use the servers of LOKET_TEST_SERVER and LOKET_TEST_REDIS, or start a pair."""
    server, queue = (
        os.environ.get(name) for name in ("LOKET_TEST_SERVER", "LOKET_TEST_REDIS")
    )
    if server and queue:
        yield Servers(server, queue)
        return
    with temporary_home() as home:
        pair = EmbeddedPair(home, durable=False)
        addresses = pair.start()
        try:
            yield Servers(
                server or pair.postgres.superuser_url, queue or addresses.redis_url
            )
        finally:
            pair.stop()


def _memory() -> Path | None:
    """Find a file system in memory with room: a copied database is a thousand files."""
    shared = Path("/dev/shm")  # noqa: S108 - mkdtemp makes the name
    if not shared.is_dir() or not os.access(shared, os.W_OK):
        return None
    state = os.statvfs(shared)
    # a home holds programs as well
    runs = not state.f_flag & os.ST_NOEXEC
    roomy = state.f_bavail * state.f_frsize > ROOM_IN_MEMORY
    return shared if runs and roomy else None


@contextmanager
def temporary_home() -> Iterator[Path]:
    """Make a home that the servers of root may enter (pytest's own is closed)."""
    home = Path(tempfile.mkdtemp(prefix="loket-test-", dir=_memory()))
    home.chmod(0o711)
    try:
        yield home
    finally:
        with suppress(FileNotFoundError):
            shutil.rmtree(home)
