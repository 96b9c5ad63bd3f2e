"""The gemeente and its settings, with the period in which each holds."""

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from loket.db import Gemeentelijk, Id, Model, RowRule, no_overlap


class Gemeente(Model):
    """A municipality that works with this installation; not under row security."""

    __tablename__ = "gemeente"
    __table_args__ = (CheckConstraint("code ~ '^[0-9]{4}$'", name="code_cbs"),)

    code: Mapped[str] = mapped_column(primary_key=True)
    """CBS code, four digits, as text: 0396 keeps its zero."""
    naam: Mapped[str]
    adres: Mapped[str]
    postadres: Mapped[str]
    telefoon: Mapped[str]
    website: Mapped[str]
    huisstijl_stand: Mapped[str | None]
    """Drawn anew by every deed about the house style: see `loket.huisstijl.queries`."""


class Instelling(Gemeentelijk, Model):
    """One setting or rule of a gemeente, with its period of validity."""

    __tablename__ = "instelling"
    __row_rule__ = RowRule.OPEN
    __table_args__ = (no_overlap("gemeente_code", "sleutel"),)

    id: Mapped[Id]
    sleutel: Mapped[str]
    waarde: Mapped[Any] = mapped_column(JSONB)
    van: Mapped[date]
    tot: Mapped[date | None]
