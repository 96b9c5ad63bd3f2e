"""Something somebody must do in a dossier before a day."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from loket.authz import Role
from loket.db import Gemeentelijk, Id, Model, Moment, together
from loket.errors import RuleViolation


class TaakSoort(StrEnum):
    """Coded, so that a list of tasks holds no content of a case."""

    BRIEF_VERZENDEN = "brief_verzenden"
    OPNIEUW_PLAATSEN = "opnieuw_plaatsen"
    GEGEVENS_OPVRAGEN = "gegevens_opvragen"
    BERICHT_BEOORDELEN = "bericht_beoordelen"
    VERSLAG_REACTIE = "verslag_reactie"
    AANVRAAG_REGISTREREN = "aanvraag_registreren"
    PARTNER_BENADEREN = "partner_benaderen"
    """Who shared the help of somebody who died, still needs it."""
    AANBIEDER_ANTWOORDEN = "aanbieder_antwoorden"
    """An aanbieder asked or told something about a verzoek or a toewijzing."""


class Taak(Gemeentelijk, Model):
    """A task for a person or for a role."""

    __tablename__ = "taak"
    __table_args__ = (
        together("done_at", "done_by_id"),
        Index(None, "dossier_id"),
        Index(None, "gemeente_code", "done_at", "uiterlijk"),
    )

    id: Mapped[Id]
    dossier_id: Mapped[UUID] = mapped_column(ForeignKey("dossier.id"))
    soort: Mapped[TaakSoort]
    onderwerp_id: Mapped[UUID | None]
    voor_rol: Mapped[Role | None]
    voor_user_id: Mapped[UUID | None]
    uiterlijk: Mapped[date]
    made_at: Mapped[Moment]
    done_at: Mapped[Moment | None]
    done_by_id: Mapped[UUID | None]

    def finish(self, by_id: UUID, at: datetime) -> None:
        """It is done; this happens once."""
        if self.done_at:
            raise RuleViolation("Deze taak is al klaar.")
        self.done_at = at
        self.done_by_id = by_id
