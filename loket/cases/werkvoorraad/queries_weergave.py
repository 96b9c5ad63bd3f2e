"""Finding the views of the worklist that somebody keeps: only the own ones."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from loket.authz import Actor
from loket.cases.werkvoorraad.weergave import Weergave
from loket.errors import NotFound


def list_weergaven(session: Session, by: Actor) -> Sequence[Weergave]:
    """Return the views this person keeps in this gemeente, in order of name."""
    return session.scalars(
        select(Weergave)
        .where(
            Weergave.gemeente_code.in_(by.gemeenten),
            Weergave.user_id == by.id,
        )
        .order_by(Weergave.naam)
    ).all()


def get_weergave(session: Session, by: Actor, weergave_id: UUID) -> Weergave:
    """Return one of the own views.

    Raises:
        NotFound: unknown, or of somebody else.
    """
    weergave = session.scalar(
        select(Weergave).where(
            Weergave.id == weergave_id,
            Weergave.gemeente_code.in_(by.gemeenten),
            Weergave.user_id == by.id,
        )
    )
    if weergave is None:
        raise NotFound("Deze weergave bestaat niet.")
    return weergave
