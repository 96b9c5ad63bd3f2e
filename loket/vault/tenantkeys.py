"""The keys of a gemeente: made, opened under the KEK, and held open for a while."""

import os
from collections.abc import Collection
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, Row, text

from loket.vault import keystore
from loket.vault.cell import wrap
from loket.vault.errors import Tampered, WrongKek
from loket.vault.kek.provider import Kek
from loket.vault.keystore import WrappedKey
from loket.vault.shelf import Shelf

KEY_BYTES = 32
FIRST = 1
DATA = "tk"
"""Purpose of the key that wraps the data keys of a gemeente."""
INDEX = "ik"
"""Purpose of the key of its search tokens, apart from its data keys."""
SIGNING = "sk"
"""Purpose of the key that signs its trail."""
SEALS = "rs"
"""Purpose of the key of its row seals."""


def tenant_context(purpose: str, tenant: str, version: int) -> bytes:
    """Bind a tenant key to its place."""
    return purpose.encode() + b"|" + tenant.encode() + b"|" + version.to_bytes(2)


def scope_context(scope: UUID, version: int, tenant: str) -> bytes:
    """Bind a data key to its scope, version and tenant."""
    return b"dk" + scope.bytes + version.to_bytes(2) + tenant.encode()


def new_data_key(
    place: tuple[str, UUID], version: int, kind: str, wrapper: int, tenant_key: bytes
) -> WrappedKey:
    """Make a random data key for a tenant and a scope.

    Args:
        wrapper: version of the tenant key that wraps it.
    """
    tenant, scope = place
    context = scope_context(scope, version, tenant)
    wrapped = wrap(AESGCM(tenant_key), context, os.urandom(KEY_BYTES))
    return WrappedKey(scope, version, tenant, kind, wrapped, wrapper)


class TenantKeys:
    """Opens tenant keys: one question to the KEK per gemeente in a lifetime."""

    def __init__(self, kek: Kek, lifetime: float = 600) -> None:
        self.kek = kek
        self._opened: Shelf[bytes, bytes] = Shelf(2_000, lifetime)

    def clear(self) -> None:
        """Forget what is open."""
        self._opened.clear()

    def after_fork(self) -> None:
        """Start empty in a child."""
        self.clear()
        self.kek.after_fork()

    def open(
        self, purpose: str, tenant: str, version: int, wrapped: bytes, kek_version: int
    ) -> bytes:
        """Unwrap a stored key, unless it is open already.

        Raises:
            Tampered: another KEK wrapped it, or it was changed or moved.
            KekMissing, KekAway: the KEK cannot be asked.
        """
        # held by what is stored: a key whose commit failed is never found again
        opened = self._opened.get(wrapped)
        if opened is None:
            context = tenant_context(purpose, tenant, version)
            opened = self.kek.unwrap(wrapped, context, kek_version)
            self._opened.put(wrapped, opened)
        return opened

    def newest(
        self, connection: Connection, tenants: Collection[str], purpose: str = DATA
    ) -> dict[str, tuple[int, bytes]]:
        """Give the newest version of each tenant's key, open; make the first one.

        A data key that is wrapped by it belongs in the same transaction: until that
        ends, no rotation takes this version out of use.
        """
        found = self._read(connection, tenants, purpose)
        lacking = sorted(set(tenants) - found.keys())
        if lacking:
            for tenant in lacking:
                self._make_first(connection, tenant)
            found |= self._read(connection, lacking, purpose)
        return found

    def versions(
        self, connection: Connection, tenant: str, purpose: str
    ) -> dict[int, bytes]:
        """Give every version of one key, open; make the first one when there is none.

        For a key that goes on checking what it once signed.
        """
        held = keystore.hold_tenant_keys(connection, [tenant], purpose)
        if not held:
            self.make(connection, tenant, purpose, FIRST)
            held = keystore.hold_tenant_keys(connection, [tenant], purpose)
        return {row.version: self._open(row) for row in held}

    def _read(
        self, connection: Connection, tenants: Collection[str], purpose: str
    ) -> dict[str, tuple[int, bytes]]:
        # the oldest comes first, so that the newest stays
        newest = {
            row.tenant: row
            for row in keystore.hold_tenant_keys(connection, tenants, purpose)
        }
        return {
            tenant: (row.version, self._open(row)) for tenant, row in newest.items()
        }

    def _open(self, row: Row[str, str, int, bytes, int]) -> bytes:
        return self.open(
            row.purpose, row.tenant, row.version, row.wrapped, row.kek_version
        )

    def _make_first(self, connection: Connection, tenant: str) -> None:
        for purpose in (DATA, INDEX):
            self.make(connection, tenant, purpose, FIRST)

    def make(
        self, connection: Connection, tenant: str, purpose: str, version: int
    ) -> None:
        """Store a new random key, unless another process was first."""
        context = tenant_context(purpose, tenant, version)
        blob, kek_version = self.kek.wrap(os.urandom(KEY_BYTES), context)
        keystore.add_tenant_key(connection, tenant, purpose, version, blob, kek_version)

    def check(self, connection: Connection) -> None:
        """Prove that the KEK opens what is stored: one key of each KEK version.

        Raises:
            WrongKek: it did not wrap the keys that are stored.
            KekMissing: a version that is in use is not at hand.
            KekAway: the KEK cannot be asked.
        """
        held = connection.execute(
            text(
                "SELECT DISTINCT ON (kek_version) tenant, purpose, version, wrapped,"
                " kek_version FROM tenant_key ORDER BY kek_version, tenant, purpose"
            )
        ).all()
        for row in held:
            try:
                self._open(row)
            except Tampered:
                raise WrongKek(row.kek_version) from None
        if not held:
            self.kek.versions()
