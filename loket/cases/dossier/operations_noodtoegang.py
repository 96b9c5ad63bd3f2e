"""Letting oneself in in an emergency, and the review that always follows."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from loket.accounts.norm_toezicht import Grens
from loket.accounts.queries import list_staff
from loket.audit.action import Action
from loket.audit.operations import record
from loket.authz import Actor, Permission, Role
from loket.cases.dossier.dossier import Dossier
from loket.cases.dossier.grenzen import norm
from loket.cases.dossier.noodtoegang import Noodgrond, Noodtoegang, Oordeel
from loket.cases.dossier.queries import NO_DOSSIER, visible
from loket.cases.dossier.queries_noodtoegang import standing
from loket.db import hold
from loket.errors import NotAllowed, RuleViolation
from loket.mail.operations import promise_mail
from loket.termijnen import dag_van, werkdagen_later

MINUTEN = Grens(norm="noodtoegang_minuten")
BEOORDELEN = Grens(norm="noodtoegang_beoordelen_werkdagen")
FIELD = "referentie"


def open_noodtoegang(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    referentie: str,
    grond: Noodgrond,
    reden: str,
) -> Noodtoegang:
    """Open a shielded dossier to oneself for a while; the officers know at once.

    Who still has access keeps it as it is: nothing is prolonged or told twice.

    Raises:
        NotAllowed: through a koppeling, or without the right to take it.
        RuleViolation: there is no such dossier, or it can be opened as always.
    """
    by.require(Permission.NOODTOEGANG_TAKE)
    if by.via != "web":
        raise NotAllowed
    found = session.execute(
        select(Dossier, visible(by)).where(
            Dossier.referentie == referentie,
            Dossier.gemeente_code == by.gemeente_code,
            Dossier.vernietigd_op.is_(None),
        )
    ).one_or_none()
    if found is None:
        raise RuleViolation(NO_DOSSIER, FIELD)
    dossier, may_see = found
    hold(session, dossier, "afgeschermd")  # of two at once the second finds the first
    if earlier := standing(session, by, at, dossier.id):
        return earlier
    if may_see:
        raise RuleViolation(
            "U mag dit dossier al zien. Open het zoals u gewend bent.", FIELD
        )
    return _let_in(session, by, at, dossier, grond, reden)


def _let_in(
    session: Session,
    by: Actor,
    at: datetime,
    dossier: Dossier,
    grond: Noodgrond,
    reden: str,
) -> Noodtoegang:
    today = dag_van(at)
    made = Noodtoegang(
        gemeente_code=dossier.gemeente_code,
        dossier_id=dossier.id,
        user_id=by.id,
        grond=grond,
        opened_at=at,
        tot=at + timedelta(minutes=norm(session, by, at, MINUTEN)),
        uiterlijk=werkdagen_later(today, norm(session, by, at, BEOORDELEN)),
    )
    made.reden = reden
    session.add(made)
    session.flush()  # the trail names the new row
    record(session, by, Action.NOODTOEGANG_OPENED, made, at=at, grond=grond.value)
    for officer in list_staff(session, by, Role.PRIVACY_OFFICER, today):
        if officer.id != by.id:
            promise_mail(session, officer.id, gemeente_code=made.gemeente_code, at=at)
    return made


def review_noodtoegang(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    noodtoegang: Noodtoegang,
    oordeel: Oordeel,
    toelichting: str,
) -> None:
    """Say what the officer thinks of it, in words that stay sealed.

    Raises:
        RuleViolation: it was reviewed before, or it is one's own.
    """
    hold(session, noodtoegang, "reviewed_at", "reviewed_by_id", "oordeel")
    noodtoegang.review(oordeel, toelichting, by.id, at)
    record(
        session,
        by,
        Action.NOODTOEGANG_REVIEWED,
        noodtoegang,
        at=at,
        grond=oordeel.value,
    )
