"""The overleg: what gemeente and aanbieder write to each other about one case."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from loket.cases.dossier.dossier import Dossier
from loket.db import Gemeentelijk, Id, Model, Moment, RowRule, together
from loket.providers.aanbieder import Aanbieder
from loket.providers.plaatsingsverzoek import Plaatsingsverzoek
from loket.providers.toewijzing import Toewijzing
from loket.vault.fields import Sealed, sealed


class Afzender(StrEnum):
    """Which of the two wrote."""

    GEMEENTE = "gemeente"
    AANBIEDER = "aanbieder"


class Overlegregel(Sealed, Gemeentelijk, Model):
    """One thing said about a plaatsingsverzoek or a toewijzing; it never changes."""

    __tablename__ = "overlegregel"
    __row_rule__ = RowRule.OWN_ADD
    __table_args__ = (
        CheckConstraint(
            "num_nonnulls(plaatsingsverzoek_id, toewijzing_id) = 1", name="one_subject"
        ),
        together("read_at", "read_by_id"),
        Index(None, "dossier_id"),
        Index(None, "plaatsingsverzoek_id"),
        Index(None, "toewijzing_id"),
        Index(None, "aanbieder_id", "afzender", "read_at"),
    )

    id: Mapped[Id]
    dossier_id: Mapped[UUID] = mapped_column(ForeignKey(Dossier.id))
    aanbieder_id: Mapped[UUID] = mapped_column(ForeignKey(Aanbieder.id))
    plaatsingsverzoek_id: Mapped[UUID | None] = mapped_column(
        ForeignKey(Plaatsingsverzoek.id)
    )
    toewijzing_id: Mapped[UUID | None] = mapped_column(ForeignKey(Toewijzing.id))
    afzender: Mapped[Afzender]
    tekst = sealed.text()
    sent_at: Mapped[Moment]
    sent_by_id: Mapped[UUID]
    read_at: Mapped[Moment | None]
    """First time that somebody of the other side had it on a page."""
    read_by_id: Mapped[UUID | None]

    @property
    def onderwerp_id(self) -> UUID:
        """Id of the verzoek or toewijzing that this is about."""
        onderwerp = self.plaatsingsverzoek_id or self.toewijzing_id
        if onderwerp is None:
            raise ValueError("one_subject")
        return onderwerp

    def read(self, by_id: UUID, at: datetime) -> None:
        """The other side has seen it; only the first time counts."""
        if self.read_at is None:
            self.read_at = at
            self.read_by_id = by_id
