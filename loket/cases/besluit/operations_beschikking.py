"""The beschikking: drawn up, looked over, decided within mandaat, made known."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from loket.accounts.queries import instelling
from loket.audit.action import Action
from loket.audit.operations import record
from loket.authz import Actor
from loket.cases.besluit import queries
from loket.cases.besluit.aanvraag import Aanvraag
from loket.cases.besluit.beschikking import (
    Beschikking,
    BeschikkingAanvraag,
    Besluitregel,
    Herkomst,
)
from loket.cases.besluit.klokken import fase_na_bekendmaking, keep_clock
from loket.cases.besluit.mandaatcontrole import missing_review, require_mandaat
from loket.cases.besluit.queries_hold import lock_aanvraag, lock_beschikking
from loket.cases.besluit.regelcontrole import NieuweRegel, build_regel
from loket.cases.besluit.toekenning import effect
from loket.cases.dossier.document import Document
from loket.cases.dossier.dossier import Dossier
from loket.cases.dossier.teller import TellerSoort, next_number
from loket.db import hold
from loket.errors import NotConfigured, RuleViolation
from loket.outbox.operations import promise
from loket.termijnen import dag_van


def draw_up_beschikking(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    dossier: Dossier,
    aanvragen: Sequence[Aanvraag],
    motivering: str,
) -> Beschikking:
    """Start a concept about these aanvragen, or about none (ambtshalve, spoed)."""
    hold(session, dossier, "closed_at")
    if dossier.closed_at:
        raise RuleViolation("Dit dossier is gesloten.")
    for aanvraag in aanvragen:
        if aanvraag.dossier_id != dossier.id:
            raise RuleViolation("Deze aanvraag hoort bij een ander dossier.")
        aanvraag.require_open()
    beschikking = Beschikking(
        gemeente_code=dossier.gemeente_code,
        dossier_id=dossier.id,
        nummer=next_number(session, dossier.gemeente_code, TellerSoort.BESCHIKKING),
        herkomst=Herkomst.EIGEN,
        onderwerp_motivering=motivering,
        verordening_versie=verordening_op(session, dossier.gemeente_code, dag_van(at)),
        drawn_up_at=at,
        drawn_up_by_id=by.id,
    )
    session.add(beschikking)
    session.flush()
    for aanvraag in aanvragen:
        session.add(
            BeschikkingAanvraag(
                gemeente_code=dossier.gemeente_code,
                beschikking_id=beschikking.id,
                aanvraag_id=aanvraag.id,
            )
        )
    keep_clock(session, dossier.id)
    record(session, by, Action.BESCHIKKING_DRAWN_UP, beschikking, at=at)
    return beschikking


def verordening_op(session: Session, gemeente_code: str, dag: date) -> str:
    """Return the version of the verordening that holds on a day.

    Raises:
        NotConfigured: the gemeente did not say which verordening holds.
    """
    versie = instelling(session, gemeente_code, "verordening", dag)
    if not versie:
        raise NotConfigured(
            "Er is geen verordening ingesteld voor deze dag. Vraag de beheerder."
        )
    return str(versie)


def add_besluitregel(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    beschikking: Beschikking,
    nieuw: NieuweRegel,
) -> Besluitregel:
    """Add one decision to a concept; what was looked over has to be so again."""
    lock_beschikking(session, beschikking)
    beschikking.require_concept()
    regel = build_regel(session, beschikking, nieuw, dag_van(at))
    session.add(regel)
    beschikking.undo_review()
    session.flush()
    record(session, by, Action.BESLUITREGEL_ADDED, regel, at=at)
    return regel


def remove_besluitregel(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    beschikking: Beschikking,
    regel: Besluitregel,
) -> None:
    """Take one decision out of a concept, with the pgb tests that hang on it."""
    lock_beschikking(session, beschikking)
    beschikking.require_concept()
    if regel.beschikking_id != beschikking.id:
        raise RuleViolation("Deze regel hoort bij een andere beschikking.")
    queries.get_regel(session, beschikking, regel.id)  # may be gone meanwhile
    record(session, by, Action.BESLUITREGEL_REMOVED, regel, at=at)
    session.delete(regel)
    beschikking.undo_review()
    session.flush()


def review_beschikking(
    session: Session, by: Actor, at: datetime, *, beschikking: Beschikking
) -> Beschikking:
    """Say as a second person that the concept is right."""
    lock_beschikking(session, beschikking)
    require_ready(queries.list_regels(session, beschikking.id))
    beschikking.review(by.id, at)
    record(session, by, Action.BESCHIKKING_REVIEWED, beschikking, at=at)
    return beschikking


def require_ready(regels: Sequence[Besluitregel]) -> None:
    """Refuse a beschikking that decides nothing, or leaves a pgb open."""
    problems = open_ends(regels)
    if problems:
        raise RuleViolation(problems[0])


def open_ends(regels: Sequence[Besluitregel]) -> list[str]:
    """Say what must be done before this can be decided."""
    if not regels:
        return ["In deze beschikking staat nog geen besluit. Voeg een regel toe."]
    return [
        "Bij een regel vraagt de cliënt een pgb. Doe eerst de drie toetsen."
        for regel in regels
        if regel.awaits_pgb_toets
    ][:1]


def decide_beschikking(
    session: Session, by: Actor, at: datetime, *, beschikking: Beschikking
) -> Beschikking:
    """Decide on behalf of the college: every regel has its effect, once.

    Raises:
        RuleViolation: it was decided already, something is not ready, a mandaat or a
            second pair of eyes is missing.
    """
    lock_beschikking(session, beschikking)
    beschikking.require_concept()
    dag = dag_van(at)
    regels = list(queries.list_regels(session, beschikking.id))
    require_ready(regels)
    _check_aanvragen(session, beschikking)
    missing = missing_review(session, by, beschikking, dag)
    if missing:
        raise RuleViolation(missing)
    mandaat = require_mandaat(session, by, regels, dag)
    beschikking.decide(mandaat.id, dag, by.id, at)
    session.flush()
    for regel in sorted(regels, key=lambda each: each.ingangsdatum or date.min):
        effect(session, by, at, regel)
    _finish_aanvragen(session, by, at, beschikking)
    keep_clock(session, beschikking.dossier_id)
    promise(
        session,
        "letters.beschikking",
        beschikking.id,
        gemeente_code=beschikking.gemeente_code,
        at=at,
    )
    record(session, by, Action.BESCHIKKING_DECIDED, beschikking, at=at)
    return beschikking


def _check_aanvragen(session: Session, beschikking: Beschikking) -> None:
    for aanvraag in queries.aanvragen_of(session, beschikking.id):
        lock_aanvraag(session, aanvraag)
        if aanvraag.withdrawn_at:
            raise RuleViolation(
                "De cliënt trok de aanvraag in. Over die aanvraag kan geen besluit meer"
                " komen."
            )


def _finish_aanvragen(
    session: Session, by: Actor, at: datetime, beschikking: Beschikking
) -> None:
    """End the aanvragen of which nothing is left to decide: part-decisions exist."""
    for aanvraag in queries.aanvragen_of(session, beschikking.id):
        if not aanvraag.decided_at and not queries.undecided_items(
            session, aanvraag.id
        ):
            aanvraag.finish(by.id, at)


def attach_letter(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    beschikking: Beschikking,
    document: Document,
) -> None:
    """Tie the frozen letter to its beschikking; this happens once."""
    if beschikking.document_id:
        raise RuleViolation("De brief bij deze beschikking is er al.")
    beschikking.document_id = document.id
    record(session, by, Action.BESCHIKKING_RENDERED, beschikking, at=at)


def make_known_beschikking(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    beschikking: Beschikking,
    bekendgemaakt_op: date,
) -> Beschikking:
    """Note the day it was sent or handed over: bezwaar runs from there (Awb 3:41)."""
    lock_beschikking(session, beschikking)
    if bekendgemaakt_op > dag_van(at):
        raise RuleViolation("Deze dag ligt in de toekomst.", "bekendgemaakt_op")
    beschikking.make_known(bekendgemaakt_op, by.id, at)
    if beschikking.document_id:
        letter = session.get_one(Document, beschikking.document_id)
        if not letter.sent_at:
            letter.send(bekendgemaakt_op, at)
    keep_clock(
        session,
        beschikking.dossier_id,
        daarna=fase_na_bekendmaking(session, beschikking),
    )
    record(session, by, Action.BESCHIKKING_MADE_KNOWN, beschikking, at=at)
    return beschikking
