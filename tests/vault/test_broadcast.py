"""What one process destroys, every other process refuses within a second."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing
from uuid import UUID, uuid4

import pytest
from redis import Redis

from loket.db import uuid7
from loket.vault.broadcast import CHANNEL, Broadcast
from loket.vault.errors import KeyDestroyed
from loket.vault.vault import Vault
from vault.ground import GEMEENTE, Ground
from vault.proef import Stuk

READER = """
import sys, time
from uuid import UUID
from loket.db import Database, Scope, make_engine
from loket.vault.broadcast import Broadcast
from loket.vault.errors import KeyDestroyed
from loket.vault.kek.local import LocalKek
from loket.vault.vault import Vault

keys, valkey, scope = sys.argv[1:]
herald = Broadcast(valkey)
vault = Vault(make_engine(keys), LocalKek({1: bytes(range(32))}), herald=herald)
vault.load([UUID(scope)])
herald.subscribed.wait(10)
vault.load([UUID(scope)])
assert vault.known_key("0396", UUID(scope), 1) is not None
print("open", flush=True)
until = time.monotonic() + 10
while time.monotonic() < until:
    if vault.known_key("0396", UUID(scope), 1) is None:
        gone = time.time()
        try:
            vault.load([UUID(scope)])
            vault.key("0396", UUID(scope), 1)
        except KeyDestroyed:
            print(gone, flush=True)
        break
    time.sleep(0.005)
"""


@pytest.fixture
def herald(servers) -> Broadcast:
    return Broadcast(servers.redis_url)


@pytest.fixture
def listener(ground: Ground, servers) -> Vault:
    vault = ground.vault(herald=Broadcast(servers.redis_url))
    vault.load([uuid7()])
    assert vault.herald.subscribed.wait(10)
    return vault


def made(ground: Ground, text: str = "een") -> Stuk:
    row = Stuk(gemeente_code=GEMEENTE, dossier_id=uuid7(), tekst=text)
    with ground.session() as session:
        session.add(row)
        session.commit()
    return row


def wait_until(true: Callable[[], bool], seconds: float = 1) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if true():
            return True
        time.sleep(0.005)
    return False


def has_open(vault: Vault, scope: UUID) -> bool:
    vault.load([scope])
    return vault.known_key(GEMEENTE, scope, 1) is not None


class TestShred:
    def test_other_processes_refuse_within_a_second(
        self, ground: Ground, herald: Broadcast, servers
    ):
        row = made(ground)
        arguments = [ground.keys_url, servers.redis_url, str(row.dossier_id)]
        readers = [
            subprocess.Popen(
                [sys.executable, "-c", READER, *arguments],
                stdout=subprocess.PIPE,
                text=True,
            )
            for _ in range(2)
        ]
        try:
            for reader in readers:
                assert reader.stdout.readline() == "open\n"
            ground.vault(herald=herald).shred(row.dossier_id, "bewaartermijn")
            told = time.time()
            for reader in readers:
                assert float(reader.stdout.readline()) - told < 1
                assert reader.wait(10) == 0
        finally:
            for reader in readers:
                reader.kill()
                reader.stdout.close()
                reader.wait(10)

    def test_only_the_id_is_told(self, ground: Ground, herald: Broadcast, servers):
        row = made(ground, "geheim")
        with closing(Redis.from_url(servers.redis_url)) as redis:
            heard = redis.pubsub()
            heard.subscribe(CHANNEL)
            assert heard.get_message(timeout=5)["type"] == "subscribe"
            ground.vault(herald=herald).shred(row.dossier_id, "bewaartermijn")
            told = heard.get_message(timeout=5)["data"]
            heard.close()

        assert told == f"forget {row.dossier_id}".encode()

    def test_without_a_queue_server_it_is_destroyed_all_the_same(self, ground: Ground):
        row = made(ground)
        away = Broadcast("redis://127.0.0.1:1/0")

        vault = ground.vault(herald=away)
        vault.shred(row.dossier_id, "bewaartermijn")

        with ground.session() as session, pytest.raises(KeyDestroyed):
            _ = session.get_one(Stuk, row.id).tekst

    def test_what_is_read_at_that_moment_is_not_kept(self, ground: Ground):
        row = made(ground)
        vault = ground.vault()
        reading = vault._read

        def read_late(connection, scopes):
            opened = reading(connection, scopes)
            ground.vault().shred(row.dossier_id, "bewaartermijn")
            vault.forget(row.dossier_id)
            return opened

        vault._read = read_late
        vault.load([row.dossier_id])
        vault._read = reading

        assert vault.known_key(GEMEENTE, row.dossier_id, 1) is None


class TestListener:
    def test_forgets_everything_when_it_was_deaf(
        self, ground: Ground, listener: Vault, servers
    ):
        row = made(ground)
        assert has_open(listener, row.dossier_id)
        with closing(Redis.from_url(servers.redis_url)) as redis:
            redis.client_kill_filter(_type="pubsub")
            gone = wait_until(
                lambda: listener.known_key(GEMEENTE, row.dossier_id, 1) is None, 10
            )

        assert gone
        assert listener.herald.subscribed.wait(10)
        assert has_open(listener, row.dossier_id)
        ground.vault(herald=Broadcast(servers.redis_url)).shred(
            row.dossier_id, "bewaartermijn"
        )
        assert wait_until(
            lambda: listener.known_key(GEMEENTE, row.dossier_id, 1) is None
        )

    def test_a_child_hears_it_too(
        self, ground: Ground, listener: Vault, herald: Broadcast
    ):
        row = made(ground)
        assert has_open(listener, row.dossier_id)
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            _be_a_child(writer, listener, row.dossier_id)
        os.close(writer)
        with os.fdopen(reader, "rb") as answers:
            assert answers.read(1) == b"o"
            ground.vault(herald=herald).shred(row.dossier_id, "bewaartermijn")
            told = time.monotonic()
            assert answers.read(1) == b"g"
            assert time.monotonic() - told < 1
        _, status = os.waitpid(child, 0)
        assert os.waitstatus_to_exitcode(status) == 0

    @pytest.mark.parametrize(
        "line", [b"forget", b"forget x", b"\xff", b"", b"drop everything"]
    )
    def test_is_not_upset_by_what_it_does_not_know(
        self, ground: Ground, listener: Vault, servers, herald: Broadcast, line
    ):
        row = made(ground)
        assert has_open(listener, row.dossier_id)
        with closing(Redis.from_url(servers.redis_url)) as redis:
            redis.publish(CHANNEL, line)
        ground.vault(herald=herald).shred(row.dossier_id, "bewaartermijn")

        assert wait_until(
            lambda: listener.known_key(GEMEENTE, row.dossier_id, 1) is None
        )

    def test_ends_when_nobody_uses_the_vault(self, ground: Ground, servers):
        herald = Broadcast(servers.redis_url)
        vault = ground.vault(herald=herald)
        vault.load([uuid4()])
        thread = herald._thread
        assert isinstance(thread, threading.Thread)
        assert thread.is_alive()
        del vault

        thread.join(10)
        assert not thread.is_alive()


def _be_a_child(writer: int, vault: Vault, scope: UUID) -> None:
    """Say that the key is open, and that it is gone; never return."""
    try:
        assert vault.known_key(GEMEENTE, scope, 1) is None
        vault.load([scope])
        assert vault.herald.subscribed.wait(10)
        vault.load([scope])
        assert vault.known_key(GEMEENTE, scope, 1) is not None
        os.write(writer, b"o")
        if wait_until(lambda: vault.known_key(GEMEENTE, scope, 1) is None, 10):
            os.write(writer, b"g")
    except BaseException:
        os._exit(1)
    os._exit(0)
