"""Replacement in absence: who does the work of whom, and until when."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from loket.accounts.user import User
from loket.db import Gemeentelijk, Id, Model, Moment, in_order, together
from loket.errors import RuleViolation


class Vervanging(Gemeentelijk, Model):
    """While `user` is absent, `vervanger` sees and does that work too.

    It gives no role: who replaces keeps the own roles and rights. `tot` is the last
    day; without it the replacement lasts until it is ended.
    """

    __tablename__ = "vervanging"
    __table_args__ = (
        CheckConstraint("user_id <> vervanger_id", name="somebody_else"),
        in_order("van", "tot"),
        together("ended_at", "ended_by_id"),
        together("withdrawn_at", "withdrawn_by_id"),
        ExcludeConstraint(
            ("gemeente_code", "="),
            ("user_id", "="),
            ("vervanger_id", "="),
            (text("daterange(van, tot, '[]')"), "&&"),
            where="withdrawn_at IS NULL",
            name="no_overlap",
            using="gist",
        ),
        Index(None, "gemeente_code", "user_id", "van"),
        Index(None, "gemeente_code", "vervanger_id", "van"),
    )

    id: Mapped[Id]
    user_id: Mapped[UUID] = mapped_column(ForeignKey(User.id))
    vervanger_id: Mapped[UUID] = mapped_column(ForeignKey(User.id))
    van: Mapped[date]
    tot: Mapped[date | None]
    registered_at: Mapped[Moment]
    registered_by_id: Mapped[UUID]
    ended_at: Mapped[Moment | None]
    ended_by_id: Mapped[UUID | None]
    withdrawn_at: Mapped[Moment | None]
    withdrawn_by_id: Mapped[UUID | None]

    user: Mapped[User] = relationship(foreign_keys=user_id, lazy="raise")
    vervanger: Mapped[User] = relationship(foreign_keys=vervanger_id, lazy="raise")

    def holds_on(self, day: date) -> bool:
        """Whether the replacement is in force on that day."""
        lasts = self.tot is None or day <= self.tot
        return self.withdrawn_at is None and self.van <= day and lasts

    def end(self, laatste_dag: date, by_id: UUID, at: datetime) -> None:
        """Note the last day; one that had not begun by then never held."""
        if self.withdrawn_at or (self.tot is not None and self.tot <= laatste_dag):
            raise RuleViolation("Deze vervanging is al voorbij.", "laatste_dag")
        if laatste_dag < self.van:
            self.withdrawn_at = at
            self.withdrawn_by_id = by_id
            return
        self.tot = laatste_dag
        self.ended_at = at
        self.ended_by_id = by_id
