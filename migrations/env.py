"""Run the migrations as the owner; `loket.app` knows every table (house rule)."""

import os
from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection, create_engine
from sqlalchemy.types import TypeDecorator

import loket.app  # noqa: F401 -- imports every room, so that no table is forgotten
from loket.db import Model

LOCK_TIMEOUT = "4s"
"""A migration that waits for a lock makes everyone behind it wait: give up soon."""


def render_item(
    kind: str, item: object, _context: AutogenContext
) -> str | Literal[False]:
    """Write a house type as the plain SQL type: a migration never imports loket."""
    if kind != "type" or not isinstance(item, TypeDecorator):
        return False
    plain: Any = item.impl_instance
    return f"sa.{plain!r}"


def migrate_with(connection: Connection) -> None:
    """Bring the database on this connection up to date, in one transaction."""
    context.configure(
        connection=connection,
        target_metadata=Model.metadata,
        render_item=render_item,
        compare_server_default=True,
    )
    with context.begin_transaction():
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
        context.run_migrations()


def main() -> None:
    """Use the connection we were given, or make one from the environment."""
    given = context.config.attributes.get("connection")
    if given is not None:
        migrate_with(given)
        return
    engine = create_engine(os.environ["LOKET_DATABASE_OWNER_URL"], hide_parameters=True)
    with engine.connect() as connection:
        migrate_with(connection)


main()
