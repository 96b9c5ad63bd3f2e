"""The copy as people read it: the same chapters for the screen and for paper."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from html import escape
from typing import Any

from loket.audit.woorden import VERBS
from loket.cases.besluit.woorden import FREQUENTIES
from loket.cases.dossier.woorden import GEGEVENS, GESLACHT
from loket.cases.producten.woorden import EENHEID
from loket.datum import kort
from loket.geld import bedrag
from loket.letters.brief import Alinea, Blok, Kop, Opsomming, Tabel
from loket.rechten.woorden import WEGLAATGROND
from loket.termijnen import ZONE

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d.*")
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_CODE = re.compile(r"[a-z0-9]+(_[a-z0-9]+)*")
LABELS: Mapping[str, str] = {
    **GEGEVENS,
    "bsn": "Burgerservicenummer (BSN)",
    "answers": "Ingevuld",
    "aside_at": "Terzijde gelegd op",
    "aside_by": "Terzijde gelegd door",
    "at": "Wanneer",
    "begun_at": "Begonnen op",
    "handed_at": "Doorgegeven op",
    "handed_by": "Doorgegeven door",
    "handled_at": "Afgehandeld op",
    "handled_by": "Afgehandeld door",
    "held_at": "Gevoerd op",
    "held_by": "Gevoerd door",
    "left_out_at": "Weggelaten op",
    "left_out_by": "Weggelaten door",
    "pgb_informatie_at": "Uitleg over het pgb op",
    "pgb_informatie_by": "Uitleg over het pgb door",
    "placed_at": "Verstuurd op",
    "plan_by": "Persoonlijk plan ontvangen door",
    "requested_at": "Gevraagd op",
    "requested_by": "Gevraagd door",
    "undone_at": "Teruggedraaid op",
    "undone_by": "Teruggedraaid door",
    "product_code": "Product",
    "labels": "Domeinen",
    "mediatype": "Soort bestand",
    "omvang": "Grootte in bytes",
    "weigeringsgrond_code": "Weigeringsgrond",
    "voor_rol": "Voor wie",
    "by": "Door",
    "afgeschermd": "Alleen voor genoemde medewerkers",
    "bekendgemaakt_op": "Bekendgemaakt op",
    "inwoner": "Persoon",
    "gerechtigde": "Voor wie",
    "onderwerp_motivering": "Motivering",
    "woorden_client": "Wat u zei",
    "waarden": "Was en is",
    "ervoor": "Wat er eerst stond",
    "tot": "Tot en met",
    "voor_user": "Voor",
    "pc4": "Postcodegebied",
}
"""How a field is called where its own name does not say it."""
CODES: Mapping[str, Mapping[str, str]] = {
    "geslacht": {each.value: word for each, word in GESLACHT.items()},
    "frequentie": {each.value: word for each, word in FREQUENTIES.items()},
    "eenheid": {each.value: word for each, word in EENHEID.items()},
}
"""What a code means, in fields that hold a code of a message."""


@dataclass(frozen=True)
class Kaart:
    """One row: its heading and what stands in it."""

    titel: str
    velden: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Lijst:
    """A table of many short rows: who looked."""

    titel: str
    uitleg: str
    kolommen: tuple[str, ...]
    rijen: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Sectie:
    """One part of a chapter."""

    titel: str
    kaarten: tuple[Kaart, ...]


@dataclass(frozen=True)
class Hoofdstuk:
    """One chapter."""

    titel: str
    secties: tuple[Sectie, ...]


def label(naam: str) -> str:
    """Say what a field is."""
    if naam in LABELS:
        return LABELS[naam]
    for suffix, word in (("_at", " op"), ("_by", " door")):
        verb = naam.removesuffix(suffix)
        if verb != naam:
            said = VERBS.get(verb, verb.replace("_", " "))
            return f"{said[:1].upper()}{said[1:]}{word}"
    said = naam.replace("_cent", "").replace("_", " ").replace("client", "cliënt")
    return f"{said[:1].upper()}{said[1:]}"


def zeg(naam: str, waarde: Any) -> str:
    """Say a value; what is only the number of another row says nothing."""
    if isinstance(waarde, str) and waarde in CODES.get(naam, {}):
        return CODES[naam][waarde]
    if isinstance(waarde, bool):
        return "Ja" if waarde else "Nee"
    if isinstance(waarde, int):
        return bedrag(waarde) if naam.endswith("_cent") else str(waarde)
    if isinstance(waarde, Mapping):
        parts = ((label(key), zeg(key, each)) for key, each in waarde.items())
        return "\n".join(f"{key}: {each}" for key, each in parts if each)
    if isinstance(waarde, Sequence) and not isinstance(waarde, str):
        return "\n".join(filter(None, (zeg(naam, each) for each in waarde)))
    return _text(str(waarde)) if waarde is not None else ""


def _text(waarde: str) -> str:
    if _ID.fullmatch(waarde):
        return ""
    # somebody may have typed what only looks like a day: that stays as it was typed
    with suppress(ValueError, OverflowError):
        if _DAY.fullmatch(waarde):
            return kort(date.fromisoformat(waarde))
        if _MOMENT.fullmatch(waarde):
            return wanneer(waarde)
    if _CODE.fullmatch(waarde) and not waarde.isdigit():
        said = waarde.replace("_", " ")
        return f"{said[:1].upper()}{said[1:]}"
    return waarde


def wanneer(moment: str) -> str:
    """Say a moment as it was here."""
    here = datetime.fromisoformat(moment).astimezone(ZONE)
    return f"{kort(here.date())} {here:%H:%M}"


def hoofdstukken(gegevens: Mapping[str, Any]) -> list[Hoofdstuk]:
    """Divide what was gathered over chapters."""
    found: dict[str, list[Sectie]] = {}
    for part in gegevens["onderdelen"]:
        cards = tuple(
            _card(part["titel"], nummer, rij)
            for nummer, rij in enumerate(part["rijen"], 1)
        )
        found.setdefault(part["hoofdstuk"], []).append(Sectie(part["titel"], cards))
    return [Hoofdstuk(titel, tuple(parts)) for titel, parts in found.items()]


def _card(titel: str, nummer: int, rij: Mapping[str, Any]) -> Kaart:
    where = f", dossier {rij['dossier']}" if rij["dossier"] else ""
    if rij["elders"]:
        where = ", in het dossier van iemand anders"
    told = ((label(name), zeg(name, each)) for name, each in rij["velden"].items())
    return Kaart(
        f"{titel} {nummer}{where}",
        tuple((name, each) for name, each in told if each),
    )


def lijsten(gegevens: Mapping[str, Any]) -> list[Lijst]:
    """Return who looked: opened, apart from in a list, apart from what was done."""
    keken = gegevens["wie_keek"]
    return [
        Lijst(titel, uitleg, ("Wanneer", "Wie", "Wat", "Waarom"), _lines(keken[soort]))
        for soort, titel, uitleg in (
            (
                "geopend",
                "Wie uw gegevens opende",
                "Deze mensen keken in uw dossier of in een stuk daarvan.",
            ),
            (
                "in_een_lijst",
                "Wie u alleen in een lijst zag",
                "U stond in een zoekresultaat of een werklijst. Uw dossier is toen niet"
                " geopend.",
            ),
            (
                "gedaan",
                "Wat er met uw gegevens is gedaan",
                "Vastgelegd, gewijzigd, besloten of geweigerd.",
            ),
        )
    ]


def _lines(blikken: Sequence[Mapping[str, Any]]) -> tuple[tuple[str, ...], ...]:
    return tuple(
        (
            wanneer(each["wanneer"]),
            "\n".join(filter(None, (each["wie"], each["functie"]))),
            each["wat"],
            " ".join(
                filter(
                    None,
                    (
                        each["waarom"],
                        f"Dossier {each['dossier']}" if each["dossier"] else "",
                    ),
                )
            )
            or "–",
        )
        for each in blikken
    )


def inleiding(gegevens: Mapping[str, Any]) -> list[str]:
    """Say what this is and how to read it."""
    gemeente = gegevens["gemeente"]["naam"]
    made = wanneer(gegevens["gemaakt_op"])
    return [
        f"U vroeg welke gegevens de gemeente {gemeente} over u heeft. Hier staan ze"
        f" allemaal, zoals ze waren op {made}.",
        "Medewerkers staan hier met een nummer en hun functie. Hetzelfde nummer is"
        " steeds dezelfde medewerker.",
        "Klopt er iets niet? Dan kunt u vragen om het te verbeteren. Bent u het niet"
        " eens met hoe wij met uw gegevens omgaan? Dan kunt u een klacht indienen bij"
        " de Autoriteit Persoonsgegevens.",
    ]


def weggelaten(gegevens: Mapping[str, Any]) -> list[str]:
    """Say what is not in it and why; nothing was left out: an empty list."""
    return [
        f"{each['titel']}:"
        f" {'alles' if each['alles'] else str(each['aantal']) + ' keer iets'}"
        f" weggelaten. {WEGLAATGROND[each['grond']]}. {each['uitleg'] or ''}".strip()
        for each in gegevens["weggelaten"]
    ]


NIETS_WEG = "Wij lieten niets weg."
WEG = "Wat hier niet in staat"


def blokken(gegevens: Mapping[str, Any]) -> tuple[Blok, ...]:
    """Write it for paper."""
    return tuple(_blocks(gegevens))


def _blocks(gegevens: Mapping[str, Any]) -> Iterator[Blok]:
    yield from (Alinea(each) for each in inleiding(gegevens))
    yield Kop(WEG)
    gone = weggelaten(gegevens)
    yield Opsomming(tuple(gone)) if gone else Alinea(NIETS_WEG)
    for chapter in hoofdstukken(gegevens):
        yield Kop(chapter.titel)
        for part in chapter.secties:
            for card in part.kaarten:
                if card.velden:
                    yield Tabel(("Gegeven", "Inhoud"), card.velden, card.titel, (2, 5))
                else:
                    yield Alinea(f"{card.titel}.")
    for table in lijsten(gegevens):
        yield Kop(table.titel)
        yield Alinea(table.uitleg)
        if table.rijen:
            yield Tabel(table.kolommen, table.rijen, table.titel, (3, 3, 4, 5))
        else:
            yield Alinea("Niemand.")


_STYLE = (
    "body{font:16px/1.5 sans-serif;max-width:60rem;margin:0 auto;padding:1rem;"
    "color:#1a1a1a;background:#fff}h2{margin-top:2.5rem}"
    "table{border-collapse:collapse;width:100%;margin:.5rem 0 1.5rem}"
    "caption{text-align:left;font-weight:bold;padding:.25rem 0}"
    "th,td{text-align:left;vertical-align:top;border-top:1px solid #767676;"
    "padding:.35rem .5rem;overflow-wrap:anywhere;white-space:pre-line}"
    "tbody th{width:14rem;font-weight:600}"
    "@media(max-width:40rem){tbody th{width:8rem}}"
)


def html(gegevens: Mapping[str, Any]) -> bytes:
    """Write it for the screen: one page that needs nothing else."""
    return "".join(_page(gegevens)).encode()


def _page(gegevens: Mapping[str, Any]) -> Iterator[str]:
    yield (
        '<!doctype html><html lang="nl"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Uw gegevens bij de gemeente</title><style>{_STYLE}</style></head>"
        "<body><main><h1>Uw gegevens bij de gemeente</h1>"
    )
    yield from (f"<p>{escape(each)}</p>" for each in inleiding(gegevens))
    yield f"<h2>{WEG}</h2>"
    gone = weggelaten(gegevens)
    items = "".join(f"<li>{escape(each)}</li>" for each in gone)
    yield f"<ul>{items}</ul>" if gone else f"<p>{NIETS_WEG}</p>"
    for chapter in hoofdstukken(gegevens):
        yield f"<h2>{escape(chapter.titel)}</h2>"
        for part in chapter.secties:
            yield f"<h3>{escape(part.titel)}</h3>"
            yield from map(_card_html, part.kaarten)
    for table in lijsten(gegevens):
        yield f"<h2>{escape(table.titel)}</h2><p>{escape(table.uitleg)}</p>"
        yield _table_html(table) if table.rijen else "<p>Niemand.</p>"
    yield "</main></body></html>"


def _card_html(card: Kaart) -> str:
    rows = "".join(
        f'<tr><th scope="row">{escape(name)}</th><td>{escape(each)}</td></tr>'
        for name, each in card.velden
    )
    if not rows:
        return f"<p>{escape(card.titel)}.</p>"
    title = escape(card.titel)
    return f"<table><caption>{title}</caption><tbody>{rows}</tbody></table>"


def _table_html(table: Lijst) -> str:
    head = "".join(f'<th scope="col">{escape(each)}</th>' for each in table.kolommen)
    rows = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>"
        for row in table.rijen
    )
    return (
        f"<table><caption>{escape(table.titel)}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{rows}</tbody></table>"
    )
