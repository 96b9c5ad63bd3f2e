"""Versions of a search index: each with its own key and length of tokens.

While a new version is built, writers write under both, and readers read the old one.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from math import log2
from typing import Final

from sqlalchemy import (
    Column,
    Connection,
    DateTime,
    Row,
    SmallInteger,
    Table,
    Text,
    func,
    select,
)

from loket.vault.keystore import metadata, tenant_key
from loket.vault.tenantkeys import INDEX, TenantKeys
from loket.vault.tokens import FULL_BITS, Find, make_token

FEWEST: Final = 6
MOST: Final = 12
SHARED_BY: Final = 10
"""About so many rows share a token."""


class State(StrEnum):
    """What a version of a search index is for."""

    BUILDING = "building"
    """Written, not yet read."""
    ACTIVE = "active"
    """Written and read."""
    OLD = "old"
    """Written still, while readers who do not know better read it."""


search_index = Table(
    "search_index",
    metadata,
    Column("tenant", Text, primary_key=True),
    Column("version", SmallInteger, primary_key=True),
    Column("state", Text, nullable=False),
    Column("bits", SmallInteger, nullable=False),
    Column("prefix_bits", SmallInteger, nullable=False),
    Column("created_at", DateTime(timezone=True), server_default=func.now()),
)


@dataclass(frozen=True)
class IndexVersion:
    """One version: its number, its key, and how long its tokens are."""

    number: int
    key: bytes = field(repr=False)
    bits: int
    prefix_bits: int

    def token(self, index: str, find: Find, part: str, *, unique: bool) -> bytes:
        """Hash one folded part: whole if it is unique, else cut."""
        cut = self.bits if find.letters is None else self.prefix_bits
        return make_token(self.key, index, part, FULL_BITS if unique else cut)


@dataclass(frozen=True)
class Indexes:
    """The versions of one tenant as a process knows them."""

    reading: IndexVersion
    writing: tuple[IndexVersion, ...]
    epoch: int | None
    """What was known before they were read."""


def choose_bits(rows: int) -> tuple[int, int]:
    """Say how long the tokens of so many rows are: of whole parts, of first letters.

    First letters differ less than whole names, and are cut two bits shorter.
    """
    bits = int(log2(rows / SHARED_BY)) if rows > SHARED_BY else 0
    return max(FEWEST, min(MOST, bits)), max(FEWEST, min(MOST, bits) - 2)


def read_indexes(
    connection: Connection,
    keys: TenantKeys,
    tenant: str,
    bits: tuple[int, int],
    epoch: int | None,
) -> Indexes:
    """Read the versions of a tenant; the first has tokens of `bits`, never rebuilt."""
    rows = _stored(connection, tenant)
    if not rows:
        keys.newest(connection, [tenant], INDEX)
        rows = _stored(connection, tenant)
    known = [row for row in rows if row.state is not None]
    if not known:
        number, key = _opened(keys, rows[0])
        first = IndexVersion(number, key, *bits)
        return Indexes(first, (first,), epoch)
    versions = {
        row.state: IndexVersion(*_opened(keys, row), row.bits, row.prefix_bits)
        for row in known
    }
    return Indexes(versions[State.ACTIVE], tuple(versions.values()), epoch)


def _stored(connection: Connection, tenant: str) -> list[Row[tuple[object, ...]]]:
    same = (search_index.c.tenant == tenant_key.c.tenant) & (
        search_index.c.version == tenant_key.c.version
    )
    asked = (
        select(
            tenant_key,
            search_index.c.state,
            search_index.c.bits,
            search_index.c.prefix_bits,
        )
        .outerjoin(search_index, same)
        .where(tenant_key.c.tenant == tenant, tenant_key.c.purpose == INDEX)
        .order_by(tenant_key.c.version)
    )
    return list(connection.execute(asked).all())


def _opened(keys: TenantKeys, row: Row[tuple[object, ...]]) -> tuple[int, bytes]:
    opened = keys.open(INDEX, row.tenant, row.version, row.wrapped, row.kek_version)
    return row.version, opened
