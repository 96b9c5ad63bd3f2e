"""What was changed in how the gemeente works: by whom, from what, into what."""

from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, foreign, relationship

from loket.accounts.user import User
from loket.db import Id, Model, Moment


class Wijziging(Model):
    """One field of a rule or a fact of the gemeente that got another value.

    Append-only by a trigger, like the trail, which holds no content. Never about a
    person: it keeps rules, addresses of the town hall and names of teams.
    """

    __tablename__ = "wijziging"
    __table_args__ = (Index(None, "gemeente_code", "soort", "sleutel", "changed_at"),)

    id: Mapped[Id]
    gemeente_code: Mapped[str]
    soort: Mapped[str]
    """Kind of what was changed: the name of its table."""
    sleutel: Mapped[str]
    """Which one of that kind: its code, its key or its id."""
    veld: Mapped[str]
    """The field, as the page calls it."""
    oud: Mapped[str]
    nieuw: Mapped[str]
    reden: Mapped[str]
    """Why, where it was asked; empty when it was not."""
    changed_at: Mapped[Moment]
    changed_by_id: Mapped[UUID]

    changed_by: Mapped[User] = relationship(
        primaryjoin=lambda: foreign(Wijziging.changed_by_id) == User.id,
        viewonly=True,
        lazy="raise",
    )
