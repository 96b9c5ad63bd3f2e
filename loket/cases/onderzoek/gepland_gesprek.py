"""The gepland gesprek: when, how and by whom a cliënt is visited or spoken to."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from loket.cases.dossier.dossier import Dossier
from loket.cases.onderzoek.gesprek import Gesprek, GesprekVorm
from loket.cases.onderzoek.onderzoek import Onderzoek
from loket.db import Gemeentelijk, Id, Model, Moment, status_of, together
from loket.errors import RuleViolation
from loket.termijnen import dag_van
from loket.vault.fields import Sealed, sealed


class GeplandGesprek(Sealed, Gemeentelijk, Model):
    """A talk that is to come; the talk that was recorded fulfils it."""

    __tablename__ = "gepland_gesprek"
    __table_args__ = (
        together("moved_at", "moved_by_id"),
        together("cancelled_at", "cancelled_by_id"),
        together("held_at", "held_by_id", "gesprek_id"),
        CheckConstraint("cancelled_at IS NULL OR held_at IS NULL", name="one_ending"),
        Index(None, "gemeente_code", "consulent_id", "begint_om"),
    )

    id: Mapped[Id]
    dossier_id: Mapped[UUID] = mapped_column(ForeignKey(Dossier.id), index=True)
    onderzoek_id: Mapped[UUID] = mapped_column(ForeignKey(Onderzoek.id), index=True)
    vorm: Mapped[GesprekVorm]
    begint_om: Mapped[Moment]
    consulent_id: Mapped[UUID]
    """Who goes."""
    notitie = sealed.text()
    """Where it is and what to know, such as a key or a dog."""
    reden = sealed.text()
    """Why it was moved or cancelled, the last time."""
    planned_at: Mapped[Moment]
    planned_by_id: Mapped[UUID]
    moved_at: Mapped[Moment | None]
    moved_by_id: Mapped[UUID | None]
    cancelled_at: Mapped[Moment | None]
    cancelled_by_id: Mapped[UUID | None]
    held_at: Mapped[Moment | None]
    held_by_id: Mapped[UUID | None]
    gesprek_id: Mapped[UUID | None] = mapped_column(ForeignKey(Gesprek.id))
    status: Mapped[str] = mapped_column(
        status_of(vervallen="cancelled_at", gevoerd="held_at", gepland="")
    )

    @property
    def dag(self) -> date:
        """The day it is on."""
        return dag_van(self.begint_om)

    def move(self, begint_om: datetime, reden: str, by_id: UUID, at: datetime) -> None:
        """It is at another time, or another person goes, and why."""
        self.require_open()
        self.begint_om = begint_om
        self.reden = reden
        self.moved_at = at
        self.moved_by_id = by_id

    def cancel(self, reden: str, by_id: UUID, at: datetime) -> None:
        """It does not take place, and why."""
        self.require_open()
        self.reden = reden
        self.cancelled_at = at
        self.cancelled_by_id = by_id

    def hold(self, gesprek: Gesprek, by_id: UUID, at: datetime) -> None:
        """It took place: this is what was said."""
        self.require_open()
        self.gesprek_id = gesprek.id
        self.held_at = at
        self.held_by_id = by_id

    def require_open(self) -> None:
        """Refuse what was held or cancelled already."""
        if self.cancelled_at:
            raise RuleViolation("Dit gesprek is al afgezegd.")
        if self.held_at:
            raise RuleViolation("Dit gesprek is al gevoerd.")
