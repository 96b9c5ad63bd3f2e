"""The aanvraag: taking it in, stopping and starting its clock, taking it back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from loket.audit.action import Action
from loket.audit.operations import record
from loket.authz import Actor
from loket.cases.besluit import queries
from loket.cases.besluit.aanvraag import (
    Aanvraag,
    AanvraagItem,
    AanvraagVorm,
    Opschortgrond,
    Opschorting,
)
from loket.cases.besluit.klokken import keep_clock
from loket.cases.besluit.queries_hold import lock_aanvraag
from loket.cases.dossier.dossier import Dossier
from loket.cases.onderzoek.oplossing import Leveringsvorm
from loket.cases.onderzoek.verslag import Verslag
from loket.cases.producten.queries import product_op
from loket.datum import kort
from loket.db import hold
from loket.errors import RuleViolation
from loket.termijnen import dag_van


@dataclass(frozen=True)
class NieuwItem:
    """One thing that is asked for."""

    product_code: str
    gewenste_vorm: Leveringsvorm = Leveringsvorm.NATURA
    behoefte_id: UUID | None = None


def register_aanvraag(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    dossier: Dossier,
    vorm: AanvraagVorm,
    ontvangen_op: date,
    items: Sequence[NieuwItem],
    verslag: Verslag | None = None,
) -> Aanvraag:
    """Take in an aanvraag: the two weeks for the besluit run (Wmo art. 2.3.5 lid 2).

    Raises:
        RuleViolation: the onderzoek is not done and its six weeks have not passed
            (Wmo art. 2.3.2 lid 9), or nothing is asked.
    """
    hold(session, dossier, "closed_at")
    _check_receipt(dossier, ontvangen_op, at)
    _check_onderzoek(session, dossier, ontvangen_op, verslag)
    if not items:
        raise RuleViolation("Kies minstens één ding dat de cliënt vraagt.", "product")
    onderzoek = queries.get_onderzoek(session, dossier.id)
    aanvraag = Aanvraag(
        gemeente_code=dossier.gemeente_code,
        dossier_id=dossier.id,
        onderzoek_id=onderzoek.id if onderzoek else None,
        verslag_id=verslag.id if verslag else None,
        vorm=vorm,
        ontvangen_op=ontvangen_op,
        registered_at=at,
        registered_by_id=by.id,
    )
    aanvraag.set_term([])
    session.add(aanvraag)
    session.flush()
    for item in items:
        _ask(session, aanvraag, item)
    keep_clock(session, dossier.id)
    record(session, by, Action.AANVRAAG_REGISTERED, aanvraag, at=at)
    return aanvraag


def _ask(session: Session, aanvraag: Aanvraag, item: NieuwItem) -> None:
    """Put one wish in the aanvraag; the product must exist on that day."""
    product = product_op(
        session, aanvraag.gemeente_code, item.product_code, aanvraag.ontvangen_op
    )
    session.add(
        AanvraagItem(
            gemeente_code=aanvraag.gemeente_code,
            aanvraag_id=aanvraag.id,
            dossier_id=aanvraag.dossier_id,
            behoefte_id=item.behoefte_id,
            product_code=product.code,
            gewenste_vorm=item.gewenste_vorm,
        )
    )


def _check_receipt(dossier: Dossier, ontvangen_op: date, at: datetime) -> None:
    if dossier.closed_at:
        raise RuleViolation("Dit dossier is gesloten.")
    if ontvangen_op > dag_van(at):
        raise RuleViolation("De dag van ontvangst ligt in de toekomst.", "ontvangen_op")


def _check_onderzoek(
    session: Session, dossier: Dossier, ontvangen_op: date, verslag: Verslag | None
) -> None:
    """Ask for the outcome of the onderzoek in writing, or for six weeks passed."""
    if verslag is not None and verslag.dossier_id != dossier.id:
        raise RuleViolation("Dit verslag hoort bij een ander dossier.")
    onderzoek = queries.get_onderzoek(session, dossier.id)
    if verslag is not None or (onderzoek and onderzoek.completed_at):
        return
    melding = queries.get_melding(session, dossier.id)
    if melding is None:
        raise RuleViolation("Rond eerst het onderzoek af. Daarna kan de aanvraag.")
    if ontvangen_op <= melding.onderzoek_tot:
        raise RuleViolation(
            "Het onderzoek is nog niet klaar. Een aanvraag kan als het onderzoek is"
            f" afgerond, of na {kort(melding.onderzoek_tot)}: dan zijn de zes weken"
            " voorbij (artikel 2.3.2 lid 9 Wmo).",
            "ontvangen_op",
        )


def suspend_aanvraag(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    aanvraag: Aanvraag,
    grond: Opschortgrond,
    gevraagd_op: date,
    uiterlijk: date,
) -> Opschorting:
    """Let the clock stand still, on one of the grounds of Awb art. 4:15.

    Days in two opschortingen count once; the last day is rolled once, at the end.
    """
    lock_aanvraag(session, aanvraag)
    aanvraag.require_open()
    if gevraagd_op > dag_van(at) and grond is not Opschortgrond.INSTEMMING:
        raise RuleViolation("Deze dag ligt in de toekomst.", "gevraagd_op")
    if gevraagd_op < aanvraag.ontvangen_op:
        raise RuleViolation(
            "De opschorting kan niet vóór de aanvraag beginnen.", "gevraagd_op"
        )
    if gevraagd_op >= aanvraag.besluit_tot:
        raise RuleViolation(
            f"De termijn liep al af op {kort(aanvraag.besluit_tot)}. Daarna kan hij"
            " niet meer stilstaan.",
            "gevraagd_op",
        )
    if uiterlijk <= gevraagd_op:
        raise RuleViolation(
            "De laatste dag ligt niet na het begin van de opschorting.", "uiterlijk"
        )
    opschorting = Opschorting(
        gemeente_code=aanvraag.gemeente_code,
        aanvraag_id=aanvraag.id,
        dossier_id=aanvraag.dossier_id,
        grond=grond,
        gevraagd_op=gevraagd_op,
        uiterlijk=uiterlijk,
        started_at=at,
        started_by_id=by.id,
    )
    session.add(opschorting)
    _count_anew(session, by, aanvraag)
    record(session, by, Action.AANVRAAG_SUSPENDED, aanvraag, at=at, grond=grond.value)
    return opschorting


def resume_aanvraag(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    opschorting: Opschorting,
    aangevuld_op: date,
) -> Aanvraag:
    """Let the clock run again: the day it was completed counts (Awb art. 4:15)."""
    aanvraag = queries.get_aanvraag(session, by, opschorting.aanvraag_id)
    lock_aanvraag(session, aanvraag)
    aanvraag.require_open()
    session.refresh(opschorting)  # ended while we waited
    if aangevuld_op > dag_van(at):
        raise RuleViolation("Deze dag ligt in de toekomst.", "aangevuld_op")
    opschorting.end(aangevuld_op, by.id, at)
    _count_anew(session, by, aanvraag)
    record(session, by, Action.AANVRAAG_RESUMED, aanvraag, at=at)
    return aanvraag


def _count_anew(session: Session, by: Actor, aanvraag: Aanvraag) -> None:
    session.flush()
    fresh = queries.get_aanvraag(session, by, aanvraag.id)
    fresh.set_term(fresh.opschortingen)
    keep_clock(session, fresh.dossier_id)


def withdraw_aanvraag(
    session: Session, by: Actor, at: datetime, *, aanvraag: Aanvraag
) -> Aanvraag:
    """The cliënt takes the aanvraag back: nothing has to be decided any more."""
    lock_aanvraag(session, aanvraag)
    aanvraag.require_open()
    for item in queries.undecided_items(session, aanvraag.id):
        if queries.regel_of_item(session, item.id):
            raise RuleViolation(
                "In een concept staat al een regel over deze aanvraag. Haal die regel"
                " eerst weg."
            )
    aanvraag.withdraw(by.id, at)
    keep_clock(session, aanvraag.dossier_id)
    record(session, by, Action.AANVRAAG_WITHDRAWN, aanvraag, at=at)
    return aanvraag
