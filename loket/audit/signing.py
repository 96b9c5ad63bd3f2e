"""The keys of the chain: versions of a signing key, and where roots are kept.

The last roots stand in the key store too: who cuts the end off the chain in one
database leaves it in the other. It also says from which batch on each version holds.
"""

import hashlib
import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from loket.audit.batch import AuditBatch
from loket.vault import anchors
from loket.vault.anchors import Anchor
from loket.vault.tenantkeys import SIGNING
from loket.vault.vault import Vault

FIRST: Final = 1
"""Number of the first batch of a chain."""


class Signer:
    """Signs, and makes the marks of leaves, with one version of a key."""

    def __init__(self, version: int, seed: bytes) -> None:
        self.version = version
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self.mark_key = hmac.digest(seed, b"leaf", hashlib.sha256)

    def sign(self, hashed: bytes) -> bytes:
        """Sign the hash of a header."""
        return self._key.sign(hashed)

    @property
    def public(self) -> bytes:
        """The key that anybody may have: it checks, and cannot sign."""
        return self._key.public_key().public_bytes_raw()


@dataclass(frozen=True)
class Keyring:
    """The versions of the signing key of one chain, and what each may have signed.

    A key that was replaced may be with somebody else. What it signed counts only as the
    key store knew it when the key was replaced: below the number from which the next
    one holds, and with the hash that was kept.
    """

    signers: Mapping[int, Signer]
    terms: Mapping[int, int]
    """Version → number of the first batch it may sign."""
    anchor_of: Callable[[int], bytes | None]
    """Asks the key store for the hash of the batch with this number."""

    @property
    def newest(self) -> Signer:
        """The version that signs now."""
        return self.signers[max(self.signers)]

    @property
    def open_from(self) -> int:
        """Number from which the newest version holds."""
        return self.terms[self.newest.version]

    def signer_of(self, batch: AuditBatch) -> Signer | None:
        """Find the version that a batch says it was signed with."""
        return self.signers.get(batch.key_version)

    def is_in_force(self, batch: AuditBatch) -> bool:
        """Tell whether its version may have signed a batch with this number."""
        if version_at(self.terms, batch.nummer) != batch.key_version:
            return False
        if batch.key_version == self.newest.version:
            return True
        return self.anchor_of(batch.nummer) == batch.hash_of_header()

    def is_ours(self, batch: AuditBatch) -> bool:
        """Tell whether Loket made this batch: what sealing builds on and verify takes.

        Raises:
            KekMissing, KekAway: the key store cannot be asked.
        """
        signer = self.signer_of(batch)
        if signer is None or not is_signed(batch, signer.public):
            return False
        return self.is_in_force(batch)


def version_at(terms: Mapping[int, int], number: int) -> int:
    """Say which version holds for a number; below all of them it is the first."""
    held = [version for version, first in terms.items() if first <= number]
    return max(held, default=min(terms))


def keyring(vault: Vault, chain: str) -> Keyring:
    """Open every version of the signing key of a chain; make the first one.

    Raises:
        Tampered, KekMissing, KekAway: they cannot be opened.
    """
    with vault.engine.begin() as connection:
        opened = vault.tenant_keys.versions(connection, chain, SIGNING)
        told = anchors.terms(connection, chain)
    signers = {version: Signer(version, seed) for version, seed in opened.items()}
    terms = {version: told.get(version, FIRST) for version in signers}
    return Keyring(signers, terms, lambda number: anchor_of(vault, chain, number))


def is_signed(batch: AuditBatch, public: bytes) -> bool:
    """Tell whether the owner of this key signed the batch as it stands."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(
            batch.signature, batch.hash_of_header()
        )
    except (InvalidSignature, ValueError):
        return False
    return True


def anchor(vault: Vault, batches: Sequence[AuditBatch]) -> None:
    """Keep the hashes of these batches in the key store as well; may be repeated."""
    if not batches:
        return
    with vault.engine.begin() as connection:
        anchors.add(
            connection,
            [Anchor(each.keten, each.nummer, each.hash) for each in batches],
        )


def anchored(vault: Vault, chain: str) -> dict[int, bytes]:
    """Read which batches the key store knows of: number → hash."""
    with vault.engine.begin() as connection:
        return anchors.read(connection, chain)


def anchor_of(vault: Vault, chain: str, number: int) -> bytes | None:
    """Read the hash that the key store kept of one batch."""
    with vault.engine.begin() as connection:
        return anchors.read_some(connection, chain, [number]).get(number)
