"""Post that came in: sealed at once, filed to a dossier, never left lying about."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from loket.cases.dossier.contactmoment import Kanaal
from loket.db import (
    Gemeentelijk,
    Id,
    Model,
    Moment,
    new_referentie,
    status_of,
    together,
)
from loket.errors import RuleViolation
from loket.vault.fields import Sealed, sealed


class Terzijde(StrEnum):
    """Why post goes to no dossier; who it is for gets it (Awb art. 2:3)."""

    DOORGEZONDEN = "doorgezonden"
    TERUGGESTUURD = "teruggestuurd"
    DUBBEL = "dubbel"
    GEEN_POST_VOOR_WMO = "geen_post_voor_wmo"


class Poststuk(Sealed, Gemeentelijk, Model):
    """One letter, form or photo that came in and waits for its dossier.

    It has a key of its own until it is filed; then its content is a document of the
    dossier, under the key of the dossier, and no longer here.
    """

    __tablename__ = "poststuk"
    __scope__ = "id"
    __scope_kind__ = "poststuk"
    __table_args__ = (
        UniqueConstraint("referentie"),
        together("filed_at", "filed_by_id", "dossier_id", "document_id"),
        together("aside_at", "aside_by_id", "aside_reden"),
        CheckConstraint("filed_at IS NULL OR aside_at IS NULL", name="one_ending"),
        Index(None, "gemeente_code", "status", "ontvangen_op", "referentie"),
    )

    id: Mapped[Id]
    referentie: Mapped[str]
    kanaal: Mapped[Kanaal]
    ontvangen_op: Mapped[date]
    """Day of receipt: terms count from it, not from the day of scanning."""
    mediatype: Mapped[str]
    omvang: Mapped[int]
    """Size in bytes."""
    afzender = sealed.text()
    omschrijving = sealed.text()
    inhoud = sealed.bytes(deferred=True)
    registered_at: Mapped[Moment]
    registered_by_id: Mapped[UUID]
    filed_at: Mapped[Moment | None]
    filed_by_id: Mapped[UUID | None]
    dossier_id: Mapped[UUID | None] = mapped_column(ForeignKey("dossier.id"))
    document_id: Mapped[UUID | None] = mapped_column(ForeignKey("document.id"))
    aside_at: Mapped[Moment | None]
    aside_by_id: Mapped[UUID | None]
    aside_reden: Mapped[Terzijde | None]
    status: Mapped[str] = mapped_column(
        status_of(opgeborgen="filed_at", terzijde="aside_at", wacht="")
    )

    def __init__(self, **values: object) -> None:
        values.setdefault("referentie", new_referentie())
        super().__init__(**values)

    def require_waiting(self) -> None:
        """Refuse what was filed or set aside already."""
        if self.filed_at:
            raise RuleViolation("Dit poststuk zit al in een dossier.")
        if self.aside_at:
            raise RuleViolation("Dit poststuk is al terzijde gelegd.")

    def file(
        self, dossier_id: UUID, document_id: UUID, by_id: UUID, at: datetime
    ) -> None:
        """It is in a dossier from now on; this happens once."""
        self.require_waiting()
        self.dossier_id = dossier_id
        self.document_id = document_id
        self.filed_at = at
        self.filed_by_id = by_id
        self.inhoud = None

    def take_back(self, inhoud: bytes) -> None:
        """It was filed to the wrong dossier: it waits again, with its content."""
        if not self.filed_at:
            raise RuleViolation("Dit poststuk zit niet in een dossier.")
        self.inhoud = inhoud
        self.filed_at = self.filed_by_id = None
        self.dossier_id = self.document_id = None

    def set_aside(self, reden: Terzijde, by_id: UUID, at: datetime) -> None:
        """It belongs to no dossier here; this happens once."""
        self.require_waiting()
        self.aside_at = at
        self.aside_by_id = by_id
        self.aside_reden = reden
