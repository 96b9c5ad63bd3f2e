"""Values that occur nowhere else, and the search for them in whatever is stored."""

import base64
import gzip
import io
import random
import secrets
import string
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from loket.bsn import is_bsn
from loket.datum import kort, lang

PADDING = 3
YOUNGEST = date(1949, 12, 31)
DAYS = 9000


def random_bsn() -> str:
    """Give a BSN from the range for tests."""
    while True:
        number = str(random.randint(999900100, 999999990))  # noqa: S311 -- a test value
        if is_bsn(number):
            return number


@dataclass
class Canaries:
    """One secret word in every text of a case, and numbers of its own."""

    core: str = field(
        default_factory=lambda: "".join(
            secrets.choice(string.ascii_lowercase) for _ in range(14)
        )
    )
    bsn: str = field(default_factory=random_bsn)
    second_bsn: str = field(default_factory=random_bsn)
    phone: str = field(default_factory=lambda: f"06{secrets.randbelow(10**8):08}")
    born: date = field(
        default_factory=lambda: YOUNGEST - timedelta(days=secrets.randbelow(DAYS))
    )

    def text(self, what: str) -> str:
        """Write a text as somebody would, with the secret in it."""
        return f'Eén {what} over {self.core}, "gezegd" in vertrouwen.'

    def word(self, start: str) -> str:
        """Write a name with the secret in it."""
        return f"{start}ë{self.core}"

    def found_in(self, data: bytes) -> list[str]:
        """Tell which secrets stand in the data, in whatever clothes."""
        lowered = data.lower()
        born = (self.born.isoformat(), kort(self.born), lang(self.born))
        secrets_ = (self.core, self.bsn, self.second_bsn, self.phone, *born)
        return [
            f"{clothes} {word}"
            for word in secrets_
            for clothes, needle, is_cased in disguises(word)
            if needle in (data if is_cased else lowered)
        ]


def disguises(word: str) -> Iterator[tuple[str, bytes, bool]]:
    """Write a word in each way in which it could be stored, and whether case counts."""
    plain = word.encode()
    yield "utf-8", plain, False
    for encoding in ("utf-16-le", "utf-16-be"):
        yield encoding, word.encode(encoding), False
    yield "hex", plain.hex().encode(), False
    yield "hex of utf-16", word.encode("utf-16-le").hex().encode(), False
    yield "url", "".join(f"%{byte:02x}" for byte in plain).encode(), False
    for shift in range(PADDING):
        coded = base64.b64encode(b"\0" * shift + plain).rstrip(b"=")
        # the outer characters also depend on what stands beside the word
        yield f"base64 at {shift}", coded[(4 if shift else 0) : -2], True


def unpacked(data: bytes) -> bytes:
    """Return the data, and what is packed in it (rq packs its jobs)."""
    if zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as held:
            inside = [name.encode() + held.read(name) for name in held.namelist()]
        return b"\n".join([data, *inside])
    for unpack in (zlib.decompress, gzip.decompress):
        try:
            return data + b"\n" + unpack(data)
        except (zlib.error, OSError, EOFError):
            continue
    return data
