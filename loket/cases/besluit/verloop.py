"""What this chapter adds to the page of a dossier: steps taken, terms that run."""

from collections.abc import Mapping, Sequence
from datetime import date

from loket import termijnen
from loket.cases.besluit.beschikking import Beschikking
from loket.cases.besluit.bezwaar import Bezwaar
from loket.cases.besluit.overzicht import AanvraagKaart
from loket.cases.besluit.voorziening import Voorziening
from loket.cases.dossier.tijdlijn import Stap, Termijn


def terms(
    aanvragen: Sequence[AanvraagKaart],
    beschikkingen: Sequence[Beschikking],
    bezwaren: Sequence[Bezwaar],
    dag: date,
) -> list[Termijn]:
    """Return until when must be decided, and until when bezwaar may come."""
    return [
        *(
            Termijn("Besluiten", kaart.aanvraag.besluit_tot, kaart.uitleg)
            for kaart in aanvragen
            if kaart.dagen is not None
        ),
        *(
            Termijn(
                "Bezwaar maken",
                each.bezwaar_tot,
                termijnen.leg_uit(each.bekendgemaakt_op, termijnen.BEZWAAR),
            )
            for each in beschikkingen
            if each.bekendgemaakt_op and each.bezwaar_tot and dag <= each.bezwaar_tot
        ),
        *(
            Termijn("Beslissen op het bezwaar", each.beslissen_tot)
            for each in bezwaren
            if not each.decided_at
        ),
    ]


def steps(
    aanvragen: Sequence[AanvraagKaart],
    beschikkingen: Sequence[Beschikking],
    bezwaren: Sequence[Bezwaar],
) -> list[Stap]:
    """Return what happened to each aanvraag and beschikking, and what is next."""
    found = [Stap("Bezwaar ontvangen", each.ontvangen_op) for each in bezwaren]
    for kaart in aanvragen:
        found += _of_aanvraag(kaart)
    for beschikking in beschikkingen:
        found += _of_beschikking(beschikking)
    return found


def _of_aanvraag(kaart: AanvraagKaart) -> list[Stap]:
    aanvraag = kaart.aanvraag
    found = [
        Stap(
            "Aanvraag ontvangen", aanvraag.ontvangen_op, tekst=", ".join(kaart.gevraagd)
        )
    ]
    if aanvraag.withdrawn_at:
        found.append(Stap("Aanvraag ingetrokken", aanvraag.withdrawn_at))
    elif kaart.dagen is not None:
        found.append(Stap("Besluiten", aanvraag.besluit_tot, "todo"))
    return found


def _of_beschikking(beschikking: Beschikking) -> list[Stap]:
    if beschikking.extern_nummer:
        return [Stap("Besluit overgenomen", beschikking.decided_at)]
    found = []
    if beschikking.decided_at:
        found.append(Stap("Besluit genomen", beschikking.decided_at))
    if beschikking.bekendgemaakt_op:
        found.append(
            Stap("Besluit bekendgemaakt", beschikking.bekendgemaakt_op, laat=True)
        )
    elif beschikking.decided_at:
        found.append(Stap("Besluit bekendmaken", None, "current"))
    return found


def endings(
    voorzieningen: Sequence[Voorziening], names: Mapping[str, str]
) -> list[Stap]:
    """Return when each right ended, or when one with a last day will."""
    found = []
    for each in voorzieningen:
        naam = names.get(each.product_code, each.product_code)
        last = each.regels[-1].tot if each.regels else None
        if each.geeindigd_op:
            found.append(Stap(f"{naam} gestopt", each.geeindigd_op))
        elif last:
            found.append(Stap(f"{naam} loopt af", last, "todo"))
    return found
