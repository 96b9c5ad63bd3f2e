"""Exchange files with the mailbox of the gemeente through folders.

    in/        the mailbox delivers here
    werk/      claimed by us, under a key of its own
    verwerkt/  a digest of each file that was taken in
    failed/    refused, with a reason beside it
    out/       for the mailbox to collect
    tmp/       half-written
    verzonden/ one digest per name that was put in `out/`, so that nothing leaves twice

A file moves only by rename. Whoever holds the lock on a file in `werk/` works on it; a
crash drops the lock, and the next call takes the file up again under the same key.
"""

import fcntl
import hashlib
import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self
from uuid import uuid4

from loket.errors import RuleViolation
from loket.iwmo.xml import MAX_BYTES, BerichtFout, Reden

FOLDERS = ("in", "werk", "verwerkt", "failed", "out", "tmp", "verzonden")
RUST = 5
"""Seconds without a change before a delivered file counts as complete."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,119}")
_KEPT = 100


@dataclass
class Bestand:
    """A file that is ours until it is done, failed or closed."""

    path: Path
    fd: int

    @property
    def sleutel(self) -> str:
        """Name the file; it stays the same when the work starts again."""
        return self.path.name

    def read(self, max_bytes: int = MAX_BYTES) -> bytes:
        """Read all of it; a file that is too large is not read at all."""
        if os.fstat(self.fd).st_size > max_bytes:
            raise BerichtFout(Reden.TE_GROOT)
        os.lseek(self.fd, 0, os.SEEK_SET)
        with os.fdopen(os.dup(self.fd), "rb") as file:
            data = file.read(max_bytes + 1)
        if len(data) > max_bytes:  # it grew under our hands
            raise BerichtFout(Reden.TE_GROOT)
        return data

    def close(self) -> None:
        """Let go; what was not moved away will be taken up again."""
        if self.fd >= 0:
            os.close(self.fd)
            self.fd = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


@dataclass(frozen=True)
class Mappen:
    """The folders of one exchange."""

    root: Path

    def prepare(self) -> None:
        """Make the folders; one that is a link leads elsewhere and is refused."""
        for name in FOLDERS:
            folder = self.root / name
            folder.mkdir(mode=0o750, parents=True, exist_ok=True)
            if folder.is_symlink():
                raise RuleViolation(f"De map {name} is een snelkoppeling.")

    def take_next(self, at: datetime, rust: float = RUST) -> Bestand | None:
        """Claim the oldest file: first one left behind by a crash, then a new one."""
        for name in self._names("werk"):
            if (bestand := self._lock(self.root / "werk" / name)) is not None:
                return bestand
        for name in self._names("in", before=at.timestamp() - rust):
            if (bestand := self._claim(name)) is not None:
                return bestand
        return None

    def done(self, bestand: Bestand) -> None:
        """Leave a digest of what was taken in; call it after the commit.

        The message itself is sealed in the database: no folder keeps it readable.
        """
        note = self.root / "verwerkt" / bestand.sleutel
        digest = hashlib.sha256(bestand.read()).hexdigest()
        self._write(bestand.sleutel, digest.encode())
        (self.root / "tmp" / note.name).replace(note)
        _sync(note.parent)
        bestand.path.unlink()
        _sync(bestand.path.parent)
        bestand.close()

    def fail(self, bestand: Bestand, reden: str) -> None:
        """Put the file away as refused, with the reason but nothing of its content."""
        note = self.root / "failed" / f"{bestand.sleutel}.reden.txt"
        self._write(f"{bestand.sleutel}.reden.txt", f"{reden}\n".encode())
        (self.root / "tmp" / note.name).replace(note)
        _sync(note.parent)
        self._move(bestand, "failed")

    def put_out(self, name: str, data: bytes) -> bool:
        """Offer a file to the mailbox once; tell whether it was put there just now.

        The digest is noted before the file appears: from then on a half-written file
        in `tmp/` tells that the last step was not made.
        """
        if not _NAME.fullmatch(name):
            raise RuleViolation("Deze bestandsnaam is niet toegestaan.")
        digest = hashlib.sha256(data).hexdigest()
        half, note = self.root / "tmp" / name, self.root / "verzonden" / name
        with self._one_at_a_time():
            if note.exists():
                if note.read_text(encoding="ascii") != digest:
                    raise RuleViolation("Onder deze naam is al iets anders verzonden.")
                if not half.exists():
                    return False
            self._write(name, data)
            self._write(f"{name}.sha256", digest.encode())
            (self.root / "tmp" / f"{name}.sha256").replace(note)
            _sync(note.parent)
            half.replace(self.root / "out" / name)
            _sync(self.root / "out")
            _sync(half.parent)
        return True

    def _names(self, folder: str, before: float | None = None) -> list[str]:
        """List plain files, oldest first; links, hidden and changing ones stay out."""
        found: list[tuple[float, str]] = []
        with os.scandir(self.root / folder) as entries:
            for entry in entries:
                moment = _changed_at(entry)
                if moment is not None and (before is None or moment <= before):
                    found.append((moment, entry.name))
        return [name for _, name in sorted(found)]

    def _claim(self, name: str) -> Bestand | None:
        """Take a file out of the mailbox; only one of two workers succeeds."""
        safe = re.sub(r"[^A-Za-z0-9._-]", "_", name)[-_KEPT:]
        claimed = self.root / "werk" / f"{uuid4().hex}.{safe}"
        try:
            (self.root / "in" / name).rename(claimed)
        except FileNotFoundError:
            return None
        _sync(claimed.parent)
        _sync(self.root / "in")
        return self._lock(claimed)

    def _lock(self, path: Path) -> Bestand | None:
        """Hold a claimed file; None when another worker does, or finished it."""
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        try:
            fd = os.open(path, flags)
        except OSError:  # gone, a link, or not readable for us
            return None
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            here, held = os.lstat(path), os.fstat(fd)
            is_ours = os.path.samestat(here, held) and stat.S_ISREG(held.st_mode)
        except OSError:  # another worker holds it, or has just moved it
            is_ours = False
        if not is_ours:
            os.close(fd)
            return None
        return Bestand(path, fd)

    def _move(self, bestand: Bestand, folder: str) -> None:
        target = self.root / folder / bestand.sleutel
        bestand.path.rename(target)
        _sync(target.parent)
        _sync(bestand.path.parent)
        bestand.close()

    def _write(self, name: str, data: bytes) -> None:
        """Write a file of ours in `tmp/`, safe on disk."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
        fd = os.open(self.root / "tmp" / name, flags, 0o640)
        with os.fdopen(fd, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())

    @contextmanager
    def _one_at_a_time(self) -> Iterator[None]:
        flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
        fd = os.open(self.root / "tmp" / ".lock", flags, 0o640)
        try:
            fcntl.flock(fd, fcntl.LOCK_EX)
            yield
        finally:
            os.close(fd)


def _changed_at(entry: "os.DirEntry[str]") -> float | None:
    if entry.name.startswith("."):
        return None
    try:
        found = entry.stat(follow_symlinks=False)
    except FileNotFoundError:
        return None
    return found.st_mtime if stat.S_ISREG(found.st_mode) else None


def _sync(folder: Path) -> None:
    """Make a rename in this folder survive a power cut."""
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
