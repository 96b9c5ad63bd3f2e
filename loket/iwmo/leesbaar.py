"""What a kept message says, in plain words, for whoever has to work with it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from loket.datum import kort
from loket.iwmo import woorden
from loket.iwmo.bericht import Bericht
from loket.iwmo.berichten.inhoud import read_bericht
from loket.iwmo.berichten.onderdelen import Omvang, Product
from loket.iwmo.codes import GOED, RETOURCODES
from loket.iwmo.regelteksten import REGELTEKSTEN

Paar = tuple[str, str]


@dataclass(frozen=True)
class Onderdeel:
    """One product in a message: what is said about it."""

    titel: str
    feiten: tuple[Paar, ...]


@dataclass(frozen=True)
class Leesbaar:
    """A message as it reads on a page."""

    titel: str
    onderdelen: tuple[Onderdeel, ...]
    opmerking: str


def lees(bericht: Bericht) -> Leesbaar:
    """Put the content of a message in words; a retour says only what was wrong."""
    inhoud: Any = read_bericht(bericht.inhoud or b"")
    client = getattr(inhoud, "client", None)
    say = _SAYS.get(bericht.soort)
    lines = say(inhoud) if say else []
    remark = getattr(client, "commentaar", None) or ""
    return Leesbaar(woorden.SOORTEN[bericht.soort], tuple(lines), remark)


def klachten(bericht: Bericht) -> list[str]:
    """Say what is wrong with a message, or what was left to do by hand."""
    return [_klacht(one) for one in bericht.retourcodes]


def _klacht(one: dict[str, Any]) -> str:
    where = f" (product {one['volgnummer']})" if one["volgnummer"] else ""
    text = (
        one.get("tekst")
        or REGELTEKSTEN.get(one["regel"])
        or RETOURCODES.get(one["code"], f"Code {one['code']}")
    )
    return f"{text}{where}"


def _feiten(*pairs: tuple[str, object]) -> tuple[Paar, ...]:
    return tuple(
        (label, kort(value) if isinstance(value, date) else str(value))
        for label, value in pairs
        if value not in (None, "")
    )


def _omvang(omvang: Omvang | None) -> str:
    if omvang is None:
        return ""
    return woorden.omvang(omvang.volume, omvang.eenheid.value, omvang.frequentie.value)


def _name(product: Product | None) -> str:
    return woorden.product(product.categorie, product.code) if product else woorden.GEEN


def _verzoek(inhoud: Any) -> Sequence[Onderdeel]:
    return [
        Onderdeel(
            _name(asked.product),
            _feiten(
                ("Referentie van de aanbieder", asked.referentie_aanbieder),
                ("Omvang", _omvang(asked.omvang)),
                ("Budget in centen", asked.budget),
                ("Van", asked.toewijzing_ingangsdatum),
                ("Tot en met", asked.toewijzing_einddatum),
                ("Beschikking", asked.beschikking_nummer),
                ("Beschikking geldt vanaf", asked.beschikking_ingangsdatum),
                ("Verwijzer", asked.verwijzer.naam or asked.verwijzer.type.tekst),
                ("Opmerking", asked.commentaar),
            ),
        )
        for asked in inhoud.client.aangevraagde_producten
    ]


def _toewijzing(inhoud: Any) -> Sequence[Onderdeel]:
    return [
        Onderdeel(
            _name(given.product),
            _feiten(
                ("Toewijzingnummer", given.toewijzing_nummer),
                ("Referentie van de aanbieder", given.referentie_aanbieder),
                ("Omvang", _omvang(given.omvang)),
                ("Van", given.ingangsdatum),
                ("Tot en met", given.einddatum),
                (
                    "Reden van wijziging",
                    given.reden_wijziging and given.reden_wijziging.tekst,
                ),
            ),
        )
        for given in inhoud.client.toegewezen_producten
    ]


def _start(inhoud: Any) -> Sequence[Onderdeel]:
    return [
        Onderdeel(
            _name(one.product),
            _feiten(
                ("Toewijzingnummer", one.toewijzing_nummer),
                ("Gestart op", one.begindatum),
                ("Soort melding", one.status_aanlevering.tekst),
            ),
        )
        for one in inhoud.client.start_producten
    ]


def _stop(inhoud: Any) -> Sequence[Onderdeel]:
    return [
        Onderdeel(
            _name(one.product),
            _feiten(
                ("Toewijzingnummer", one.toewijzing_nummer),
                ("Gestart op", one.begindatum),
                ("Gestopt op", one.einddatum),
                ("Reden", one.reden_beeindiging.tekst),
                ("Soort melding", one.status_aanlevering.tekst),
            ),
        )
        for one in inhoud.client.stop_producten
    ]


def _antwoord(inhoud: Any) -> Sequence[Onderdeel]:
    answer = inhoud.antwoord
    reason = answer.reden_afwijzing_verzoek
    facts = _feiten(
        ("Referentie van de aanbieder", answer.referentie_aanbieder),
        ("Reden", reason and reason.tekst),
    )
    return [Onderdeel(answer.verzoek_antwoord.tekst, facts)]


def _retour(inhoud: Any) -> Sequence[Onderdeel]:
    header = inhoud.header
    wrong = [code for code in header.retour_codes if code != GOED]
    says = "; ".join(RETOURCODES.get(code, code) for code in wrong)
    facts = _feiten(
        ("Antwoord op bericht", header.bericht_identificatie.identificatie),
        ("Uitkomst", says or "Het bericht is in orde."),
    )
    return [Onderdeel("Antwoord", facts)]


_SAYS: dict[str, Callable[[Any], Sequence[Onderdeel]]] = {
    "301": _toewijzing,
    "305": _start,
    "307": _stop,
    "315": _verzoek,
    "319": _antwoord,
    **dict.fromkeys(("302", "306", "308", "316", "320"), _retour),
}
