"""Notes on a dossier: what colleagues must know, every earlier version kept."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from loket.cases.dossier.herkomst import Herkomst
from loket.db import Gemeentelijk, Id, Model, Moment, status_of, together
from loket.errors import RuleViolation
from loket.vault.fields import Sealed, sealed


class NotitieSoort(StrEnum):
    """What a note is for."""

    WERKNOTITIE = "werknotitie"
    BELAFSPRAAK = "belafspraak"
    OVERLEG = "overleg"
    AANDACHTSPUNT = "aandachtspunt"


class Notitie(Sealed, Gemeentelijk, Model):
    """A note about one dossier, for staff only; its text stands in its versions."""

    __tablename__ = "notitie"
    __table_args__ = (
        together("pinned_at", "pinned_by_id"),
        together("withdrawn_at", "withdrawn_by_id"),
        Index(None, "dossier_id", "written_at"),
    )

    id: Mapped[Id]
    dossier_id: Mapped[UUID] = mapped_column(ForeignKey("dossier.id"))
    soort: Mapped[NotitieSoort]
    herkomst: Mapped[Herkomst | None]
    """From whom we have it; nothing: written before this was asked."""
    written_at: Mapped[Moment]
    written_by_id: Mapped[UUID]
    pinned_at: Mapped[Moment | None]
    pinned_by_id: Mapped[UUID | None]
    """Above all others, until somebody takes the pin out."""
    withdrawn_at: Mapped[Moment | None]
    withdrawn_by_id: Mapped[UUID | None]
    reden_intrekking = sealed.text()
    status: Mapped[str] = mapped_column(
        status_of(ingetrokken="withdrawn_at", geldig="")
    )

    def require_valid(self) -> None:
        """Refuse to change what was withdrawn."""
        if self.withdrawn_at:
            raise RuleViolation("Deze notitie is ingetrokken.")

    def pin(self, by_id: UUID, at: datetime) -> None:
        """Keep it above the others."""
        self.require_valid()
        self.pinned_at = at
        self.pinned_by_id = by_id

    def unpin(self) -> None:
        """Let it take its place in time again."""
        self.pinned_at = None
        self.pinned_by_id = None

    def withdraw(self, reden: str, by_id: UUID, at: datetime) -> None:
        """It does not hold any more; every version stays to be read."""
        self.require_valid()
        self.unpin()
        self.withdrawn_at = at
        self.withdrawn_by_id = by_id
        self.reden_intrekking = reden


class NotitieVersie(Sealed, Gemeentelijk, Model):
    """One version of a note: written once, never changed."""

    __tablename__ = "notitie_versie"
    __table_args__ = (UniqueConstraint("notitie_id", "versie"),)

    id: Mapped[Id]
    notitie_id: Mapped[UUID] = mapped_column(ForeignKey(Notitie.id))
    dossier_id: Mapped[UUID] = mapped_column(ForeignKey("dossier.id"), index=True)
    versie: Mapped[int]
    tekst = sealed.text()
    saved_at: Mapped[Moment]
    saved_by_id: Mapped[UUID]
