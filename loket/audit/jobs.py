"""Work that recurs: sealing what was written in the trail."""

from collections.abc import Iterable
from datetime import datetime

from loket.audit.batch import INSTALLATION
from loket.audit.sealing import gemeente_of, seal_batch
from loket.audit.signing import anchor
from loket.db import NOBODY, Database, Scope
from loket.vault.layout import vault_of

BATCHES = 1_000
"""Most batches of one chain in one run: some millions of rows."""


def seal_chains(database: Database, gemeenten: Iterable[str], at: datetime) -> int:
    """Seal what waits, of the installation and of each gemeente; count the rows.

    Killed at any moment it leaves no gap and no double: a batch is there with all its
    rows or not at all, and the next run anchors what was not anchored yet.
    """
    return sum(seal_chain(database, chain, at) for chain in (INSTALLATION, *gemeenten))


def seal_chain(database: Database, chain: str, at: datetime) -> int:
    """Seal what waits in one chain; count the rows."""
    sealed = 0
    after: datetime | None = None
    for _ in range(BATCHES):
        with database.transaction(scope_of_chain(chain)) as session:
            vault = vault_of(session)
            batch = seal_batch(session, chain, at, after=after)
        if batch is None:
            break
        after = batch.until
        anchor(vault, [batch])
        sealed += batch.aantal
    return sealed


def scope_of_chain(chain: str) -> Scope:
    """Scope in which the rows of a chain are seen."""
    return NOBODY if gemeente_of(chain) is None else Scope.of(chain)
