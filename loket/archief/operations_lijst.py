"""The steps of a vernietigingslijst: propose, check, approve, stop."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from loket import termijnen
from loket.accounts.queries import instelling
from loket.accounts.register import norm_of
from loket.archief import queries_lijst
from loket.archief.bewaartermijn import Bewaartermijn, Zaakresultaat
from loket.archief.queries import Bewaring, bewaartermijn_op, bewaring_van
from loket.archief.queries_persoon import Persoon
from loket.archief.vernietigingslijst import (
    Regelsoort,
    Tegenhoudreden,
    Uithaalreden,
    Vernietigingslijst,
    Vernietigingsregel,
)
from loket.archief.vernietigingsverzoek import Vernietigingsverzoek
from loket.audit.action import Action
from loket.audit.operations import record
from loket.authz import SYSTEM_ID, Actor
from loket.cases.dossier.document import Document
from loket.db import hold
from loket.errors import RuleViolation
from loket.outbox.operations import promise

UITVOEREN = "archief.vernietigen"
BEDENKTIJD = "vernietiging_bedenktijd_dagen"
WET = "bewaartermijn voorbij (Wmo art. 5.3.4"
OP_VERZOEK = "op verzoek (Wmo art. 5.3.5)"
STEPS = (
    "reviewed_at",
    "reviewed_by_id",
    "approved_at",
    "approved_by_id",
    "uitvoeren_vanaf",
    "stopped_at",
    "finished_at",
)
"""Columns that a step looks at before it is done."""


def propose_lijst(session: Session, by: Actor, at: datetime) -> Vernietigingslijst:
    """Put everything whose day has come on a list, for others to look at.

    Raises:
        RuleViolation: nothing is due.
    """
    today, code = termijnen.dag_van(at), by.gemeente_code
    termijn = bewaartermijn_op(session, code, today)
    due = queries_lijst.list_due(session, code, termijn, today)
    people = [
        each
        for each in queries_lijst.list_people_of(
            session, [each.dossier.id for each in due], termijn
        )
        if each.vanaf <= today
    ]
    people += queries_lijst.list_loose(session, code, termijn, today)
    if not due and not people:
        raise RuleViolation(
            "Er is nu niets dat vernietigd mag worden. De bewaartermijn loopt nog, of"
            " het staat al op een lijst."
        )
    lijst = Vernietigingslijst(gemeente_code=code, proposed_at=at, proposed_by_id=by.id)
    session.add(lijst)
    session.flush()  # its lines point at it
    add_regels(session, lijst, due, people, termijn)
    record(session, by, Action.VERNIETIGING_PROPOSED, lijst, at=at)
    return lijst


def add_regels(
    session: Session,
    lijst: Vernietigingslijst,
    dossiers: Iterable[Bewaring],
    people: Iterable[Persoon],
    termijn: Bewaartermijn,
) -> None:
    """Write the lines of a new list, each with the ground that its tombstone gets."""
    asked = OP_VERZOEK if lijst.verzoek_id else ""
    rows = [
        Vernietigingsregel(
            soort=Regelsoort.DOSSIER,
            dossier_id=each.dossier.id,
            resultaat=each.resultaat,
            laatste_wijziging=each.laatste_wijziging,
            einde=each.einde,
            vernietigen_vanaf=each.vanaf,
            grond=asked or _grond(each.resultaat, termijn),
        )
        for each in dossiers
    ]
    rows += [
        Vernietigingsregel(
            soort=Regelsoort.INWONER,
            inwoner_id=each.inwoner_id,
            laatste_wijziging=each.laatste_wijziging,
            vernietigen_vanaf=each.vanaf,
            grond=asked or f"{WET})",
        )
        for each in people
    ]
    for row in rows:
        row.lijst_id = lijst.id
        row.gemeente_code = lijst.gemeente_code
    session.add_all(rows)
    session.flush()  # the unique index says whether one stands on another list


def _grond(resultaat: Zaakresultaat, termijn: Bewaartermijn) -> str:
    code = termijn.selectielijst[resultaat]
    return f"{WET}, selectielijst {code})" if code else f"{WET})"


def review_lijst(
    session: Session, by: Actor, at: datetime, *, lijst: Vernietigingslijst
) -> int:
    """Say that every line was looked at; return how many left the list meanwhile."""
    hold(session, lijst, *STEPS)
    lijst.review(by.id, at)
    gone = take_out_kept(session, at, lijst)
    record(session, by, Action.VERNIETIGING_REVIEWED, lijst, at=at)
    return gone


def approve_lijst(
    session: Session, by: Actor, at: datetime, *, lijst: Vernietigingslijst
) -> int:
    """Let it be carried out after the days to think again; the worker does it then."""
    hold(session, lijst, *STEPS)
    _require_letter(session, lijst)
    days = bedenktijd_op(session, lijst.gemeente_code, termijnen.dag_van(at))
    vanaf = at + timedelta(days=days)
    lijst.approve(by.id, at, vanaf)
    gone = take_out_kept(session, at, lijst)
    promise(
        session,
        UITVOEREN,
        lijst.id,
        gemeente_code=lijst.gemeente_code,
        at=at,
        due_at=vanaf,
    )
    record(session, by, Action.VERNIETIGING_APPROVED, lijst, at=at)
    return gone


def bedenktijd_op(session: Session, gemeente_code: str, day: date) -> int:
    """Return how many days lie between the approval and the deed."""
    days = instelling(session, gemeente_code, BEDENKTIJD, day)
    return int(days or norm_of(BEDENKTIJD).standaard)


def _require_letter(session: Session, lijst: Vernietigingslijst) -> None:
    """On request: who asked must know, before it is gone with all the rest."""
    if lijst.verzoek_id is None:
        return
    verzoek = session.get_one(Vernietigingsverzoek, lijst.verzoek_id)
    letter = verzoek.document_id and session.get(Document, verzoek.document_id)
    if not letter or letter.sent_at is None:
        raise RuleViolation(
            "De brief over dit besluit is nog niet verzonden. Verstuur die eerst."
        )


def stop_lijst(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    lijst: Vernietigingslijst,
    reden: Tegenhoudreden,
) -> None:
    """Destroy nothing more of it; what is on it may come on another list."""
    hold(session, lijst, *STEPS)
    lijst.stop(reden, by.id, at)
    for regel, _ in queries_lijst.list_regels(session, lijst.id, held=True):
        if regel.status == "open":
            regel.remove(Uithaalreden.LIJST_GESTOPT, by.id, at)
    record(session, by, Action.VERNIETIGING_HALTED, lijst, at=at, grond=reden.value)


def remove_regel(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    lijst: Vernietigingslijst,
    regel: Vernietigingsregel,
    reden: Uithaalreden,
) -> None:
    """Take one line out: this dossier stays. By who checks the list."""
    hold(session, lijst, *STEPS)
    lijst.require_open()
    if lijst.reviewed_at:
        raise RuleViolation("Deze lijst is al nagekeken. Houd anders de lijst tegen.")
    if lijst.proposed_by_id == by.id:
        raise RuleViolation("U stelde deze lijst voor. Een collega kijkt hem na.")
    if not reden.is_chosen:
        raise RuleViolation("Kies een van de redenen.", "reden")
    regel.remove(reden, by.id, at)
    record(
        session,
        by,
        Action.VERNIETIGINGSREGEL_REMOVED,
        regel,
        at=at,
        dossier_id=regel.dossier_id,
        grond=reden.value,
    )


def take_out_kept(session: Session, at: datetime, lijst: Vernietigingslijst) -> int:
    """Take out what may not go after all, within the step that looks; say how many."""
    today = termijnen.dag_van(at)
    termijn = bewaartermijn_op(session, lijst.gemeente_code, today)
    regels = [
        regel
        for regel, _ in queries_lijst.list_regels(session, lijst.id)
        if regel.status == "open" and regel.dossier_id
    ]
    dossiers = queries_lijst.dossiers_by_id(session, [r.scope_id for r in regels])
    kept = bewaring_van(session, dossiers, termijn)
    gone = 0
    for regel in regels:
        reden = why_not(kept[regel.scope_id], today, asked=bool(lijst.verzoek_id))
        if reden:
            regel.remove(reden, SYSTEM_ID, at)
            gone += 1
    return gone


def why_not(bewaring: Bewaring, today: date, *, asked: bool) -> Uithaalreden | None:
    """Say why a dossier may not be destroyed now, or nothing.

    Args:
        asked: on request: its age was no reason, and tasks were looked at before.
    """
    loopt = [each for each in bewaring.loopt if not (asked and each == "taak")]
    if "stop" in loopt:
        return Uithaalreden.STOP
    if loopt:
        return Uithaalreden.LOOPT_NOG
    if not asked and not bewaring.is_due(today):
        return Uithaalreden.TE_VROEG
    return None
