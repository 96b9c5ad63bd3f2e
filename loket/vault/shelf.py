"""A small shelf for open keys: bounded, short-lived and safe between threads."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Shelf(Generic[K, V]):
    """Keeps the entries put last, each for at most `lifetime` seconds."""

    def __init__(self, capacity: int, lifetime: float) -> None:
        self._capacity = capacity
        self._lifetime = lifetime
        self.clear()

    def clear(self) -> None:
        """Empty it, with a new lock: after a fork the old one may never open."""
        self._lock = threading.Lock()
        self._entries: OrderedDict[K, tuple[V, float]] = OrderedDict()

    def get(self, key: K) -> V | None:
        """Take an entry that is not too old."""
        # without the lock: one lookup is whole, and a page does it for every row
        entry = self._entries.get(key)
        if entry is None or entry[1] < time.monotonic():
            return None
        return entry[0]

    def put(self, key: K, value: V, since: float | None = None) -> None:
        """Add an entry; the one that was put first makes room."""
        self.put_all({key: value}, since)

    def put_all(self, values: Mapping[K, V], since: float | None = None) -> None:
        """Add many entries at once.

        Args:
            since: the monotonic clock before they were read, if that took time: what
                is put away late is no younger for it.
        """
        until = (time.monotonic() if since is None else since) + self._lifetime
        with self._lock:
            for key, value in values.items():
                self._entries[key] = (value, until)
                self._entries.move_to_end(key)
            while len(self._entries) > self._capacity:
                self._entries.popitem(last=False)

    def drop(self, unwanted: Callable[[K], bool]) -> None:
        """Remove the entries that match."""
        with self._lock:
            for key in [key for key in self._entries if unwanted(key)]:
                del self._entries[key]
