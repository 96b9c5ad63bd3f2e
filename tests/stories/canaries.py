"""Values that occur nowhere else, and the search for them in whatever is stored."""

import base64
import gzip
import io
import random
import secrets
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from loket.bsn import is_bsn
from loket.datum import kort, lang

LETTERS = "bcdfgklmnprtvw"
"""Letters that no search folds to others, so a folded name still shows the word."""
MANY = 5
"""How many different values of each type of number are told."""
PADDING = 3
Clothes = Callable[[str], bytes]


def random_letters(count: int) -> str:
    """Give letters that make no word."""
    return "".join(secrets.choice(LETTERS) for _ in range(count))


def random_digits(count: int) -> str:
    """Give digits that begin with no zero."""
    return str(secrets.randbelow(9 * 10 ** (count - 1)) + 10 ** (count - 1))


def random_bsns() -> list[str]:
    """Give BSNs from the range for tests that begin alike."""
    start = random.randint(999901, 999998) * 1000  # noqa: S311 -- a test value
    known = [text for each in range(1000) if is_bsn(text := str(start + each))]
    return random.sample(known, MANY)


def random_dates() -> list[date]:
    """Give birth dates in one month of long ago."""
    year, month = 1908 + secrets.randbelow(40), 1 + secrets.randbelow(12)
    days = random.sample(range(1, 28), MANY)
    return [date(year, month, day) for day in days]


def random_numbers(common: int, own: int) -> list[str]:
    """Give numbers that begin alike."""
    start = random_digits(common)
    ends = random.sample(range(10 ** (own - 1), 10**own), MANY)
    return [f"{start}{end}" for end in ends]


@dataclass(frozen=True)
class Family:
    """Values with a part in common: without that part none of them is there."""

    common: str
    words: tuple[str, ...]
    is_rare: bool = False
    """The common part itself occurs nowhere else: finding it is enough."""


@dataclass
class Canaries:
    """Words and numbers of one case: five or more of every type, no two alike."""

    core: str = field(default_factory=lambda: random_letters(12))
    """What is in every word; what follows it differs."""
    bsns: list[str] = field(default_factory=random_bsns)
    dates: list[date] = field(default_factory=random_dates)
    numbers: list[str] = field(default_factory=lambda: random_numbers(6, 2))
    """Telephone numbers, without the zero or the land."""
    cents: list[str] = field(default_factory=lambda: random_numbers(6, 3))
    words: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    """Which words were given, per type."""

    @property
    def bsn(self) -> str:
        return self.bsns[0]

    @property
    def second_bsn(self) -> str:
        return self.bsns[1]

    @property
    def born(self) -> date:
        return self.dates[0]

    @property
    def phones(self) -> list[str]:
        return [f"06{number}" for number in self.numbers]

    @property
    def phone(self) -> str:
        return self.phones[0]

    @property
    def amounts(self) -> list[str]:
        """The amounts as people write them."""
        return [_points(cents) for cents in self.cents]

    def new(self, kind: str) -> str:
        """Give a word that was not given before."""
        given = self.words[kind]
        given.append(f"{self.core}{random_letters(4)}")
        return given[-1]

    def text(self, what: str) -> str:
        """Write a text as somebody would, with a secret and an amount in it."""
        word = self.new("tekst")
        amount = self.amounts[len(self.words["tekst"]) % MANY]
        return f'Eén {what} over {word} ("€ {amount}") in vertrouwen.'

    def word(self, start: str, kind: str = "naam") -> str:
        """Write a name with a secret in it."""
        return f"{start}ë{self.new(kind)}"

    def mail(self) -> str:
        """Write an e-mail address."""
        return f"{self.new('e-mail')}@post.example"

    @cached_property
    def _families(self) -> list[Family]:
        families = [
            _alike(self.bsns, 6),
            _alike(self.numbers, 6),
            _alike(self.cents, 6),
            _alike([f"{cents[:-2]}.{cents[-2:]}" for cents in self.cents], 6),
            _alike([f"{cents[:-2]},{cents[-2:]}" for cents in self.cents], 6),
            _alike(self.amounts, 7),
            _alike([each.isoformat() for each in self.dates], 8),
            _alike([f"{each:%Y%m%d}" for each in self.dates], 6),
        ]
        for write in (kort, lang):
            written = tuple(map(write, self.dates))
            families.append(Family(written[0][-8:], written))
        return families

    def found_in(self, data: bytes) -> list[str]:
        """Tell which secrets stand in the data, in whatever clothes."""
        lowered = data.lower()
        given = tuple(word for words in self.words.values() for word in words)
        own = Family(self.core, given, is_rare=True)
        return [
            f"{name} {word}"
            for family in (own, *self._families)
            for name, dress, is_cased in CLOTHES
            for word in _found(family, dress, data if is_cased else lowered)
        ]


def _found(family: Family, dress: Clothes, data: bytes) -> list[str]:
    if dress(family.common) not in data:
        return []
    found = [word for word in family.words if dress(word) in data]
    return found or ([family.common] if family.is_rare else [])


def _alike(words: list[str], common: int) -> Family:
    return Family(words[0][:common], tuple(words))


def _points(cents: str) -> str:
    return f"{int(cents[:-2]):,}".replace(",", ".") + f",{cents[-2:]}"


def _base64_at(shift: int) -> Clothes:
    def dress(word: str) -> bytes:
        coded = base64.b64encode(b"\0" * shift + word.encode()).rstrip(b"=")
        # the outer characters also depend on what stands beside the word
        return coded[(4 if shift else 0) : -2]

    return dress


def _clothes() -> Iterator[tuple[str, Clothes, bool]]:
    yield "utf-8", str.encode, False
    yield "utf-16-le", lambda word: word.encode("utf-16-le"), False
    yield "utf-16-be", lambda word: word.encode("utf-16-be"), False
    yield "hex", lambda word: word.encode().hex().encode(), False
    yield "hex of utf-16", lambda word: word.encode("utf-16-le").hex().encode(), False
    yield "url", lambda word: _each(word, "%{:02x}"), False
    yield "escaped", lambda word: _each(word, "\\u{:04x}"), False
    yield "html", lambda word: _each(word, "&#{};"), False
    for shift in range(PADDING):
        yield f"base64 at {shift}", _base64_at(shift), True


def _each(word: str, form: str) -> bytes:
    return "".join(form.format(ord(letter)) for letter in word).encode()


CLOTHES = tuple(_clothes())
"""Each way in which a word could be stored, and whether case counts there."""


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
