"""Putting copies back: checked beforehand, all or nothing, proved afterwards."""

import os
import shutil
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import IO

from pyrage.x25519 import Identity
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import ProgrammingError

from loket.backup import chain
from loket.backup.dump import filling
from loket.backup.envelope import Metered, Progress, unseal
from loket.backup.manifest import Manifest
from loket.backup.proof import Proof, prove
from loket.backup.tombs import bury_again, tombs_at, tombs_in_later
from loket.config import Config
from loket.migrating import knows_revision, migrate
from loket.outside import connection_to, name_of
from loket.processes import StartProblem
from loket.programs import find_clients
from loket.vault import keystore

Tell = Callable[[str], Progress]
ROOM = 4
"""A database is larger than its copy: indexes, and the search tokens made anew."""


@dataclass(frozen=True)
class Copy:
    """A copy on the disk, read and complete."""

    folder: Path
    manifest: Manifest

    @classmethod
    def read(cls, folder: Path, which: str) -> "Copy":
        """Read and check a copy of this chain.

        Raises:
            StartProblem: it is damaged, or of the other database: putting that back
                would empty this one for it.
        """
        manifest = Manifest.read(folder)
        if manifest.chain != which:
            raise StartProblem(
                f"{folder} is een kopie van {manifest.chain}, niet van {which}.\n"
                "Wat u kunt doen: kijk met 'loket backup list' welke kopie u nodig hebt"
                " en geef alleen de naam ervan op."
            )
        chain.check_parts(folder, manifest)
        return cls(folder, manifest)


@dataclass(frozen=True)
class Restored:
    """What was put back, and what was found."""

    data: Manifest
    keys: Manifest | None
    buried: int
    """Keys that the copy still had and that were destroyed since: gone again."""
    messages: Path | None
    proof: Proof


def is_bare(url: str, table: str) -> bool:
    """Whether this table is not there, or empty."""
    with connection_to(url) as connection:
        try:
            found = connection.exec_driver_sql(f"SELECT EXISTS (SELECT FROM {table})")  # noqa: S608 -- one of two names
            return not found.scalar()
        except ProgrammingError:
            return True


def check_target(url: str, table: str, copy: Copy, *, overwrite: bool) -> int:
    """Refuse a place where the copy does not belong; return its major version.

    Raises:
        StartProblem: not empty, in use, too old, or without the roles.
    """
    manifest = copy.manifest
    with connection_to(url) as connection:
        major = int(connection.scalar(text("SHOW server_version_num"))) // 10_000
        others = connection.scalar(
            text(
                "SELECT count(*) FROM pg_stat_activity WHERE usename IS NOT NULL"
                " AND datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
        known = connection.scalars(text("SELECT rolname FROM pg_roles")).all()
    if major < manifest.postgres:
        raise StartProblem(
            f"De kopie {manifest.name} komt van PostgreSQL {manifest.postgres}; op"
            f" {name_of(url)} draait versie {major}.\n"
            "Wat u kunt doen: zet haar terug op dezelfde of een nieuwere versie."
        )
    missing = sorted(set(manifest.roles) - set(known))
    if missing:
        raise StartProblem(
            f"Op {name_of(url)} ontbreken rollen die in de kopie rechten hebben:"
            f" {', '.join(missing)}.\nWat u kunt doen: maak die rollen eerst aan."
        )
    if not overwrite and not is_bare(url, table):
        raise StartProblem(
            f"{name_of(url)} is niet leeg; terugzetten zou alles vervangen.\n"
            "Wat u kunt doen: geef een lege database op, of gebruik --overwrite als u"
            " zeker weet dat wat er nu staat weg mag."
        )
    if others:
        raise StartProblem(
            f"Er werken nog {others} programma's met {name_of(url)}.\n"
            "Wat u kunt doen: stop Loket (web en worker) en probeer het opnieuw."
        )
    return major


def check_version(copy: Copy) -> None:
    """Refuse a copy of a program that is newer than this one."""
    manifest = copy.manifest
    if manifest.chain == chain.DATA and not knows_revision(manifest.revision):
        raise StartProblem(
            f"De kopie {manifest.name} is gemaakt met Loket {manifest.program},"
            f" database versie {manifest.revision}; dit programma kent die niet.\n"
            "Wat u kunt doen: zet haar terug met die versie van Loket of een nieuwere."
        )


def check_room(url: str, copies: list[Copy]) -> None:
    """Refuse when the disk of a database on this machine is too full."""
    host = make_url(url).query.get("host", "")
    if not isinstance(host, str) or not host.startswith("/"):
        return
    needed = ROOM * sum(copy.manifest.size for copy in copies)
    free = shutil.disk_usage(host).free
    if free < needed:
        raise StartProblem(
            f"Te weinig ruimte om terug te zetten: {free // 1_000_000} MB vrij, nodig"
            f" is ongeveer {needed // 1_000_000} MB.\nWat u kunt doen: maak ruimte."
        )


def put_back(
    config: Config,
    data: Path,
    keys: Path | None,
    identities: list[Identity],
    *,
    overwrite: bool = False,
    all_cells: bool = False,
    tell: Tell = lambda _: lambda _: None,
) -> Restored:
    """Put a copy of the data back, with or without one of the key store.

    Without one the keys that are there now are used: the best choice as long as there
    are, for they know what was destroyed since.
    """
    copies = [
        Copy.read(each, which)
        for each, which in ((data, chain.DATA), (keys, chain.KEYS))
        if each is not None
    ]
    for copy in copies:
        check_version(copy)
    check_room(config.database_owner_url, copies)
    major = check_target(
        config.database_owner_url, "gemeente", copies[0], overwrite=overwrite
    )
    clients = find_clients(config.home / "programs", major).bin
    buried = 0
    if keys is not None:
        buried = _put_keys_back(
            config, copies[1], clients, identities, overwrite=overwrite, tell=tell
        )
    elif is_bare(config.keystore_owner_url, "tenant_key"):
        raise StartProblem(
            "De sleutelkluis is leeg: zonder sleutels is de kopie niet te lezen.\n"
            "Wat u kunt doen: geef met --keystore ook een kopie van de sleutelkluis op."
        )
    _fill(clients, config.database_owner_url, copies[0], identities, tell)
    migrate(
        config.database_owner_url,
        runtime_role=str(make_url(config.database_url).username),
    )
    messages = _unpack_messages(config, copies[0], identities)
    proof = prove(
        config, copies[0].manifest, all_cells=all_cells, tell=tell("zoekindex")
    )
    return Restored(
        copies[0].manifest,
        copies[1].manifest if keys is not None else None,
        buried,
        messages,
        proof,
    )


def _put_keys_back(
    config: Config,
    copy: Copy,
    clients: Path,
    identities: list[Identity],
    *,
    overwrite: bool,
    tell: Tell,
) -> int:
    """Put a key store back and destroy again what was destroyed since."""
    url = config.keystore_owner_url
    check_target(url, "tenant_key", copy, overwrite=overwrite)
    tombs = tombs_at(url)
    tombs += tombs_in_later(
        copy.folder.parent.parent, copy.folder.name, clients, identities
    )
    _fill(clients, url, copy, identities, tell)
    keystore.migrate(url, make_url(config.keystore_url).username)
    engine = create_engine(url, hide_parameters=True)
    try:
        with engine.begin() as connection:
            return bury_again(connection, tombs)
    finally:
        engine.dispose()


def _fill(
    clients: Path, url: str, copy: Copy, identities: list[Identity], tell: Tell
) -> None:
    part = copy.manifest.parts[0]
    with (copy.folder / part.name).open("rb") as sealed, filling(clients, url) as into:
        unseal(Metered(sealed, tell(part.name)), into, identities)
        into.finish()


def _unpack_messages(
    config: Config, copy: Copy, identities: list[Identity]
) -> Path | None:
    """Put messages aside for the beheerder: none is sent twice by itself."""
    if len(copy.manifest.parts) < 2 or config.iwmo_dir is None:
        return None
    place = config.iwmo_dir / "teruggezet" / copy.folder.name
    count = 0
    packed = copy.folder / copy.manifest.parts[1].name
    with (
        _opened(packed, identities) as stream,
        tarfile.open(fileobj=stream, mode="r|") as tar,
    ):
        for entry in tar:
            place.mkdir(mode=0o700, parents=True, exist_ok=True)
            tar.extract(entry, place, filter="data")
            count += 1
    return place if count else None


@contextmanager
def _opened(file: Path, identities: list[Identity]) -> Iterator[IO[bytes]]:
    """Give an opened file as a stream, opened in a thread as it is read."""
    reading, writing = os.pipe()
    problems: list[StartProblem] = []

    def work() -> None:
        with os.fdopen(writing, "wb") as target, file.open("rb") as sealed:
            try:
                unseal(sealed, target, identities)
            except StartProblem as problem:
                problems.append(problem)
            except BrokenPipeError:
                return

    thread = Thread(target=work, daemon=True)
    thread.start()
    try:
        with os.fdopen(reading, "rb") as stream:
            yield stream
            while stream.read(1 << 16):
                continue  # the padding after the end of the tar
    finally:
        thread.join(30)
    if problems:
        raise problems[0]
