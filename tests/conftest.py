"""Fixtures: servers start only for a test that asks for them.

What brings in the web or the vault is imported in its fixture, so that a test of pure
code runs without either.
"""

import base64
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

# one Chromium for all: Playwright runs once in a process
from browser import browser as browser
from browser import page as page
from loket.config import Config
from loket.db import Database, Scope, make_engine
from loket.migrating import migrate
from loket.provision import APP, KEYSTORE_APP, KEYSTORE_OWNER, OWNER
from servers import DatabaseUrls, Servers, Stock, new_name, running_servers

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

    from loket.vault.vault import Vault

GEMEENTE = "0396"
KEK = bytes(range(32))
SECRET_KEY = "only-for-tests-" * 3


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what is long: at the end it would leave the other cores idle."""
    long = {
        item.path
        for item in items
        if "browser" in getattr(item, "fixturenames", ())
        or item.get_closest_marker("timeout")
    }
    items.sort(key=lambda item: item.path not in long)


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    """PostgreSQL and Valkey, once for all tests."""
    with running_servers() as servers:
        servers.prepare_roles()
        yield servers


@pytest.fixture(scope="session")
def server_url(servers: Servers) -> str:
    """The superuser's address, for what no role of Loket may do."""
    return servers.superuser_url


@pytest.fixture(scope="session")
def stock(servers: Servers) -> Iterator[Stock]:
    """The migrated database and key store that tests copy."""
    from loket.vault import keystore

    stock = Stock(servers, new_name(), new_name())
    servers.create(stock.database, OWNER, APP)
    servers.create(stock.keystore, KEYSTORE_OWNER, KEYSTORE_APP)
    urls = stock.urls(stock.database, stock.keystore)
    migrate(urls.database_owner_url)
    keystore.migrate(urls.keystore_owner_url, KEYSTORE_APP)
    yield stock
    servers.drop(stock.database)
    servers.drop(stock.keystore)


@pytest.fixture(scope="session")
def shared_urls(stock: Stock) -> Iterator[DatabaseUrls]:
    """The database of all tests that roll back, and the key store of all tests.

    Keys are random and belong to one dossier or inwoner: tests do not meet in it.
    """
    with stock.copies() as urls:
        yield urls


@pytest.fixture
def database_urls(stock: Stock, shared_urls: DatabaseUrls) -> Iterator[DatabaseUrls]:
    """A database of this test alone, for what is really committed."""
    name = new_name()
    with stock.copy_of_database(name):
        own = stock.urls(name, stock.keystore)
        yield replace(
            shared_urls,
            database_url=own.database_url,
            database_owner_url=own.database_owner_url,
        )


def open_vault(urls: DatabaseUrls) -> "tuple[Engine, Vault]":
    """Open the vault on a key store; the engine is to be disposed of."""
    from loket.vault.kek.local import LocalKek
    from loket.vault.vault import Vault

    engine = make_engine(urls.keystore_url)
    return engine, Vault(engine, LocalKek({1: KEK}))


@pytest.fixture
def vault(database_urls: DatabaseUrls) -> "Iterator[Vault]":
    """The vault of this test alone, the same as in `database`."""
    engine, vault = open_vault(database_urls)
    yield vault
    engine.dispose()


@pytest.fixture
def database(database_urls: DatabaseUrls, vault: "Vault") -> Iterator[Database]:
    """A database of this test alone, as the runtime role: commit what you like."""
    engine = make_engine(database_urls.database_url)
    yield Database(engine, vault=vault)
    engine.dispose()


@pytest.fixture(scope="session")
def shared_database(shared_urls: DatabaseUrls) -> Iterator[Database]:
    """The database behind `session`; nothing is ever committed in it."""
    keys, vault = open_vault(shared_urls)
    engine = make_engine(shared_urls.database_url)
    yield Database(engine, vault=vault)
    engine.dispose()
    keys.dispose()


@pytest.fixture
def session(shared_database: Database) -> Iterator[Session]:
    """A session of staff of one gemeente, whose work is rolled back.

    Its vault is `session.info["vault"]`.
    """
    with shared_database.engine.connect() as connection:
        outer = connection.begin()
        session = shared_database.session(Scope.of(GEMEENTE))
        session.bind = connection
        session.join_transaction_mode = "create_savepoint"
        yield session
        session.close()
        outer.rollback()


def environment_of(urls: DatabaseUrls, servers: Servers, home: Path) -> dict[str, str]:
    """What somebody sets to let Loket work with these databases."""
    return {
        "LOKET_HOME": str(home),
        "LOKET_DATABASE_URL": urls.database_url,
        "LOKET_DATABASE_OWNER_URL": urls.database_owner_url,
        "LOKET_KEYSTORE_URL": urls.keystore_url,
        "LOKET_KEYSTORE_OWNER_URL": urls.keystore_owner_url,
        "LOKET_REDIS_URL": servers.redis_url,
        "LOKET_SECRET_KEY": SECRET_KEY,
        "LOKET_KEK": base64.b64encode(KEK).decode(),
    }


def config_of(urls: DatabaseUrls, servers: Servers, home: Path) -> Config:
    """Configure Loket for these databases."""
    return Config.from_env(environment_of(urls, servers, home))


@pytest.fixture
def environment(
    database_urls: DatabaseUrls, servers: Servers, tmp_path: Path
) -> dict[str, str]:
    """The environment in which a command of this test alone runs."""
    return environment_of(database_urls, servers, tmp_path)


@pytest.fixture
def config(database_urls: DatabaseUrls, servers: Servers, tmp_path: Path) -> Config:
    """The configuration of this test alone."""
    return config_of(database_urls, servers, tmp_path)


@pytest.fixture(scope="session")
def built_app(
    shared_urls: DatabaseUrls,
    servers: Servers,
    tmp_path_factory: pytest.TempPathFactory,
) -> "Iterator[Flask]":
    """The application, built once: two hundred doors and as many templates."""
    from loket.app import create_app
    from loket.frame import office

    app = create_app(config_of(shared_urls, servers, tmp_path_factory.mktemp("app")))
    yield app
    office(app).close()


@pytest.fixture
def app(built_app: "Flask", config: Config) -> "Iterator[Flask]":
    """The application on the database of this test alone."""
    from loket.app import open_database, open_vault
    from loket.frame import office

    settings, built = dict(built_app.config), office(built_app)
    vault = open_vault(config)
    own = replace(
        built, config=config, database=open_database(config, vault), vault=vault
    )
    built_app.extensions["loket"] = own
    built_app.testing = True
    yield built_app
    built_app.extensions["loket"] = built
    built_app.config.clear()
    built_app.config.update(settings)
    own.database.engine.dispose()
    own.vault.engine.dispose()


@pytest.fixture
def client(app: "Flask") -> "FlaskClient":
    """A browser without a login."""
    return app.test_client()


@pytest.fixture
def address(app: "Flask") -> Iterator[str]:
    """The application on a port of its own, for a real browser."""
    from serving import serving

    with serving(app) as url:
        yield url
