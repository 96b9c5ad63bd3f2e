"""The KEK on paper: two parts that say nothing apart and everything together.

Part A is random, part B is the key material XOR part A: whoever has one part has
nothing, also with unlimited means. The lines are made for typing over: no 0, 1, 8 or 9,
and a check at the end of each line, so that a typo is pointed at.
"""

import base64
import hashlib
import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import Connection, select

from loket.config import read_keks
from loket.datum import kort
from loket.errors import LoketError
from loket.vault.errors import KekMissing, Tampered, WrongKek
from loket.vault.kek.local import LocalKek
from loket.vault.kek.provider import Keks
from loket.vault.keystore import tenant_key
from loket.vault.tenantkeys import tenant_context

PARTS = ("A", "B")
FORMAT = 1
CHECK_CHARS = 4
GROUPS, GROUP = 8, 4
SEAL = 16
"""Bytes of the check over the whole key material."""
_HEADER = re.compile(r"^([a-z ]+): *(.*?) *$")
_LINE = re.compile(r"^(\d+)\. +(.+) +- *(\S+)$")
_TYPED = str.maketrans({"0": "O", "1": "I", "8": "B"})


class BadPart(LoketError):
    """This is no part of an escrow, or not as it was made; it says what is wrong."""


@dataclass(frozen=True)
class Part:
    """One of the two parts."""

    name: str
    set_id: str
    """The same in both parts that belong together."""
    versions: tuple[int, ...]
    gemeenten: tuple[str, ...]
    made_on: str
    share: bytes = field(repr=False)

    def text(self) -> str:
        """Write it for a printer."""
        head = [
            f"LOKET - ESCROW VAN DE HOOFDSLEUTEL - DEEL {self.name} VAN 2",
            "",
            "Met deel A en deel B samen gaan alle gegevens open. Bewaar dit deel in",
            "een kluis, op een andere plek en bij een ander dan het andere deel.",
            "Proberen of ze samen passen: loket vault escrow --check DEEL_A DEEL_B",
            "",
            f"deel: {self.name}",
            f"set: {self.set_id}",
            f"formaat: {FORMAT}",
            f"gemaakt op: {self.made_on}",
            f"gemeenten: {', '.join(self.gemeenten) or 'nog geen'}",
            f"versies: {', '.join(map(str, self.versions))}",
            f"controle: {self._checksum()}",
            "",
        ]
        return "\n".join([*head, *_lines(self.share), ""])

    def _checksum(self) -> str:
        told = (self.name, self.set_id, self.made_on, *self.gemeenten)
        return _check("|".join((*told, *map(str, self.versions))), self.share)


def split(keks: Keks, gemeenten: Collection[str], day: date) -> tuple[Part, Part]:
    """Split every version of the KEK in two parts."""
    lines = [
        f"{version}:{base64.b64encode(kek).decode()}"
        for version, kek in sorted(keks.items())
    ]
    set_id = secrets.token_hex(4)
    material = "\n".join(lines).encode()
    whole = _seal(set_id, material) + material
    first = secrets.token_bytes(len(whole))
    shares = first, _xor(first, whole)
    versions = tuple(sorted(keks))
    codes = tuple(sorted(gemeenten))
    one, two = (
        Part(name, set_id, versions, codes, kort(day), share)
        for name, share in zip(PARTS, shares, strict=True)
    )
    return one, two


def join(one: Part, two: Part) -> Keks:
    """Put the KEK together.

    Raises:
        BadPart: twice the same part, or parts of different sets.
    """
    if one.set_id != two.set_id:
        raise BadPart(
            f"Deze delen horen niet bij elkaar: het ene is van set {one.set_id}, het"
            f" andere van set {two.set_id}.\nWat u kunt doen: zoek het andere deel van"
            " een van beide sets."
        )
    if one.name == two.name:
        raise BadPart(
            f"Dit is twee keer deel {one.name}.\n"
            "Wat u kunt doen: geef deel A en deel B."
        )
    if len(one.share) == len(two.share):
        whole = _xor(one.share, two.share)
        material = whole[SEAL:]
        if secrets.compare_digest(whole[:SEAL], _seal(one.set_id, material)):
            return read_keks(material.decode())
    raise BadPart(
        "Deze delen geven samen geen sleutel: een van beide is niet het deel dat"
        " gemaakt is.\nWat u kunt doen: zoek een andere kopie van de delen."
    )


def read_part(given: str) -> Part:
    """Read a part from its text, also when it was typed over.

    Raises:
        BadPart: it names the line with the mistake.
    """
    told: dict[str, str] = {}
    share, number = bytearray(), 0
    for line in given.splitlines():
        if found := _LINE.match(line.strip()):
            number += 1
            share += _read_line(number, *found.groups())
        elif found := _HEADER.match(line.strip()):
            told[found[1]] = found[2]
    if told.get("deel") not in PARTS or not share or "set" not in told:
        raise BadPart(
            "Dit is geen deel van een escrow van Loket.\n"
            "Wat u kunt doen: geef de tekst zoals die gemaakt is, met alle regels."
        )
    part = Part(
        told["deel"],
        told["set"],
        tuple(int(each) for each in re.findall(r"\d+", told.get("versies", ""))),
        tuple(re.findall(r"\d{4}", told.get("gemeenten", ""))),
        told.get("gemaakt op", ""),
        bytes(share),
    )
    if part._checksum() != told.get("controle"):  # noqa: SLF001 - its own reader
        raise BadPart(
            f"Deel {part.name} is niet compleet: er ontbreekt een regel, of de kop is"
            " veranderd.\nWat u kunt doen: vergelijk het met het papier."
        )
    return part


def prove(connection: Connection, keks: Keks) -> int:
    """Open every tenant key with these; tell how many there are.

    Raises:
        WrongKek, KekMissing: these do not open the key store.
    """
    kek = LocalKek(keks)
    rows = connection.execute(select(tenant_key)).all()
    for row in rows:
        context = tenant_context(row.purpose, row.tenant, row.version)
        try:
            kek.unwrap(row.wrapped, context, row.kek_version)
        except Tampered:
            raise WrongKek(row.kek_version) from None
        except KekMissing:
            raise BadPart(
                f"De delen hebben versie {', '.join(map(str, sorted(keks)))} van de"
                f" hoofdsleutel; de sleutelkluis gebruikt versie {row.kek_version}.\n"
                "Wat u kunt doen: maak een nieuwe escrow, of zoek de nieuwere delen."
            ) from None
    return len(rows)


def _seal(set_id: str, material: bytes) -> bytes:
    return hashlib.sha256(b"loket-escrow|" + set_id.encode() + material).digest()[:SEAL]


def _xor(one: bytes, two: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, two, strict=True))


def _check(what: str, share: bytes) -> str:
    digest = hashlib.sha256(what.encode() + b"|" + share).digest()
    return base64.b32encode(digest)[: CHECK_CHARS * 2].decode()


def _lines(share: bytes) -> list[str]:
    size = GROUPS * GROUP * 5 // 8
    return [
        f"{number:>2}. {_grouped(chunk)} - {_line_check(number, chunk)}"
        for number, chunk in enumerate(
            (share[at : at + size] for at in range(0, len(share), size)), start=1
        )
    ]


def _grouped(chunk: bytes) -> str:
    text = base64.b32encode(chunk).decode().rstrip("=")
    return " ".join(text[at : at + GROUP] for at in range(0, len(text), GROUP))


def _line_check(number: int, chunk: bytes) -> str:
    return _check(f"regel {number}", chunk)[:CHECK_CHARS]


def _read_line(number: int, told: str, typed: str, check: str) -> bytes:
    text = re.sub(r"\s", "", typed).upper().translate(_TYPED)
    try:
        chunk = base64.b32decode(text + "=" * (-len(text) % 8))
    except ValueError:
        chunk = b""
    known = _line_check(number, chunk)
    if int(told) != number or check.upper().translate(_TYPED) != known:
        raise BadPart(
            f"Regel {told} klopt niet.\n"
            "Wat u kunt doen: vergelijk die regel met het papier; er is iets verkeerd"
            " overgenomen, of er ontbreekt een regel ervoor."
        )
    return chunk
