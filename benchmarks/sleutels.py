"""What turning keys costs, and how often an HSM is asked: `name: value`.

Uses the PostgreSQL of `LOKET_TEST_SERVER`, or starts its own; a SoftHSM where there is
one. `LOKET_BENCH_ROWS` makes a quick run (default 10000).
"""

import os
import time
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Engine, func, select, text

from build.softhsm import make_softhsm
from loket.db import make_engine, uuid7
from loket.provision import KEYSTORE_APP, KEYSTORE_OWNER
from loket.vault import keystore
from loket.vault.cell import unwrap, wrap
from loket.vault.kek.choice import add_to_token, open_token
from loket.vault.kek.local import LocalKek
from loket.vault.kek.provider import Kek, Wrapped
from loket.vault.kek.succession import Succession
from loket.vault.keystore import data_key
from loket.vault.rewrap import rotate_gemeente, rotate_kek
from loket.vault.tenantkeys import TenantKeys, scope_context
from loket.vault.vault import Vault
from servers import new_name, running_servers

ROWS = int(os.environ.get("LOKET_BENCH_ROWS", "10000"))
PAGES, PER_PAGE = 1000, 50
GEMEENTEN = ("0396", "0473", "0599", "0363")
KEKS = {1: bytes(range(32)), 2: bytes(range(1, 33))}


def show(name: str, value: float) -> None:
    print(f"{name}: {value:.6g}", flush=True)  # what a benchmark is for


class Counting:
    """A keeper of the KEK that counts how often it is asked, and how long it takes."""

    def __init__(self, kek: Kek) -> None:
        self._kek, self.calls, self.took = kek, 0, 0.0
        self.versions, self.after_fork = kek.versions, kek.after_fork

    def wrap(self, secret: bytes, context: bytes) -> Wrapped:
        self.calls += 1
        return self._kek.wrap(secret, context)

    def unwrap(self, blob: bytes, context: bytes, version: int) -> bytes:
        self.calls += 1
        begun = time.perf_counter()
        opened = self._kek.unwrap(blob, context, version)
        self.took += time.perf_counter() - begun
        return opened


def nothing(_done: int, _total: int) -> None:
    """Who waits for no progress."""


def fill(engine: Engine, kek: Kek) -> None:
    """Make the keys of the dossiers, spread over the gemeenten."""
    vault = Vault(engine, kek)
    for at in range(0, ROWS, 500):
        places = [
            (GEMEENTEN[number % len(GEMEENTEN)], uuid7())
            for number in range(at, min(at + 500, ROWS))
        ]
        vault.prepare(dict.fromkeys(places, "dossier"))


def measure_turning(engine: Engine) -> None:
    both = TenantKeys(LocalKek(KEKS))
    begun = time.perf_counter()
    turned = rotate_kek(engine, both, "bench", nothing)
    assert turned is not None
    show("rotate_kek_milliseconds", (time.perf_counter() - begun) * 1000)
    show("rotate_kek_keys", turned.moved)
    begun = time.perf_counter()
    moved = sum(
        rotate_gemeente(engine, both, code, "bench", nothing).moved
        for code in GEMEENTEN
    )
    took = time.perf_counter() - begun
    with engine.connect() as connection:
        assert moved == connection.scalar(select(func.count()).select_from(data_key))
        begun = time.perf_counter()
        connection.execute(text("UPDATE data_key SET kind = kind"))
        plain = time.perf_counter() - begun
    show("rotate_gemeente_keys", moved)
    show("rotate_gemeente_vs_one_plain_update", took / plain)
    show("rewrap_in_memory_microseconds", rewrap_in_memory())
    show("rotate_gemeente_seconds", took)
    show("rotate_gemeente_microseconds_per_data_key", took / moved * 1_000_000)


def rewrap_in_memory() -> float:
    """Open a data key and seal it again, without a database: microseconds."""
    old, new = AESGCM(KEKS[1]), AESGCM(KEKS[2])
    scope, secret = uuid7(), bytes(32)
    context = scope_context(scope, 1, GEMEENTEN[0])
    wrapped = wrap(old, context, secret)
    begun = time.perf_counter()
    for _ in range(ROWS):
        wrap(new, context, unwrap(old, context, wrapped))
    return (time.perf_counter() - begun) / ROWS * 1_000_000


def measure_hsm(engine: Engine, folder: Path) -> None:
    """Move the KEK into a token, then read pages as one process that began anew."""
    with suppress(pytest.skip.Exception):
        softhsm = make_softhsm(folder)
        token = open_token(softhsm.uri("bench"))
        add_to_token(token, above=max(KEKS))
        moving = Succession(token, LocalKek(KEKS))
        begun = time.perf_counter()
        turned = rotate_kek(engine, TenantKeys(moving), "bench", nothing)
        assert turned is not None
        took = time.perf_counter() - begun
        show("move_kek_into_token_milliseconds_per_key", took / turned.moved * 1000)
        read_pages(engine, token)


def read_pages(engine: Engine, kek: Kek) -> None:
    counting = Counting(kek)
    vault = Vault(engine, counting)
    with engine.connect() as connection:
        scopes = connection.execute(select(data_key.c.scope_id)).scalars().all()
    begun = time.perf_counter()
    for page in range(PAGES):
        at = page * PER_PAGE % len(scopes)
        # as if none of its keys was open: what a page costs at most
        vault.load(scopes[at : at + PER_PAGE])
    took = time.perf_counter() - begun
    show("hsm_calls_per_1000_pages", counting.calls)
    show("hsm_microseconds_per_call", counting.took / counting.calls * 1_000_000)
    show("hsm_share_of_1000_pages_percent", counting.took / took * 100)


def main() -> None:
    with running_servers() as servers, TemporaryDirectory() as folder:
        servers.prepare_roles()
        name = new_name()
        servers.create(name, KEYSTORE_OWNER, KEYSTORE_APP)
        keystore.migrate(servers.url(KEYSTORE_OWNER, name), KEYSTORE_APP)
        engine = make_engine(servers.url(KEYSTORE_APP, name))
        fill(engine, LocalKek({1: KEKS[1]}))
        measure_turning(engine)
        measure_hsm(engine, Path(folder))
        engine.dispose()
        servers.drop(name)


if __name__ == "__main__":
    main()
