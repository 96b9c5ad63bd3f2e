"""The voorziening: the right, that survives provider, contract and volume."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from loket.cases.besluit.beschikking import Besluitregel
from loket.cases.dossier.dossier import Dossier
from loket.cases.dossier.inwoner import Inwoner
from loket.cases.onderzoek.onderzoek import Onderzoek
from loket.cases.onderzoek.oplossing import Leveringsvorm
from loket.cases.onderzoek.resultaatafspraak import Resultaatafspraak
from loket.cases.producten.product import Domein, Eenheid, Frequentie
from loket.db import (
    Gemeentelijk,
    Id,
    Model,
    Moment,
    RowRule,
    in_order,
    no_overlap,
    status_of,
    together,
)
from loket.errors import RuleViolation


class Eindreden(StrEnum):
    """Why a right ended before or at its end date."""

    OVERLEDEN = "overleden"
    VERHUISD = "verhuisd"
    INGETROKKEN = "ingetrokken"
    DOEL_BEREIKT = "doel_bereikt"
    AFGELOPEN = "afgelopen"


class Voorziening(Gemeentelijk, Model):
    """A granted maatwerkvoorziening of one gerechtigde (Wmo art. 2.3.5 lid 3).

    No text of its own: product, minutes and dates are plain, because work and policy
    filter on them.
    """

    __tablename__ = "voorziening"
    __row_rule__ = RowRule.SHARED
    __table_args__ = (
        together("ended_at", "ended_by_id", "geeindigd_op", "eindreden"),
        Index(None, "dossier_id"),
        Index(None, "gerechtigde_id"),
    )

    id: Mapped[Id]
    dossier_id: Mapped[UUID] = mapped_column(ForeignKey(Dossier.id))
    gerechtigde_id: Mapped[UUID] = mapped_column(ForeignKey(Inwoner.id))
    product_code: Mapped[str]
    categorie: Mapped[str]
    domein: Mapped[Domein]
    granted_at: Mapped[Moment]
    granted_by_id: Mapped[UUID]
    ended_at: Mapped[Moment | None]
    ended_by_id: Mapped[UUID | None]
    geeindigd_op: Mapped[date | None]
    eindreden: Mapped[Eindreden | None]
    status: Mapped[str] = mapped_column(status_of(geeindigd="ended_at", lopend=""))

    regels: Mapped[list["VoorzieningRegel"]] = relationship(
        back_populates="voorziening", lazy="raise", order_by="VoorzieningRegel.van"
    )

    def end(self, day: date, reden: Eindreden, by_id: UUID, at: datetime) -> None:
        """The right ends; this happens once."""
        if self.ended_at:
            raise RuleViolation("Deze voorziening is al geëindigd.")
        self.ended_at = at
        self.ended_by_id = by_id
        self.geeindigd_op = day
        self.eindreden = reden


class Medegerechtigde(Gemeentelijk, Model):
    """Somebody else who benefits: the partner in the same household."""

    __tablename__ = "medegerechtigde"

    voorziening_id: Mapped[UUID] = mapped_column(
        ForeignKey(Voorziening.id), primary_key=True
    )
    inwoner_id: Mapped[UUID] = mapped_column(
        ForeignKey(Inwoner.id), primary_key=True, index=True
    )
    van: Mapped[date]
    tot: Mapped[date | None]


class VoorzieningRegel(Gemeentelijk, Model):
    """What holds in a period: per day one regel, so per day one leveringsvorm."""

    __tablename__ = "voorziening_regel"
    __row_rule__ = RowRule.SHARED
    __table_args__ = (
        no_overlap("voorziening_id"),
        in_order("van", "tot"),
        CheckConstraint("volume > 0", name="volume_positive"),
    )

    id: Mapped[Id]
    voorziening_id: Mapped[UUID] = mapped_column(ForeignKey(Voorziening.id))
    dossier_id: Mapped[UUID] = mapped_column(ForeignKey(Dossier.id))
    besluitregel_id: Mapped[UUID] = mapped_column(ForeignKey(Besluitregel.id))
    leveringsvorm: Mapped[Leveringsvorm]
    volume: Mapped[int]
    eenheid: Mapped[Eenheid]
    frequentie: Mapped[Frequentie]
    van: Mapped[date]
    tot: Mapped[date | None]

    voorziening: Mapped[Voorziening] = relationship(
        back_populates="regels", lazy="raise"
    )


class VoorzieningResultaat(Gemeentelijk, Model):
    """Which resultaatafspraken a voorziening must help to reach (n-n)."""

    __tablename__ = "voorziening_resultaat"
    __row_rule__ = RowRule.SHARED

    voorziening_id: Mapped[UUID] = mapped_column(
        ForeignKey(Voorziening.id), primary_key=True
    )
    resultaatafspraak_id: Mapped[UUID] = mapped_column(
        ForeignKey(Resultaatafspraak.id), primary_key=True, index=True
    )


class Heronderzoek(Gemeentelijk, Model):
    """An onderzoek without melding over running voorzieningen (Wmo art. 2.3.9)."""

    __tablename__ = "heronderzoek"
    __table_args__ = (UniqueConstraint("onderzoek_id", "voorziening_id"),)

    id: Mapped[Id]
    onderzoek_id: Mapped[UUID] = mapped_column(ForeignKey(Onderzoek.id))
    voorziening_id: Mapped[UUID] = mapped_column(ForeignKey(Voorziening.id), index=True)
