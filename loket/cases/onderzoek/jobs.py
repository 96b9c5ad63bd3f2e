"""Promises of the onderzoek, kept by the worker: the verslag and the closing letter."""

from datetime import date
from uuid import UUID

from loket import termijnen
from loket.accounts.queries import staff_names
from loket.authz import Role
from loket.cases.dossier.brieven import aanhef, brief_for, letter_blocks
from loket.cases.dossier.document import Document, DocumentSoort
from loket.cases.dossier.dossier import Dossier
from loket.cases.dossier.operations import set_taak, store_document
from loket.cases.dossier.queries import dossier_of, letter_recipient, list_documents
from loket.cases.dossier.taak import TaakSoort
from loket.cases.melding.melding import Melding
from loket.cases.melding.queries import get_melding
from loket.cases.onderzoek import queries, woorden
from loket.cases.onderzoek.onderzoek import Onderzoek
from loket.cases.onderzoek.verslagbrief import (
    products_of,
    reaction_form,
    verslag_blocks,
)
from loket.datum import lang
from loket.letters.brief import Alinea, Blok
from loket.letters.compose import render_letter
from loket.outbox.promise import Promise
from loket.outbox.work import Handler, Work

POST_WITHIN = 2
"""Working days in which a letter that was made goes out."""


def write_verslag(work: Work, promise: Promise) -> None:
    """Make the PDF of one version of the verslag; once."""
    verslag = queries.get_verslag(work.session, promise.subject_id)
    if verslag.document_id:
        return
    dossier = dossier_of(work.session, work.by, verslag.dossier_id)
    onderzoek = queries.get_onderzoek(work.session, dossier.id)
    melding = get_melding(work.session, dossier.id)
    day = termijnen.dag_van(verslag.made_at)
    blocks = (
        *_opening(work, dossier, melding, day),
        *verslag_blocks(
            onderzoek,
            verslag,
            queries.gather(work.session, onderzoek),
            str(melding.hulpvraag or "") if melding else "",
            products_of(work.session, dossier, verslag),
        ),
        *_tekst(work, dossier, day, "onderzoeksverslag_afsluiting"),
        reaction_form(dossier.referentie, verslag.versie),
    )
    document = _post(
        work,
        dossier,
        day,
        "Verslag van het onderzoek",
        blocks,
        DocumentSoort.ONDERZOEKSVERSLAG,
        verslag.id,
        _naam(work, verslag.made_by_id),
    )
    verslag.document_id = document.id


def write_afsluiting(work: Work, promise: Promise) -> None:
    """Make the letter that tells why there is no aanvraag; once."""
    onderzoek = work.session.get_one(Onderzoek, promise.subject_id)
    made = list_documents(work.session, onderzoek.dossier_id)
    if any(each.soort is DocumentSoort.AFSLUITBRIEF for each in made):
        return
    reden, melding = (
        onderzoek.afsluitreden,
        get_melding(work.session, onderzoek.dossier_id),
    )
    if reden is None or reden not in woorden.AFSLUITBRIEF or melding is None:
        return
    dossier = dossier_of(work.session, work.by, onderzoek.dossier_id)
    day = termijnen.dag_van(onderzoek.closed_at or work.at)
    blocks = _tekst(
        work,
        dossier,
        day,
        "afsluitbrief",
        ontvangen_op=lang(melding.ontvangen_op),
        reden=woorden.AFSLUITBRIEF[reden],
    )
    _post(
        work,
        dossier,
        day,
        "Wij sluiten uw melding af",
        blocks,
        DocumentSoort.AFSLUITBRIEF,
        onderzoek.id,
        _naam(work, onderzoek.closed_by_id or work.by.id),
    )


def _opening(
    work: Work, dossier: Dossier, melding: Melding | None, day: date
) -> tuple[Blok, ...]:
    if melding is not None:
        return _tekst(
            work,
            dossier,
            day,
            "onderzoeksverslag_inleiding",
            ontvangen_op=lang(melding.ontvangen_op),
        )
    # a heronderzoek has no melding to look back on
    greeting = aanhef(letter_recipient(work.session, dossier.id, day))
    return (
        Alinea(f"{greeting},"),
        Alinea(
            "Wij hebben opnieuw met u gesproken over de ondersteuning die u krijgt. In"
            " dit verslag staat wat wij hebben besproken en wat er uit ons onderzoek"
            " komt."
        ),
    )


def _tekst(
    work: Work, dossier: Dossier, day: date, sleutel: str, **waarden: str
) -> tuple[Blok, ...]:
    return letter_blocks(
        work.session,
        dossier_id=dossier.id,
        gemeente_code=dossier.gemeente_code,
        dag=day,
        sleutel=sleutel,
        kenmerk=dossier.referentie,
        waarden=waarden,
    )


def _post(
    work: Work,
    dossier: Dossier,
    day: date,
    onderwerp: str,
    blocks: tuple[Blok, ...],
    soort: DocumentSoort,
    bron_id: UUID,
    behandelaar: str,
) -> Document:
    """Print the letter, keep it in the dossier and ask for it to be sent."""
    brief = brief_for(
        work.session,
        dossier_id=dossier.id,
        gemeente_code=dossier.gemeente_code,
        dag=day,
        onderwerp=onderwerp,
        blocks=blocks,
        kenmerk=dossier.referentie,
        behandelaar=behandelaar,
    )
    document = store_document(
        work.session,
        work.by,
        work.at,
        dossier_id=dossier.id,
        soort=soort,
        inhoud=render_letter(brief),
        bron_id=bron_id,
    )
    set_taak(
        work.session,
        work.by,
        work.at,
        dossier_id=dossier.id,
        soort=TaakSoort.BRIEF_VERZENDEN,
        uiterlijk=termijnen.werkdagen_later(termijnen.dag_van(work.at), POST_WITHIN),
        voor_rol=Role.ADMINISTRATIE,
        onderwerp_id=document.id,
    )
    work.session.flush()  # the verslag refers to the document
    return document


def _naam(work: Work, user_id: UUID) -> str:
    return staff_names(work.session, [user_id]).get(user_id, "Loket sociaal domein")


HANDLERS: dict[str, Handler] = {
    "letters.verslag": write_verslag,
    "letters.afsluiting": write_afsluiting,
}
