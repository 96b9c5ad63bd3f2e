"""A filled installation, a copy of it, and empty places to put copies back."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from pyrage.x25519 import Identity

from build.dossier import inwoner
from build.rows import fill
from conftest import KEYSTORE_APP, config_of, open_vault
from loket.backup import chain
from loket.backup.envelope import new_pair
from loket.backup.making import Made, make_copy
from loket.config import Config
from loket.db import Database, Scope, make_engine
from loket.provision import APP, KEYSTORE_OWNER, OWNER
from servers import DatabaseUrls, Servers, Stock, new_name

CODE = "0375"
WORD = "Zeewierengaard"
SECRET, PUBLIC = new_pair()
KEPT = {"keep_data_days": 365, "keep_keys_days": 30}


@dataclass(frozen=True)
class House:
    """An installation with something in it, and how to reach it."""

    config: Config
    database: Database

    @property
    def identities(self) -> list[Identity]:
        return [Identity.from_str(SECRET)]

    def hang_up(self) -> None:
        """Leave nobody connected, as when Loket is stopped."""
        self.database.engine.dispose()
        with self.database.session() as session:
            session.info["vault"].engine.dispose()

    def copy(self) -> Made:
        return make_copy(self.config, **KEPT)

    def newest(self, which: str = chain.DATA) -> Path:
        return chain.newest(self.config.backup_dir, which)


def house_on(urls: DatabaseUrls, servers: Servers, home: Path) -> Iterator[House]:
    config = replace(
        config_of(urls, servers, home),
        backup_recipients=(PUBLIC,),
        backup_to=home / "backup",
    )
    keys, vault = open_vault(urls)
    engine = make_engine(config.database_url)
    yield House(config, Database(engine, vault=vault))
    engine.dispose()
    keys.dispose()


@pytest.fixture(scope="module")
def house(stock: Stock, servers: Servers, tmp_path_factory) -> Iterator[House]:
    """One row in every table but the chain, some people more, and a copy of it."""
    with stock.copies() as urls:
        for house in house_on(urls, servers, tmp_path_factory.mktemp("house")):
            with house.database.transaction(Scope.of(CODE)) as session:
                fill(session, CODE)
            take_out_of_chain(urls)
            with house.database.transaction(Scope.of("0396")) as session:
                for number in range(12):
                    inwoner(session, achternaam=f"{WORD}-{number}")
            waiting = house.config.iwmo_dir / "out"
            waiting.mkdir(parents=True)
            (waiting / "WMO301_een.xml").write_bytes(b"<bericht>" + b"x" * 70_000)
            yield house


def take_out_of_chain(urls: DatabaseUrls) -> None:
    """Take the batch and the leaf away that nobody sealed: they are a fault."""
    owner = make_engine(urls.database_owner_url)
    with owner.begin() as connection:
        for table in ("audit_leaf", "audit_batch"):
            off = f"ALTER TABLE {table} DISABLE TRIGGER USER"
            connection.exec_driver_sql(off)
            connection.exec_driver_sql(f"DELETE FROM {table}")
            connection.exec_driver_sql(off.replace("DISABLE", "ENABLE"))
    owner.dispose()


@pytest.fixture(scope="module")
def made(house: House) -> Made:
    """The copy of that house."""
    return house.copy()


@pytest.fixture
def lost(stock: Stock, servers: Servers, house: House, tmp_path) -> Iterator[Config]:
    """A new server for that house: empty databases with the roles, and the KEK."""
    yield from bare_place(stock, servers, house, tmp_path)


@pytest.fixture(scope="module")
def bare(stock, servers, house: House, tmp_path_factory) -> Iterator[Config]:
    """The same, for everything that is refused: it stays as empty as it is."""
    yield from bare_place(stock, servers, house, tmp_path_factory.mktemp("bare"))


def bare_place(
    stock: Stock, servers: Servers, house: House, home: Path
) -> Iterator[Config]:
    names = new_name(), new_name()
    servers.create(names[0], OWNER, APP)
    servers.create(names[1], KEYSTORE_OWNER, KEYSTORE_APP)
    urls = stock.urls(*names)
    yield replace(
        house.config,
        home=home,
        iwmo_dir=home / "iwmo",
        database_url=urls.database_url,
        database_owner_url=urls.database_owner_url,
        keystore_url=urls.keystore_url,
        keystore_owner_url=urls.keystore_owner_url,
    )
    for name in names:
        servers.drop(name)
