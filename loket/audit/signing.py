"""The keys of the chain: a signing key for each gemeente, and where roots are kept.

The last roots stand in the key store too: who cuts the end off the chain in one
database leaves it in the other.
"""

import hashlib
import hmac
from collections.abc import Sequence
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from loket.audit.batch import AuditBatch
from loket.vault import anchors
from loket.vault.anchors import Anchor
from loket.vault.vault import Vault

SIGNING: Final = "sk"
"""Purpose of the key that signs the chain of a gemeente."""


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


def signers(vault: Vault, chain: str) -> dict[int, Signer]:
    """Open every version of the signing key of a chain; make the first one.

    Raises:
        Tampered, KekMissing, KekAway: they cannot be opened.
    """
    with vault.engine.begin() as connection:
        opened = vault.tenant_keys.versions(connection, chain, SIGNING)
    return {version: Signer(version, seed) for version, seed in opened.items()}


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


def last_anchored(vault: Vault, chain: str) -> int:
    """Number of the last batch that the key store knows of; 0: none."""
    with vault.engine.begin() as connection:
        return anchors.last(connection, chain)
