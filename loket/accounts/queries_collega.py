"""Finding the people of one aanbieder, for whoever manages their accounts there."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, selectinload

from loket.accounts.user import Aanstelling, User
from loket.authz import Actor, Role
from loket.errors import NotFound

MOST_SHOWN = 500
"""An aanbieder with more people at one counter works with a directory of its own."""


def _of(by: Actor) -> ColumnElement[bool]:
    return User.id.in_(
        select(Aanstelling.user_id).where(Aanstelling.aanbieder_id == by.aanbieder_id)
    )


def list_collegas(session: Session, by: Actor) -> Sequence[User]:
    """Return who works or worked for the own aanbieder, who is in service first."""
    return session.scalars(
        select(User)
        .options(selectinload(User.aanstellingen))
        .where(_of(by))
        .order_by(User.deactivated_at.is_not(None), User.naam, User.id)
        .limit(MOST_SHOWN)
    ).all()


def get_collega(session: Session, by: Actor, user_id: UUID) -> User:
    """Return one of them, with the appointments at the own aanbieder.

    Raises:
        NotFound: unknown, or never appointed there.
    """
    user = session.scalar(
        select(User)
        .options(selectinload(User.aanstellingen))
        .where(User.id == user_id, _of(by))
        .execution_options(populate_existing=True)
    )
    if user is None:
        raise NotFound("Deze collega bestaat niet.")
    return user


def own_posts(by: Actor, user: User) -> list[Aanstelling]:
    """Return the appointments of this person at the own aanbieder."""
    return [post for post in user.aanstellingen if post.aanbieder_id == by.aanbieder_id]


def works_elsewhere(session: Session, user: User) -> bool:
    """Whether this person also works for somebody else, of whom we see nothing."""
    return bool(session.scalar(select(func.works_elsewhere(user.id))))


def has_other_beheerder(session: Session, by: Actor, user: User, day: date) -> bool:
    """Whether somebody else in service manages the accounts here, and stays so."""
    other = session.scalar(
        select(Aanstelling.id)
        .join(User, User.id == Aanstelling.user_id)
        .where(
            Aanstelling.aanbieder_id == by.aanbieder_id,
            Aanstelling.rol == Role.AANBIEDER_BEHEERDER,
            Aanstelling.user_id != user.id,
            Aanstelling.van <= day,
            Aanstelling.tot.is_(None),
            User.deactivated_at.is_(None),
        )
        .limit(1)
    )
    return other is not None
