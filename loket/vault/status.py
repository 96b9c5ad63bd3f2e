"""How the key store stands: counts and versions, never a key."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from loket.vault.journal import last_deeds
from loket.vault.keystore import data_key, tenant_key, tombstone
from loket.vault.tenantkeys import DATA, FIRST, SEALS, SIGNING


class Told(NamedTuple):
    """One line of the journal."""

    at: datetime
    deed: str
    tenant: str | None
    from_version: int | None
    to_version: int | None
    moved: int
    done_by: str


@dataclass(frozen=True)
class Gemeentekeys:
    """What one gemeente has."""

    tenant: str
    versions: tuple[int, ...]
    """Versions of its key, the newest last."""
    data_keys: dict[int, int]
    """Number of data keys under each version."""

    @property
    def is_turning(self) -> bool:
        """Whether a rotation has begun and has not ended."""
        return len(self.versions) > 1


class KeyAge(NamedTuple):
    """One version of a key, and since when it is there."""

    version: int
    since: datetime


@dataclass(frozen=True)
class Proofkeys:
    """What one gemeente (or the installation) proves things with."""

    tenant: str
    signing: tuple[KeyAge, ...]
    """Versions of the key that signs its trail; the newest signs, all of them check."""
    seals: tuple[KeyAge, ...]
    """Versions of the key of row seals."""

    @property
    def is_turning(self) -> bool:
        """Whether replacing the key of row seals has begun and has not ended."""
        return len(self.seals) > 1


@dataclass(frozen=True)
class Status:
    """Everything that `loket vault status` tells."""

    tenant_keys: dict[int, int]
    """Keys of gemeenten (of data and of search) under each version of the KEK."""
    gemeenten: tuple[Gemeentekeys, ...]
    proof: tuple[Proofkeys, ...]
    scopes: dict[str, int]
    """Scopes with a key, by kind."""
    tombstones: int
    deeds: tuple[Told, ...]


def read_status(
    connection: Connection, deeds: int = 10, tenants: Collection[str] | None = None
) -> Status:
    """Count what is there; asks a flat number of questions.

    Args:
        deeds: how many of the last deeds are told.
        tenants: of which gemeenten those are; None: of all.
    """
    by_kek: Counter[int] = Counter()
    versions: dict[str, list[int]] = {}
    proof: dict[str, dict[str, list[KeyAge]]] = {}
    for row in connection.execute(select(tenant_key).order_by(tenant_key.c.version)):
        by_kek[row.kek_version] += 1
        if row.purpose == DATA:
            versions.setdefault(row.tenant, []).append(row.version)
        if row.purpose in (SIGNING, SEALS):
            ages = proof.setdefault(row.tenant, {}).setdefault(row.purpose, [])
            ages.append(KeyAge(row.version, row.created_at))
    return Status(
        tenant_keys=dict(sorted(by_kek.items())),
        gemeenten=_gemeenten(connection, versions),
        proof=tuple(
            Proofkeys(tenant, tuple(held.get(SIGNING, ())), tuple(held.get(SEALS, ())))
            for tenant, held in sorted(proof.items())
        ),
        scopes=_scopes(connection),
        tombstones=connection.scalar(select(func.count()).select_from(tombstone)) or 0,
        deeds=tuple(
            Told(
                row.at,
                row.deed,
                row.tenant,
                row.from_version,
                row.to_version,
                row.moved,
                row.done_by,
            )
            for row in last_deeds(connection, deeds, tenants)
        ),
    )


def _gemeenten(
    connection: Connection, versions: dict[str, list[int]]
) -> tuple[Gemeentekeys, ...]:
    under: dict[str, dict[int, int]] = {tenant: {} for tenant in versions}
    place = (data_key.c.tenant, data_key.c.tenant_key_version)
    counted = select(*place, func.count()).group_by(*place).order_by(*place)
    for tenant, version, count in connection.execute(counted):
        under.setdefault(tenant, {})[version] = count
    return tuple(
        Gemeentekeys(tenant, tuple(versions.get(tenant, ())), keys)
        for tenant, keys in sorted(under.items())
    )


def _scopes(connection: Connection) -> dict[str, int]:
    scopes = func.count(data_key.c.scope_id.distinct())
    counted = select(data_key.c.kind, scopes).group_by(data_key.c.kind)
    return {row.kind: row[1] for row in connection.execute(counted)}


def turned_lately(connection: Connection, purpose: str = DATA) -> set[str]:
    """Tell which gemeenten got a new key in the last 24 hours, after an older one."""
    return set(
        connection.execute(
            select(tenant_key.c.tenant).where(
                tenant_key.c.purpose == purpose,
                tenant_key.c.version > FIRST,
                tenant_key.c.created_at > func.now() - timedelta(days=1),
            )
        ).scalars()
    )
