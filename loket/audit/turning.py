"""Replacing the signing key of a chain: from the next batch on a new version signs."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from loket.audit.batch import AuditBatch
from loket.audit.jobs import scope_of_chain
from loket.audit.sealing import anchor_rest, free_number, hold_chain, last_signed
from loket.audit.signing import Keyring, anchor, anchored, keyring
from loket.db import Database
from loket.vault import anchors
from loket.vault.journal import Deed, note
from loket.vault.rewrap import only_one
from loket.vault.tenantkeys import SIGNING
from loket.vault.vault import Vault

PAGE = 500


@dataclass(frozen=True)
class Replaced:
    """What a replacing did."""

    old: int
    new: int
    vanaf: int
    """Number of the first batch that the new version signs."""


def replace_signing_key(
    database: Database, vault: Vault, chain: str, by: str
) -> Replaced:
    """Give a chain a new version of its signing key, for every batch from the next on.

    Older batches stay as they are, and keep being checked with the old public key. All
    of them are made known to the key store first: from here on the old key proves
    nothing else. It is done whole or not at all. A sealing that runs meanwhile waits
    for it, and signs its next batch with the new version.

    Args:
        by: which door and who stood there, for the journal of the key store.

    Raises:
        AlreadyTurning: somebody else replaces a key now.
        KekMissing, KekAway: the key store cannot be asked.
    """
    with (
        only_one(vault.engine),
        database.transaction(scope_of_chain(chain)) as session,
    ):
        hold_chain(session, chain)
        ring = keyring(vault, chain)
        last = last_signed(session, ring, chain)
        anchor_rest(session, ring, chain, last)
        _anchor_holes(session, vault, ring, chain)
        number = free_number(session, ring, chain, last)
        old = ring.newest.version
        with vault.engine.begin() as connection:
            vault.tenant_keys.make(connection, chain, SIGNING, old + 1)
            anchors.add_term(connection, chain, old + 1, number)
            note(
                connection,
                Deed.SIGNING_KEY_REPLACED,
                by,
                tenant=chain,
                old=old,
                new=old + 1,
            )
    return Replaced(old, old + 1, number)


def _anchor_holes(session: Session, vault: Vault, ring: Keyring, chain: str) -> None:
    """Make known what the key store forgot, after it was put back from a copy."""
    known = anchored(vault, chain).keys()
    numbers = session.scalars(
        select(AuditBatch.nummer)
        .where(AuditBatch.keten == chain)
        .order_by(AuditBatch.nummer)
    )
    holes = [number for number in numbers if number not in known]
    for start in range(0, len(holes), PAGE):
        found = session.scalars(
            select(AuditBatch).where(
                AuditBatch.keten == chain,
                AuditBatch.nummer.in_(holes[start : start + PAGE]),
            )
        ).all()
        anchor(vault, [batch for batch in found if ring.is_ours(batch)])
        session.expunge_all()
