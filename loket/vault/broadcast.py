"""Telling every process at once that a key is gone: ids only, over Valkey.

Whoever cannot be reached forgets by itself, when the lifetime of open keys is over.
"""

import threading
import time
import weakref
from typing import Final
from uuid import UUID

import structlog
from redis import Redis
from redis.client import PubSub
from redis.exceptions import RedisError

from loket.vault.herald import Forgetful

log = structlog.get_logger(__name__)

CHANNEL: Final = "loket-vault"
LOOK: Final = 1.0
"""Seconds between two looks whether the vault still lives."""
LONGEST: Final = 5.0
"""Seconds between two tries to connect, at most."""
FORGET: Final = "forget"
INDEX: Final = "index"


class Broadcast:
    """One listener per process, from its first key on; in a child it starts anew."""

    def __init__(self, url: str) -> None:
        self._redis = Redis.from_url(url, socket_connect_timeout=2, socket_timeout=5)
        self.after_fork()

    def after_fork(self) -> None:
        """Begin as a new process: the thread of the parent is not here."""
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None
        self.subscribed = threading.Event()
        """Set while messages come in."""

    def listen(self, vault: Forgetful) -> None:
        """Listen for this vault, unless somebody does."""
        if self._thread is not None and self._thread.is_alive():
            return
        with self._starting:
            if self._thread is None or not self._thread.is_alive():
                # a vault that nobody uses any more is not kept for this
                self._thread = threading.Thread(
                    target=self._run,
                    args=(weakref.ref(vault),),
                    name="loket-vault",
                    daemon=True,
                )
                self._thread.start()

    def forget(self, scope: UUID) -> None:
        """Let every process forget the keys of a scope."""
        self._tell(f"{FORGET} {scope}")

    def renew_index(self, tenant: str) -> None:
        """Let every process ask again which version of an index is searched."""
        self._tell(f"{INDEX} {tenant}")

    def _tell(self, line: str) -> None:
        try:
            self._redis.publish(CHANNEL, line)
        except RedisError:
            # it is done already: the lifetime of an open key is what remains
            log.warning("vault broadcast failed")

    def _run(self, vault: weakref.ref[Forgetful]) -> None:
        pause = 0.1
        while vault() is not None:
            listening = self._redis.pubsub()  # type: ignore[no-untyped-call]  # redis has no type here
            try:
                listening.subscribe(CHANNEL)
                while self._take(listening, vault):
                    pause = 0.1
            except (RedisError, OSError, ValueError):
                log.warning("vault listener lost its connection")
            finally:
                self.subscribed.clear()
                listening.close()
            time.sleep(pause)
            pause = min(pause * 2, LONGEST)

    def _take(self, listening: PubSub, of: weakref.ref[Forgetful]) -> bool:
        message = listening.get_message(timeout=LOOK)
        vault = of()
        if vault is None:
            return False
        if message is None:
            return True
        if message["type"] == "subscribe":
            # what was told while nobody listened is not told again
            vault.clear()
            self.subscribed.set()
        elif message["type"] == "message":
            _obey(vault, message["data"])
        return True


def _obey(vault: Forgetful, line: bytes) -> None:
    word, _, whose = line.decode(errors="replace").partition(" ")
    if word == FORGET:
        try:
            vault.forget(UUID(whose))
        except ValueError:
            log.warning("vault listener does not know this")
    elif word == INDEX:
        vault.forget_index(whose)
