"""Beroep at the court: kept to know that a dossier must stay."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from loket.cases.dossier.dossier import Dossier
from loket.db import Gemeentelijk, Id, Model, Moment, in_order, status_of, together
from loket.errors import RuleViolation
from loket.vault.fields import Sealed, sealed


class Gerecht(StrEnum):
    """Who judges (Awb art. 8:6, 8:105)."""

    RECHTBANK = "rechtbank"
    CENTRALE_RAAD = "centrale_raad"


class Beroep(Sealed, Gemeentelijk, Model):
    """Somebody went to court about a besluit (Awb art. 8:1), or further (8:104)."""

    __tablename__ = "beroep"
    __table_args__ = (
        together("ended_at", "ended_by_id", "uitspraak_op"),
        in_order("ingesteld_op", "uitspraak_op"),
        Index(None, "dossier_id"),
    )

    id: Mapped[Id]
    dossier_id: Mapped[UUID] = mapped_column(ForeignKey(Dossier.id))
    gerecht: Mapped[Gerecht]
    zaaknummer = sealed.text()
    """The number of the court: who has it, finds the person."""
    ingesteld_op: Mapped[date]
    registered_at: Mapped[Moment]
    registered_by_id: Mapped[UUID]
    uitspraak_op: Mapped[date | None]
    ended_at: Mapped[Moment | None]
    ended_by_id: Mapped[UUID | None]
    status: Mapped[str] = mapped_column(status_of(uitgesproken="ended_at", open=""))

    def end(self, uitspraak_op: date, by_id: UUID, at: datetime) -> None:
        """The court has spoken, or the beroep was taken back; this happens once."""
        if self.ended_at:
            raise RuleViolation("De uitspraak is al vastgelegd.")
        if uitspraak_op < self.ingesteld_op:
            raise RuleViolation(
                "De uitspraak kan niet voor het beroep zijn.", "afgehandeld_op"
            )
        self.uitspraak_op = uitspraak_op
        self.ended_at = at
        self.ended_by_id = by_id
