"""Making a copy of both databases of one moment, sealed, each in its own chain."""

import importlib.metadata
import shutil
import tarfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, TextClause, create_engine, text
from sqlalchemy.pool import NullPool

from loket.backup import chain
from loket.backup.dump import TOKENS, dumped
from loket.backup.envelope import Metered, Progress, seal
from loket.backup.manifest import Manifest, Part
from loket.config import Config
from loket.outside import connection_to
from loket.processes import StartProblem
from loket.programs import find_clients

SPARE = 100_000_000
LOCK = "LOCK TABLE data_key IN SHARE ROW EXCLUSIVE MODE"

NOT_SET_UP = (
    "Er is geen publieke reservesleutel ingesteld: zonder sleutel maakt Loket geen"
    " reservekopie.\nWat u kunt doen: voer 'loket backup sleutel' uit op een andere"
    " computer, bewaar de geheime helft buiten deze server en zet de publieke helft in"
    " LOKET_BACKUP_RECIPIENTS."
)


@dataclass(frozen=True)
class Moment:
    """One moment of both databases: snapshots that pg_dump can use."""

    at: datetime
    data: Connection
    keys: Connection
    data_snapshot: str
    keys_snapshot: str


@dataclass(frozen=True)
class Made:
    """The two copies of one moment, and what they made superfluous."""

    data: Manifest
    keys: Manifest
    removed: tuple[str, ...]
    seconds: float


@contextmanager
def one_moment(config: Config) -> Iterator[Moment]:
    """Hold a snapshot of both databases, between which no key came or went.

    A key is stored before the first row under it, so a key store that is copied later
    misses none. But a key that is destroyed or replaced between the two snapshots would
    leave rows without a key: for these few milliseconds no key can change.
    """
    with ExitStack() as stack:
        data = stack.enter_context(_frozen(config.database_owner_url))
        keys = stack.enter_context(_frozen(config.keystore_owner_url))
        with connection_to(config.keystore_owner_url) as guard:
            guard.execute(text("SET LOCAL lock_timeout = '30s'"))
            guard.execute(text(LOCK))
            # acknowledged before this, so in the copy
            at = datetime.now(UTC)
            exported = text("SELECT pg_export_snapshot()")
            data_snapshot = str(data.scalar(exported))
            keys_snapshot = str(keys.scalar(exported))
            guard.rollback()
        yield Moment(at, data, keys, data_snapshot, keys_snapshot)


@contextmanager
def _frozen(url: str) -> Iterator[Connection]:
    engine = create_engine(
        url,
        hide_parameters=True,
        poolclass=NullPool,
        isolation_level="REPEATABLE READ",
        connect_args={"connect_timeout": 10},
    )
    with engine.connect() as connection:
        yield connection


def check_ready(config: Config) -> None:
    """Refuse to begin without a key or as a role that cannot see everything."""
    if not config.backup_recipients:
        raise StartProblem(NOT_SET_UP)
    if not config.database_owner_url:
        raise StartProblem(
            "LOKET_DATABASE_OWNER_URL ontbreekt.\nWat u kunt doen: geef het adres van"
            " de eigenaar van de tabellen op; alleen die ziet alle rijen."
        )


def make_copy(
    config: Config,
    *,
    keep_data_days: int,
    keep_keys_days: int,
    tell: Callable[[str], Progress] = lambda _: lambda _: None,
) -> Made:
    """Make a copy of both databases and the messages, then remove what outlived.

    Args:
        keep_data_days, keep_keys_days: the norms of the two chains.
        tell: called with the name of each part; what it returns is told the bytes.
    """
    check_ready(config)
    folder = config.backup_dir
    with chain.turn(folder):
        chain.sweep(folder)
        with one_moment(config) as moment:
            _check_room(folder, moment, config)
            name = chain.new_name(moment.at)
            work = Work(config, name, moment, tell)
            data, keys = work.copy_data(), work.copy_keys()
        removed = _tidy(folder, moment.at, keep_data_days, keep_keys_days)
    seconds = (datetime.now(UTC) - moment.at).total_seconds()
    return Made(data, keys, removed, seconds)


def _check_room(folder: Path, moment: Moment, config: Config) -> None:
    size = text("SELECT pg_database_size(current_database())")
    needed = SPARE + int(moment.data.scalar(size) or 0)
    needed += int(moment.keys.scalar(size) or 0)
    needed += sum(file.stat().st_size for file, _ in _messages(config))
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise StartProblem(
            f"Te weinig ruimte: in {folder} is nog {free // 1_000_000} MB vrij, nodig"
            f" is ongeveer {needed // 1_000_000} MB.\n"
            "Wat u kunt doen: maak ruimte, of kies een andere schijf met"
            " LOKET_BACKUP_DIR."
        )


def _tidy(folder: Path, at: datetime, data: int, keys: int) -> tuple[str, ...]:
    removed: list[str] = []
    for each, outlived, days in (
        (chain.DATA, chain.outlived_data, data),
        (chain.KEYS, chain.outlived_keys, keys),
    ):
        names = [copy.name for copy in chain.copies(folder, each)]
        removed += chain.remove(folder, each, outlived(names, at, days))
    return tuple(removed)


@dataclass
class Work:
    """One copy under way."""

    config: Config
    name: str
    moment: Moment
    tell: Callable[[str], Progress]

    def copy_data(self) -> Manifest:
        """Copy the database and the messages that lie in the folders."""
        url = self.config.database_owner_url
        with chain.arriving(self.config.backup_dir, chain.DATA, self.name) as made:
            parts = [
                self._dump(
                    made, "database", url, self.moment.data, self.moment.data_snapshot
                ),
                self._pack_messages(made),
            ]
            manifest = self._describe(chain.DATA, self.moment.data, parts)
            manifest.write(made)
        return manifest

    def copy_keys(self) -> Manifest:
        """Copy the key store: wrapped keys and tombstones."""
        url = self.config.keystore_owner_url
        with chain.arriving(self.config.backup_dir, chain.KEYS, self.name) as made:
            part = self._dump(
                made, "sleutels", url, self.moment.keys, self.moment.keys_snapshot
            )
            manifest = self._describe(chain.KEYS, self.moment.keys, [part])
            manifest.write(made)
        return manifest

    def _dump(
        self, made: Path, what: str, url: str, connection: Connection, snapshot: str
    ) -> Part:
        clients = find_clients(self.config.home / "programs", _major(connection))
        without = TOKENS if what == "database" else ()
        with dumped(clients.bin, url, snapshot, without) as source:
            return self._seal(made / f"{what}.dump.age", source)

    def _seal(self, file: Path, source: Any) -> Part:
        read = Metered(source, self.tell(file.name))
        with file.open("xb") as target:
            written = seal(read, target, self.config.backup_recipients)
        return Part(file.name, written.size, written.digest.hexdigest())

    def _pack_messages(self, made: Path) -> Part:
        """Pack the folders with messages; a message that just left is not missed."""
        file = made / "berichten.tar.age"
        with _Packing(_messages(self.config)) as source:
            return self._seal(file, source)

    def _describe(
        self, which: str, connection: Connection, parts: list[Part]
    ) -> Manifest:
        skipped = TOKENS if which == chain.DATA else ()
        version = "alembic_version" if which == chain.DATA else "keystore_version"
        revision = connection.scalar(text(f"SELECT version_num FROM {version}"))  # noqa: S608 -- one of two names
        major = _major(connection)
        clients = find_clients(self.config.home / "programs", major)
        return Manifest(
            chain=which,
            name=self.name,
            pair=self.name,
            taken_at=self.moment.at.isoformat(),
            ended_at=datetime.now(UTC).isoformat(),
            program=importlib.metadata.version("loket"),
            revision=str(revision),
            postgres=major,
            archiver=clients.major,
            lsn=str(connection.scalar(text("SELECT pg_current_wal_lsn()"))),
            recipients=self.config.backup_recipients,
            roles=granted_roles(connection),
            rows=count_rows(connection, skipped),
            parts=tuple(parts),
        )


def _major(connection: Connection) -> int:
    return int(connection.scalar(text("SHOW server_version_num"))) // 10_000


TABLES = text(
    "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables"
    " WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1"
)


def count_rows(connection: Connection, skipped: tuple[str, ...]) -> dict[str, int]:
    """Count the rows of every table but the skipped ones."""
    tables = [str(name) for name in connection.scalars(TABLES)]
    return {
        name: int(connection.scalar(_counting(name)) or 0)
        for name in tables
        if name.removeprefix("public.") not in skipped
    }


def _counting(table: str) -> TextClause:
    # a name that PostgreSQL quoted itself
    return text(f"SELECT count(*) FROM {table}")  # noqa: S608 -- see above


def granted_roles(connection: Connection) -> tuple[str, ...]:
    """Name the roles that have rights on something here, besides the owner."""
    found = connection.scalars(
        text(
            "SELECT DISTINCT grantee FROM information_schema.role_table_grants"
            " WHERE grantee NOT IN ('PUBLIC', current_user) ORDER BY 1"
        )
    )
    return tuple(str(role) for role in found)


def _messages(config: Config) -> list[tuple[Path, str]]:
    """List the messages that lie ready, wait or were refused: file and name."""
    folder = config.iwmo_dir
    if folder is None:
        return []
    return sorted(
        (file, f"{where}/{file.name}")
        for where in ("in", "out", "failed")
        for file in (folder / where).glob("*")
        if file.is_file()
    )


class _Packing:
    """A tar of files, read a piece at a time: nothing is gathered in memory."""

    def __init__(self, files: list[tuple[Path, str]]) -> None:
        self._pieces = self._tar(files)
        self._left = b""

    def __enter__(self) -> "_Packing":
        return self

    def __exit__(self, *_: object) -> None:
        self._pieces.close()

    def read(self, size: int = -1) -> bytes:
        """Give at most `size` bytes."""
        while not self._left:
            piece = next(self._pieces, b"")
            if not piece:
                return b""
            self._left = piece
        given = self._left[:size] if size >= 0 else self._left
        self._left = self._left[len(given) :]
        return given

    @staticmethod
    def _tar(files: list[tuple[Path, str]]) -> Any:
        for file, name in files:
            try:
                content = file.read_bytes()
            except FileNotFoundError:
                continue  # the exchange took it just now
            entry = tarfile.TarInfo(name)
            entry.size, entry.mtime = len(content), 0
            yield entry.tobuf(tarfile.PAX_FORMAT)
            yield content + b"\0" * (-len(content) % tarfile.BLOCKSIZE)
        yield b"\0" * (2 * tarfile.BLOCKSIZE)
