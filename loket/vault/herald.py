"""What the vault wants of whoever tells other processes that a key is gone."""

from typing import Protocol
from uuid import UUID


class Forgetful(Protocol):
    """Something that has keys open, and can forget them: the vault."""

    def clear(self) -> None:
        """Forget everything that is open."""

    def forget(self, scope_id: UUID) -> None:
        """Forget the keys of a scope."""

    def forget_index(self, tenant: str) -> None:
        """Ask again which version of the search index of a tenant is searched."""


class Herald(Protocol):
    """Who tells other processes what is gone, and hears it from them."""

    def listen(self, vault: Forgetful) -> None:
        """Listen for this vault, unless somebody does."""

    def forget(self, scope: UUID) -> None:
        """Let every process forget the keys of a scope."""

    def renew_index(self, tenant: str) -> None:
        """Let every process ask again which version of an index is searched."""

    def after_fork(self) -> None:
        """Begin as a new process."""
