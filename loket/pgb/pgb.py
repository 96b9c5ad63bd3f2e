"""The persoonsgebonden budget: three tests, a budget, and who helps."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from loket.cases.besluit.beschikking import Besluitregel
from loket.cases.besluit.voorziening import Voorziening
from loket.cases.dossier.dossier import Dossier
from loket.cases.dossier.inwoner import Inwoner
from loket.cases.producten.product import Eenheid, Frequentie
from loket.db import Gemeentelijk, Id, Model, Moment, in_order
from loket.vault.fields import Sealed, sealed
from loket.vault.rowseal import RowSealed


class PgbToets(Sealed, Gemeentelijk, Model):
    """The three conditions of Wmo art. 2.3.6 lid 2, for one besluitregel."""

    __tablename__ = "pgb_toets"
    __table_args__ = (UniqueConstraint("besluitregel_id"),)

    id: Mapped[Id]
    dossier_id: Mapped[UUID] = mapped_column(ForeignKey(Dossier.id), index=True)
    besluitregel_id: Mapped[UUID] = mapped_column(
        ForeignKey(Besluitregel.id, ondelete="CASCADE")
    )
    vaardig: Mapped[bool]
    """a: can manage it, alone or with help of the network or a representative."""
    vaardig_toelichting = sealed.text()
    gemotiveerd: Mapped[bool]
    """b: explains why the offer in natura does not fit."""
    gemotiveerd_toelichting = sealed.text()
    kwaliteit: Mapped[bool]
    """c: what will be bought is safe, effective and centred on the cliënt."""
    kwaliteit_toelichting = sealed.text()
    assessed_at: Mapped[Moment]
    assessed_by_id: Mapped[UUID]

    @property
    def is_passed(self) -> bool:
        """Whether all three conditions are met."""
        return self.vaardig and self.gemotiveerd and self.kwaliteit


class HelperSoort(StrEnum):
    """Formal help has another rate than help from the network."""

    FORMEEL = "formeel"
    INFORMEEL = "informeel"


class PgbTarief(Gemeentelijk, Model):
    """Rate for a pgb, per product and kind of helper; data with a validity."""

    __tablename__ = "pgb_tarief"
    __table_args__ = (in_order("van", "tot"),)

    id: Mapped[Id]
    product_code: Mapped[str]
    helper: Mapped[HelperSoort]
    tarief_cent: Mapped[int]
    """Cents per unit of the product."""
    van: Mapped[date]
    tot: Mapped[date | None]


class Budgetregel(Gemeentelijk, Model):
    """One line of the budget: so much of which help, at which rate."""

    __tablename__ = "budgetregel"
    __table_args__ = (
        CheckConstraint("volume > 0", name="volume_positive"),
        Index(None, "toets_id"),
    )

    id: Mapped[Id]
    toets_id: Mapped[UUID] = mapped_column(ForeignKey(PgbToets.id, ondelete="CASCADE"))
    dossier_id: Mapped[UUID] = mapped_column(ForeignKey(Dossier.id))
    helper: Mapped[HelperSoort]
    volume: Mapped[int]
    eenheid: Mapped[Eenheid]
    frequentie: Mapped[Frequentie]
    tarief_cent: Mapped[int]
    jaarbedrag_cent: Mapped[int]


class Pgb(RowSealed, Gemeentelijk, Model):
    """A granted budget of one voorziening in a period; successive ones may follow."""

    __tablename__ = "pgb"
    __table_args__ = (
        UniqueConstraint("besluitregel_id"),
        in_order("van", "tot"),
        Index(None, "voorziening_id"),
    )

    id: Mapped[Id]
    dossier_id: Mapped[UUID] = mapped_column(ForeignKey(Dossier.id))
    voorziening_id: Mapped[UUID] = mapped_column(ForeignKey(Voorziening.id))
    besluitregel_id: Mapped[UUID] = mapped_column(ForeignKey(Besluitregel.id))
    beheerder_id: Mapped[UUID | None] = mapped_column(ForeignKey(Inwoner.id))
    """Who manages it, when that is not the cliënt."""
    jaarbedrag_cent: Mapped[int]
    van: Mapped[date]
    tot: Mapped[date | None]
    granted_at: Mapped[Moment]

    overeenkomsten: Mapped[list["Zorgovereenkomst"]] = relationship(
        back_populates="pgb", lazy="raise"
    )


class Zorgovereenkomst(Sealed, Gemeentelijk, Model):
    """An agreement with one helper, paid through the SVB (UR Wmo art. 2a)."""

    __tablename__ = "zorgovereenkomst"

    id: Mapped[Id]
    pgb_id: Mapped[UUID] = mapped_column(ForeignKey(Pgb.id), index=True)
    dossier_id: Mapped[UUID] = mapped_column(ForeignKey(Dossier.id))
    helper: Mapped[HelperSoort]
    naam_helper = sealed.text()
    van: Mapped[date]
    tot: Mapped[date | None]

    pgb: Mapped[Pgb] = relationship(back_populates="overeenkomsten", lazy="raise")
