"""Finding meldingen and what people need."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from loket import termijnen
from loket.audit.action import Action
from loket.audit.operations import record
from loket.authz import Actor
from loket.cases.dossier.dossier import Dossier
from loket.cases.dossier.queries import dossier_of
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


def read_melding(
    session: Session, by: Actor, at: datetime, melding_id: UUID
) -> Melding:
    """Return a melding to show; the look is recorded.

    Raises:
        NotFound: it does not exist, or its dossier is not for this actor.
    """
    melding = melding_of(session, by, melding_id)
    dossier_of(session, by, melding.dossier_id)
    record(session, by, Action.DOSSIER_READ, melding, at=at)
    return melding


def list_behoeften(session: Session, dossier_id: UUID) -> Sequence[Behoefte]:
    """Return the needs in a dossier, in the order they were told."""
    return session.scalars(
        select(Behoefte)
        .where(Behoefte.dossier_id == dossier_id)
        .order_by(Behoefte.added_at, Behoefte.id)
    ).all()


def find_melding_en_behoeften(
    session: Session, dossier_id: UUID
) -> tuple[Melding | None, list[Behoefte]]:
    """Return the melding of a dossier, if there was one, and what is needed.

    In one statement, for a page that shows both.
    """
    rows = session.execute(
        select(Melding, Behoefte)
        .select_from(Dossier)
        .outerjoin(Melding, Melding.dossier_id == Dossier.id)
        .outerjoin(Behoefte, Behoefte.dossier_id == Dossier.id)
        .where(Dossier.id == dossier_id)
        .order_by(Behoefte.added_at, Behoefte.id)
    ).all()
    behoeften: list[Behoefte | None] = [row[1] for row in rows]
    return (rows[0][0] if rows else None), [b for b in behoeften if b is not None]


def waarom(melding: Melding) -> dict[str, termijnen.Uitleg]:
    """Explain both terms of a melding, step by step."""
    return {
        "plan": termijnen.leg_uit(melding.ontvangen_op, termijnen.PLAN),
        "onderzoek": termijnen.leg_uit(melding.ontvangen_op, termijnen.ONDERZOEK),
    }
