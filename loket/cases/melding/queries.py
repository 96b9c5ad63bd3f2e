"""Finding meldingen and what people need."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from loket import termijnen
from loket.authz import Actor
from loket.cases.melding.behoefte import Behoefte
from loket.cases.melding.melding import Melding
from loket.errors import NotFound


def get_melding(session: Session, dossier_id: UUID) -> Melding | None:
    """Return the melding a dossier began with, if it began with one."""
    return session.scalar(select(Melding).where(Melding.dossier_id == dossier_id))


def melding_of(session: Session, by: Actor, melding_id: UUID) -> Melding:
    """Return a melding of the own gemeente.

    Raises:
        NotFound: it does not exist, or is of another gemeente.
    """
    melding = session.scalar(
        select(Melding).where(
            Melding.id == melding_id, Melding.gemeente_code.in_(by.gemeenten)
        )
    )
    if melding is None:
        raise NotFound("Deze melding bestaat niet.")
    return melding


def list_behoeften(session: Session, dossier_id: UUID) -> Sequence[Behoefte]:
    """Return the needs in a dossier, in the order they were told."""
    return session.scalars(
        select(Behoefte)
        .where(Behoefte.dossier_id == dossier_id)
        .order_by(Behoefte.added_at, Behoefte.id)
    ).all()


def waarom(melding: Melding) -> dict[str, termijnen.Uitleg]:
    """Explain both terms of a melding, step by step."""
    return {
        "plan": termijnen.leg_uit(melding.ontvangen_op, termijnen.PLAN),
        "onderzoek": termijnen.leg_uit(melding.ontvangen_op, termijnen.ONDERZOEK),
    }
