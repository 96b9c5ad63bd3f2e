"""Two records of one person made one, so that it can be undone."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from loket.db import Gemeentelijk, Id, Model, Moment, together
from loket.errors import RuleViolation
from loket.vault.fields import Sealed, sealed


class SamenvoegReden(StrEnum):
    """How somebody came to be there twice."""

    DUBBEL_INGEVOERD = "dubbel_ingevoerd"
    NAAM_VERANDERD = "naam_veranderd"
    BSN_LATER_BEKEND = "bsn_later_bekend"


class Samenvoeging(Sealed, Gemeentelijk, Model):
    """One merge: who went into whom, what moved along, and what stood there before.

    Nothing is thrown away: the record that went keeps its row and its key, so that
    a wrong merge can be undone (AVG art. 5.1.d: data are correct, or corrected).
    """

    __tablename__ = "samenvoeging"
    __scope__ = "blijft_id"
    __scope_kind__ = "inwoner"
    __table_args__ = (
        together("undone_at", "undone_by_id"),
        Index(
            "uq_samenvoeging_weg",
            "weg_id",
            unique=True,
            postgresql_where="undone_at IS NULL",
        ),
        Index(None, "gemeente_code", "made_at"),
    )

    id: Mapped[Id]
    weg_id: Mapped[UUID] = mapped_column(ForeignKey("inwoner.id"))
    blijft_id: Mapped[UUID] = mapped_column(ForeignKey("inwoner.id"), index=True)
    reden: Mapped[SamenvoegReden]
    made_at: Mapped[Moment]
    made_by_id: Mapped[UUID]
    verplaatst: Mapped[list[Any]] = mapped_column(JSONB)
    """Rows that moved: table, column and key of each; ids only."""
    ervoor = sealed.json()
    """What the fields held that the merge filled in, of both records."""
    undone_at: Mapped[Moment | None]
    undone_by_id: Mapped[UUID | None]

    def undo(self, by_id: UUID, at: datetime) -> None:
        """They were two people after all; this happens once."""
        if self.undone_at:
            raise RuleViolation("Deze samenvoeging is al teruggedraaid.")
        self.undone_at = at
        self.undone_by_id = by_id
