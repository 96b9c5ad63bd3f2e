"""The verslag: the outcome of the onderzoek in writing, and the cliënt's answer."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from loket.cases.dossier.document import Document
from loket.cases.dossier.dossier import Dossier
from loket.cases.onderzoek.onderzoek import Onderzoek
from loket.db import Gemeentelijk, Id, Model, Moment, status_of, together
from loket.errors import RuleViolation
from loket.termijnen import dag_van
from loket.vault.fields import Sealed, sealed

_SIGNED = "ondertekend_op"


class Reactie(StrEnum):
    """What the cliënt answers to the verslag."""

    AKKOORD = "akkoord"
    AKKOORD_MET_OPMERKINGEN = "akkoord_met_opmerkingen"
    NIET_AKKOORD = "niet_akkoord"


class Verslag(Sealed, Gemeentelijk, Model):
    """One version of the verslag (Wmo art. 2.3.2 lid 8); earlier ones stay."""

    __tablename__ = "verslag"
    __table_args__ = (
        UniqueConstraint("onderzoek_id", "versie"),
        together("answered_at", "answered_by_id", "reactie"),
        Index(
            "ix_verslag_to_answer",
            "gemeente_code",
            "made_at",
            "id",
            postgresql_where="answered_at IS NULL",
        ),
    )

    id: Mapped[Id]
    onderzoek_id: Mapped[UUID] = mapped_column(ForeignKey(Onderzoek.id))
    dossier_id: Mapped[UUID] = mapped_column(ForeignKey(Dossier.id))
    versie: Mapped[int]
    samenvatting = sealed.text()
    conclusie = sealed.text()
    document_id: Mapped[UUID | None] = mapped_column(ForeignKey(Document.id))
    """The PDF, once the worker has made it."""
    made_at: Mapped[Moment]
    made_by_id: Mapped[UUID]
    reactie: Mapped[Reactie | None]
    opmerkingen = sealed.text()
    ondertekend_op: Mapped[date | None]
    """Signed by the cliënt: counts as aanvraag from the day it came in."""
    answered_at: Mapped[Moment | None]
    answered_by_id: Mapped[UUID | None]
    status: Mapped[str] = mapped_column(
        status_of(beantwoord="answered_at", opgesteld="")
    )

    def answer(
        self,
        reactie: Reactie,
        opmerkingen: str,
        ondertekend_op: date | None,
        by_id: UUID,
        at: datetime,
    ) -> None:
        """Record what the cliënt says about it; this happens once per version."""
        if self.answered_at:
            raise RuleViolation("De reactie op dit verslag is al vastgelegd.")
        if ondertekend_op and ondertekend_op < dag_van(self.made_at):
            raise RuleViolation("Op deze dag was het verslag er nog niet.", _SIGNED)
        if ondertekend_op and ondertekend_op > dag_van(at):
            raise RuleViolation("Deze dag ligt in de toekomst.", _SIGNED)
        self.reactie = reactie
        self.opmerkingen = opmerkingen
        self.ondertekend_op = ondertekend_op
        self.answered_at = at
        self.answered_by_id = by_id
