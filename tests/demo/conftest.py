"""The demo, loaded once for every test that reads it."""

import base64
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from build.demo import TOLD_ON
from loket.app import open_database, open_vault
from loket.config import Config
from loket.db import Database
from loket.demo.load import load_demo
from servers import DatabaseUrls, Servers, Stock, new_name, temporary_home


def _config(urls: DatabaseUrls, servers: Servers, home: str) -> Config:
    return Config.from_env(
        {
            "LOKET_HOME": home,
            "LOKET_DATABASE_URL": urls.database_url,
            "LOKET_DATABASE_OWNER_URL": urls.database_owner_url,
            "LOKET_KEYSTORE_URL": urls.keystore_url,
            "LOKET_KEYSTORE_OWNER_URL": urls.keystore_owner_url,
            "LOKET_REDIS_URL": servers.redis_url,
            "LOKET_SECRET_KEY": "only-for-tests-" * 3,
            "LOKET_KEK": base64.b64encode(bytes(range(32))).decode(),
        }
    )


@contextmanager
def new_home(
    stock: Stock, shared_urls: DatabaseUrls, servers: Servers
) -> Iterator[Config]:
    """An empty database with the key store of all tests."""
    name = new_name()
    with temporary_home() as home, stock.copy_of_database(name):
        own = stock.urls(name, stock.keystore)
        urls = DatabaseUrls(
            own.database_url,
            own.database_owner_url,
            shared_urls.keystore_url,
            shared_urls.keystore_owner_url,
        )
        yield _config(urls, servers, str(home))


@pytest.fixture(scope="package")
def demo_config(
    stock: Stock, shared_urls: DatabaseUrls, servers: Servers
) -> Iterator[Config]:
    """A database with the demo in it, loaded as `loket start` does."""
    with new_home(stock, shared_urls, servers) as config:
        load_demo(config, TOLD_ON)
        yield config


@pytest.fixture(scope="module")
def two_homes(
    stock: Stock, shared_urls: DatabaseUrls, servers: Servers
) -> Iterator[tuple[Config, Config]]:
    """Two empty databases, to do the same in two ways."""
    with (
        new_home(stock, shared_urls, servers) as one,
        new_home(stock, shared_urls, servers) as other,
    ):
        yield one, other


@pytest.fixture(scope="package")
def demo(demo_config: Config) -> Iterator[Database]:
    """The database of the demo, as the program opens it."""
    vault = open_vault(demo_config)
    database = open_database(demo_config, vault)
    yield database
    database.engine.dispose()
    vault.engine.dispose()
