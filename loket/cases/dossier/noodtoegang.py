"""Opening a shielded dossier in an emergency: for a short time, and always reviewed."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from loket.db import Gemeentelijk, Id, Model, Moment, status_of, together
from loket.errors import RuleViolation
from loket.vault.fields import Sealed, sealed


class Noodgrond(StrEnum):
    """Why it could not wait for somebody who may see the dossier."""

    GEVAAR = "gevaar"
    HULP_VALT_WEG = "hulp_valt_weg"
    INWONER_MELDT_ZICH = "inwoner_meldt_zich"
    TERMIJN_VERLOOPT = "termijn_verloopt"


class Oordeel(StrEnum):
    """What the privacy officer thinks of a look."""

    TERECHT = "terecht"
    ONTERECHT = "onterecht"
    NAGEVRAAGD = "nagevraagd"
    """Asked about and explained; the words say by whom and how."""


class Noodtoegang(Sealed, Gemeentelijk, Model):
    """Somebody let themselves in (NEN 7513: emergency access); its words are sealed.

    They fall under the key of the dossier: what may stand in them is about its cliënt.
    """

    __tablename__ = "noodtoegang"
    __table_args__ = (
        together("reviewed_at", "reviewed_by_id", "oordeel"),
        Index(None, "gemeente_code", "reviewed_at", "uiterlijk"),
        Index(None, "user_id", "tot"),
        Index(None, "dossier_id"),
    )

    id: Mapped[Id]
    dossier_id: Mapped[UUID] = mapped_column(ForeignKey("dossier.id"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    grond: Mapped[Noodgrond]
    reden = sealed.text()
    opened_at: Mapped[Moment]
    tot: Mapped[Moment]
    """From this moment the dossier is shut again."""
    uiterlijk: Mapped[date]
    """Last day for the review (norm of the gemeente)."""
    oordeel: Mapped[Oordeel | None]
    toelichting = sealed.text()
    reviewed_at: Mapped[Moment | None]
    reviewed_by_id: Mapped[UUID | None]
    status: Mapped[str] = mapped_column(status_of(beoordeeld="reviewed_at", open=""))

    def holds_at(self, at: datetime) -> bool:
        """Whether it still opens the dossier."""
        return self.opened_at <= at < self.tot

    def review(
        self, oordeel: Oordeel, toelichting: str, by_id: UUID, at: datetime
    ) -> None:
        """Say what the officer thinks of it; once, and never of oneself."""
        require_other(self.user_id, by_id)
        if self.reviewed_at:
            raise RuleViolation("Deze noodtoegang is al beoordeeld.")
        self.oordeel = oordeel
        self.toelichting = toelichting
        self.reviewed_by_id = by_id
        self.reviewed_at = at


def require_other(user_id: UUID, by_id: UUID) -> None:
    """Refuse somebody who would judge their own looks.

    Raises:
        RuleViolation: it is the same person.
    """
    if user_id == by_id:
        raise RuleViolation(
            "U kunt uw eigen inzage niet beoordelen. Vraag een andere privacy officer."
        )
