"""What a gemeente has agreed with an aanbieder."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.types import Text

from loket.db import Gemeentelijk, Id, Model, Moment, RowRule, in_order, no_overlap
from loket.providers.aanbieder import Aanbieder


class Contractvorm(StrEnum):
    """Uitvoeringsvariant; the first two always use messages (UR Wmo art. 3j)."""

    INSPANNINGSGERICHT = "inspanningsgericht"
    OUTPUTGERICHT = "outputgericht"
    TAAKGERICHT = "taakgericht"


class Contract(Gemeentelijk, Model):
    """A contract of one gemeente with one aanbieder, for a period."""

    __tablename__ = "contract"
    __row_rule__ = RowRule.OWN_READ
    __table_args__ = (
        UniqueConstraint("gemeente_code", "nummer"),
        CheckConstraint(
            "vorm = 'taakgericht' OR berichten", name="messages_where_compulsory"
        ),
        in_order("van", "tot"),
        Index(None, "aanbieder_id"),
    )

    id: Mapped[Id]
    aanbieder_id: Mapped[UUID] = mapped_column(ForeignKey(Aanbieder.id))
    nummer: Mapped[str]
    vorm: Mapped[Contractvorm]
    berichten: Mapped[bool]
    """Works with iWmo messages, so a toewijzing needs a BSN."""
    plaatsingsverzoek: Mapped[bool]
    """The aanbieder is asked first; else the toewijzing goes at once."""
    van: Mapped[date]
    tot: Mapped[date | None]
    created_at: Mapped[Moment]
    created_by_id: Mapped[UUID]

    aanbieder: Mapped[Aanbieder] = relationship(lazy="raise")
    regels: Mapped[list["Contractregel"]] = relationship(
        back_populates="contract", lazy="raise"
    )


class Contractregel(Gemeentelijk, Model):
    """One product in a contract: tariff, area and ceiling, in a period."""

    __tablename__ = "contractregel"
    __row_rule__ = RowRule.OWN_READ
    __table_args__ = (
        no_overlap("contract_id", "product_code"),
        in_order("van", "tot"),
        CheckConstraint("tarief_cent >= 0", name="tarief_not_negative"),
    )

    id: Mapped[Id]
    contract_id: Mapped[UUID] = mapped_column(ForeignKey(Contract.id))
    aanbieder_id: Mapped[UUID] = mapped_column(ForeignKey(Aanbieder.id))
    product_code: Mapped[str]
    tarief_cent: Mapped[int]
    """Cents per unit of the product."""
    pc4_gebied: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    """Four-digit postcodes it serves; empty means the whole gemeente."""
    max_clienten: Mapped[int | None]
    """Ceiling (omzetplafond counted in cliënten); empty means none."""
    van: Mapped[date]
    tot: Mapped[date | None]

    contract: Mapped[Contract] = relationship(back_populates="regels", lazy="raise")


class Capaciteit(Gemeentelijk, Model):
    """What an aanbieder reports for a product: waiting time, stop, languages."""

    __tablename__ = "capaciteit"
    __row_rule__ = RowRule.OWN
    __table_args__ = (
        UniqueConstraint("gemeente_code", "aanbieder_id", "product_code"),
        in_order("stop_van", "stop_tot"),
    )

    id: Mapped[Id]
    aanbieder_id: Mapped[UUID] = mapped_column(ForeignKey(Aanbieder.id))
    product_code: Mapped[str]
    wachttijd_dagen: Mapped[int]
    stop_van: Mapped[date | None]
    """Cliëntenstop with consent of the gemeente (contract standard Wmo 1.2)."""
    stop_tot: Mapped[date | None]
    talen: Mapped[list[str]] = mapped_column(ARRAY(Text))
    reported_at: Mapped[Moment]
    reported_by_id: Mapped[UUID]
