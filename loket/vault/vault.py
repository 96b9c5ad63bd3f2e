"""The vault: opens, makes and destroys keys; holds the open ones for a while."""

import os
import threading
import time
import weakref
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session

from loket.vault import keystore
from loket.vault.cell import unwrap
from loket.vault.errors import KeyDestroyed, KeyMissing, Tampered
from loket.vault.herald import Herald
from loket.vault.kek.provider import Kek
from loket.vault.searchindex import Indexes, IndexVersion, read_indexes
from loket.vault.shelf import Shelf
from loket.vault.tenantkeys import (
    DATA,
    FIRST,
    TenantKeys,
    new_data_key,
    scope_context,
)
from loket.vault.tokens import Find

MISSING = "missing"
DESTROYED = "destroyed"
TRIES = 10
"""Times that what was read is asked again, when it is forgotten at that moment."""

Opened = dict[tuple[str, UUID, int], AESGCM]
"""Open keys by tenant, scope and version."""
OnOpen = Callable[[Session, Any, str], None]
"""Told at each opening of a cell: session, row, name of the field or group."""


class Grave(NamedTuple):
    """What a tombstone says: on what ground a scope was destroyed, and when."""

    ground: str
    destroyed_at: datetime


class Vault:
    """Every key of this process, found through `session.info["vault"]`.

    Safe between threads and after a fork. An open key lives ten minutes here, so a
    scope shredded by another process can be read that long, unless a herald tells it.
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
        index_lifetime: float = 30,
        herald: Herald | None = None,
    ) -> None:
        if not keystore_engine.hide_parameters:
            raise ValueError("the engine of the key store must hide its parameters")
        self.engine = keystore_engine
        self.on_open = on_open
        self.herald = herald
        # what is read while it is forgotten is not kept
        self._forgetting = threading.Lock()
        self._forgotten: Shelf[UUID, float] = Shelf(capacity, lifetime)
        self._cleared_at = float("-inf")
        self._bits = (bits, prefix_bits)
        self._keys: Shelf[tuple[str, UUID, int], AESGCM] = Shelf(capacity, lifetime)
        # with the epoch that was known before it was read (see loket.vault.epoch)
        self._active: Shelf[tuple[str, UUID], tuple[int, int | None]] = Shelf(
            capacity, lifetime
        )
        self._epochs: dict[str, int] = {}
        self.tenant_keys = TenantKeys(kek, lifetime)
        self._indexes: Shelf[str, Indexes] = Shelf(1_000, index_lifetime)
        self.index_lifetime = index_lifetime
        # a flipped version byte must not become a query each time it is read
        self._absent: Shelf[tuple[str, UUID, int], str] = Shelf(capacity, 60)
        _vaults.add(self)

    def __repr__(self) -> str:
        return "<Vault>"

    def after_fork(self) -> None:
        """Start empty in a child: no shared cache, connection or lock."""
        self._forgetting = threading.Lock()
        self.clear()
        self.tenant_keys.after_fork()
        self.engine.dispose(close=False)
        if self.herald is not None:
            self.herald.after_fork()

    def clear(self) -> None:
        """Forget everything that is open."""
        with self._forgetting:
            self._cleared_at = time.monotonic()
            for shelf in (self._keys, self._active, self._absent):
                shelf.clear()
        self.tenant_keys.clear()
        self._indexes.clear()
        self._epochs = {}

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
            # everything may have been forgotten since it was loaded: that is no loss
            with self.engine.begin() as connection:
                key = self._read(connection, [scope]).get(wanted)
                buried = keystore.read_tombstones(connection, [scope])
            if buried or key is None:
                self._absent.put(wanted, DESTROYED if buried else MISSING)
                raise KeyDestroyed if buried else KeyMissing
        return key

    def _refuse_absent(self, wanted: tuple[str, UUID, int]) -> None:
        why = self._absent.get(wanted)
        if why == DESTROYED:
            raise KeyDestroyed
        if why == MISSING:
            raise KeyMissing

    def load(self, scopes: Collection[UUID]) -> None:
        """Open the keys of these scopes with one question to the key store."""
        is_kept = False
        while not is_kept:
            epochs, since = dict(self._epochs), time.monotonic()
            with self.engine.begin() as connection:
                opened = self._read(connection, scopes)
            is_kept = self._keep(opened, epochs, since)

    def _keep(self, opened: Opened, epochs: Mapping[str, int], since: float) -> bool:
        # only after the commit: a key that is not stored must never seal
        with self._forgetting:
            if self._cleared_at >= since:
                return False
            kept = {
                place: key
                for place, key in sorted(opened.items(), key=lambda item: item[0][2])
                if (self._forgotten.get(place[1]) or since - 1) < since
            }
            self._keys.put_all(kept, since)
            self._active.put_all(
                {
                    (tenant, scope): (version, epochs.get(tenant))
                    for tenant, scope, version in kept
                },
                since,
            )
        return True

    def _read(self, connection: Connection, scopes: Collection[UUID]) -> Opened:
        if self.herald is not None:
            self.herald.listen(self)
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

    def sealing_key(
        self, tenant: str, scope: UUID, kind: str, epoch: int | None = None
    ) -> tuple[int, AESGCM]:
        """Give the newest key of a scope and its version; make it when it is new.

        Args:
            epoch: what the transaction that seals holds; without one, nothing keeps
                this key in use until the cell is stored.
        """
        epochs = {} if epoch is None else {tenant: epoch}
        for _ in range(TRIES):
            found = self._newest(tenant, scope, epoch)
            if found is not None:
                return found
            self.prepare({(tenant, scope): kind}, epochs)
        raise KeyMissing

    def _newest(
        self, tenant: str, scope: UUID, epoch: int | None
    ) -> tuple[int, AESGCM] | None:
        version, known = self._active.get((tenant, scope)) or (0, None)
        if epoch is not None and epoch != known:
            return None
        key = self._keys.get((tenant, scope, version)) if version else None
        return (version, key) if key else None

    def prepare(
        self,
        wanted: Mapping[tuple[str, UUID], str],
        epochs: Mapping[str, int] = MappingProxyType({}),
    ) -> None:
        """Have a key ready for every (tenant, scope), committed before any data.

        Args:
            epochs: what the transaction that seals holds, by tenant.

        Raises:
            KeyDestroyed: one of the scopes has a tombstone.
        """
        for _ in range(TRIES):
            self._epochs.update(epochs)
            missing = {place for place in wanted if self._lacks(place, epochs)}
            if not missing:
                return
            known, since = {**self._epochs, **epochs}, time.monotonic()
            with self.engine.begin() as connection:
                opened = self._read(connection, {scope for _, scope in missing})
                if new := missing - _places(opened):
                    opened |= self._make(
                        connection, {place: wanted[place] for place in new}
                    )
            if not missing <= _places(opened):
                self._explain({scope for _, scope in missing})
            # of more keys than the shelf holds some are gone again: asked when needed
            if self._keep(opened, known, since):
                return

    def _lacks(self, place: tuple[str, UUID], epochs: Mapping[str, int]) -> bool:
        return self._newest(*place, epochs.get(place[0])) is None

    def _make(
        self, connection: Connection, wanted: Mapping[tuple[str, UUID], str]
    ) -> Opened:
        tenant_keys = self.tenant_keys.newest(
            connection, {tenant for tenant, _ in wanted}
        )
        keystore.add_keys(
            connection,
            [
                new_data_key(place, FIRST, kind, *tenant_keys[place[0]])
                for place, kind in sorted(wanted.items())
            ],
        )
        return self._read(connection, {scope for _, scope in wanted})

    def _explain(self, scopes: Collection[UUID]) -> None:
        with self.engine.begin() as connection:
            if keystore.read_tombstones(connection, scopes):
                raise KeyDestroyed
        raise KeyMissing

    # searching

    def indexes(self, tenant: str, epoch: int | None = None) -> Indexes:
        """Give the versions of a tenant's search index, apart from its data keys.

        Args:
            epoch: what the transaction that writes tokens holds.
        """
        found = self._indexes.get(tenant)
        if found is None or (epoch is not None and found.epoch != epoch):
            known = self._epochs.get(tenant) if epoch is None else epoch
            since = time.monotonic()
            with self.engine.begin() as connection:
                found = read_indexes(
                    connection, self.tenant_keys, tenant, self._bits, known
                )
            self._indexes.put(tenant, found, since)
        return found

    def tokens(
        self,
        tenant: str,
        index: str,
        find: Find,
        value: object,
        *,
        unique: bool,
        version: IndexVersion | None = None,
    ) -> list[bytes]:
        """Hash every part of a value for one index of one gemeente.

        Args:
            version: of the index; else the one that is searched.
        """
        within = version or self.indexes(tenant).reading
        return [
            within.token(index, find, part, unique=unique) for part in find.parts(value)
        ]

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
        if self.herald is not None:
            self.herald.forget(scope_id)

    def graves(self, scopes: Collection[UUID]) -> dict[UUID, Grave]:
        """Return the tombstones among these scopes: what is gone for good, and why."""
        with self.engine.begin() as connection:
            return {
                row.scope_id: Grave(row.ground, row.destroyed_at)
                for row in keystore.read_graves(connection, scopes)
            }

    def forget(self, scope_id: UUID) -> None:
        """Drop what is open of a scope, as when another process shredded it."""
        with self._forgetting:
            self._forgotten.put(scope_id, time.monotonic())
            for shelf in (self._keys, self._absent):
                shelf.drop(lambda place: place[1] == scope_id)
            self._active.drop(lambda place: place[1] == scope_id)

    def renew_index(self, tenant: str) -> None:
        """Let every process ask anew which version of an index is searched."""
        self.forget_index(tenant)
        if self.herald is not None:
            self.herald.renew_index(tenant)

    def forget_index(self, tenant: str) -> None:
        """Ask again which version of the search index of a tenant is searched."""
        self._indexes.drop(lambda held: held == tenant)

    def check(self) -> None:
        """Prove that the key store answers and that the KEK opens what it holds.

        Raises:
            WrongKek: this KEK did not wrap the keys that are stored.
            KekMissing, KekAway: a version is not at hand, or nobody answers for it.
        """
        with self.engine.begin() as connection:
            self.tenant_keys.check(connection)


def _places(opened: Opened) -> set[tuple[str, UUID]]:
    return {(tenant, scope) for tenant, scope, _ in opened}


_vaults: weakref.WeakSet[Vault] = weakref.WeakSet()


def _after_fork() -> None:
    for vault in list(_vaults):
        vault.after_fork()


os.register_at_fork(after_in_child=_after_fork)
