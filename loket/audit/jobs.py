"""Work that recurs: sealing what was written in the trail."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from loket.audit.batch import INSTALLATION, AuditBatch
from loket.audit.sealing import gemeente_of, seal_batch
from loket.audit.signing import Signer, anchor, is_signed, last_anchored, signers
from loket.db import NOBODY, Database, Scope
from loket.vault.layout import vault_of
from loket.vault.vault import Vault

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
    scope = scope_of_chain(chain)
    with database.session(scope) as session:
        vault = vault_of(session)
    opened = signers(vault, chain)
    with database.transaction(scope) as session:
        _anchor_rest(session, vault, chain, opened)
    newest = opened[max(opened)]
    above, sealed = last_anchored(vault, chain), 0
    after: datetime | None = None
    for _ in range(BATCHES):
        with database.transaction(scope) as session:
            batch = seal_batch(session, newest, chain, at, above=above, after=after)
        if batch is None:
            break
        after = batch.until
        anchor(vault, [batch])
        sealed += batch.aantal
    return sealed


def scope_of_chain(chain: str) -> Scope:
    """Scope in which the rows of a chain are seen."""
    return NOBODY if gemeente_of(chain) is None else Scope.of(chain)


def _anchor_rest(
    session: Session, vault: Vault, chain: str, opened: dict[int, Signer]
) -> None:
    """Anchor what a killed worker sealed; never what we did not sign."""
    rest = session.scalars(
        select(AuditBatch).where(
            AuditBatch.keten == chain, AuditBatch.nummer > last_anchored(vault, chain)
        )
    ).all()
    anchor(
        vault,
        [
            batch
            for batch in rest
            if batch.key_version in opened
            and is_signed(batch, opened[batch.key_version].public)
        ],
    )
