"""What a person needs, in one sentence, with the domains it touches."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Text

from loket.cases.dossier.dossier import Dossier
from loket.cases.producten.product import Domein
from loket.db import Gemeentelijk, Id, Model, Moment, together
from loket.vault.fields import Sealed, sealed

_LABELS = ", ".join(f"'{domein.value}'" for domein in Domein)


class Behoefte(Sealed, Gemeentelijk, Model):
    """One need of the cliënt, born in the melding or later in the onderzoek."""

    __tablename__ = "behoefte"
    __table_args__ = (
        CheckConstraint(f"labels <@ ARRAY[{_LABELS}]", name="labels_known"),
        CheckConstraint("cardinality(labels) > 0", name="labels_some"),
        together("corrected_at", "corrected_by_id"),
    )

    id: Mapped[Id]
    version: Mapped[int] = mapped_column()
    dossier_id: Mapped[UUID] = mapped_column(ForeignKey(Dossier.id), index=True)
    melding_id: Mapped[UUID | None] = mapped_column(ForeignKey("melding.id"))
    labels: Mapped[list[str]] = mapped_column(ARRAY(Text))
    omschrijving = sealed.text()
    added_at: Mapped[Moment]
    added_by_id: Mapped[UUID]
    corrected_at: Mapped[Moment | None]
    corrected_by_id: Mapped[UUID | None]

    __mapper_args__ = {"version_id_col": version}

    def correct(
        self, omschrijving: str, labels: list[str], by_id: UUID, at: datetime
    ) -> None:
        """Write the need down better than it was."""
        self.omschrijving = omschrijving
        self.labels = labels
        self.corrected_at = at
        self.corrected_by_id = by_id
