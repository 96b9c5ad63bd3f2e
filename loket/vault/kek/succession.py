"""A KEK that moves to another keeper: the new one wraps, the old one still opens."""

from collections.abc import Collection

from loket.vault.errors import KekAway
from loket.vault.kek.provider import Kek, Wrapped


class Succession:
    """Two keepers at once, until `loket vault rotate-kek` has moved everything."""

    def __init__(self, newest: Kek, older: Kek) -> None:
        self.newest = newest
        self.older = older

    def __repr__(self) -> str:
        return f"<Succession {self.newest!r} after {self.older!r}>"

    def after_fork(self) -> None:
        """Begin anew in a child."""
        self.newest.after_fork()
        self.older.after_fork()

    def versions(self) -> Collection[int]:
        """Say which versions either has.

        Raises:
            KekAway: a version is at both, or what should be newest is not.
        """
        new, old = self.newest.versions(), self.older.versions()
        if new and old and min(new) <= max(old):
            raise KekAway(
                f"Versie {min(new)} van de hoofdsleutel in de HSM is niet nieuwer dan"
                f" versie {max(old)} uit LOKET_KEK.\nWat u kunt doen: geef de sleutel"
                f" in de HSM een hoger nummer, bijvoorbeeld {max(old) + 1}."
            )
        return sorted((*old, *new))

    def wrap(self, secret: bytes, context: bytes) -> Wrapped:
        """Wrap with the new keeper only."""
        self.versions()
        return self.newest.wrap(secret, context)

    def unwrap(self, blob: bytes, context: bytes, version: int) -> bytes:
        """Unwrap with whoever has this version."""
        keeper = self.older if version in self.older.versions() else self.newest
        return keeper.unwrap(blob, context, version)
