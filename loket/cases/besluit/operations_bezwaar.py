"""Taking in a bezwaar: whether it is in time, and until when it must be decided."""

from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from loket import termijnen
from loket.accounts.queries import instelling
from loket.audit.action import Action
from loket.audit.operations import record
from loket.authz import Actor
from loket.cases.besluit.beschikking import Beschikking, Besluitregel
from loket.cases.besluit.bewaren import keep_from
from loket.cases.besluit.bezwaar import Bezwaar
from loket.cases.besluit.klokken import keep_clock
from loket.cases.besluit.vernietigingsstop import Stopgrond
from loket.errors import RuleViolation

POST_MAY_TAKE = timedelta(weeks=1)
"""Posted in time, it may come in a week after the term (Awb art. 6:9 lid 2)."""


def receive_bezwaar(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    beschikking: Beschikking,
    ontvangen_op: date,
    gronden: str,
    besluitregel: Besluitregel | None = None,
    gepost_op: date | None = None,
) -> Bezwaar:
    """Take in a bezwaar against a beschikking, or against one regel of it.

    One that is too late is taken in too: whether it is excused (Awb art. 6:11) is
    for who decides on it. From now on the dossier is not destroyed.
    """
    tot = _bezwaar_tot(beschikking)
    if ontvangen_op > termijnen.dag_van(at):
        raise RuleViolation("De dag van ontvangst ligt in de toekomst.", "ontvangen_op")
    if besluitregel is not None and besluitregel.beschikking_id != beschikking.id:
        raise RuleViolation("Deze regel hoort bij een andere beschikking.")
    if gepost_op is not None and gepost_op > ontvangen_op:
        raise RuleViolation("Posten kan niet na de ontvangst.", "gepost_op")
    commissie = bool(
        instelling(session, beschikking.gemeente_code, "bezwaarcommissie", tot)
    )
    bezwaar = Bezwaar(
        gemeente_code=beschikking.gemeente_code,
        dossier_id=beschikking.dossier_id,
        beschikking_id=beschikking.id,
        besluitregel_id=besluitregel.id if besluitregel else None,
        ontvangen_op=ontvangen_op,
        op_tijd=is_op_tijd(tot, ontvangen_op, gepost_op),
        beslissen_tot=termijnen.besluit_op_bezwaar(tot, commissie=commissie),
        gronden=gronden,
        received_at=at,
        received_by_id=by.id,
    )
    session.add(bezwaar)
    session.flush()
    keep_from(
        session,
        by,
        at,
        dossier_id=beschikking.dossier_id,
        grond=Stopgrond.BEZWAAR,
        bron_id=bezwaar.id,
    )
    keep_clock(session, beschikking.dossier_id)
    record(session, by, Action.BEZWAAR_RECEIVED, bezwaar, at=at)
    return bezwaar


def _bezwaar_tot(beschikking: Beschikking) -> date:
    if beschikking.bezwaar_tot is None:
        raise RuleViolation(
            "Deze beschikking is nog niet bekendgemaakt. De termijn voor bezwaar loopt"
            " nog niet."
        )
    return beschikking.bezwaar_tot


def is_op_tijd(tot: date, ontvangen_op: date, gepost_op: date | None) -> bool:
    """Whether it came in time, or was posted in time and came within a week."""
    if ontvangen_op <= tot:
        return True
    posted_in_time = gepost_op is not None and gepost_op <= tot
    return posted_in_time and ontvangen_op <= tot + POST_MAY_TAKE
