"""Finding the consent of a cliënt, and refusing what needs it."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from loket.authz import Actor
from loket.cases.dossier.dossier import Dossier
from loket.cases.dossier.herkomst import Herkomst, eisen_op
from loket.cases.dossier.queries import get_client, visible
from loket.cases.dossier.toestemming import Toestemming
from loket.errors import NotFound, RuleViolation

MOST_SHOWN = 100


def list_toestemmingen(session: Session, dossier_id: UUID) -> Sequence[Toestemming]:
    """Return every consent in a dossier, what holds first and then the newest."""
    return session.scalars(
        select(Toestemming)
        .where(Toestemming.dossier_id == dossier_id)
        .order_by(Toestemming.withdrawn_at.is_not(None), Toestemming.id.desc())
        .limit(MOST_SHOWN)
    ).all()


def get_toestemming(
    session: Session, by: Actor, toestemming_id: UUID
) -> tuple[Toestemming, Dossier]:
    """Return one consent with its dossier.

    Raises:
        NotFound: unknown, or its dossier is not for this actor.
    """
    found = session.execute(
        select(Toestemming, Dossier)
        .join(Dossier, Dossier.id == Toestemming.dossier_id)
        .where(Toestemming.id == toestemming_id, visible(by))
    ).one_or_none()
    if found is None:
        raise NotFound("Deze toestemming bestaat niet.")
    return found[0], found[1]


def require_toestemming(
    session: Session, dossier_id: UUID, herkomst: Herkomst | None, dag: date
) -> None:
    """Refuse data from a source for which the Act asks a consent that is not there.

    Raises:
        RuleViolation: no consent of the cliënt holds on this day (Wmo art. 5.1.1
            lid 4 and 5); says which article asks it.
    """
    eis = eisen_op(dag).get(herkomst) if herkomst else None
    if eis is None:
        return
    client = get_client(session, dossier_id)
    holds = session.scalar(
        select(Toestemming.id)
        .where(
            Toestemming.dossier_id == dossier_id,
            Toestemming.inwoner_id == client.id,
            Toestemming.herkomst == herkomst,
            Toestemming.gegeven_op <= dag,
            or_(
                Toestemming.ingetrokken_op.is_(None),
                Toestemming.ingetrokken_op > dag,
            ),
        )
        .limit(1)
    )
    if holds is None:
        raise RuleViolation(
            f"Hiervoor vraagt de wet toestemming van de cliënt ({eis.artikel})."
            " Leg eerst de toestemming vast in het dossier.",
            "herkomst",
        )
