"""The household: three different things, kept apart."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from loket.db import Gemeentelijk, Id, Model, in_order


class SoortHuishouden(StrEnum):
    """An address, a leefeenheid and a marriage need not have the same members."""

    ADRES = "adres"
    LEEFEENHEID = "leefeenheid"
    """Who gives gebruikelijke hulp (Wmo art. 1.1.1)."""
    GEHUWD = "gehuwd"
    """Married for the eigen bijdrage (Wmo art. 1.1.2 lid 2)."""


class Huishouden(Gemeentelijk, Model):
    """A group of inwoners, of one kind, without a key of its own."""

    __tablename__ = "huishouden"

    id: Mapped[Id]
    soort: Mapped[SoortHuishouden]
    leden: Mapped[list["HuishoudenLid"]] = relationship(
        back_populates="huishouden", lazy="raise"
    )


class HuishoudenLid(Gemeentelijk, Model):
    """Membership of an inwoner, dated."""

    __tablename__ = "huishouden_lid"
    __table_args__ = (in_order("van", "tot"),)

    id: Mapped[Id]
    huishouden_id: Mapped[UUID] = mapped_column(ForeignKey(Huishouden.id), index=True)
    inwoner_id: Mapped[UUID] = mapped_column(ForeignKey("inwoner.id"), index=True)
    van: Mapped[date]
    tot: Mapped[date | None]

    huishouden: Mapped[Huishouden] = relationship(back_populates="leden", lazy="raise")
