"""A signal that somebody's looks ask for a question, and the answer to it."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from loket.cases.dossier.noodtoegang import Oordeel, require_other
from loket.db import Gemeentelijk, Id, Model, Moment, status_of, together
from loket.errors import RuleViolation
from loket.vault.fields import Sealed, sealed


class Inzageregel(StrEnum):
    """Which rule found looks unusual; none of them says that something is wrong."""

    VEEL_DOSSIERS = "veel_dossiers"
    BUITEN_KANTOORTIJD = "buiten_kantoortijd"
    GEEN_RELATIE = "geen_relatie"
    EIGEN_NAAM = "eigen_naam"
    COLLEGA = "collega"
    BUURT = "buurt"


class Inzagesignaal(Sealed, Gemeentelijk, Model):
    """Looks of one person that one rule found on one day (NEN 7513; BIO 12.4).

    Holds who looked and which records of the trail, never who was looked at: that
    stays in the trail. As long as it is open, looks of that day are added to it; after
    its review new ones make a new signal, so that nothing hides behind a judgement.
    """

    __tablename__ = "inzagesignaal"
    __scope__ = "id"
    __scope_kind__ = "inzagesignaal"
    __table_args__ = (
        together("reviewed_at", "reviewed_by_id", "oordeel"),
        Index(
            "uq_inzagesignaal_open",
            "gemeente_code",
            "user_id",
            "regel",
            "dag",
            unique=True,
            postgresql_where="reviewed_at IS NULL",
        ),
        Index(None, "gemeente_code", "reviewed_at", "uiterlijk"),
    )

    id: Mapped[Id]
    regel: Mapped[Inzageregel]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    dag: Mapped[date]
    """Day of the looks in Europe/Amsterdam."""
    made_at: Mapped[Moment]
    uiterlijk: Mapped[date]
    """Last day for the review (norm of the gemeente)."""
    oordeel: Mapped[Oordeel | None]
    toelichting = sealed.text()
    reviewed_at: Mapped[Moment | None]
    reviewed_by_id: Mapped[UUID | None]
    status: Mapped[str] = mapped_column(status_of(beoordeeld="reviewed_at", open=""))

    def review(
        self, oordeel: Oordeel, toelichting: str, by_id: UUID, at: datetime
    ) -> None:
        """Say what the officer thinks of it; once, and never of oneself."""
        require_other(self.user_id, by_id)
        if self.reviewed_at:
            raise RuleViolation("Dit signaal is al beoordeeld.")
        self.oordeel = oordeel
        self.toelichting = toelichting
        self.reviewed_by_id = by_id
        self.reviewed_at = at


class Inzagesignaalregel(Gemeentelijk, Model):
    """One record of the trail behind a signal; behind one signal of a rule only."""

    __tablename__ = "inzagesignaalregel"

    record_id: Mapped[UUID] = mapped_column(
        ForeignKey("audit_record.id"), primary_key=True
    )
    regel: Mapped[Inzageregel] = mapped_column(primary_key=True)
    signaal_id: Mapped[UUID] = mapped_column(ForeignKey(Inzagesignaal.id), index=True)
