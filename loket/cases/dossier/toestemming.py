"""The consent of a person to use data that the Act keeps apart."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from loket.cases.dossier.herkomst import Herkomst
from loket.db import (
    Gemeentelijk,
    Id,
    Model,
    Moment,
    in_order,
    status_of,
    together,
)
from loket.errors import RuleViolation
from loket.vault.fields import Sealed, sealed


class GegevenDoor(StrEnum):
    """Who said yes: the person, or who may speak for that person."""

    INWONER = "inwoner"
    VERTEGENWOORDIGER = "vertegenwoordiger"


class Wijze(StrEnum):
    """How consent was given; always explicit (Wmo art. 5.1.1 lid 4)."""

    FORMULIER = "formulier"
    GESPREK = "gesprek"
    TELEFOON = "telefoon"
    BRIEF = "brief"


class Toestemming(Sealed, Gemeentelijk, Model):
    """Yes to one source, for one purpose, until it is withdrawn (Wmo art. 5.1.1).

    Withdrawing works forward: what was obtained while it held, stays lawful
    (AVG art. 7 lid 3).
    """

    __tablename__ = "toestemming"
    __scope__ = "dossier_id"
    __table_args__ = (
        together("withdrawn_at", "withdrawn_by_id", "ingetrokken_op"),
        in_order("gegeven_op", "ingetrokken_op"),
        Index(None, "dossier_id", "herkomst"),
        Index(None, "inwoner_id"),
    )

    id: Mapped[Id]
    dossier_id: Mapped[UUID] = mapped_column(ForeignKey("dossier.id"))
    inwoner_id: Mapped[UUID] = mapped_column(ForeignKey("inwoner.id"))
    """Whose data it is about."""
    herkomst: Mapped[Herkomst]
    gegeven_door: Mapped[GegevenDoor]
    wijze: Mapped[Wijze]
    gegeven_op: Mapped[date]
    gegevens = sealed.text()
    """Which data."""
    partij = sealed.text()
    """From whom, or to whom."""
    doel = sealed.text()
    recorded_at: Mapped[Moment]
    recorded_by_id: Mapped[UUID]
    ingetrokken_op: Mapped[date | None]
    withdrawn_at: Mapped[Moment | None]
    withdrawn_by_id: Mapped[UUID | None]
    status: Mapped[str] = mapped_column(
        status_of(ingetrokken="withdrawn_at", geldig="")
    )

    def holds(self, dag: date) -> bool:
        """Whether data may be obtained on this day."""
        return self.gegeven_op <= dag and (
            self.ingetrokken_op is None or dag < self.ingetrokken_op
        )

    def withdraw(self, dag: date, by_id: UUID, at: datetime) -> None:
        """Take it back from a day on; this happens once."""
        if self.withdrawn_at:
            raise RuleViolation("Deze toestemming is al ingetrokken.")
        if dag < self.gegeven_op:
            raise RuleViolation(
                "Deze dag ligt voor de dag van de toestemming.", "ingetrokken_op"
            )
        self.ingetrokken_op = dag
        self.withdrawn_at = at
        self.withdrawn_by_id = by_id
