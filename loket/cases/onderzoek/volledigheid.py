"""What an onderzoek must hold before it can end (Wmo art. 2.3.2 lid 4, 6, 8; 2.3.4)."""

from dataclasses import dataclass
from enum import StrEnum

from loket.cases.onderzoek.onderwerp import Letter
from loket.cases.onderzoek.onderzoek import Onderzoek
from loket.cases.onderzoek.queries import Inhoud


class Onderdeel(StrEnum):
    """A part of the onderzoek that the law asks for."""

    IDENTITEIT = "identiteit"
    GESPREK = "gesprek"
    ONDERWERP = "onderwerp"
    PGB_INFORMATIE = "pgb_informatie"
    VERSLAG = "verslag"


@dataclass(frozen=True)
class Ontbreekt:
    """One thing that is not there yet, in words for the consulent."""

    onderdeel: Onderdeel
    tekst: str
    letter: Letter | None = None


def is_besproken(inhoud: Inhoud, letter: Letter) -> bool:
    """Whether both the words of the cliënt and our assessment are there."""
    onderwerp = inhoud.onderwerpen.get(letter)
    return bool(onderwerp and onderwerp.woorden_client and onderwerp.beoordeling)


def list_ontbreekt(onderzoek: Onderzoek, inhoud: Inhoud) -> list[Ontbreekt]:
    """Return what is still missing, in the order of the law."""
    missing = [
        Ontbreekt(
            Onderdeel.ONDERWERP, f"onderwerp {letter.value} ({letter.titel})", letter
        )
        for letter in Letter
        if not is_besproken(inhoud, letter)
    ]
    if not inhoud.gesprekken:
        missing.insert(0, Ontbreekt(Onderdeel.GESPREK, "een gesprek"))
    if not onderzoek.identiteit_gezien_at:
        missing.insert(0, Ontbreekt(Onderdeel.IDENTITEIT, "het identiteitsbewijs"))
    if inhoud.has_maatwerk and not onderzoek.pgb_informatie_at:
        missing.append(Ontbreekt(Onderdeel.PGB_INFORMATIE, "de uitleg over het pgb"))
    if not inhoud.verslagen:
        missing.append(Ontbreekt(Onderdeel.VERSLAG, "het verslag"))
    return missing
