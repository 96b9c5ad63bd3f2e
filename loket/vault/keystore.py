"""The key store: a database of its own, with wrapped keys and tombstones only."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from alembic import command
from alembic.config import Config
from sqlalchemy import (
    Column,
    Connection,
    DateTime,
    LargeBinary,
    MetaData,
    Row,
    SmallInteger,
    Table,
    Text,
    Uuid,
    any_,
    cast,
    create_engine,
    delete,
    exists,
    func,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, Insert, insert

from loket.vault.errors import WrongKind

metadata = MetaData()

tenant_key = Table(
    "tenant_key",
    metadata,
    Column("tenant", Text, primary_key=True),
    Column("purpose", Text, primary_key=True),
    Column("version", SmallInteger, primary_key=True),
    Column("wrapped", LargeBinary, nullable=False),
    Column("kek_version", SmallInteger, nullable=False),
    Column("created_at", DateTime(timezone=True), server_default=func.now()),
)
data_key = Table(
    "data_key",
    metadata,
    Column("scope_id", Uuid, primary_key=True),
    Column("version", SmallInteger, primary_key=True),
    Column("tenant", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("wrapped", LargeBinary, nullable=False),
    Column("tenant_key_version", SmallInteger, nullable=False),
    Column("created_at", DateTime(timezone=True), server_default=func.now()),
)
tombstone = Table(
    "tombstone",
    metadata,
    Column("scope_id", Uuid, primary_key=True),
    Column("tenant", Text),
    Column("kind", Text),
    Column("ground", Text, nullable=False),
    Column("destroyed_at", DateTime(timezone=True), server_default=func.now()),
)

GRANTS = (
    "GRANT USAGE ON SCHEMA public TO {role}",
    # a trigger keeps what is in use
    "GRANT SELECT, INSERT, UPDATE, DELETE ON tenant_key TO {role}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON data_key TO {role}",
    "GRANT SELECT, INSERT ON tombstone TO {role}",
    "GRANT SELECT, INSERT ON key_deed TO {role}",
    "GRANT SELECT, INSERT ON audit_anchor TO {role}",
    "GRANT SELECT, INSERT ON signing_term TO {role}",
    "GRANT SELECT, INSERT, DELETE ON rotation TO {role}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON search_index TO {role}",
)


@dataclass(frozen=True)
class WrappedKey:
    """A new data key as it is stored."""

    scope_id: UUID
    version: int
    tenant: str
    kind: str
    wrapped: bytes
    tenant_key_version: int


def migrate(owner_url: str, runtime_role: str | None = None) -> None:
    """Bring the key store up to date; `runtime_role` may then use it."""
    config = Config()
    # alembic reads % in paths as interpolation
    location = str(Path(__file__).parent / "migrations").replace("%", "%%")
    config.set_main_option("script_location", location)
    config.set_main_option("path_separator", "os")
    engine = create_engine(owner_url, hide_parameters=True)
    try:
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            if runtime_role:
                quoted = engine.dialect.identifier_preparer.quote(runtime_role)
                for grant in GRANTS:
                    connection.execute(text(grant.format(role=quoted)))
    finally:
        engine.dispose()


def insert_many(table: Table, rows: Sequence[Mapping[str, object]]) -> Insert:
    """Insert any number of rows with one statement: an array for each column."""
    columns = [table.c[name] for name in rows[0]]
    arrays = [
        func.unnest(cast([row[column.name] for row in rows], ARRAY(column.type)))
        for column in columns
    ]
    return insert(table).from_select(columns, select(*arrays))


def read_keys(
    connection: Connection, scopes: Collection[UUID]
) -> Sequence[Row[UUID, int, str, bytes, int, bytes, int]]:
    """Fetch data keys of these scopes with the tenant keys that wrap them."""
    statement = (
        select(
            data_key.c.scope_id,
            data_key.c.version,
            data_key.c.tenant,
            data_key.c.wrapped,
            data_key.c.tenant_key_version,
            tenant_key.c.wrapped.label("tenant_wrapped"),
            tenant_key.c.kek_version,
        )
        .join(
            tenant_key,
            (tenant_key.c.tenant == data_key.c.tenant)
            & (tenant_key.c.version == data_key.c.tenant_key_version)
            & (tenant_key.c.purpose == "tk"),
        )
        .where(data_key.c.scope_id == any_(cast(list(scopes), ARRAY(Uuid))))
    )
    return connection.execute(statement).all()


def hold_tenant_keys(
    connection: Connection, tenants: Collection[str], purpose: str
) -> Sequence[Row[str, str, int, bytes, int]]:
    """Fetch the wrapped keys of these tenants, oldest version first.

    None of them is removed before this transaction ends.
    """
    wanted = any_(cast(list(tenants), ARRAY(Text)))
    statement = (
        select(
            tenant_key.c.tenant,
            tenant_key.c.purpose,
            tenant_key.c.version,
            tenant_key.c.wrapped,
            tenant_key.c.kek_version,
        )
        .where(tenant_key.c.tenant == wanted, tenant_key.c.purpose == purpose)
        .order_by(tenant_key.c.version)
        .with_for_update(key_share=True, read=True)
    )
    return connection.execute(statement).all()


def add_tenant_key(
    connection: Connection,
    tenant: str,
    purpose: str,
    version: int,
    wrapped: bytes,
    kek_version: int,
) -> None:
    """Store a key of a tenant, unless this version or a later one is there already."""
    same = (tenant_key.c.tenant == tenant) & (tenant_key.c.purpose == purpose)
    values = {
        "tenant": tenant,
        "purpose": purpose,
        "version": version,
        "wrapped": wrapped,
        "kek_version": kek_version,
    }
    typed = [cast(value, tenant_key.c[name].type) for name, value in values.items()]
    known = exists().where(same, tenant_key.c.version >= version)
    connection.execute(
        insert(tenant_key)
        .from_select(list(values), select(*typed).where(~known))
        .on_conflict_do_nothing()
    )


def add_keys(connection: Connection, keys: Collection[WrappedKey]) -> None:
    """Store new data keys, except where one exists."""
    rows = [vars(key) for key in keys]
    connection.execute(insert_many(data_key, rows).on_conflict_do_nothing())


def read_tombstones(connection: Connection, scopes: Collection[UUID]) -> set[UUID]:
    """Say which of these scopes were destroyed."""
    wanted = any_(cast(list(scopes), ARRAY(Uuid)))
    statement = select(tombstone.c.scope_id).where(tombstone.c.scope_id == wanted)
    return set(connection.execute(statement).scalars())


def read_graves(
    connection: Connection, scopes: Collection[UUID]
) -> Sequence[Row[UUID, str, datetime]]:
    """Fetch what the tombstones of these scopes say: scope, ground and moment."""
    wanted = any_(cast(list(scopes), ARRAY(Uuid)))
    return connection.execute(
        select(tombstone.c.scope_id, tombstone.c.ground, tombstone.c.destroyed_at)
        .where(tombstone.c.scope_id == wanted)
        .order_by(tombstone.c.destroyed_at, tombstone.c.scope_id)
    ).all()


def destroy(connection: Connection, scope: UUID, ground: str, only: str | None) -> None:
    """Write the tombstone, then delete every version of the key, of this kind only."""
    lock_keys(connection)
    held = data_key.c.scope_id == scope
    facts = connection.execute(
        select(data_key.c.tenant, data_key.c.kind).where(held).limit(1)
    ).one_or_none()
    tenant, kind = facts or (None, None)
    if only is not None and kind not in (only, None):
        raise WrongKind
    connection.execute(
        insert(tombstone).on_conflict_do_nothing(),
        {"scope_id": scope, "tenant": tenant, "kind": kind, "ground": ground},
    )
    connection.execute(delete(data_key).where(held))


def lock_keys(connection: Connection) -> None:
    """Let no key be made while another is destroyed: it would rise again."""
    connection.execute(text("LOCK TABLE data_key IN SHARE ROW EXCLUSIVE MODE"))
