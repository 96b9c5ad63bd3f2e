"""Turning the KEK and the keys of gemeenten: keys are wrapped anew, no data is touched.

Every step is one small transaction that may be the last one: who begins again goes on
where it stopped. Readers and writers work on: a stored key is replaced only where it
still is what was read, and an old key goes only when nothing hangs on it any more.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from psycopg.errors import LockNotAvailable
from sqlalchemy import Connection, Engine, Row, func, select, text, tuple_
from sqlalchemy.exc import OperationalError

from loket.errors import LoketError, NotFound
from loket.vault import keystore
from loket.vault.cell import unwrap, wrap
from loket.vault.errors import KekMissing, Tampered
from loket.vault.journal import Deed, note
from loket.vault.keystore import data_key, tenant_key
from loket.vault.tenantkeys import DATA, TenantKeys, scope_context, tenant_context

BATCH = 1000
ONE_AT_A_TIME = 4_170_399
"""Advisory lock of whoever turns a key."""
LOCK_TIMEOUT = "5s"
PATIENCE, PAUSE = 3.0, 0.1
"""Seconds to wait: of a process that was killed the server learns a moment later."""

Progress = Callable[[int, int], object]
"""Told how many keys were done, and of how many."""

_REPLACE = text(
    "UPDATE data_key k SET wrapped = n.new, tenant_key_version = :version"
    " FROM unnest(CAST(:scopes AS uuid[]), CAST(:versions AS smallint[]),"
    " CAST(:olds AS bytea[]), CAST(:news AS bytea[]))"
    " AS n (scope_id, version, old, new)"
    " WHERE k.scope_id = n.scope_id AND k.version = n.version AND k.wrapped = n.old"
)
"""Compare and swap: what was shredded or changed meanwhile stays as it is."""


class AlreadyTurning(LoketError):
    """Somebody else turns a key at this moment."""

    status = 409

    def __init__(self) -> None:
        super().__init__(
            "Er draait al iemand een sleutel.\n"
            "Wat u kunt doen: wacht tot dat klaar is en kijk dan met 'loket vault"
            " status'."
        )


class BrokenKeys(LoketError):
    """Some keys do not open; the old key stays, the others were turned."""

    status = 500

    def __init__(self, what: str, count: int) -> None:
        super().__init__(
            f"{count} sleutels van {what} gaan niet open en zijn niet gedraaid. De oude"
            " sleutel blijft staan.\nWat u kunt doen: zet de sleutelkluis van vóór de"
            " beschadiging terug (of die sleutels daaruit), en voer dit nog eens uit."
        )


class StillInUse(LoketError):
    """Somebody still wraps by the old key; nothing was lost."""

    status = 503

    def __init__(self) -> None:
        super().__init__(
            "Alles is gedraaid, maar de oude sleutel wordt nog vastgehouden.\n"
            "Wat u kunt doen: voer dit straks nog eens uit."
        )


@dataclass(frozen=True)
class Turned:
    """What a turning did."""

    old: int
    new: int
    moved: int
    """Number of keys that this run wrapped anew."""


@contextmanager
def only_one(engine: Engine) -> Iterator[None]:
    """Let nobody else turn a key meanwhile; who is killed lets go.

    Raises:
        AlreadyTurning: somebody else does.
    """
    with engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT")
        until = time.monotonic() + PATIENCE
        while not connection.scalar(select(func.pg_try_advisory_lock(ONE_AT_A_TIME))):
            if time.monotonic() > until:
                raise AlreadyTurning
            time.sleep(PAUSE)
        try:
            yield
        finally:
            connection.execute(select(func.pg_advisory_unlock(ONE_AT_A_TIME)))


# the KEK


def rotate_kek(
    engine: Engine, keys: TenantKeys, by: str, progress: Progress
) -> Turned | None:
    """Wrap every key of every gemeente under the newest KEK; None when all are.

    Raises:
        AlreadyTurning, BrokenKeys, KekMissing, KekAway: what was done stays done.
    """
    newest = max(keys.kek.versions())
    with only_one(engine):
        _refuse_newer(engine, newest)
        rows = _under_older_kek(engine, newest)
        if not rows:
            return None
        oldest, total = min(row.kek_version for row in rows), len(rows)
        with engine.begin() as connection:
            note(connection, Deed.KEK_ROTATION_BEGUN, by, old=oldest, new=newest)
        moved, broken = 0, set[bytes]()
        while rows:
            for row in rows:
                try:
                    moved += _rewrap_tenant_key(engine, keys, row)
                except Tampered:
                    broken.add(bytes(row.wrapped))
                progress(min(moved, total), total)
            # a gemeente may have begun meanwhile, under the old one
            rows = [
                row
                for row in _under_older_kek(engine, newest)
                if bytes(row.wrapped) not in broken
            ]
        if broken:
            raise BrokenKeys("gemeenten", len(broken))
        with engine.begin() as connection:
            note(connection, Deed.KEK_ROTATED, by, old=oldest, new=newest, moved=moved)
    return Turned(oldest, newest, moved)


def _refuse_newer(engine: Engine, newest: int) -> None:
    with engine.connect() as connection:
        used: int | None = connection.scalar(select(func.max(tenant_key.c.kek_version)))
    if used is not None and used > newest:
        raise KekMissing(used)


def _under_older_kek(engine: Engine, newest: int) -> Sequence[Row[Any]]:
    with engine.connect() as connection:
        return connection.execute(
            select(tenant_key)
            .where(tenant_key.c.kek_version < newest)
            .order_by(tenant_key.c.tenant, tenant_key.c.purpose, tenant_key.c.version)
        ).all()


def _rewrap_tenant_key(engine: Engine, keys: TenantKeys, row: Row[Any]) -> int:
    context = tenant_context(row.purpose, row.tenant, row.version)
    secret = keys.kek.unwrap(row.wrapped, context, row.kek_version)
    blob, version = keys.kek.wrap(secret, context)
    if keys.kek.unwrap(blob, context, version) != secret:
        raise Tampered("sleutel")
    with engine.begin() as connection:
        return connection.execute(
            tenant_key.update()
            .where(
                tenant_key.c.tenant == row.tenant,
                tenant_key.c.purpose == row.purpose,
                tenant_key.c.version == row.version,
                tenant_key.c.wrapped == row.wrapped,
            )
            .values(wrapped=blob, kek_version=version)
        ).rowcount


# the key of a gemeente


def rotate_gemeente(
    engine: Engine, keys: TenantKeys, tenant: str, by: str, progress: Progress
) -> Turned:
    """Give a gemeente a new key, and wrap all its data keys under it.

    A turning that was broken off is finished; it begins no second one. The key of the
    search tokens is another one and stays.

    Raises:
        NotFound: this gemeente has no keys.
        AlreadyTurning, BrokenKeys, StillInUse, KekAway: what was done stays done.
    """
    with only_one(engine):
        new = _begin(engine, keys, tenant, by)
        old, total = _facts(engine, tenant, new)
        moved, broken = 0, set[tuple[UUID, int]]()
        while True:
            for count in _rewrap_all(engine, keys, tenant, new, broken):
                moved += count
                progress(min(moved, total), total)
            if broken:
                raise BrokenKeys(f"gemeente {tenant}", len(broken))
            if _retire(engine, tenant, new, by, Turned(old, new, moved)):
                return Turned(old, new, moved)


def _begin(engine: Engine, keys: TenantKeys, tenant: str, by: str) -> int:
    with engine.begin() as connection:
        held = keystore.hold_tenant_keys(connection, [tenant], DATA)
        if not held:
            raise NotFound(f"Gemeente {tenant} heeft geen sleutels.")
        newest: int = held[-1].version
        if len(held) > 1:
            return newest
        keys.make(connection, tenant, DATA, newest + 1)
        note(
            connection,
            Deed.GEMEENTE_KEY_ADDED,
            by,
            tenant=tenant,
            old=newest,
            new=newest + 1,
        )
        return newest + 1


def _facts(engine: Engine, tenant: str, new: int) -> tuple[int, int]:
    """Tell the oldest version there is, and how many keys are under an older one."""
    with engine.connect() as connection:
        oldest: int | None = connection.scalar(
            select(func.min(tenant_key.c.version)).where(
                tenant_key.c.tenant == tenant, tenant_key.c.purpose == DATA
            )
        )
        return oldest or new, _left(connection, tenant, new)


def _left(connection: Connection, tenant: str, new: int) -> int:
    older = (data_key.c.tenant == tenant) & (data_key.c.tenant_key_version < new)
    count: int | None = connection.scalar(select(func.count()).where(older))
    return count or 0


def _rewrap_all(
    engine: Engine,
    keys: TenantKeys,
    tenant: str,
    new: int,
    broken: set[tuple[UUID, int]],
) -> Iterator[int]:
    """Go once through the data keys under an older version; tell each batch's count."""
    wrappers = _open_versions(engine, keys, tenant)
    last = (UUID(int=0), 0)
    while True:
        with engine.begin() as connection:
            rows = _older(connection, tenant, new, last)
            if not rows:
                return
            moved = _rewrap(connection, rows, wrappers, new, broken)
        last = (rows[-1].scope_id, rows[-1].version)
        yield moved


def _open_versions(engine: Engine, keys: TenantKeys, tenant: str) -> dict[int, AESGCM]:
    with engine.begin() as connection:
        held = keystore.hold_tenant_keys(connection, [tenant], DATA)
    return {
        row.version: AESGCM(
            keys.open(DATA, tenant, row.version, row.wrapped, row.kek_version)
        )
        for row in held
    }


def _older(
    connection: Connection, tenant: str, new: int, after: tuple[UUID, int]
) -> Sequence[Row[Any]]:
    place = tuple_(data_key.c.scope_id, data_key.c.version)
    return connection.execute(
        select(data_key)
        .where(
            data_key.c.tenant == tenant,
            data_key.c.tenant_key_version < new,
            place > tuple_(*after),
        )
        .order_by(data_key.c.scope_id, data_key.c.version)
        .limit(BATCH)
    ).all()


def _rewrap(
    connection: Connection,
    rows: Sequence[Row[Any]],
    wrappers: dict[int, AESGCM],
    new: int,
    broken: set[tuple[UUID, int]],
) -> int:
    fresh: dict[tuple[UUID, int], tuple[bytes, bytes]] = {}
    for row in rows:
        place = (row.scope_id, row.version)
        context = scope_context(row.scope_id, row.version, row.tenant)
        try:
            secret = unwrap(wrappers[row.tenant_key_version], context, row.wrapped)
        except (Tampered, KeyError):
            broken.add(place)
            continue
        fresh[place] = (row.wrapped, wrap(wrappers[new], context, secret))
    return connection.execute(
        _REPLACE,
        {
            "version": new,
            "scopes": [scope for scope, _ in fresh],
            "versions": [version for _, version in fresh],
            "olds": [old for old, _ in fresh.values()],
            "news": [wrapped for _, wrapped in fresh.values()],
        },
    ).rowcount


def _retire(engine: Engine, tenant: str, new: int, by: str, turned: Turned) -> bool:
    """Remove the older versions, unless a key was made under one meanwhile."""
    older = (
        (tenant_key.c.tenant == tenant)
        & (tenant_key.c.purpose == DATA)
        & (tenant_key.c.version < new)
    )
    try:
        with engine.begin() as connection:
            connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'"))
            # waits for who holds one to wrap by it; who comes after sees the newest
            connection.execute(
                select(tenant_key.c.version).where(older).with_for_update()
            )
            if _left(connection, tenant, new):
                return False
            connection.execute(tenant_key.delete().where(older))
            note(
                connection,
                Deed.GEMEENTE_KEY_ROTATED,
                by,
                tenant=tenant,
                old=turned.old,
                new=new,
                moved=turned.moved,
            )
    except OperationalError as error:
        if not isinstance(error.orig, LockNotAvailable):
            raise
        raise StillInUse from None
    return True
