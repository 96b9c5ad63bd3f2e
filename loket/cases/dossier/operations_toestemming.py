"""Deeds about consent: record that it was given, record that it was withdrawn."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from loket.audit.action import Action
from loket.audit.operations import record
from loket.authz import Actor
from loket.cases.dossier.dossier import Dossier
from loket.cases.dossier.herkomst import Herkomst, eisen_op
from loket.cases.dossier.opening import check_past
from loket.cases.dossier.queries import get_client
from loket.cases.dossier.toestemming import GegevenDoor, Toestemming, Wijze
from loket.db import hold
from loket.errors import RuleViolation


def record_toestemming(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    dossier: Dossier,
    herkomst: Herkomst,
    gegeven_door: GegevenDoor,
    wijze: Wijze,
    gegeven_op: date,
    gegevens: str,
    partij: str,
    doel: str,
) -> Toestemming:
    """Note the consent of the cliënt; asked only where the Act asks it.

    Elsewhere the law itself is the ground: consent would not be free (AVG art. 7).
    """
    check_past(gegeven_op, at, "gegeven_op")
    if herkomst not in eisen_op(gegeven_op):
        raise RuleViolation(
            "Voor deze gegevens vraagt de wet geen toestemming.", "herkomst"
        )
    toestemming = Toestemming(
        gemeente_code=dossier.gemeente_code,
        dossier_id=dossier.id,
        inwoner_id=get_client(session, dossier.id).id,
        herkomst=herkomst,
        gegeven_door=gegeven_door,
        wijze=wijze,
        gegeven_op=gegeven_op,
        gegevens=gegevens,
        partij=partij,
        doel=doel,
        recorded_at=at,
        recorded_by_id=by.id,
    )
    session.add(toestemming)
    session.flush()  # the trail names the new row
    grond = herkomst.value
    record(session, by, Action.TOESTEMMING_RECORDED, toestemming, at=at, grond=grond)
    return toestemming


def withdraw_toestemming(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    toestemming: Toestemming,
    ingetrokken_op: date,
) -> None:
    """Note that it was taken back; what was obtained before stays (AVG art. 7)."""
    check_past(ingetrokken_op, at, "ingetrokken_op")
    hold(session, toestemming, "withdrawn_at")
    toestemming.withdraw(ingetrokken_op, by.id, at)
    grond = toestemming.herkomst.value
    record(session, by, Action.TOESTEMMING_WITHDRAWN, toestemming, at=at, grond=grond)
