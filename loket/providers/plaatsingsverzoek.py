"""The plaatsingsverzoek: can you help this person, without saying who."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Text

from loket.cases.besluit.voorziening import Voorziening
from loket.cases.dossier.dossier import Dossier
from loket.cases.producten.product import Eenheid, Frequentie
from loket.db import (
    Gemeentelijk,
    Id,
    Model,
    Moment,
    RowRule,
    new_referentie,
    status_of,
    together,
)
from loket.errors import RuleViolation
from loket.providers.aanbieder import Aanbieder
from loket.providers.contract import Contractregel
from loket.vault.fields import Sealed, sealed


class Weigergrond(StrEnum):
    """The three grounds to decline (contract standard Wmo 1.2)."""

    CLIENTENSTOP = "clientenstop"
    NIET_PASSEND = "niet_passend"
    PLAFOND_BEREIKT = "plafond_bereikt"


class Plaatsingsverzoek(Sealed, Gemeentelijk, Model):
    """A question to one aanbieder at a time; holds no name, BSN or birth date."""

    __tablename__ = "plaatsingsverzoek"
    __row_rule__ = RowRule.OWN_ANSWER
    __table_args__ = (
        UniqueConstraint("referentie"),
        together("accepted_at", "accepted_by_id", "startdatum"),
        together("declined_at", "declined_by_id", "weigergrond"),
        together("withdrawn_at", "withdrawn_by_id"),
        CheckConstraint(
            "num_nonnulls(accepted_at, declined_at, withdrawn_at) <= 1",
            name="one_answer",
        ),
        Index(
            "uq_plaatsingsverzoek_open",
            "voorziening_id",
            unique=True,
            postgresql_where="accepted_at IS NULL AND declined_at IS NULL"
            " AND withdrawn_at IS NULL",
        ),
        Index(None, "gemeente_code", "status", "requested_at"),
        Index(None, "aanbieder_id", "status", "requested_at"),
        Index(None, "gemeente_code", "accepted_at"),
        Index(None, "gemeente_code", "declined_at"),
        Index(None, "aanbieder_id", "requested_at"),
        Index(None, "dossier_id"),
    )

    id: Mapped[Id]
    referentie: Mapped[str]
    dossier_id: Mapped[UUID] = mapped_column(ForeignKey(Dossier.id))
    voorziening_id: Mapped[UUID] = mapped_column(ForeignKey(Voorziening.id))
    aanbieder_id: Mapped[UUID] = mapped_column(ForeignKey(Aanbieder.id))
    contractregel_id: Mapped[UUID] = mapped_column(ForeignKey(Contractregel.id))
    product_code: Mapped[str]
    volume: Mapped[int]
    eenheid: Mapped[Eenheid]
    frequentie: Mapped[Frequentie]
    gewenste_start: Mapped[date]
    einddatum: Mapped[date | None]
    pc4: Mapped[str | None]
    dagen: Mapped[list[str]] = mapped_column(ARRAY(Text))
    taal: Mapped[str]
    spoed: Mapped[bool]
    omschrijving = sealed.text()
    """Omschrijving voor aanbieder: what is needed to judge the fit, no more."""
    voorkeur_client: Mapped[bool]
    motief = sealed.text()
    """Why this aanbieder; for the gemeente only."""
    kandidaten: Mapped[Any] = mapped_column(JSONB)
    """The list as it stood at the choice: aanbieder ids, fits or coded reasons not."""
    requested_at: Mapped[Moment]
    requested_by_id: Mapped[UUID]
    accepted_at: Mapped[Moment | None]
    accepted_by_id: Mapped[UUID | None]
    startdatum: Mapped[date | None]
    declined_at: Mapped[Moment | None]
    declined_by_id: Mapped[UUID | None]
    weigergrond: Mapped[Weigergrond | None]
    withdrawn_at: Mapped[Moment | None]
    withdrawn_by_id: Mapped[UUID | None]
    status: Mapped[str] = mapped_column(
        status_of(
            aanvaard="accepted_at",
            geweigerd="declined_at",
            ingetrokken="withdrawn_at",
            open="",
        )
    )

    def __init__(self, **values: object) -> None:
        values.setdefault("referentie", new_referentie())
        super().__init__(**values)

    def require_open(self) -> None:
        """Refuse a second answer, also when two come at once (version in the WHERE)."""
        if self.withdrawn_at:
            raise RuleViolation("De gemeente heeft dit verzoek ingetrokken.")
        if self.accepted_at or self.declined_at:
            raise RuleViolation("Dit verzoek is al beantwoord.")

    def accept(self, startdatum: date, by_id: UUID, at: datetime) -> None:
        """The aanbieder can help from this day."""
        self.require_open()
        self.startdatum = startdatum
        self.accepted_at = at
        self.accepted_by_id = by_id

    def decline(self, grond: Weigergrond, by_id: UUID, at: datetime) -> None:
        """The aanbieder cannot, on a ground of the contract."""
        self.require_open()
        self.weigergrond = grond
        self.declined_at = at
        self.declined_by_id = by_id

    def withdraw(self, by_id: UUID, at: datetime) -> None:
        """The gemeente takes the question back."""
        self.require_open()
        self.withdrawn_at = at
        self.withdrawn_by_id = by_id
