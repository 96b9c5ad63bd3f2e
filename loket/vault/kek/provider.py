"""What the vault asks of whoever keeps the key-encryption key (KEK)."""

from collections.abc import Collection, Mapping
from typing import NamedTuple, Protocol

from loket.config import KEK_BYTES

__all__ = ["KEK_BYTES", "Kek", "Keks", "Wrapped"]

Keks = Mapping[int, bytes]
"""Every version of the KEK that is at hand."""


class Wrapped(NamedTuple):
    """A secret under one version of the KEK."""

    blob: bytes
    version: int


class Kek(Protocol):
    """Wraps and unwraps tenant keys; several versions at once while a KEK is turned.

    It is asked once per gemeente in ten minutes, never per dossier. Nothing of a key
    shows in `repr`, an exception or a log.
    """

    def versions(self) -> Collection[int]:
        """Say which versions are at hand; the highest one wraps.

        Raises:
            KekAway: whoever keeps the key does not answer.
        """
        ...

    def wrap(self, secret: bytes, context: bytes) -> Wrapped:
        """Wrap a secret under the newest version, bound to its place."""
        ...

    def unwrap(self, blob: bytes, context: bytes, version: int) -> bytes:
        """Give back what `wrap` was given.

        Raises:
            Tampered: changed, moved to another place, or wrapped by another key.
            KekMissing: this version is not at hand.
            KekAway: whoever keeps the key does not answer.
        """
        ...

    def after_fork(self) -> None:
        """Begin anew in a child: no lock and no session of its parent."""
        ...
