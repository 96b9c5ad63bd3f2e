"""Somebody asks the gemeente to destroy what it holds about them (Wmo art. 5.3.5)."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from pathlib import Path
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
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
from loket.vault.fields import Sealed, sealed

_DATA = Path(__file__).parents[1] / "data" / "tegengronden.csv"


class Omvang(StrEnum):
    """How much is to be destroyed."""

    DOSSIER = "dossier"
    PERSOON = "persoon"


@dataclass(frozen=True)
class Tegengrond:
    """A ground that opposes destroying (Wmo art. 5.3.5 lid 2), as it holds."""

    code: str
    label: str
    artikel: str
    van: date
    tot: date | None

    def holds_on(self, day: date) -> bool:
        """Whether it may be given on this day."""
        return self.van <= day and (self.tot is None or day <= self.tot)


@cache
def _tegengronden() -> tuple[Tegengrond, ...]:
    with _DATA.open(encoding="utf-8") as lines:
        return tuple(
            Tegengrond(
                row["code"],
                row["label"],
                row["artikel"],
                date.fromisoformat(row["van"]),
                date.fromisoformat(row["tot"]) if row["tot"] else None,
            )
            for row in csv.DictReader(lines)
        )


def tegengronden(day: date) -> Mapping[str, Tegengrond]:
    """Return the grounds on which a request may be refused on this day."""
    return {each.code: each for each in _tegengronden() if each.holds_on(day)}


class Vernietigingsverzoek(Sealed, Gemeentelijk, Model):
    """A written request to destroy; to be carried out or refused in three months."""

    __tablename__ = "vernietigingsverzoek"
    __table_args__ = (
        UniqueConstraint("referentie"),
        together("decided_at", "decided_by_id", "ingewilligd"),
        CheckConstraint(
            "(ingewilligd IS FALSE) = (tegengrond IS NOT NULL)",
            name="refused_on_a_ground",
        ),
        Index(None, "dossier_id"),
        Index(None, "gemeente_code", "decided_at", "uiterlijk"),
    )

    id: Mapped[Id]
    referentie: Mapped[str]
    dossier_id: Mapped[UUID] = mapped_column(ForeignKey(Dossier.id))
    omvang: Mapped[Omvang]
    ontvangen_op: Mapped[date]
    uiterlijk: Mapped[date]
    """Three months after the request came in (Wmo art. 5.3.5 lid 1)."""
    received_at: Mapped[Moment]
    received_by_id: Mapped[UUID]
    ingewilligd: Mapped[bool | None]
    tegengrond: Mapped[str | None]
    """Code of the ground that opposes."""
    motivering = sealed.text()
    decided_at: Mapped[Moment | None]
    decided_by_id: Mapped[UUID | None]
    document_id: Mapped[UUID | None]
    """The letter of the decision."""
    status: Mapped[str] = mapped_column(status_of(beslist="decided_at", open=""))

    def __init__(self, **values: object) -> None:
        values.setdefault("referentie", new_referentie())
        super().__init__(**values)

    def decide(
        self,
        by_id: UUID,
        at: datetime,
        *,
        ingewilligd: bool,
        tegengrond: str | None,
        motivering: str | None,
    ) -> None:
        """Say yes, or no on a ground; this happens once."""
        if self.decided_at:
            raise RuleViolation("Op dit verzoek is al beslist.")
        if ingewilligd == bool(tegengrond):
            raise RuleViolation(
                "Kies een grond als u het verzoek weigert, en alleen dan.", "tegengrond"
            )
        self.ingewilligd = ingewilligd
        self.tegengrond = tegengrond
        self.motivering = motivering
        self.decided_at = at
        self.decided_by_id = by_id
