"""Where something could have been left, and how what is stored there is read."""

import io
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import psycopg
import pytest
from pyrage.x25519 import Identity
from redis import Redis
from sqlalchemy import Connection, create_engine, make_url, select, text

from build.rows import mappers, sealed_fields
from conftest import open_vault
from loket.backup.envelope import unseal
from loket.db import Database, Scope, make_engine
from loket.vault.layout import Sealed
from servers import DatabaseUrls
from stories.canaries import unpacked


def read_copy(path: Path, secret: str) -> bytes:
    """Open a part of a copy, and write out the dump that it is."""
    opened = io.BytesIO()
    with path.open("rb") as sealed:
        unseal(sealed, opened, [Identity.from_str(secret)])
    done = subprocess.run(
        [Path(pg_dump()).with_name("pg_restore"), "--file=-"],
        input=opened.getvalue(),
        capture_output=True,
        timeout=60,
    )
    if b"unsupported version" in done.stderr:
        pytest.skip("pg_restore here is older than the server")
    assert done.returncode == 0, done.stderr
    return done.stdout


@contextmanager
def as_superuser(server_url: str, url: str = "") -> Iterator[Connection]:
    """Look as who may see everything there is."""
    address = make_url(server_url)
    if url:
        address = address.set(database=make_url(url).database)
    engine = create_engine(address)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def contents(connection: Connection) -> Iterator[tuple[str, bytes]]:
    """Give every table as text and as the bytes in its columns."""
    tables = connection.scalars(
        text(
            "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables"
            " WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        )
    ).all()
    assert len(tables) > 1
    driver = connection.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)
    for table in tables:
        for form in ("text", "binary"):
            copied = f"COPY {table} TO STDOUT (FORMAT {form})"
            with driver.cursor().copy(copied) as rows:
                yield table, b"".join(bytes(row) for row in rows)


def opened_cells(urls: DatabaseUrls, gemeente: str) -> bytes:
    """Open every cell of a gemeente, as one text."""
    keys, vault = open_vault(urls)
    engine = make_engine(urls.database_url)
    nouns = [each.class_ for each in mappers() if issubclass(each.class_, Sealed)]
    opened: list[bytes] = []
    with Database(engine, vault=vault).transaction(Scope.of(gemeente)) as session:
        for noun in nouns:
            for row in session.scalars(select(noun)):
                for name in sealed_fields(noun):
                    value = getattr(row, name)
                    packed = isinstance(value, bytes)
                    opened.append(unpacked(value) if packed else str(value).encode())
    engine.dispose()
    keys.dispose()
    return b"\n".join(opened)


def dump(server_url: str, url: str) -> bytes:
    """Make a dump as a beheerder does for a backup."""
    address = make_url(server_url).set(
        drivername="postgresql", database=make_url(url).database
    )
    done = subprocess.run(
        [pg_dump(), address.render_as_string(hide_password=False)],
        capture_output=True,
        timeout=60,
    )
    if b"version mismatch" in done.stderr:
        pytest.skip("pg_dump here is older than the server")
    assert done.returncode == 0, done.stderr
    return done.stdout


def pg_dump() -> str:
    """Find the program: beside the embedded server, or installed."""
    package = find_spec("pgserver")
    places = list(package.submodule_search_locations or ()) if package else []
    found = [Path(place) / "pginstall" / "bin" / "pg_dump" for place in places]
    installed = shutil.which("pg_dump")
    for program in [*found, *([Path(installed)] if installed else [])]:
        if program.is_file():
            return str(program)
    pytest.skip("no pg_dump here")


def data_folder(server_url: str) -> Path:
    """Find the files of the server, when it runs on this machine."""
    with as_superuser(server_url) as connection:
        data = Path(connection.scalar(text("SHOW data_directory")))
    try:
        readable = (data / "pg_wal").is_dir()
    except PermissionError:
        readable = False
    if not readable:
        pytest.skip("the files of this server are not ours to read")
    return data


def everything(redis: Redis) -> Iterator[tuple[bytes, bytes]]:
    """Give every key with all that is stored under it."""
    read = {
        b"string": lambda key: [redis.get(key)],
        b"hash": lambda key: [
            part for pair in redis.hgetall(key).items() for part in pair
        ],
        b"list": lambda key: redis.lrange(key, 0, -1),
        b"set": redis.smembers,
        b"zset": lambda key: redis.zrange(key, 0, -1),
        b"stream": lambda key: [str(redis.xrange(key)).encode()],
    }
    for key in redis.scan_iter(count=1000):
        kind = redis.type(key)
        if kind == b"none":
            continue  # it ended while we looked
        yield key, b"\n".join(unpacked(part or b"") for part in read[kind](key))


def metadata(pdf: bytes) -> bytes:
    """Read what a letter says about itself: title, author, subject, XMP."""
    found = b""
    for option in ([], ["-meta"], ["-custom"]):
        found += subprocess.run(
            ["pdfinfo", *option, "-"], input=pdf, capture_output=True, timeout=20
        ).stdout
    assert b"Pages:" in found
    return found


def around_cells(sheet: bytes) -> bytes:
    """Read what a sheet says outside its cells: names, properties, makers."""
    with zipfile.ZipFile(io.BytesIO(sheet)) as book:
        parts = [
            name
            for name in book.namelist()
            if not name.startswith("xl/worksheets/") and "sharedStrings" not in name
        ]
        assert parts
        return b"\n".join(name.encode() + book.read(name) for name in parts)


def as_text(pdf: bytes) -> bytes:
    return subprocess.run(
        ["pdftotext", "-", "-"], input=pdf, capture_output=True, timeout=20
    ).stdout
