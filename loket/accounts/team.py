"""A team of a gemeente and who works in it, dated."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from loket.accounts.user import User
from loket.db import Gemeentelijk, Id, Model, Moment, in_order, no_overlap, together
from loket.errors import RuleViolation


class Team(Gemeentelijk, Model):
    """People who divide work among each other: a wijkteam, a team for one domein."""

    __tablename__ = "team"
    __table_args__ = (
        together("closed_at", "closed_by_id"),
        Index(
            "uq_team_naam_open",
            "gemeente_code",
            "naam",
            unique=True,
            postgresql_where="closed_at IS NULL",
        ),
    )

    id: Mapped[Id]
    naam: Mapped[str]
    created_at: Mapped[Moment]
    created_by_id: Mapped[UUID]
    closed_at: Mapped[Moment | None]
    closed_by_id: Mapped[UUID | None]

    leden: Mapped[list["Teamlid"]] = relationship(back_populates="team", lazy="raise")

    def rename(self, naam: str) -> None:
        """Give the team another name; a closed one keeps the name it had."""
        self.check_open()
        self.naam = naam

    def close(self, by_id: UUID, at: datetime) -> None:
        """Let nobody work in this team any more; this happens once."""
        self.check_open()
        self.closed_at = at
        self.closed_by_id = by_id

    def check_open(self) -> None:
        """Refuse a change of a team that was closed."""
        if self.closed_at:
            raise RuleViolation("Dit team is opgeheven.")


class Teamlid(Gemeentelijk, Model):
    """Somebody who works in a team in a period; `tot` is the last day."""

    __tablename__ = "teamlid"
    __table_args__ = (
        in_order("van", "tot"),
        no_overlap("team_id", "user_id"),
        Index(None, "gemeente_code", "user_id"),
    )

    id: Mapped[Id]
    team_id: Mapped[UUID] = mapped_column(ForeignKey(Team.id), index=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey(User.id))
    van: Mapped[date]
    tot: Mapped[date | None]

    team: Mapped[Team] = relationship(back_populates="leden", lazy="raise")
    user: Mapped[User] = relationship(lazy="raise")

    def holds_on(self, day: date) -> bool:
        """Whether this person works in the team on that day."""
        return self.van <= day and (self.tot is None or day <= self.tot)

    def end(self, laatste_dag: date) -> None:
        """Note the last day in the team."""
        if self.tot is not None and self.tot <= laatste_dag:
            raise RuleViolation("Deze persoon is al uit het team.", "laatste_dag")
        if laatste_dag < self.van:
            raise RuleViolation(
                "De laatste dag ligt voor de eerste dag in het team.", "laatste_dag"
            )
        self.tot = laatste_dag
