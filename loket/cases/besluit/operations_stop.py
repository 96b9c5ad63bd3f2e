"""Keeping a dossier from being destroyed, and letting it go again."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from loket import termijnen
from loket.audit.action import Action
from loket.audit.operations import record
from loket.authz import Actor
from loket.cases.besluit.beroep import Beroep, Gerecht
from loket.cases.besluit.bewaren import keep_from
from loket.cases.besluit.bezwaar import Bezwaar
from loket.cases.besluit.vernietigingsstop import Stopgrond, Vernietigingsstop
from loket.cases.dossier.dossier import Dossier
from loket.cases.dossier.opening import check_past
from loket.db import hold
from loket.errors import RuleViolation


def place_stop(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    dossier: Dossier,
    grond: Stopgrond,
    toelichting: str,
    tot: date | None = None,
) -> Vernietigingsstop:
    """Keep a dossier by hand: for a claim, the rekenkamer, a Woo-verzoek."""
    if grond.follows:
        raise RuleViolation(
            "Deze stop komt vanzelf als u het bezwaar of het beroep vastlegt.", "grond"
        )
    if tot is not None and tot <= termijnen.dag_van(at):
        raise RuleViolation("Kies een dag na vandaag.", "tot")
    stop = keep_from(
        session,
        by,
        at,
        dossier_id=dossier.id,
        grond=grond,
        tot=tot,
        toelichting=toelichting,
    )
    record(session, by, Action.STOP_PLACED, stop, at=at, grond=grond.value)
    return stop


def register_beroep(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    dossier: Dossier,
    gerecht: Gerecht,
    zaaknummer: str,
    ingesteld_op: date,
) -> Beroep:
    """Note that somebody went to court; from now on the dossier stays."""
    check_past(ingesteld_op, at, "ingesteld_op")
    beroep = Beroep(
        gemeente_code=dossier.gemeente_code,
        dossier_id=dossier.id,
        gerecht=gerecht,
        zaaknummer=zaaknummer,
        ingesteld_op=ingesteld_op,
        registered_at=at,
        registered_by_id=by.id,
    )
    session.add(beroep)
    keep_from(
        session,
        by,
        at,
        dossier_id=dossier.id,
        grond=Stopgrond.BEROEP,
        bron_id=beroep.id,
    )
    record(session, by, Action.BEROEP_REGISTERED, beroep, at=at)
    return beroep


def lift_stop(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    stop: Vernietigingsstop,
    afgehandeld_op: date | None = None,
) -> None:
    """Let the dossier go again; a bezwaar or beroep is finished with the same deed.

    Args:
        afgehandeld_op: the day of the besluit op bezwaar or of the uitspraak.
    """
    hold(session, stop, "lifted_at", "lifted_by_id")
    if stop.bron_id is not None and not stop.lifted_at:
        if afgehandeld_op is None:
            raise RuleViolation(
                "Vul in op welke dag is beslist, of wanneer het is ingetrokken.",
                "afgehandeld_op",
            )
        check_past(afgehandeld_op, at, "afgehandeld_op")
        _finish(session, by, at, stop.grond, stop.bron_id, afgehandeld_op)
    stop.lift(by.id, at)
    record(session, by, Action.STOP_LIFTED, stop, at=at, grond=stop.grond.value)


def _finish(
    session: Session, by: Actor, at: datetime, grond: Stopgrond, of: UUID, day: date
) -> None:
    if grond is Stopgrond.BEROEP:
        session.get_one(Beroep, of).end(day, by.id, at)
        return
    bezwaar = session.get_one(Bezwaar, of)
    if day < bezwaar.ontvangen_op:
        raise RuleViolation(
            "Dit kan niet voor de dag zijn waarop het bezwaar kwam.", "afgehandeld_op"
        )
    if not bezwaar.decided_at:
        bezwaar.decided_at = at
        bezwaar.decided_by_id = by.id
