"""A view of the worklist that somebody keeps: filters, columns and order."""

from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from loket.db import Gemeentelijk, Id, Model, Moment


class Weergave(Gemeentelijk, Model):
    """One kept view of one person; at most one of them opens by itself."""

    __tablename__ = "weergave"
    __table_args__ = (
        Index("uq_weergave_naam", "gemeente_code", "user_id", "naam", unique=True),
        Index(
            "uq_weergave_standaard",
            "gemeente_code",
            "user_id",
            unique=True,
            postgresql_where="is_standaard",
        ),
    )

    id: Mapped[Id]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    naam: Mapped[str]
    adres: Mapped[Any] = mapped_column(JSONB)
    """Names and values as in the address of the list: [["fase", "besluit"], ...]."""
    is_standaard: Mapped[bool] = mapped_column(default=False)
    saved_at: Mapped[Moment]
