"""What was known of a person before it was corrected."""

from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from loket.db import Gemeentelijk, Id, Model, Moment
from loket.vault.fields import Sealed, sealed


class Gegevenswijziging(Sealed, Gemeentelijk, Model):
    """One change of identity or contact: what it was, what it became (AVG art. 16).

    Written once. It is sealed under the person it was made of, also after a merge.
    """

    __tablename__ = "gegevenswijziging"
    __scope__ = "scope_id"
    __scope_kind__ = "inwoner"
    __table_args__ = (Index(None, "inwoner_id", "changed_at"),)

    id: Mapped[Id]
    scope_id: Mapped[UUID]
    inwoner_id: Mapped[UUID] = mapped_column(ForeignKey("inwoner.id"))
    waarden = sealed.json()
    """For each field what it was and what it became, as text or nothing."""
    verzoek_id: Mapped[UUID | None]
    """The request of the resident that asked for it."""
    changed_at: Mapped[Moment]
    changed_by_id: Mapped[UUID]
