"""Sealing a stream for the keepers of the backup key (age, X25519), a piece at a time.

Only their public keys stand on the server: it makes copies that it cannot open. The
files are plain age files: `age --decrypt` opens them without Loket.
"""

import hashlib
import re
from collections.abc import Callable
from pathlib import Path
from typing import IO, Protocol

import pyrage
from pyrage import x25519

from loket.processes import StartProblem

PIECE = 1 << 20
_SECRET = re.compile(r"AGE-SECRET-KEY-1[0-9A-Z]{58}")

Progress = Callable[[int], object]
"""Told how many bytes went by, each time."""


class Source(Protocol):
    """Whatever can be read a piece at a time."""

    def read(self, size: int = -1, /) -> bytes:
        """Give at most `size` bytes; nothing at the end."""


class Metered:
    """Counts what passes and takes its SHA-256, whichever way it goes."""

    def __init__(self, stream: IO[bytes] | Source, tell: Progress | None = None):
        self.stream = stream
        self.size = 0
        self.digest = hashlib.sha256()
        self._tell = tell

    def _count(self, piece: bytes) -> None:
        self.size += len(piece)
        self.digest.update(piece)
        if self._tell is not None:
            self._tell(len(piece))

    def read(self, size: int = -1) -> bytes:
        """Read on; never more than one piece at a time."""
        piece = self.stream.read(PIECE if size < 0 else size)
        self._count(piece)
        return piece

    def write(self, piece: bytes) -> int:
        """Write on."""
        self.stream.write(piece)  # type: ignore[union-attr]  # a file that is written
        self._count(piece)
        return len(piece)

    def flush(self) -> None:
        """Nothing is held here."""


def new_pair() -> tuple[str, str]:
    """Make a backup key: the secret half, and the public half for the server."""
    identity = x25519.Identity.generate()
    return str(identity), str(identity.to_public())


def read_identities(file: Path) -> list[x25519.Identity]:
    """Read the secret halves out of a file, as `age-keygen` writes them."""
    try:
        found = _SECRET.findall(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        found = []
    if not found:
        raise StartProblem(
            f"In {file} staat geen reservesleutel.\n"
            "Wat u kunt doen: geef het bestand op dat bij 'loket backup sleutel' is"
            " bewaard; het bevat een regel die begint met AGE-SECRET-KEY-1."
        )
    return [x25519.Identity.from_str(each) for each in found]


def read_recipients(public: tuple[str, ...]) -> list[x25519.Recipient]:
    """Read the public halves for whom a copy is sealed."""
    try:
        return [x25519.Recipient.from_str(each) for each in public]
    except pyrage.RecipientError as error:
        raise StartProblem(
            "LOKET_BACKUP_RECIPIENTS bevat een sleutel die niet klopt.\n"
            "Wat u kunt doen: kopieer de hele regel die begint met age1."
        ) from error


def seal(source: Source, target: IO[bytes], public: tuple[str, ...]) -> Metered:
    """Seal a stream into a file; return the size and checksum of what was written."""
    written = Metered(target)
    pyrage.encrypt_io(source, written, read_recipients(public))
    return written


def unseal(source: Source, target: object, identities: list[x25519.Identity]) -> None:
    """Open a sealed stream into another one.

    Raises:
        StartProblem: not sealed for this key, or it is damaged.
    """
    try:
        pyrage.decrypt_io(source, target, identities)
    except pyrage.DecryptError as error:
        if "No matching keys" in str(error):
            raise StartProblem(
                "Deze reservesleutel past niet bij de reservekopie.\n"
                "Wat u kunt doen: geef de sleutel op die bij deze kopie hoort; de"
                " publieke helft staat in manifest.json onder 'recipients'."
            ) from error
        raise StartProblem(DAMAGED) from error
    except OSError as error:
        # age tells what is changed or cut off this way; the system gives a number
        if error.errno is not None:
            raise
        raise StartProblem(DAMAGED) from error


DAMAGED = (
    "De reservekopie is beschadigd: wat erin staat, is niet te openen.\n"
    "Wat u kunt doen: neem een andere kopie, of haal deze opnieuw op."
)
