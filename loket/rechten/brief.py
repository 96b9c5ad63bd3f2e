"""Letters about the rights of a resident, and the copy on paper."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from loket.accounts.queries import get_gemeente
from loket.cases.dossier.brieven import (
    aanhef,
    brief_for,
    envelop,
    letter_blocks,
)
from loket.cases.dossier.dossier import Dossier
from loket.cases.dossier.inwoner import Inwoner
from loket.datum import lang
from loket.letters.brief import Blok, Brief
from loket.letters.compose import LetterError, render_letter
from loket.letters.queries import afzender_op, tekst_op
from loket.letters.tekst import fill, to_blocks
from loket.rechten.correctieverzoek import Correctieverzoek, Uitkomst
from loket.rechten.inzageverzoek import Inzageverzoek
from loket.rechten.leesbaar import blokken
from loket.rechten.woorden import CORRECTIEGROND, WEIGERGROND

TOLD = {
    Uitkomst.VERBETERD: "Wij hebben uw gegevens verbeterd. Kreeg een aanbieder de oude"
    " gegevens? Dan vertellen wij die aanbieder wat er is veranderd",
    Uitkomst.VERKLARING: "Wij hebben toegevoegd wat u ervan vindt. De tekst zelf blijft"
    " staan, omdat een medewerker die heeft geschreven",
    Uitkomst.GEWEIGERD: "Wij hebben niets veranderd",
}
"""What was done, in words for the resident."""
SIGNS = 200
"""Odd signs that one copy may hold; each is shown as a question mark."""


def besluitbrief(session: Session, verzoek: Inzageverzoek, dag: date) -> bytes:
    """Write what was decided, or that it takes longer and why."""
    person = session.get_one(Inwoner, verzoek.inwoner_id)
    if verzoek.weigergrond:
        sleutel, onderwerp = "inzage_weigering", "Wij geven u geen inzage"
    elif verzoek.decided_at:
        sleutel, onderwerp = "inzage_toewijzing", "U krijgt uw gegevens te zien"
    else:
        sleutel, onderwerp = "inzage_verlenging", "Wij hebben meer tijd nodig"
    grond = WEIGERGROND[verzoek.weigergrond] if verzoek.weigergrond else ""
    values = {
        "ontvangen_op": lang(verzoek.ontvangen_op),
        "uiterlijk_op": lang(verzoek.uiterlijk),
        "grond": grond,
        "reden": verzoek.motivering or verzoek.reden_verlenging or "",
    }
    gemeente = get_gemeente(session, verzoek.gemeente_code)
    fixed = {
        "gemeente": gemeente.naam,
        "telefoon": gemeente.telefoon,
        "website": gemeente.website,
        "postadres": gemeente.postadres,
        "referentie": verzoek.referentie,
        "aanhef": aanhef(person),
    }
    tekst = tekst_op(session, verzoek.gemeente_code, sleutel, dag)
    blocks = to_blocks(tekst, fixed | values)
    return render_letter(_letter(session, verzoek, person, dag, onderwerp, blocks))


def papier(
    session: Session, verzoek: Inzageverzoek, gegevens: dict[str, Any], dag: date
) -> bytes:
    """Write the copy as a PDF; a sign without a shape becomes a question mark."""
    person = session.get_one(Inwoner, verzoek.inwoner_id)
    told = gegevens
    for _ in range(SIGNS):
        letter = _letter(
            session, verzoek, person, dag, "Uw gegevens bij de gemeente", blokken(told)
        )
        try:
            return render_letter(letter)
        except LetterError as error:
            if not error.odd:
                raise
            told = _without(told, error.odd)
    raise LetterError("Dit afschrift heeft te veel tekens die niet op papier kunnen.")


def correctiebrief(
    session: Session, verzoek: Correctieverzoek, dossier: Dossier, dag: date
) -> bytes:
    """Write what was done with a request for correction, and why."""
    grond = f"{CORRECTIEGROND[verzoek.grond]}." if verzoek.grond else ""
    blocks = letter_blocks(
        session,
        dossier_id=dossier.id,
        gemeente_code=dossier.gemeente_code,
        dag=dag,
        sleutel="correctie_antwoord",
        kenmerk=dossier.referentie,
        waarden={
            "ontvangen_op": lang(verzoek.ontvangen_op),
            "uitkomst": TOLD[verzoek.uitkomst] if verzoek.uitkomst else "",
            "reden": " ".join(filter(None, (grond, verzoek.motivering))),
        },
    )
    brief = brief_for(
        session,
        dossier_id=dossier.id,
        gemeente_code=dossier.gemeente_code,
        dag=dag,
        onderwerp="Uw vraag om iets te verbeteren",
        blocks=blocks,
        kenmerk=dossier.referentie,
        behandelaar="Loket sociaal domein",
    )
    return render_letter(brief)


def _without(told: Any, odd: str) -> Any:
    if isinstance(told, str):
        return told.replace(odd, "?")
    if isinstance(told, dict):
        return {key: _without(each, odd) for key, each in told.items()}
    if isinstance(told, list):
        return [_without(each, odd) for each in told]
    return told


def _letter(
    session: Session,
    verzoek: Inzageverzoek,
    person: Inwoner,
    dag: date,
    onderwerp: str,
    blocks: tuple[Blok, ...],
) -> Brief:
    gemeente = get_gemeente(session, verzoek.gemeente_code)
    closing = fill(
        tekst_op(session, gemeente.code, "ondertekening", dag),
        {
            "gemeente": gemeente.naam,
            "telefoon": gemeente.telefoon,
            "website": gemeente.website,
            "postadres": gemeente.postadres,
            "referentie": verzoek.referentie,
            "aanhef": "",
            "ondertekenaar": "Loket sociaal domein",
            "functie": "Gegevensbescherming",
        },
    )
    return Brief(
        gemeente=afzender_op(session, gemeente, dag),
        geadresseerde=envelop(person),
        kenmerk=verzoek.referentie,
        datum=dag,
        onderwerp=onderwerp,
        blocks=blocks,
        ondertekening=tuple(line for line in closing.splitlines() if line.strip()),
        behandelaar="Loket sociaal domein",
    )
