"""The melding: somebody says that support is needed."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from loket import termijnen
from loket.cases.dossier.contactmoment import Kanaal
from loket.cases.dossier.dossier import Dossier
from loket.db import Gemeentelijk, Id, Model, Moment, together
from loket.errors import RuleViolation
from loket.vault.fields import Sealed, sealed


class Verwijzer(StrEnum):
    """Who pointed the way to the loket; frozen for policy."""

    EIGEN_INITIATIEF = "eigen_initiatief"
    NAASTE = "naaste"
    HUISARTS = "huisarts"
    ZIEKENHUIS = "ziekenhuis"
    WIJKVERPLEGING = "wijkverpleging"
    SOCIAAL_TEAM = "sociaal_team"
    WONINGCORPORATIE = "woningcorporatie"
    AANBIEDER = "aanbieder"


class Huishoudtype(StrEnum):
    """Kind of household, coarse; frozen for policy."""

    ALLEENSTAAND = "alleenstaand"
    SAMENWONEND = "samenwonend"
    MET_KINDEREN = "met_kinderen"
    INSTELLING = "instelling"
    ONBEKEND = "onbekend"


class Melding(Sealed, Gemeentelijk, Model):
    """A resident tells the gemeente that support is needed (Wmo art. 2.3.2 lid 1)."""

    __tablename__ = "melding"
    __table_args__ = (
        UniqueConstraint("dossier_id"),
        together("confirmed_at", "confirmed_by_id"),
        together("plan_ontvangen_op", "plan_by_id"),
        Index(None, "gemeente_code", "ontvangen_op"),
        Index(
            "ix_melding_to_confirm",
            "gemeente_code",
            "ontvangen_op",
            "id",
            postgresql_where="confirmed_at IS NULL",
        ),
    )

    id: Mapped[Id]
    dossier_id: Mapped[UUID] = mapped_column(ForeignKey(Dossier.id))
    hulpvraag = sealed.text()
    """In the words of the person, never rewritten."""
    spoed_toelichting = sealed.text()
    kanaal: Mapped[Kanaal]
    ontvangen_op: Mapped[date]
    """Calendar day in Europe/Amsterdam: starts the clock, not the registration."""
    spoed: Mapped[bool]
    """Needs a decision without delay (Wmo art. 2.3.3)."""
    plan_tot: Mapped[date]
    """Last day to hand in a persoonlijk plan (art. 2.3.2 lid 2)."""
    onderzoek_tot: Mapped[date]
    """Last day of the onderzoek (art. 2.3.2 lid 1)."""
    clientondersteuning_verteld: Mapped[bool]
    """Told that independent support is free (art. 2.3.2 lid 3)."""
    plan_ontvangen_op: Mapped[date | None]
    plan_by_id: Mapped[UUID | None]
    pc4: Mapped[str | None]
    leeftijdsklasse: Mapped[str]
    huishoudtype: Mapped[Huishoudtype]
    verwijzer: Mapped[Verwijzer]
    registered_at: Mapped[Moment]
    registered_by_id: Mapped[UUID]
    confirmed_at: Mapped[Moment | None]
    confirmed_by_id: Mapped[UUID | None]

    dossier: Mapped[Dossier] = relationship(lazy="raise")

    def set_terms(self) -> None:
        """Count both terms from the day of receipt."""
        self.plan_tot = termijnen.uiterste_datum(self.ontvangen_op, termijnen.PLAN)
        self.onderzoek_tot = termijnen.uiterste_datum(
            self.ontvangen_op, termijnen.ONDERZOEK
        )

    def confirm(self, by_id: UUID, at: datetime) -> None:
        """The receipt was confirmed in writing; this happens once."""
        if self.confirmed_at:
            raise RuleViolation("De ontvangst is al bevestigd.")
        self.confirmed_at = at
        self.confirmed_by_id = by_id

    def receive_plan(self, day: date, by_id: UUID) -> None:
        """Take in the persoonlijk plan; a late one may still be used."""
        if self.plan_ontvangen_op:
            raise RuleViolation("Het persoonlijk plan is al ontvangen.")
        if day < self.ontvangen_op:
            raise RuleViolation(
                "Het plan kan niet vóór de melding zijn ontvangen.", "ontvangen_op"
            )
        self.plan_ontvangen_op = day
        self.plan_by_id = by_id
