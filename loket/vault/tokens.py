"""Search tokens: what a value is folded to, and the keyed hash of that fold."""

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

Fold = Callable[[object], tuple[str, ...]]
"""Turns a value into the parts it can be found by."""

FULL_BITS = 128
"""Enough never to meet by accident: for values that are unique."""

_TUSSENVOEGSELS = """
    van de der den het t s d l ten ter te op in aan bij onder over voor uit tot
    la le les du des da dos di del della el al von vom zu zum zur af
"""
TUSSENVOEGSELS = frozenset(_TUSSENVOEGSELS.split())
_FOLDED = str.maketrans(
    {"ı": "i", "ø": "o", "æ": "ae", "œ": "oe", "đ": "d", "ð": "d", "ł": "l", "þ": "th"}
)
_BETWEEN = re.compile(r"[\W\d_]+")


def bsn_digits(value: object) -> tuple[str, ...]:
    """Keep the digits of a BSN, with the leading zero some systems drop."""
    digits = re.sub(r"\D", "", str(value))
    return (digits.zfill(9),) if digits else ()


def surname_nl(value: object) -> tuple[str, ...]:
    """Fold a surname: no accents, ij is y, no tussenvoegsels, double names apart."""
    spread = unicodedata.normalize("NFKD", str(value).casefold())
    letters = "".join(c for c in spread if not unicodedata.combining(c))
    folded = letters.translate(_FOLDED).replace("ij", "y")
    parts = [part for part in _BETWEEN.split(folded) if part]
    own = [part for part in parts if part not in TUSSENVOEGSELS]
    return tuple(dict.fromkeys(own or parts))


def isodate(value: object) -> tuple[str, ...]:
    """Write a date the one way it is compared."""
    if not isinstance(value, date) or isinstance(value, datetime):
        raise TypeError("a date is sought with a date")
    return (value.isoformat(),)


@dataclass(frozen=True)
class Find:
    """One way to find a field: by its whole parts, or by their first letters."""

    fold: Fold
    letters: int | None = None

    @property
    def name(self) -> str:
        """Name this way within its field; part of every token, so never rename."""
        return "exact" if self.letters is None else f"prefix{self.letters}"

    def parts(self, value: object) -> tuple[str, ...]:
        """Fold a value to what is hashed."""
        found = self.fold(value)
        if self.letters is None:
            return found
        return tuple(dict.fromkeys(part[: self.letters] for part in found))


def exact(fold: Fold) -> Find:
    """Find by the whole value (or by each whole part of a name)."""
    return Find(fold)


def prefix(fold: Fold, letters: int) -> Find:
    """Find by the first letters."""
    return Find(fold, letters)


def make_token(index_key: bytes, index: str, part: str, bits: int) -> bytes:
    """Hash one part under the index key of a gemeente, cut to `bits`.

    Cut tokens are shared by several values on purpose: who holds the tokens learns
    little, and the reader decrypts the few false hits away.
    """
    message = index.encode() + b"\x00" + part.encode()
    full = hmac.new(index_key, message, hashlib.sha256).digest()
    width = (bits + 7) // 8
    cut = int.from_bytes(full[:width]) >> (width * 8 - bits)
    return cut.to_bytes(width)
