"""The onderzoek: what is needed, together with the cliënt."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from loket.cases.dossier.dossier import Afsluitreden, Dossier
from loket.cases.melding.melding import Melding
from loket.db import Gemeentelijk, Id, Model, Moment, status_of, together
from loket.errors import RuleViolation
from loket.vault.fields import Sealed, sealed


class Identiteitsbewijs(StrEnum):
    """Document seen; its number is not kept (Wmo art. 2.3.4)."""

    PASPOORT = "paspoort"
    IDENTITEITSKAART = "identiteitskaart"
    VREEMDELINGENDOCUMENT = "vreemdelingendocument"
    RIJBEWIJS = "rijbewijs"


class Onderzoek(Sealed, Gemeentelijk, Model):
    """The onderzoek after a melding, or a heronderzoek without one (Wmo 2.3.2, 2.3.9).

    `uiterste_datum` is the day of the law and never moves; `afgesproken_tot` is what
    was agreed with the cliënt and does not stop the clock.
    """

    __tablename__ = "onderzoek"
    __table_args__ = (
        UniqueConstraint("dossier_id"),
        together(
            "identiteit_gezien_at", "identiteit_gezien_by_id", "identiteitsbewijs"
        ),
        together("pgb_informatie_at", "pgb_informatie_by_id"),
        together("completed_at", "completed_by_id"),
        together("closed_at", "closed_by_id", "afsluitreden"),
        CheckConstraint("completed_at IS NULL OR closed_at IS NULL", name="one_ending"),
    )

    id: Mapped[Id]
    dossier_id: Mapped[UUID] = mapped_column(ForeignKey(Dossier.id))
    melding_id: Mapped[UUID | None] = mapped_column(ForeignKey(Melding.id))
    started_at: Mapped[Moment]
    started_by_id: Mapped[UUID]
    uiterste_datum: Mapped[date | None]
    """Empty for a heronderzoek: art. 2.3.2 lid 1 does not apply there."""
    afgesproken_tot: Mapped[date | None]
    identiteit_gezien_at: Mapped[Moment | None]
    identiteit_gezien_by_id: Mapped[UUID | None]
    identiteitsbewijs: Mapped[Identiteitsbewijs | None]
    pgb_informatie_at: Mapped[Moment | None]
    pgb_informatie_by_id: Mapped[UUID | None]
    huishouden = sealed.json()
    """Snapshot of who lived there at the time: names, ages, usual help."""
    completed_at: Mapped[Moment | None]
    completed_by_id: Mapped[UUID | None]
    closed_at: Mapped[Moment | None]
    closed_by_id: Mapped[UUID | None]
    afsluitreden: Mapped[Afsluitreden | None]
    status: Mapped[str] = mapped_column(
        status_of(gesloten="closed_at", afgerond="completed_at", bezig="")
    )

    def require_open(self) -> None:
        """Refuse changes to an onderzoek that has ended."""
        if self.completed_at or self.closed_at:
            raise RuleViolation("Dit onderzoek is afgerond en kan niet meer wijzigen.")

    @property
    def ended_at(self) -> datetime | None:
        """When it ended, either way."""
        return self.completed_at or self.closed_at

    def allows_aanvraag(self, day: date) -> bool:
        """Whether the cliënt may apply now: it is done, or it is late (lid 9)."""
        late = self.uiterste_datum is not None and self.uiterste_datum < day
        return self.completed_at is not None or late

    def agree_until(self, day: date, today: date) -> None:
        """Note a later day that the cliënt agrees with; the clock runs on."""
        self.require_open()
        if day <= today:
            raise RuleViolation("Kies een dag in de toekomst.", "tot")
        if self.uiterste_datum and day <= self.uiterste_datum:
            raise RuleViolation("Kies een dag na de uiterste datum.", "tot")
        self.afgesproken_tot = day

    def see_identity(
        self, bewijs: Identiteitsbewijs, by_id: UUID, at: datetime
    ) -> None:
        """The identity was checked on a document (Wmo art. 2.3.4)."""
        self.require_open()
        self.identiteitsbewijs = bewijs
        self.identiteit_gezien_at = at
        self.identiteit_gezien_by_id = by_id

    def give_pgb_information(self, by_id: UUID, at: datetime) -> None:
        """Told what a pgb is and what it asks (Wmo art. 2.3.2 lid 6)."""
        self.require_open()
        self.pgb_informatie_at = at
        self.pgb_informatie_by_id = by_id

    def complete(self, by_id: UUID, at: datetime) -> None:
        """The outcome was given in writing (Wmo art. 2.3.2 lid 8)."""
        self.require_open()
        if not self.identiteit_gezien_at:
            raise RuleViolation("Leg eerst vast dat u het identiteitsbewijs zag.")
        self.completed_at = at
        self.completed_by_id = by_id

    def close(self, reden: Afsluitreden, by_id: UUID, at: datetime) -> None:
        """End without aanvraag, with a coded reason."""
        self.require_open()
        self.closed_at = at
        self.closed_by_id = by_id
        self.afsluitreden = reden
