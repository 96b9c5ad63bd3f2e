"""Replacing data keys, on the side of the key store: new versions, old ones gone."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TypeVar, cast
from uuid import UUID

from sqlalchemy import (
    Column,
    Connection,
    DateTime,
    Row,
    Table,
    Text,
    Uuid,
    delete,
    func,
    select,
)
from sqlalchemy.dialects.postgresql import insert

from loket.vault import keystore
from loket.vault.keystore import data_key, metadata, tombstone
from loket.vault.sealedtables import wanted_versions
from loket.vault.tenantkeys import new_data_key
from loket.vault.vault import Vault

T = TypeVar("T")
WHOLE = UUID(int=0)
"""Stands for every scope of a tenant."""
CHUNK = 500

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


def tenants_of(connection: Connection) -> list[str]:
    """List everyone who has keys."""
    asked = select(data_key.c.tenant).distinct().order_by(data_key.c.tenant)
    return list(connection.execute(asked).scalars())


def owner_of(connection: Connection, scope: UUID) -> str | None:
    """Say whose key this is, or was when it is destroyed; nobody's if it never was."""
    for table in (data_key, tombstone):
        asked = select(table.c.tenant).where(table.c.scope_id == scope).limit(1)
        tenant = connection.execute(asked).scalar()
        if tenant is not None:
            return str(tenant)
    return None
