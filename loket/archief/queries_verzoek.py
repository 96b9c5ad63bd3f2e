"""Finding requests to destroy."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from loket.archief.vernietigingsverzoek import Vernietigingsverzoek
from loket.authz import Actor
from loket.cases.dossier.dossier import Dossier
from loket.cases.dossier.queries import visible, within_reach
from loket.errors import NotFound, Vernietigd


def get_verzoek(
    session: Session, by: Actor, referentie: str
) -> tuple[Vernietigingsverzoek, Dossier]:
    """Return a request with the dossier it came in for.

    Raises:
        NotFound: it does not exist, or is not for this actor.
        Vernietigd: it was carried out: its dossier is gone.
    """
    found = session.execute(
        select(Vernietigingsverzoek, Dossier)
        .join(Dossier, Dossier.id == Vernietigingsverzoek.dossier_id)
        .where(Vernietigingsverzoek.referentie == referentie, within_reach(by))
    ).one_or_none()
    if found is None:
        raise NotFound("Dit verzoek bestaat niet.")
    if found[1].vernietigd_op:
        raise Vernietigd(found[1].afscheid)
    return found[0], found[1]


def list_open(
    session: Session, by: Actor, most: int = 200
) -> Sequence[tuple[Vernietigingsverzoek, Dossier]]:
    """Return the requests that wait for a decision, what is due first on top."""
    rows = session.execute(
        select(Vernietigingsverzoek, Dossier)
        .join(Dossier, Dossier.id == Vernietigingsverzoek.dossier_id)
        .where(visible(by), Vernietigingsverzoek.decided_at.is_(None))
        .order_by(Vernietigingsverzoek.uiterlijk, Vernietigingsverzoek.id)
        .limit(most)
    )
    return [(verzoek, dossier) for verzoek, dossier in rows]


def list_of_dossier(
    session: Session, dossier_id: UUID
) -> Sequence[Vernietigingsverzoek]:
    """Return the requests that came in for a dossier, the newest first."""
    return session.scalars(
        select(Vernietigingsverzoek)
        .where(Vernietigingsverzoek.dossier_id == dossier_id)
        .order_by(Vernietigingsverzoek.received_at.desc())
    ).all()
