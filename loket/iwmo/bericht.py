"""A message from or to an aanbieder, kept unchanged and sealed."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from loket.cases.dossier.dossier import Dossier
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
from loket.providers.aanbieder import Aanbieder
from loket.providers.toewijzing import Toewijzing
from loket.vault.fields import Sealed, sealed


class Richting(StrEnum):
    """In or out."""

    IN = "in"
    UIT = "uit"


class Bericht(Sealed, Gemeentelijk, Model):
    """One iWmo message as it came in or went out; a key scope of its own.

    `sha256` of an incoming file makes taking it in idempotent; `bron_id` and `soort`
    do so for one going out.
    """

    __tablename__ = "bericht"
    __scope__ = "scope_id"
    __scope_kind__ = "bericht"
    __table_args__ = (
        UniqueConstraint("referentie"),
        UniqueConstraint("gemeente_code", "sha256"),
        Index(
            "uq_bericht_out",
            "gemeente_code",
            "soort",
            "bron_id",
            unique=True,
            postgresql_where="richting = 'uit'",
        ),
        CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="sha256_hex"),
        Index(None, "gemeente_code", "recorded_at"),
    )

    id: Mapped[Id]
    referentie: Mapped[str]
    scope_id: Mapped[UUID]
    richting: Mapped[Richting]
    soort: Mapped[str]
    """Message code without domain: 301, 315."""
    versie: Mapped[str]
    identificatie: Mapped[str]
    dagtekening: Mapped[date]
    afzender: Mapped[str]
    ontvanger: Mapped[str]
    aanbieder_id: Mapped[UUID | None] = mapped_column(
        ForeignKey(Aanbieder.id), index=True
    )
    dossier_id: Mapped[UUID | None] = mapped_column(ForeignKey(Dossier.id), index=True)
    bron_id: Mapped[UUID | None]
    """What an outgoing message tells of: a bericht, a toewijzing, a verzoek."""
    sha256: Mapped[str]
    inhoud = sealed.bytes(deferred=True)
    retourcodes: Mapped[Any] = mapped_column(JSONB)
    """Codes and element names of the checks, never values."""
    recorded_at: Mapped[Moment]
    placed_at: Mapped[Moment | None]
    """When the outgoing file was put in the folder."""
    status: Mapped[str] = mapped_column(status_of(geplaatst="placed_at", vastgelegd=""))

    def __init__(self, **values: object) -> None:
        values.setdefault("referentie", new_referentie())
        super().__init__(**values)


class Verzoek(Gemeentelijk, Model):
    """One product asked for in a 315: work for the gemeente until it is answered."""

    __tablename__ = "verzoek"
    __table_args__ = (
        UniqueConstraint("bericht_id", "volgnummer"),
        UniqueConstraint("referentie"),
        together("honoured_at", "honoured_by_id", "toewijzing_id"),
        together("rejected_at", "rejected_by_id", "afwijzing"),
        CheckConstraint(
            "honoured_at IS NULL OR rejected_at IS NULL", name="one_answer"
        ),
        Index(None, "dossier_id"),
    )

    id: Mapped[Id]
    referentie: Mapped[str]
    bericht_id: Mapped[UUID] = mapped_column(ForeignKey(Bericht.id))
    dossier_id: Mapped[UUID] = mapped_column(ForeignKey(Dossier.id))
    aanbieder_id: Mapped[UUID] = mapped_column(ForeignKey(Aanbieder.id))
    volgnummer: Mapped[int]
    referentie_aanbieder: Mapped[str]
    beschikking_nummer: Mapped[str | None]
    """The beschikking the aanbieder cites, possibly unknown here."""
    categorie: Mapped[str | None]
    product_code: Mapped[str | None]
    volume: Mapped[int | None]
    eenheid: Mapped[str | None]
    frequentie: Mapped[str | None]
    gewenste_start: Mapped[date]
    gewenst_einde: Mapped[date | None]
    received_at: Mapped[Moment]
    honoured_at: Mapped[Moment | None]
    honoured_by_id: Mapped[UUID | None]
    toewijzing_id: Mapped[UUID | None] = mapped_column(ForeignKey(Toewijzing.id))
    rejected_at: Mapped[Moment | None]
    rejected_by_id: Mapped[UUID | None]
    afwijzing: Mapped[str | None]
    """Code of WJ759."""
    status: Mapped[str] = mapped_column(
        status_of(gehonoreerd="honoured_at", afgewezen="rejected_at", open="")
    )

    def __init__(self, **values: object) -> None:
        values.setdefault("referentie", new_referentie())
        super().__init__(**values)

    def require_open(self) -> None:
        """Refuse a second answer."""
        if self.honoured_at or self.rejected_at:
            raise RuleViolation("Dit verzoek is al beantwoord.")

    def honour(self, toewijzing_id: UUID, by_id: UUID, at: datetime) -> None:
        """Answered with a toewijzing (301)."""
        self.require_open()
        self.toewijzing_id = toewijzing_id
        self.honoured_at = at
        self.honoured_by_id = by_id

    def reject(self, reden: str, by_id: UUID, at: datetime) -> None:
        """Answered with a 319."""
        self.require_open()
        self.afwijzing = reden
        self.rejected_at = at
        self.rejected_by_id = by_id
