"""What was not spoken about yet, while the melding is being told."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Value = Callable[[str], Any]


@dataclass(frozen=True)
class Punt:
    """One point of the talk: the field it is about, and why it is asked."""

    veld: str
    tekst: str
    waarom: str = ""


def verplicht(value: Value) -> list[Punt]:
    """Return what the law, the letter or the record still needs."""
    return [
        *_person(value),
        *(
            Punt(veld, tekst, waarom)
            for veld, tekst, waarom in ASKED
            if not value(veld)
        ),
        *_melder(value),
        *_urgency(value),
    ]


def nuttig(value: Value) -> list[Punt]:
    """Return what helps later, and may stay open."""
    return [Punt(veld, tekst) for veld, tekst in USEFUL if not value(veld)]


ASKED = (
    ("hulpvraag", "De vraag in eigen woorden", "Wmo 2.3.2"),
    ("behoefte_1", "Wat er nodig is", "Wmo 2.3.2"),
    ("labels_1", "Waar het over gaat", ""),
    (
        "clientondersteuning_verteld",
        "Dat cliëntondersteuning gratis is",
        "Wmo 2.3.2 lid 3",
    ),
    ("kanaal", "Hoe de melding binnenkwam", ""),
    ("ontvangen_op", "De dag van de melding", "Termijn van zes weken"),
    ("verwijzer", "Wie de weg wees", ""),
    ("huishoudtype", "Hoe de inwoner woont", ""),
    ("wie", "Wie dit meldt", ""),
)
USEFUL = (
    ("telefoon", "Een telefoonnummer"),
    ("contactwens", "Hoe contact veilig is"),
    ("email", "Een e-mailadres"),
    ("taal", "In welke taal het gesprek kan"),
    ("behoefte_2", "Of er nog meer nodig is"),
)
ADDRESS = ("straat", "huisnummer", "postcode", "woonplaats")


def _person(value: Value) -> list[Punt]:
    if value("inwoner") and value("inwoner") != "nieuw":
        return []
    points = []
    if not value("achternaam"):
        points.append(Punt("achternaam", "De achternaam"))
    if not value("bsn"):
        if not value("geboortedatum"):
            points.append(Punt("bsn", "Het BSN, of anders de geboortedatum"))
        open_ = [name for name in ADDRESS if not value(name)]
        if open_:
            points.append(Punt(open_[0], "Het adres", "Voor de ontvangstbevestiging"))
    return points


def _melder(value: Value) -> list[Punt]:
    if value("wie") != "ander":
        return []
    asked = (
        ("melder_achternaam", "De naam van wie dit meldt"),
        ("melder_rol", "Wie de melder is voor de inwoner"),
        ("bevoegdheid", "Waarom de melder namens de inwoner spreekt"),
    )
    return [Punt(veld, tekst) for veld, tekst in asked if not value(veld)]


def _urgency(value: Value) -> list[Punt]:
    if value("spoed") and not value("spoed_toelichting"):
        return [Punt("spoed_toelichting", "Waarom er spoed is", "Wmo 2.3.3")]
    return []
