"""What keeps a dossier from being destroyed, however old it is."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from loket.cases.dossier.dossier import Dossier
from loket.db import Gemeentelijk, Id, Model, Moment, status_of, together
from loket.errors import RuleViolation
from loket.vault.fields import Sealed, sealed


class Stopgrond(StrEnum):
    """Why a dossier is kept after its day."""

    BEZWAAR = "bezwaar"
    BEROEP = "beroep"
    CLAIM = "claim"
    REKENKAMER = "rekenkamer"
    WOO = "woo"
    TOEZICHT = "toezicht"

    @property
    def follows(self) -> bool:
        """Whether it begins and ends with a procedure that Loket knows."""
        return self in {Stopgrond.BEZWAAR, Stopgrond.BEROEP}


class Vernietigingsstop(Sealed, Gemeentelijk, Model):
    """Nothing of this dossier is destroyed until somebody says that it may.

    It never ends by itself: `tot` is the day to look again, not the day it lapses.
    """

    __tablename__ = "vernietigingsstop"
    __table_args__ = (
        together("lifted_at", "lifted_by_id"),
        CheckConstraint(
            "(grond IN ('bezwaar', 'beroep')) = (bron_id IS NOT NULL)",
            name="bron_fits",
        ),
        Index(None, "dossier_id"),
        Index("uq_vernietigingsstop_bron", "bron_id", unique=True),
    )

    id: Mapped[Id]
    dossier_id: Mapped[UUID] = mapped_column(ForeignKey(Dossier.id))
    grond: Mapped[Stopgrond]
    bron_id: Mapped[UUID | None]
    """The bezwaar or the beroep that it follows."""
    tot: Mapped[date | None]
    toelichting = sealed.text()
    placed_at: Mapped[Moment]
    placed_by_id: Mapped[UUID]
    lifted_at: Mapped[Moment | None]
    lifted_by_id: Mapped[UUID | None]
    status: Mapped[str] = mapped_column(status_of(opgeheven="lifted_at", geldt=""))

    def lift(self, by_id: UUID, at: datetime) -> None:
        """The dossier may be destroyed again when its day comes; this happens once."""
        if self.lifted_at:
            raise RuleViolation("Deze vernietigingsstop is al opgeheven.")
        self.lifted_at = at
        self.lifted_by_id = by_id
