"""Putting a stop on a dossier, as part of the deed that asks for it."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from loket.authz import Actor
from loket.cases.besluit.vernietigingsstop import Stopgrond, Vernietigingsstop
from loket.cases.dossier.dossier import Dossier
from loket.db import hold
from loket.errors import Vernietigd
from loket.outbox.operations import promise


def keep_from(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    dossier_id: UUID,
    grond: Stopgrond,
    bron_id: UUID | None = None,
    tot: date | None = None,
    toelichting: str | None = None,
) -> Vernietigingsstop:
    """Put a stop on a dossier, within a deed that leaves the trail.

    It waits for who destroys at this moment: that one finds the stop, or is first.

    Raises:
        Vernietigd: the dossier is gone already.
    """
    dossier = session.get_one(Dossier, dossier_id)
    hold(session, dossier, "vernietigd_op", "vernietigingsgrond")
    if dossier.vernietigd_op:
        raise Vernietigd(dossier.afscheid)
    stop = Vernietigingsstop(
        gemeente_code=dossier.gemeente_code,
        dossier_id=dossier.id,
        grond=grond,
        bron_id=bron_id,
        tot=tot,
        toelichting=toelichting,
        placed_at=at,
        placed_by_id=by.id,
    )
    session.add(stop)
    session.flush()  # the trail names the new row
    promise(
        session,
        "archief.stop",
        dossier.id,
        gemeente_code=dossier.gemeente_code,
        at=at,
        key=str(stop.id),
    )
    return stop
