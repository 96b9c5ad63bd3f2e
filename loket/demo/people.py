"""Reading the story of the demo: fictional people, words and cases, as data."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import count
from pathlib import Path

from loket.bsn import is_bsn
from loket.cases.dossier.dossier import BetrokkeneRol, Bevoegdheid
from loket.cases.dossier.inwoner import Geslacht
from loket.cases.dossier.operations_inwoner import Gegevens

_FOLDER = Path(__file__).parent.parent / "data" / "demo"
YES = "ja"
FIRST_TEST_BSN = 999_900_006
"""From here up to 999999990 numbers are never given to anybody (RvIG)."""
PLACES = {"19" + str(n): "Heemskerk" if n >= 60 else "Beverwijk" for n in range(40, 70)}


def rows(name: str) -> Iterator[dict[str, str]]:
    """Read one file of the demo."""
    with (_FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def drawing(name: str) -> bytes:
    """Read one drawing of the demo."""
    return (_FOLDER / f"{name}.svg").read_bytes()


def bsns() -> Iterator[str]:
    """Give out BSNs for tests, in order."""
    yield from (str(n) for n in count(FIRST_TEST_BSN) if is_bsn(str(n)))


@dataclass(frozen=True)
class Persoon:
    """Somebody in a case of the demo."""

    rol: BetrokkeneRol
    bevoegdheid: Bevoegdheid
    is_melder: bool
    gegevens: Gegevens


@cache
def people() -> dict[str, list[Persoon]]:
    """Return who is in each case; the cliënt comes first."""
    numbers = bsns()
    found: dict[str, list[Persoon]] = {}
    for row in rows("personen"):
        persoon = _persoon(row, next(numbers))
        found.setdefault(row["zaak"], []).append(persoon)
    return found


def _persoon(row: dict[str, str], bsn: str) -> Persoon:
    rol = BetrokkeneRol(row["rol"])
    is_client = rol is BetrokkeneRol.CLIENT
    gegevens: Gegevens = {
        # of the people around a cliënt no BSN is needed (AVG art. 5 lid 1 sub c)
        "bsn": bsn if is_client and row["bsn"] != "nee" else None,
        "achternaam": row["achternaam"],
        "voorvoegsel": row["voorvoegsel"] or None,
        "voorletters": row["voorletters"],
        "geslacht": Geslacht(row["geslacht"]),
        "geboortedatum": date.fromisoformat(row["geboren"]),
        "straat": row["straat"],
        "huisnummer": row["huisnummer"],
        "postcode": row["postcode"],
        "woonplaats": PLACES[row["postcode"][:4]],
        "telefoon": row["telefoon"] or None,
        "taal": row["taal"] or None,
        "contactwens": row["contactwens"] or None,
        "geheimhouding": row["geheimhouding"] == YES,
    }
    return Persoon(
        rol,
        Bevoegdheid(row["bevoegdheid"] or Bevoegdheid.GEEN),
        row["melder"] == YES,
        gegevens,
    )


@cache
def words() -> dict[str, dict[str, str]]:
    """Return what is said and found about each product."""
    return {row["product"]: row for row in rows("woorden")}


@cache
def subjects(groep: str) -> dict[str, tuple[str, str]]:
    """Return per letter a-g the words of the cliënt and the assessment."""
    return {
        row["letter"]: (row["woorden"], row["beoordeling"])
        for row in rows("onderwerpen")
        if row["groep"] == groep
    }
