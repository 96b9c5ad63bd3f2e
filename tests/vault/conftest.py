"""A data database and a key store of our own, on a real PostgreSQL."""

import os
import secrets
import uuid
from collections.abc import Iterator

import pytest
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.orm import Session

from build.softhsm import Softhsm, make_softhsm
from loket.db import Model, make_engine
from loket.vault import keystore
from loket.vault.epoch import SealingEpoch
from loket.vault.kek.choice import open_kek
from loket.vault.kek.provider import Kek
from loket.vault.searchtoken import SearchToken, SearchUnique
from loket.vault.vault import Vault
from vault.ground import Ground
from vault.keeper import configured
from vault.proef import Own


@pytest.fixture(scope="session")
def ground(request: pytest.FixtureRequest) -> Iterator[Ground]:
    server = os.environ.get("LOKET_TEST_SERVER")
    url = make_url(server or request.getfixturevalue("server_url"))
    name = f"vault_{uuid.uuid4().hex[:10]}"
    root = create_engine(url, isolation_level="AUTOCOMMIT")
    names = (name, f"{name}_keys")
    with root.connect() as connection:
        for each in names:
            connection.execute(text(f"CREATE DATABASE {each}"))
    data_url, keys_url = (
        url.set(database=each).render_as_string(hide_password=False) for each in names
    )
    keystore.migrate(keys_url)
    data, keys = make_engine(data_url), make_engine(keys_url)
    Own.metadata.create_all(data)
    tables = [each.__table__ for each in (SearchToken, SearchUnique, SealingEpoch)]
    Model.metadata.create_all(data, tables=tables)
    yield Ground(data_url, keys_url, data, keys)
    data.dispose()
    keys.dispose()
    with root.connect() as connection:
        for each in names:
            connection.execute(text(f"DROP DATABASE {each} WITH (FORCE)"))
    root.dispose()


@pytest.fixture(autouse=True)
def _clean(ground: Ground) -> None:
    with ground.data.begin() as connection:
        connection.execute(
            text(
                "TRUNCATE proef_persoon, proef_stuk, proef_houder, search_token,"
                " search_unique"
            )
        )


@pytest.fixture
def vault(ground: Ground) -> Vault:
    return ground.vault()


@pytest.fixture
def session(ground: Ground, vault: Vault) -> Iterator[Session]:
    with ground.session(vault=vault) as session:
        yield session


@pytest.fixture(scope="session")
def softhsm(tmp_path_factory: pytest.TempPathFactory) -> Softhsm:
    """Two tokens; the test is skipped where there is no SoftHSM."""
    return make_softhsm(tmp_path_factory.mktemp("hsm"))


@pytest.fixture
def name() -> str:
    """What the keys of this test are called, within the token of all tests."""
    return f"kek-{secrets.token_hex(4)}"


@pytest.fixture
def token(softhsm: Softhsm, name: str) -> Iterator[Kek]:
    """A keeper in the token, with version 1."""
    kek = open_kek(configured(LOKET_KEK_PROVIDER=softhsm.uri(name)))
    kek.add_version()
    yield kek
    kek.close()


@pytest.fixture
def emptied(ground: Ground) -> Iterator[None]:
    """Have the key store alone: keys under another KEK would meet those of others."""
    for ends in (False, True):
        with ground.keys.begin() as connection:
            connection.execute(text("TRUNCATE tenant_key, data_key"))
        if not ends:
            yield
