"""What was decided, in words: for the page and for the letter alike."""

from datetime import date

from loket.cases.besluit.beschikking import Besluitregel
from loket.cases.producten.product import Eenheid, Frequentie
from loket.datum import lang

EENHEDEN = {
    Eenheid.MINUUT: ("minuut", "minuten"),
    Eenheid.UUR: ("uur", "uur"),
    Eenheid.ETMAAL: ("etmaal", "etmalen"),
    Eenheid.DAGDEEL: ("dagdeel", "dagdelen"),
    Eenheid.STUKS_OUTPUT: ("stuk", "stuks"),
    Eenheid.EURO: ("euro", "euro"),
    Eenheid.STUKS: ("stuk", "stuks"),
}
STUKS = (Eenheid.STUKS_OUTPUT, Eenheid.STUKS)
FREQUENTIES = {
    Frequentie.DAG: "per dag",
    Frequentie.WEEK: "per week",
    Frequentie.MAAND: "per maand",
    Frequentie.TOTAAL: "in totaal",
}
HERZIENINGSGRONDEN = {
    "a": "de gegevens die wij kregen, kloppen niet of zijn niet compleet",
    "b": "u heeft de ondersteuning niet meer nodig",
    "c": "de ondersteuning is niet meer toereikend",
    "d": "u houdt zich niet aan de voorwaarden",
    "e": "u gebruikt de ondersteuning niet, of voor iets anders",
}
"""Grounds of Wmo art. 2.3.10 lid 1, by letter."""


def hoeveel(volume: int, eenheid: Eenheid, frequentie: Frequentie) -> str:
    """Write a volume: 150 minuten per week (2 uur en 30 minuten)."""
    one, more = _noun(eenheid, frequentie)
    text = f"{volume} {one if volume == 1 else more} {FREQUENTIES[frequentie]}"
    if eenheid is Eenheid.MINUUT and volume >= 60:
        return f"{text} ({_uren(volume)})"
    return text


def per_periode(eenheid: Eenheid, frequentie: Frequentie) -> str:
    """Write what a volume counts, without the number: minuten per week."""
    return f"{_noun(eenheid, frequentie)[1]} {FREQUENTIES[frequentie]}"


def _noun(eenheid: Eenheid, frequentie: Frequentie) -> tuple[str, str]:
    # what comes back every week is no thing but a turn, such as a ride
    if eenheid in STUKS and frequentie is not Frequentie.TOTAAL:
        return ("keer", "keer")
    return EENHEDEN[eenheid]


def _uren(minuten: int) -> str:
    uren, rest = divmod(minuten, 60)
    if not rest:
        return f"{uren} uur"
    return f"{uren} uur en {rest} {'minuut' if rest == 1 else 'minuten'}"


def omvang(regel: Besluitregel) -> str:
    """Write how much a regel grants; empty for what grants nothing."""
    if regel.volume is None or regel.eenheid is None or regel.frequentie is None:
        return ""
    return hoeveel(regel.volume, regel.eenheid, regel.frequentie)


def periode(van: date | None, tot: date | None) -> str:
    """Write a period for a letter: from when, until when or without end."""
    if van is None:
        return ""
    if tot is None:
        return f"vanaf {lang(van)}, zonder einddatum"
    return f"van {lang(van)} tot en met {lang(tot)}"
