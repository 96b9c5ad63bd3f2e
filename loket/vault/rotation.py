"""Replacing data keys, on the side of the key store: new versions, old ones gone."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TypeVar, cast
from uuid import UUID

from sqlalchemy import (
    Column,
    Connection,
    DateTime,
    Engine,
    Row,
    Table,
    Text,
    Uuid,
    delete,
    func,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import insert

from loket.errors import LoketError
from loket.vault import keystore
from loket.vault.keystore import data_key, metadata
from loket.vault.sealedtables import wanted_versions
from loket.vault.tenantkeys import new_data_key
from loket.vault.vault import Vault

T = TypeVar("T")
WHOLE = UUID(int=0)
"""Stands for every scope of a tenant."""
CHUNK = 500
TURNING = 4_170_399
"""Class of the advisory lock of who replaces keys of a tenant."""

rotation = Table(
    "rotation",
    metadata,
    Column("tenant", Text, primary_key=True),
    Column("scope_id", Uuid, primary_key=True),
    Column(
        "started_at",
        DateTime(timezone=True),
        server_default=func.clock_timestamp(),
        nullable=False,
    ),
)
"""What was begun and has not ended: it goes on from there."""


class AlreadyTurning(LoketError):
    """Somebody else replaces keys of this tenant at this moment."""

    status = 409

    def __init__(self) -> None:
        super().__init__("Voor deze gemeente draait dit al. Wacht tot het klaar is.")


@contextmanager
def only_one(engine: Engine, tenant: str) -> Iterator[None]:
    """Be the only one who replaces keys of this tenant; ends with the process too.

    Raises:
        AlreadyTurning: somebody else is.
    """
    turn = {"turn": TURNING, "tenant": tenant}
    with engine.connect() as connection:
        asked = text("SELECT pg_try_advisory_lock(:turn, hashtext(:tenant))")
        if not connection.scalar(asked, turn):
            raise AlreadyTurning
        connection.rollback()
        try:
            yield
        finally:
            freed = text("SELECT pg_advisory_unlock(:turn, hashtext(:tenant))")
            connection.execute(freed, turn)


def begin(connection: Connection, tenant: str, scope: UUID) -> datetime:
    """Begin, or go on with what was begun; return when that was."""
    connection.execute(
        insert(rotation).on_conflict_do_nothing(),
        {"tenant": tenant, "scope_id": scope},
    )
    same = (rotation.c.tenant == tenant) & (rotation.c.scope_id == scope)
    began = connection.execute(select(rotation.c.started_at).where(same)).scalar_one()
    return cast("datetime", began)


def end(connection: Connection, tenant: str, scope: UUID) -> None:
    """Remember that it is done."""
    connection.execute(
        delete(rotation).where(
            rotation.c.tenant == tenant, rotation.c.scope_id == scope
        )
    )


def renew(vault: Vault, tenant: str, scope: UUID) -> dict[UUID, int]:
    """Give every scope a key from after the beginning; return what is to be moved.

    Scopes that have only such a key are ready: an earlier run moved them.
    """
    with vault.engine.begin() as connection:
        started_at = begin(connection, tenant, scope)
    with vault.engine.begin() as connection:
        held = _versions(connection, tenant, scope)
    for chunk in chunks([row for row in held if row.newest_at < started_at], CHUNK):
        with vault.engine.begin() as connection:
            version, key = vault.tenant_keys.newest(connection, [tenant])[tenant]
            keystore.add_keys(
                connection,
                [
                    new_data_key(
                        (tenant, row.scope_id), row.newest + 1, row.kind, version, key
                    )
                    for row in chunk
                ],
            )
    with vault.engine.begin() as connection:
        held = _versions(connection, tenant, scope)
    return {row.scope_id: row.newest for row in held if row.newest > row.oldest}


def _versions(
    connection: Connection, tenant: str, scope: UUID
) -> Sequence[Row[UUID, str, int, int, datetime]]:
    asked = (
        select(
            data_key.c.scope_id,
            func.min(data_key.c.kind).label("kind"),
            func.min(data_key.c.version).label("oldest"),
            func.max(data_key.c.version).label("newest"),
            func.max(data_key.c.created_at).label("newest_at"),
        )
        .where(data_key.c.tenant == tenant)
        .group_by(data_key.c.scope_id)
        .order_by(data_key.c.scope_id)
    )
    if scope != WHOLE:
        asked = asked.where(data_key.c.scope_id == scope)
    return connection.execute(asked).all()


def drop_older(connection: Connection, targets: Mapping[UUID, int]) -> int:
    """Take away every version of these scopes before the one that is given."""
    dropped = 0
    for chunk in chunks(sorted(targets), CHUNK):
        wanted = wanted_versions({scope: targets[scope] for scope in chunk})
        dropped += connection.execute(
            delete(data_key).where(
                data_key.c.scope_id == wanted.c.scope,
                data_key.c.version < wanted.c.version,
            )
        ).rowcount
    return dropped


def chunks(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """Cut a list into pieces."""
    for start in range(0, len(items), size):
        yield items[start : start + size]
