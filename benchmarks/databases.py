"""A data database and a key store for one run, on a PostgreSQL of ours or given."""

import os
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, Engine, MetaData, create_engine, make_url, text

from loket.db import Model, make_engine
from loket.embedded import EmbeddedPair
from loket.vault import keystore
from loket.vault.epoch import SealingEpoch
from loket.vault.searchtoken import SearchToken, SearchUnique


@contextmanager
def databases(own: MetaData) -> Iterator[tuple[Engine, Engine]]:
    """Make both, with these tables; they are dropped at the end."""
    with server() as url:
        yield from databases_on(url, own)


@contextmanager
def server() -> Iterator[URL]:
    """Use the PostgreSQL of `LOKET_TEST_SERVER`, or start one."""
    named = os.environ.get("LOKET_TEST_SERVER")
    if named:
        yield make_url(named)
        return
    with tempfile.TemporaryDirectory(prefix="loket-bench-") as home:
        # the embedded server runs as another user when we are root
        Path(home).chmod(0o755)
        pair = EmbeddedPair(Path(home), durable=False)
        pair.start()
        try:
            yield make_url(pair.postgres.superuser_url)
        finally:
            pair.stop()


def databases_on(url: URL, own: MetaData) -> Iterator[tuple[Engine, Engine]]:
    """Make both on this server."""
    root = create_engine(url, isolation_level="AUTOCOMMIT")
    name = f"bench_{uuid.uuid4().hex[:8]}"
    names = (name, f"{name}_keys")
    with root.connect() as connection:
        for each in names:
            connection.execute(text(f"CREATE DATABASE {each}"))
    urls = [
        url.set(database=each).render_as_string(hide_password=False) for each in names
    ]
    data, keys = (make_engine(each) for each in urls)
    try:
        keystore.migrate(urls[1])
        own.create_all(data)
        tables = [each.__table__ for each in (SearchToken, SearchUnique, SealingEpoch)]
        Model.metadata.create_all(data, tables=tables)
        yield data, keys
    finally:
        data.dispose()
        keys.dispose()
        with root.connect() as connection:
            for each in names:
                connection.execute(text(f"DROP DATABASE {each} WITH (FORCE)"))
        root.dispose()
