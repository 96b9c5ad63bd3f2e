"""What the pages of the onderzoek share: entering, returning, what is still to do."""

from collections.abc import Iterator
from typing import Any

from flask import g, request, url_for

from loket.authz import Permission
from loket.cases.dossier.dossier import Dossier
from loket.cases.dossier.queries import get_client, get_dossier
from loket.cases.dossier.tabs import dossier_tabs
from loket.cases.melding.queries import get_melding, list_behoeften
from loket.cases.onderzoek import queries, woorden
from loket.cases.onderzoek.onderwerp import Letter
from loket.cases.onderzoek.onderzoek import Onderzoek
from loket.cases.onderzoek.queries import Inhoud
from loket.cases.onderzoek.volledigheid import (
    Onderdeel,
    is_besproken,
    list_ontbreekt,
)
from loket.web import now

SHOW = "onderzoek.show_onderzoek"
DONE, BUSY, TODO = "klaar", "bezig", "niet gestart"


def enter(referentie: str) -> tuple[Dossier, Onderzoek]:
    """Fetch the onderzoek behind this address; a look leaves a record of its own."""
    dossier = get_dossier(g.session, g.actor, referentie)
    if request.method == "GET":
        return dossier, queries.read_onderzoek(g.session, g.actor, now(), dossier.id)
    return dossier, queries.get_onderzoek(g.session, dossier.id)


def back(dossier: Dossier, anchor: str | None = None) -> str:
    """Return to the place on the page where somebody was."""
    return url_for(SHOW, referentie=dossier.referentie, _anchor=anchor)


def about(dossier: Dossier, onderzoek: Onderzoek | None) -> dict[str, Any]:
    """Gather what every page shows around its own content."""
    return {
        "dossier": dossier,
        "onderzoek": onderzoek,
        "client": get_client(g.session, dossier.id),
        "melding": get_melding(g.session, dossier.id),
        "behoeften": list_behoeften(g.session, dossier.id),
        "woorden": woorden,
        "letters": Letter,
        "terug": back(dossier),
        "tabs": dossier_tabs(dossier.referentie, SHOW),
        "mag_wijzigen": onderzoek is not None
        and onderzoek.ended_at is None
        and g.actor.may(Permission.ONDERZOEK_DO),
    }


def list_stappen(
    referentie: str, onderzoek: Onderzoek, inhoud: Inhoud
) -> Iterator[dict[str, str]]:
    """Say for each part whether it was discussed, and where to record it."""
    missing = {each.onderdeel for each in list_ontbreekt(onderzoek, inhoud)}

    def step(label: str, status: str, door: str, **where: Any) -> dict[str, str]:
        url = url_for(door, referentie=referentie, **where)
        return {"label": label, "status": status, "url": url}

    def told(part: Onderdeel) -> str:
        return TODO if part in missing else DONE

    yield step(
        "Identiteitsbewijs gezien",
        told(Onderdeel.IDENTITEIT),
        "onderzoek.see_identiteit",
    )
    yield step("Gesprek", told(Onderdeel.GESPREK), "onderzoek.record_gesprek")
    yield step(
        "Huishouden",
        TODO if onderzoek.huishouden is None else DONE,
        "onderzoek.show_huishouden",
    )
    for letter in Letter:
        yield step(
            f"{letter.value.upper()}. {letter.titel}",
            _status(inhoud, letter),
            "onderzoek.record_onderwerp",
            letter=letter.value,
        )
    yield step(
        "Oplossing bij elke behoefte",
        _status_oplossingen(inhoud),
        SHOW,
        _anchor="behoeften",
    )
    yield step(
        "Uitleg over het pgb",
        DONE if onderzoek.pgb_informatie_at else TODO,
        "onderzoek.give_pgb_informatie",
    )
    yield step("Verslag", told(Onderdeel.VERSLAG), "onderzoek_verslag.make_verslag")


def _status(inhoud: Inhoud, letter: Letter) -> str:
    if is_besproken(inhoud, letter):
        return DONE
    return BUSY if letter in inhoud.onderwerpen else TODO


def _status_oplossingen(inhoud: Inhoud) -> str:
    solved = {each.behoefte_id for each in inhoud.oplossingen}
    if not solved:
        return TODO
    return DONE if all(each.id in solved for each in inhoud.behoeften) else BUSY
