"""The vault: opens, makes and destroys keys; holds the open ones for a while."""

import os
import weakref
from collections.abc import Callable, Collection, Mapping
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session

from loket.vault import keystore
from loket.vault.cell import unwrap, wrap
from loket.vault.errors import KeyDestroyed, Tampered
from loket.vault.kek.provider import Kek
from loket.vault.keystore import WrappedKey
from loket.vault.shelf import Shelf
from loket.vault.tenantkeys import (
    DATA,
    FIRST,
    INDEX,
    KEY_BYTES,
    TenantKeys,
    scope_context,
)
from loket.vault.tokens import FULL_BITS, Find, make_token

MISSING = "missing"
DESTROYED = "destroyed"
INDEX_VERSION = 1

Opened = dict[tuple[str, UUID, int], AESGCM]
"""Open keys by tenant, scope and version."""
OnOpen = Callable[[Session, Any, str], None]
"""Told at each opening of a cell: session, row, name of the field or group."""


class Vault:
    """Every key of this process, found through `session.info["vault"]`.

    Safe between threads and after a fork. An open key lives ten minutes here, so a
    scope shredded by another process can be read that long, unless `forget` is told.
    """

    def __init__(
        self,
        keystore_engine: Engine,
        kek: Kek,
        *,
        bits: int = 10,
        prefix_bits: int = 8,
        on_open: OnOpen | None = None,
        capacity: int = 20_000,
        lifetime: float = 600,
    ) -> None:
        if not keystore_engine.hide_parameters:
            raise ValueError("the engine of the key store must hide its parameters")
        self.engine = keystore_engine
        self.on_open = on_open
        self._bits = bits
        self._prefix_bits = prefix_bits
        self._keys: Shelf[tuple[str, UUID, int], AESGCM] = Shelf(capacity, lifetime)
        self._active: Shelf[tuple[str, UUID], int] = Shelf(capacity, lifetime)
        self.tenant_keys = TenantKeys(kek, lifetime)
        self._indexes: Shelf[str, bytes] = Shelf(1_000, lifetime)
        # a flipped version byte must not become a query each time it is read
        self._absent: Shelf[tuple[str, UUID, int], str] = Shelf(capacity, 60)
        _vaults.add(self)

    def __repr__(self) -> str:
        return "<Vault>"

    def after_fork(self) -> None:
        """Start empty in a child: no shared cache, connection or lock."""
        for shelf in (self._keys, self._active, self._absent):
            shelf.clear()
        self.tenant_keys.clear()
        self._indexes.clear()
        self.engine.dispose(close=False)

    # reading

    def known_key(self, tenant: str, scope: UUID, version: int) -> AESGCM | None:
        """Take a key that is open already.

        Raises:
            KeyDestroyed, Tampered: it was asked for and is not there.
        """
        wanted = (tenant, scope, version)
        key = self._keys.get(wanted)
        if key is None:
            self._refuse_absent(wanted)
        return key

    def key(self, tenant: str, scope: UUID, version: int) -> AESGCM:
        """Take a key after `load`, or learn why it is not there.

        Raises:
            KeyDestroyed: the scope has a tombstone.
            Tampered: no such key, of another tenant, or it does not unwrap.
        """
        wanted = (tenant, scope, version)
        key = self.known_key(*wanted)
        if key is None:
            with self.engine.begin() as connection:
                buried = keystore.read_tombstones(connection, [scope])
            self._absent.put(wanted, DESTROYED if buried else MISSING)
            self._refuse_absent(wanted)
            raise Tampered("sleutel")
        return key

    def _refuse_absent(self, wanted: tuple[str, UUID, int]) -> None:
        why = self._absent.get(wanted)
        if why == DESTROYED:
            raise KeyDestroyed
        if why == MISSING:
            raise Tampered("sleutel")

    def load(self, scopes: Collection[UUID]) -> None:
        """Open the keys of these scopes with one question to the key store."""
        with self.engine.begin() as connection:
            opened = self._read(connection, scopes)
        self._keep(opened)

    def _keep(self, opened: Opened) -> None:
        # only after the commit: a key that is not stored must never seal
        self._keys.put_all(opened)
        newest: dict[tuple[str, UUID], int] = {}
        for tenant, scope, version in opened:
            newest[tenant, scope] = max(version, newest.get((tenant, scope), 0))
        self._active.put_all(newest)

    def _read(self, connection: Connection, scopes: Collection[UUID]) -> Opened:
        found: Opened = {}
        wrappers: dict[tuple[str, int], AESGCM] = {}
        for row in keystore.read_keys(connection, scopes):
            place = (row.tenant, row.scope_id, row.version)
            of_tenant = (row.tenant, row.tenant_key_version)
            try:
                tenant_key = wrappers.get(of_tenant)
                if tenant_key is None:
                    opened_key = self.tenant_keys.open(
                        DATA, *of_tenant, row.tenant_wrapped, row.kek_version
                    )
                    tenant_key = wrappers[of_tenant] = AESGCM(opened_key)
                context = scope_context(row.scope_id, row.version, row.tenant)
                found[place] = AESGCM(unwrap(tenant_key, context, row.wrapped))
            except Tampered:
                # one broken key must not take the whole page along
                self._absent.put(place, MISSING)
        return found

    # sealing

    def sealing_key(self, tenant: str, scope: UUID, kind: str) -> tuple[int, AESGCM]:
        """Give the newest key of a scope and its version; make it when it is new."""
        found = self._newest(tenant, scope)
        if found is None:
            self.prepare({(tenant, scope): kind})
            found = self._newest(tenant, scope)
        if found is None:
            raise Tampered("sleutel")
        return found

    def _newest(self, tenant: str, scope: UUID) -> tuple[int, AESGCM] | None:
        version = self._active.get((tenant, scope))
        key = self._keys.get((tenant, scope, version)) if version else None
        return (version, key) if version and key else None

    def prepare(self, wanted: Mapping[tuple[str, UUID], str]) -> None:
        """Have a key ready for every (tenant, scope), committed before any data.

        Raises:
            KeyDestroyed: one of the scopes has a tombstone.
        """
        missing = {place for place in wanted if self._newest(*place) is None}
        if not missing:
            return
        with self.engine.begin() as connection:
            opened = self._read(connection, {scope for _, scope in missing})
            new = missing - {(tenant, scope) for tenant, scope, _ in opened}
            if new:
                opened |= self._make(
                    connection, {place: wanted[place] for place in new}
                )
        self._keep(opened)
        if any(self._newest(*place) is None for place in new):
            self._explain({scope for _, scope in new})

    def _make(
        self, connection: Connection, wanted: Mapping[tuple[str, UUID], str]
    ) -> Opened:
        tenant_keys = self.tenant_keys.newest(
            connection, {tenant for tenant, _ in wanted}
        )
        keystore.add_keys(
            connection,
            [
                self._new_key(place, kind, *tenant_keys[place[0]])
                for place, kind in sorted(wanted.items())
            ],
        )
        return self._read(connection, {scope for _, scope in wanted})

    def _new_key(
        self, place: tuple[str, UUID], kind: str, version: int, tenant_key: bytes
    ) -> WrappedKey:
        tenant, scope = place
        context = scope_context(scope, FIRST, tenant)
        wrapped = wrap(AESGCM(tenant_key), context, os.urandom(KEY_BYTES))
        return WrappedKey(scope, FIRST, tenant, kind, wrapped, version)

    def _explain(self, scopes: Collection[UUID]) -> None:
        with self.engine.begin() as connection:
            if keystore.read_tombstones(connection, scopes):
                raise KeyDestroyed
        raise Tampered("sleutel")

    # searching

    def index_key(self, tenant: str) -> bytes:
        """Give the key of a tenant's search tokens, apart from its data keys."""
        key = self._indexes.get(tenant)
        if key is None:
            with self.engine.begin() as connection:
                key = self.tenant_keys.newest(connection, [tenant], INDEX)[tenant][1]
            self._indexes.put(tenant, key)
        return key

    def tokens(
        self, tenant: str, index: str, find: Find, value: object, *, unique: bool
    ) -> list[bytes]:
        """Hash every part of a value for one index of one gemeente."""
        return [
            self.token(tenant, index, find, part, unique=unique)
            for part in find.parts(value)
        ]

    def token(
        self, tenant: str, index: str, find: Find, part: str, *, unique: bool
    ) -> bytes:
        """Hash one folded part."""
        bits = self.bits_of(find, unique=unique)
        return make_token(self.index_key(tenant), index, part, bits)

    def bits_of(self, find: Find, *, unique: bool) -> int:
        """Say how long a token is: unique ones whole, the others cut."""
        if unique:
            return FULL_BITS
        return self._bits if find.letters is None else self._prefix_bits

    # the life of a scope

    def open_scope(self, tenant: str, scope_id: UUID, kind: str) -> None:
        """Make the key of a new scope (or find the one it has)."""
        self.prepare({(tenant, scope_id): kind})

    def shred(self, scope_id: UUID, ground: str, *, kind: str | None = None) -> None:
        """Destroy a scope for good: tombstone, then every key. May be repeated.

        The caller deletes the tokens (`loket.vault.search.drop_tokens`) and keeps the
        rows; the legal `ground` holds no personal data. Whoever may destroy one kind
        of scope only, says which.

        Raises:
            WrongKind: what has this id is of another kind.
        """
        with self.engine.begin() as connection:
            keystore.destroy(connection, scope_id, ground, kind)
        self.forget(scope_id)

    def forget(self, scope_id: UUID) -> None:
        """Drop what is open of a scope, as when another process shredded it."""
        self._keys.drop(lambda place: place[1] == scope_id)
        self._active.drop(lambda place: place[1] == scope_id)
        self._absent.drop(lambda place: place[1] == scope_id)

    def check(self) -> None:
        """Prove that the key store answers and that the KEK opens what it holds.

        Raises:
            Tampered: this KEK did not wrap the keys that are stored.
            KekMissing, KekAway: a version is not at hand, or nobody answers for it.
        """
        with self.engine.begin() as connection:
            self.tenant_keys.check(connection)


_vaults: weakref.WeakSet[Vault] = weakref.WeakSet()


def _after_fork() -> None:
    for vault in list(_vaults):
        vault.after_fork()


os.register_at_fork(after_in_child=_after_fork)
