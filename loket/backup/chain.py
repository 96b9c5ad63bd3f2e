"""The folder with copies: two chains, their names, and how long each is kept.

`gegevens` is kept long, and holds no search tokens. `sleutelkluis` is kept short: a key
that was destroyed lives on in its copies, so the last of them decides when a dossier
that was destroyed is gone for good.
"""

import fcntl
import hashlib
import os
import secrets
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from loket.backup.envelope import PIECE
from loket.backup.manifest import FILE, Manifest
from loket.processes import StartProblem

DATA, KEYS = "gegevens", "sleutelkluis"
CHAINS = (DATA, KEYS)
STAMP = "%Y%m%dT%H%M%S.%fZ"
"""To the microsecond, so that names have the order of their moments."""
ARRIVING = ".komt-"
ALL_FOR = timedelta(days=2)
"""Every copy of the data is kept this long, then one a day, then one a month."""
DAILY_FOR = timedelta(days=31)


def new_name(at: datetime) -> str:
    """Name a copy after its moment."""
    return f"{at.astimezone(UTC):{STAMP}}-{secrets.token_hex(3)}"


def moment_of(name: str) -> datetime:
    """Read the moment out of the name of a copy."""
    return datetime.strptime(name.partition("-")[0], STAMP).replace(tzinfo=UTC)


@contextmanager
def turn(folder: Path) -> Iterator[None]:
    """Hold the folder: two copies are never made at the same time."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(folder / ".slot", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise StartProblem(
            f"In {folder} wordt al een reservekopie gemaakt.\n"
            "Wat u kunt doen: wacht tot die klaar is."
        ) from error
    finally:
        os.close(descriptor)


def copies(folder: Path, chain: str) -> list[Path]:
    """List the copies of a chain that are whole, oldest first."""
    found = [
        each for each in (folder / chain).glob("[0-9]*T*Z-*") if (each / FILE).is_file()
    ]
    return sorted(found, key=lambda each: each.name)


def newest(folder: Path, chain: str) -> Path:
    """Return the newest copy.

    Raises:
        StartProblem: there is none.
    """
    found = copies(folder, chain)
    if not found:
        raise StartProblem(
            f"In {folder / chain} staat geen reservekopie.\n"
            "Wat u kunt doen: maak er een met 'loket backup make', of geef met --map"
            " de map op waar de kopieën staan."
        )
    return found[-1]


def partner(folder: Path, pair: str) -> Path | None:
    """Find the copy of the key store that was made with a copy of the data."""
    for each in reversed(copies(folder, KEYS)):
        if Manifest.read(each).pair == pair:
            return each
    return None


def sweep(folder: Path) -> None:
    """Remove what an interrupted copy left behind."""
    for chain in CHAINS:
        for left in (folder / chain).glob(f"{ARRIVING}*"):
            shutil.rmtree(left)


@contextmanager
def arriving(folder: Path, chain: str, name: str) -> Iterator[Path]:
    """Give a folder that gets its name only when it is whole and on the disk."""
    home = folder / chain
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = home / f"{ARRIVING}{name}"
    made.mkdir(mode=0o700)
    try:
        yield made
        for file in made.iterdir():
            _to_disk(file)
        _to_disk(made)
        made.rename(home / name)
        _to_disk(home)
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise


def _to_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def check_parts(folder: Path, manifest: Manifest) -> None:
    """Look whether every part is there, whole and unchanged.

    Raises:
        StartProblem: names the part and what is wrong with it.
    """
    for part in manifest.parts:
        file = folder / part.name
        if not file.is_file():
            raise StartProblem(
                f"Van de reservekopie {folder.name} ontbreekt {part.name}.\n"
                "Wat u kunt doen: haal de hele map opnieuw op, of neem een andere"
                " kopie."
            )
        if file.stat().st_size != part.size or _digest(file) != part.sha256:
            raise StartProblem(
                f"Van de reservekopie {folder.name} is {part.name} beschadigd: het is"
                " niet wat er is weggeschreven.\n"
                "Wat u kunt doen: haal de map opnieuw op, of neem een andere kopie."
            )


def _digest(file: Path) -> str:
    digest = hashlib.sha256()
    with file.open("rb") as stream:
        while piece := stream.read(PIECE):
            digest.update(piece)
    return digest.hexdigest()


def outlived_keys(names: Sequence[str], at: datetime, days: int) -> list[str]:
    """Say which copies of the key store are too old; the norm spares none of them.

    Not even the last: a copy that outlives the norm could open what was destroyed.
    """
    return [name for name in names if at - moment_of(name) > timedelta(days=days)]


def outlived_data(names: Sequence[str], at: datetime, days: int) -> list[str]:
    """Say which copies of the data may go; the newest one always stays."""
    kept: set[str] = set(names[-1:])
    seen: set[str] = set()
    for name in names:
        moment = moment_of(name)
        age = at - moment
        if age > timedelta(days=days):
            continue
        unit = f"{moment:%Y%m%d}" if age <= DAILY_FOR else f"{moment:%Y%m}"
        if age <= ALL_FOR or unit not in seen:
            kept.add(name)
            seen.add(unit)
    return [name for name in names if name not in kept]


def remove(folder: Path, chain: str, names: Iterable[str]) -> list[str]:
    """Remove copies of one chain; return their names."""
    gone = []
    for name in names:
        # the manifest first: what is half removed is no copy any more
        (folder / chain / name / FILE).unlink(missing_ok=True)
        shutil.rmtree(folder / chain / name)
        gone.append(name)
    return gone
