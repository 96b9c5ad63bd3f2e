"""What was destroyed stays destroyed, also when an old copy of the keys comes back."""

import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from pyrage.x25519 import Identity
from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import ProgrammingError

from loket.backup import chain
from loket.backup.envelope import unseal
from loket.backup.manifest import Manifest
from loket.outside import connection_to
from loket.processes import StartProblem
from loket.vault.keystore import data_key, lock_keys, tombstone

COLUMNS = ("scope_id", "tenant", "kind", "ground", "destroyed_at")
Tomb = dict[str, object]
"""A row of `tombstone`."""
MANY = 1000
NOTHING = r"\N"


def tombs_at(url: str) -> list[Tomb]:
    """Read the tombstones of a key store that is at hand; none when it is new."""
    with connection_to(url) as connection:
        try:
            found = connection.execute(select(*(tombstone.c[n] for n in COLUMNS)))
            return [dict(row) for row in found.mappings()]
        except ProgrammingError:
            return []  # it has no tables yet


def tombs_in_later(
    folder: Path, after: str, programs: Path, identities: list[Identity]
) -> list[Tomb]:
    """Read the tombstones of every copy of the key store later than one of them."""
    later = [each for each in chain.copies(folder, chain.KEYS) if each.name > after]
    # the last copy has them all: a tombstone is never removed
    return _tombs_of(later[-1], programs, identities) if later else []


def _tombs_of(copy: Path, programs: Path, identities: list[Identity]) -> list[Tomb]:
    manifest = Manifest.read(copy)
    chain.check_parts(copy, manifest)
    with tempfile.TemporaryFile() as table:
        reader = subprocess.Popen(  # noqa: S603 -- PostgreSQL's own program
            [
                str(programs / "pg_restore"),
                "--data-only",
                "--table=tombstone",
                "--file=-",
            ],
            stdin=subprocess.PIPE,
            stdout=table,
            stderr=subprocess.DEVNULL,
        )
        try:
            with (copy / manifest.parts[0].name).open("rb") as sealed:
                unseal(sealed, reader.stdin, identities)
        finally:
            if reader.stdin is not None:
                reader.stdin.close()
            status = reader.wait(60)
        if status:
            raise StartProblem(
                f"De vernietigingen in {copy.name} zijn niet te lezen.\n"
                "Wat u kunt doen: haal die kopie opnieuw op."
            )
        table.seek(0)
        return list(_copied(line.decode() for line in table))


def _copied(lines: Iterable[str]) -> Iterator[Tomb]:
    """Read the rows between COPY and its end, by the columns COPY names."""
    names: list[str] = []
    for line in lines:
        if line.startswith("COPY ") and "(" in line:
            inside = line.partition("(")[2].partition(")")[0]
            names = [name.strip() for name in inside.split(",")]
        elif line.startswith("\\."):
            names = []
        elif names:
            row = dict(zip(names, line.rstrip("\n").split("\t"), strict=True))
            yield {
                name: None if row[name] == NOTHING else row[name] for name in COLUMNS
            }


def bury_again(connection: Connection, tombs: Iterable[Tomb]) -> int:
    """Write tombstones and delete the keys under them; return how many keys went."""
    known = list({str(each["scope_id"]): each for each in tombs}.values())
    lock_keys(connection)
    gone = 0
    for first in range(0, len(known), MANY):
        some = known[first : first + MANY]
        connection.execute(insert(tombstone).on_conflict_do_nothing(), some)
        scopes = [each["scope_id"] for each in some]
        held = data_key.c.scope_id.in_(scopes)
        gone += connection.execute(delete(data_key).where(held)).rowcount
    return gone
