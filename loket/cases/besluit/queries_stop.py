"""Finding what keeps a dossier, and the beroepen in it."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from loket.cases.besluit.beroep import Beroep
from loket.cases.besluit.vernietigingsstop import Vernietigingsstop
from loket.errors import NotFound


def list_stops(session: Session, dossier_id: UUID) -> Sequence[Vernietigingsstop]:
    """Return every stop on a dossier, the newest first."""
    return session.scalars(
        select(Vernietigingsstop)
        .where(Vernietigingsstop.dossier_id == dossier_id)
        .order_by(Vernietigingsstop.placed_at.desc(), Vernietigingsstop.id.desc())
    ).all()


def get_stop(session: Session, dossier_id: UUID, stop_id: UUID) -> Vernietigingsstop:
    """Return one stop on this dossier.

    Raises:
        NotFound: it is not there, or on another dossier.
    """
    found = session.scalar(
        select(Vernietigingsstop).where(
            Vernietigingsstop.dossier_id == dossier_id, Vernietigingsstop.id == stop_id
        )
    )
    if found is None:
        raise NotFound("Deze vernietigingsstop bestaat niet.")
    return found


def list_beroepen(session: Session, dossier_id: UUID) -> Sequence[Beroep]:
    """Return the beroepen in a dossier, the newest first."""
    return session.scalars(
        select(Beroep)
        .where(Beroep.dossier_id == dossier_id)
        .order_by(Beroep.ingesteld_op.desc(), Beroep.id.desc())
    ).all()
