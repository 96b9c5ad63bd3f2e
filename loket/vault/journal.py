"""The journal of the key store: what was done with keys, never changed afterwards.

It stands with the keys, so that it tells the truth about them also when the database
of the cases is a restored one. The trail of `loket.audit` tells it to people.
"""

from collections.abc import Collection, Sequence
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    DateTime,
    Identity,
    Integer,
    Row,
    SmallInteger,
    Table,
    Text,
    func,
    insert,
    select,
)

from loket.vault.keystore import metadata


class Deed(StrEnum):
    """What can be done with keys: `key.past`."""

    KEK_MADE = "kek.made"
    KEK_ROTATION_BEGUN = "kek.rotation_begun"
    KEK_ROTATED = "kek.rotated"
    KEK_ESCROWED = "kek.escrowed"
    GEMEENTE_KEY_ADDED = "gemeente_key.added"
    GEMEENTE_KEY_ROTATED = "gemeente_key.rotated"
    SIGNING_KEY_REPLACED = "signing_key.replaced"
    SEAL_KEY_ADDED = "seal_key.added"
    SEAL_KEY_REPLACED = "seal_key.replaced"
    DATA_KEYS_REPLACED = "data_key.replaced"
    INDEX_REBUILT = "search_index.rebuilt"
    SCOPE_SHREDDED = "data_key.destroyed"
    KEYS_SWEPT = "data_key.swept"


key_deed = Table(
    "key_deed",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column(
        "at",
        DateTime(timezone=True),
        nullable=False,
        server_default=func.clock_timestamp(),
    ),
    Column("deed", Text, nullable=False),
    Column("tenant", Text),
    Column("from_version", SmallInteger),
    Column("to_version", SmallInteger),
    Column("moved", Integer, nullable=False, server_default="0"),
    Column("done_by", Text, nullable=False),
)


def note(
    connection: Connection,
    deed: Deed,
    by: str,
    *,
    tenant: str | None = None,
    old: int | None = None,
    new: int | None = None,
    moved: int = 0,
) -> None:
    """Add a line, in the transaction of what it tells.

    Args:
        by: which door and who stood there; no personal data of residents.
        old: the version before, and `new` the one after.
        moved: how many keys this deed wrapped anew.
    """
    connection.execute(
        insert(key_deed).values(
            deed=deed.value,
            tenant=tenant,
            from_version=old,
            to_version=new,
            moved=moved,
            done_by=by,
        )
    )


def last_deeds(
    connection: Connection, most: int = 10, tenants: Collection[str] | None = None
) -> Sequence[Row[object]]:
    """Read the last lines, newest first.

    Args:
        tenants: only of these, and of the whole installation; None: of all.
    """
    asked = select(key_deed).order_by(key_deed.c.id.desc()).limit(most)
    if tenants is not None:
        asked = asked.where(
            key_deed.c.tenant.is_(None) | key_deed.c.tenant.in_(tenants)
        )
    return connection.execute(asked).all()
