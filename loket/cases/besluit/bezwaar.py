"""Bezwaar against a beschikking, or against one besluitregel of it."""

from datetime import date
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from loket.cases.besluit.beschikking import Beschikking, Besluitregel
from loket.cases.dossier.dossier import Dossier
from loket.db import Gemeentelijk, Id, Model, Moment, status_of, together
from loket.vault.fields import Sealed, sealed


class Bezwaar(Sealed, Gemeentelijk, Model):
    """An objection (Awb 6:4); its own clock, apart from the rest of the dossier."""

    __tablename__ = "bezwaar"
    __table_args__ = (
        together("decided_at", "decided_by_id"),
        Index(None, "beschikking_id"),
        Index(None, "dossier_id"),
    )

    id: Mapped[Id]
    dossier_id: Mapped[UUID] = mapped_column(ForeignKey(Dossier.id))
    beschikking_id: Mapped[UUID] = mapped_column(ForeignKey(Beschikking.id))
    besluitregel_id: Mapped[UUID | None] = mapped_column(ForeignKey(Besluitregel.id))
    """Empty: against the whole beschikking."""
    ontvangen_op: Mapped[date]
    op_tijd: Mapped[bool]
    beslissen_tot: Mapped[date]
    """Awb 7:10: from the end of the bezwaartermijn."""
    gronden = sealed.text()
    received_at: Mapped[Moment]
    received_by_id: Mapped[UUID]
    decided_at: Mapped[Moment | None]
    decided_by_id: Mapped[UUID | None]
    status: Mapped[str] = mapped_column(status_of(beslist="decided_at", open=""))
