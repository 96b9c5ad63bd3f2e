"""PostgreSQL's own programs, as streams: one dump out, one dump in, nothing halfway."""

import os
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from psycopg.conninfo import make_conninfo
from sqlalchemy import make_url

from loket.backup.envelope import PIECE
from loket.processes import StartProblem

TOKENS = ("search_token", "search_unique")
"""Search tokens do not belong in a copy: they are made anew from the cells."""

EMPTY = "DROP OWNED BY CURRENT_USER CASCADE"
"""Everything of the owner in this database; other databases and roles stay."""


def _call(url: str) -> tuple[str, dict[str, str]]:
    """Write an address for libpq, with the password in the environment only."""
    address = make_url(url)
    parts: dict[str, str] = {
        name: value for name, value in address.query.items() if isinstance(value, str)
    }
    for name, value in (
        ("host", address.host),
        ("port", address.port),
        ("user", address.username),
        ("dbname", address.database),
    ):
        if value is not None:
            parts[name] = str(value)
    environ = {n: v for n, v in os.environ.items() if not n.startswith("PG")}
    environ["PGCONNECT_TIMEOUT"] = "10"
    if address.password is not None:
        environ["PGPASSWORD"] = str(address.password)
    return make_conninfo("", **parts), environ


@contextmanager
def dumped(
    programs: Path, url: str, snapshot: str, without: Sequence[str] = ()
) -> Iterator[IO[bytes]]:
    """Run pg_dump on a snapshot and give what it writes, as it comes.

    Raises:
        StartProblem: it did not get to its end.
    """
    address, environ = _call(url)
    command = [
        str(programs / "pg_dump"),
        f"--dbname={address}",
        "--format=custom",
        # cells do not get smaller
        "--compress=1",
        "--no-owner",
        f"--snapshot={snapshot}",
        "--lock-wait-timeout=60000",
        *(f"--exclude-table-data=public.{table}" for table in without),
    ]
    with tempfile.TemporaryFile() as complaints:
        process = subprocess.Popen(  # noqa: S603 -- PostgreSQL's own program
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=complaints,
            env=environ,
        )
        output = process.stdout
        assert output is not None  # noqa: S101 -- asked for above
        try:
            yield output
            status = process.wait(60)
        finally:
            output.close()
            if process.poll() is None:
                process.kill()
                process.wait()
        if status:
            raise StartProblem(
                f"pg_dump stopte: {_first_line(complaints)}\n"
                "Wat u kunt doen: kijk of de database draait, of de rol de eigenaar van"
                " de tabellen is, en probeer het opnieuw."
            )


def _first_line(complaints: IO[bytes]) -> str:
    """Say what a program complained of; a line about a row (DETAIL) is left out."""
    complaints.seek(0)
    lines = complaints.read(20_000).decode(errors="replace").splitlines()
    errors = [line for line in lines if "error" in line.lower()]
    return (errors or ["zonder te zeggen waarom"])[0][:300]


class Filling:
    """A database that is being filled from a dump, in one transaction.

    What is written goes to pg_restore, which makes a script of it for psql. Only
    `finish` commits: whatever stops halfway leaves the database as it was.
    """

    def __init__(self, programs: Path, url: str) -> None:
        address, environ = _call(url)
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115 -- closed by `stop`
        self._reader = subprocess.Popen(  # noqa: S603 -- PostgreSQL's own program
            [
                str(programs / "pg_restore"),
                "--file=-",
                "--no-owner",
                "--no-comments",
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._complaints,
            env=environ,
        )
        self._writer = subprocess.Popen(  # noqa: S603 -- PostgreSQL's own program
            [
                str(programs / "psql"),
                f"--dbname={address}",
                "--no-psqlrc",
                "--quiet",
                "--single-transaction",
                "--set=ON_ERROR_STOP=1",
                # a longer message may hold a row
                "--set=VERBOSITY=sqlstate",
                f"--command={EMPTY}",
                "--file=-",
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=self._complaints,
            env=environ,
        )
        self._pump = threading.Thread(target=self._hand_on, daemon=True)
        self._pump.start()

    def _hand_on(self) -> None:
        source, target = self._reader.stdout, self._writer.stdin
        if source is None or target is None:
            return
        try:
            shutil.copyfileobj(source, target, PIECE)
        except (OSError, ValueError):
            # psql stopped: its status tells, and the other end must stop as well
            self._reader.kill()

    def write(self, piece: bytes) -> int:
        """Hand on a piece of the dump."""
        stream = self._reader.stdin
        if stream is None:
            return 0
        try:
            stream.write(piece)
        except BrokenPipeError as error:
            raise self._problem() from error
        return len(piece)

    def flush(self) -> None:
        """Nothing is held here."""

    def finish(self) -> None:
        """Commit, when the whole dump went in.

        Raises:
            StartProblem: it did not; the database is as it was.
        """
        if self._reader.stdin is not None:
            self._reader.stdin.close()
        self._pump.join()
        whole = self._reader.wait() == 0
        if whole and self._writer.stdin is not None:
            # the end of its input is what makes psql commit
            self._writer.stdin.close()
        if not whole or self._writer.wait() != 0:
            raise self._problem()
        self.stop()

    def _problem(self) -> StartProblem:
        return StartProblem(
            f"Terugzetten is niet gelukt: {_first_line(self._complaints)}\n"
            "Er is niets veranderd. Wat u kunt doen: kijk of de database draait, of"
            " de rol de eigenaar is en of er ruimte op de schijf is."
        )

    def stop(self) -> None:
        """End both programs; what was not committed is undone."""
        for process in (self._writer, self._reader):
            if process.poll() is None:
                process.kill()
            process.wait()
        self._pump.join(10)
        for process in (self._writer, self._reader):
            for stream in (process.stdin, process.stdout):
                if stream is not None:
                    try:
                        stream.close()
                    except OSError:
                        continue  # it is gone: that is what we wanted
        self._complaints.close()


@contextmanager
def filling(programs: Path, url: str) -> Iterator[Filling]:
    """Fill a database; without `finish` nothing happened."""
    target = Filling(programs, url)
    try:
        yield target
    finally:
        target.stop()
