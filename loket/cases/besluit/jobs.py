"""Promises kept after a deed: the aanvraag in a signed verslag, the letter, a death."""

from loket.authz import Role
from loket.cases.besluit import queries
from loket.cases.besluit.aanvraag import AanvraagVorm
from loket.cases.besluit.beschikking import Beschikking
from loket.cases.besluit.brief import beschikking_brief
from loket.cases.besluit.operations_aanvraag import NieuwItem, register_aanvraag
from loket.cases.besluit.operations_beschikking import attach_letter
from loket.cases.besluit.operations_voorziening import end_voorziening
from loket.cases.besluit.voorziening import Eindreden, Voorziening
from loket.cases.dossier.document import DocumentSoort
from loket.cases.dossier.dossier import Dossier
from loket.cases.dossier.inwoner import Inwoner
from loket.cases.dossier.operations import set_taak, store_document
from loket.cases.dossier.taak import TaakSoort
from loket.cases.onderzoek.oplossing import Leveringsvorm
from loket.cases.onderzoek.verslag import Reactie, Verslag
from loket.letters.compose import render_letter
from loket.outbox.promise import Promise
from loket.outbox.work import Handler, Work
from loket.termijnen import dag_van, werkdagen_later


def register_from_verslag(work: Work, promise: Promise) -> None:
    """A signed verslag counts as aanvraag: it asks the maatwerk that stands in it.

    Where nothing of maatwerk stands in it and the cliënt does not simply agree,
    somebody has to look what is asked.
    """
    session = work.session
    verslag = queries.get_verslag(session, promise.subject_id)
    if queries.aanvraag_of_verslag(session, verslag.id) or not verslag.ondertekend_op:
        return
    dossier = session.get_one(Dossier, verslag.dossier_id)
    items = [
        NieuwItem(
            str(oplossing.product_code),
            oplossing.gewenste_vorm or Leveringsvorm.NATURA,
            oplossing.behoefte_id,
        )
        for oplossing in queries.list_maatwerk(session, verslag.onderzoek_id)
    ]
    if items:
        register_aanvraag(
            session,
            work.by,
            work.at,
            dossier=dossier,
            vorm=AanvraagVorm.ONDERTEKEND_VERSLAG,
            ontvangen_op=verslag.ondertekend_op,
            items=items,
            verslag=verslag,
        )
    elif verslag.reactie is not Reactie.AKKOORD:
        _ask_to_look(work, verslag, dossier)


def _ask_to_look(work: Work, verslag: Verslag, dossier: Dossier) -> None:
    set_taak(
        work.session,
        work.by,
        work.at,
        dossier_id=dossier.id,
        soort=TaakSoort.AANVRAAG_REGISTREREN,
        uiterlijk=werkdagen_later(dag_van(work.at), 1),
        onderwerp_id=verslag.id,
        voor_user_id=dossier.consulent_id,
        voor_rol=None if dossier.consulent_id else Role.CONSULENT,
    )


def render_beschikking(work: Work, promise: Promise) -> None:
    """Freeze the letter of a decided beschikking; a second time changes nothing."""
    beschikking = work.session.get_one(Beschikking, promise.subject_id)
    if beschikking.document_id:
        return
    pdf = render_letter(beschikking_brief(work.session, beschikking))
    document = store_document(
        work.session,
        work.by,
        work.at,
        dossier_id=beschikking.dossier_id,
        soort=DocumentSoort.BESCHIKKING,
        inhoud=pdf,
        bron_id=beschikking.id,
    )
    attach_letter(
        work.session, work.by, work.at, beschikking=beschikking, document=document
    )


def end_after_death(work: Work, promise: Promise) -> None:
    """End the rights of who died on the day of death; who shared them is visited."""
    overledene = work.session.get_one(Inwoner, promise.subject_id)
    if overledene.overleden_op is None:
        return
    for voorziening in queries.list_lopend(work.session, overledene.id):
        sharing = [
            mede.inwoner_id
            for mede in queries.list_medegerechtigden(work.session, voorziening.id)
            if mede.tot is None or mede.tot >= overledene.overleden_op
        ]
        end_voorziening(
            work.session,
            work.by,
            work.at,
            voorziening=voorziening,
            geeindigd_op=overledene.overleden_op,
            reden=Eindreden.OVERLEDEN,
        )
        for inwoner_id in sharing:
            _visit(work, voorziening, work.session.get_one(Inwoner, inwoner_id))


def _visit(work: Work, voorziening: Voorziening, partner: Inwoner) -> None:
    """Her need does not end: a bridge (Wmo art. 2.3.3) and a melding of her own."""
    if partner.overleden_op is not None:
        return
    dossier = work.session.get_one(Dossier, voorziening.dossier_id)
    set_taak(
        work.session,
        work.by,
        work.at,
        dossier_id=dossier.id,
        soort=TaakSoort.PARTNER_BENADEREN,
        uiterlijk=werkdagen_later(dag_van(work.at), 1),
        onderwerp_id=partner.id,
        voor_user_id=dossier.consulent_id,
        voor_rol=None if dossier.consulent_id else Role.CONSULENT,
    )


HANDLERS: dict[str, Handler] = {
    "besluit.aanvraag": register_from_verslag,
    "letters.beschikking": render_beschikking,
    "besluit.overleden": end_after_death,
}
