"""Promises of the melding, kept by the worker."""

from loket import termijnen
from loket.authz import Role
from loket.cases.dossier.brieven import brief_for, letter_blocks
from loket.cases.dossier.document import DocumentSoort
from loket.cases.dossier.dossier import Dossier
from loket.cases.dossier.operations import set_taak, store_document
from loket.cases.dossier.queries import dossier_of
from loket.cases.dossier.taak import TaakSoort
from loket.cases.melding.melding import Melding
from loket.cases.melding.operations import confirm_melding
from loket.cases.melding.queries import melding_of
from loket.datum import lang
from loket.letters.compose import render_letter
from loket.outbox.promise import Promise
from loket.outbox.work import Handler, Work

POST_WITHIN = 2
"""Working days in which a letter that was made goes out."""


def confirm_receipt(work: Work, promise: Promise) -> None:
    """Make the letter that confirms the receipt, and ask for it to be sent."""
    session, by, at = work.session, work.by, work.at
    melding = melding_of(session, by, promise.subject_id)
    if melding.confirmed_at:
        return
    dossier = dossier_of(session, by, melding.dossier_id)
    document = store_document(
        session,
        by,
        at,
        dossier_id=dossier.id,
        soort=DocumentSoort.ONTVANGSTBEVESTIGING,
        inhoud=_letter(work, melding, dossier),
        bron_id=melding.id,
    )
    confirm_melding(session, by, at, melding=melding)
    set_taak(
        session,
        by,
        at,
        dossier_id=dossier.id,
        soort=TaakSoort.BRIEF_VERZENDEN,
        uiterlijk=termijnen.werkdagen_later(termijnen.dag_van(at), POST_WITHIN),
        voor_rol=Role.ADMINISTRATIE,
        onderwerp_id=document.id,
    )


def _letter(work: Work, melding: Melding, dossier: Dossier) -> bytes:
    today = termijnen.dag_van(work.at)
    blocks = letter_blocks(
        work.session,
        dossier_id=dossier.id,
        gemeente_code=dossier.gemeente_code,
        dag=today,
        sleutel="ontvangstbevestiging",
        kenmerk=dossier.referentie,
        waarden={
            "ontvangen_op": lang(melding.ontvangen_op),
            "plan_tot": lang(melding.plan_tot),
            "onderzoek_tot": lang(melding.onderzoek_tot),
        },
    )
    brief = brief_for(
        work.session,
        dossier_id=dossier.id,
        gemeente_code=dossier.gemeente_code,
        dag=today,
        onderwerp="Wij hebben uw melding ontvangen",
        blocks=blocks,
        kenmerk=dossier.referentie,
        behandelaar="Loket sociaal domein",
    )
    return render_letter(brief)


HANDLERS: dict[str, Handler] = {"letters.ontvangst": confirm_receipt}
