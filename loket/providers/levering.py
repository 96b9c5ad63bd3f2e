"""What gemeente and aanbieder settle about the help: start, contact, questions."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from loket.cases.dossier.dossier import Dossier
from loket.db import Gemeentelijk, Id, Model, Moment, RowRule, together
from loket.errors import RuleViolation
from loket.providers.aanbieder import Aanbieder
from loket.providers.overleg import Afzender
from loket.providers.toewijzing import Toewijzing
from loket.vault.fields import Sealed, sealed


class Contactwijze(StrEnum):
    """How an aanbieder tried to reach the cliënt."""

    TELEFOON = "telefoon"
    HUISBEZOEK = "huisbezoek"
    BRIEF = "brief"
    EMAIL = "email"


class Vraagsoort(StrEnum):
    """What an aanbieder asks the consulent to settle."""

    ONBEREIKBAAR = "onbereikbaar"
    UITVAL = "uitval"
    """The cliënt does not want or need the help any more."""
    VERLENGING = "verlenging"


class Startvoorstel(Sealed, Gemeentelijk, Model):
    """A day on which the help could begin; the newest one counts, older ones stay."""

    __tablename__ = "startvoorstel"
    __row_rule__ = RowRule.OWN_ADD
    __table_args__ = (
        together("agreed_at", "agreed_by_id"),
        Index(None, "toewijzing_id", "proposed_at"),
        Index(None, "dossier_id"),
    )

    id: Mapped[Id]
    dossier_id: Mapped[UUID] = mapped_column(ForeignKey(Dossier.id))
    aanbieder_id: Mapped[UUID] = mapped_column(ForeignKey(Aanbieder.id))
    toewijzing_id: Mapped[UUID] = mapped_column(ForeignKey(Toewijzing.id))
    afzender: Mapped[Afzender]
    startdatum: Mapped[date]
    toelichting = sealed.text()
    proposed_at: Mapped[Moment]
    proposed_by_id: Mapped[UUID]
    agreed_at: Mapped[Moment | None]
    agreed_by_id: Mapped[UUID | None]

    def agree(self, afzender: Afzender, by_id: UUID, at: datetime) -> None:
        """The other side says yes; this happens once."""
        if self.agreed_at:
            raise RuleViolation("Deze startdatum is al afgesproken.")
        if self.afzender is afzender:
            raise RuleViolation("De ander moet nog antwoorden op uw voorstel.")
        self.agreed_at = at
        self.agreed_by_id = by_id


class Contactpoging(Gemeentelijk, Model):
    """One time that an aanbieder tried to reach the cliënt and did not."""

    __tablename__ = "contactpoging"
    __row_rule__ = RowRule.OWN_ADD
    __table_args__ = (
        Index(None, "toewijzing_id", "recorded_at"),
        Index(None, "dossier_id"),
    )

    id: Mapped[Id]
    dossier_id: Mapped[UUID] = mapped_column(ForeignKey(Dossier.id))
    aanbieder_id: Mapped[UUID] = mapped_column(ForeignKey(Aanbieder.id))
    toewijzing_id: Mapped[UUID] = mapped_column(ForeignKey(Toewijzing.id))
    dag: Mapped[date]
    wijze: Mapped[Contactwijze]
    recorded_at: Mapped[Moment]
    recorded_by_id: Mapped[UUID]


class Leveringsvraag(Sealed, Gemeentelijk, Model):
    """Something about the help that the consulent has to settle; one open per kind."""

    __tablename__ = "leveringsvraag"
    __row_rule__ = RowRule.OWN_ADD
    __table_args__ = (
        together("answered_at", "answered_by_id"),
        Index(
            "uq_leveringsvraag_open",
            "toewijzing_id",
            "soort",
            unique=True,
            postgresql_where="answered_at IS NULL",
        ),
        Index(None, "toewijzing_id", "asked_at"),
        Index(None, "dossier_id"),
    )

    id: Mapped[Id]
    dossier_id: Mapped[UUID] = mapped_column(ForeignKey(Dossier.id))
    aanbieder_id: Mapped[UUID] = mapped_column(ForeignKey(Aanbieder.id))
    toewijzing_id: Mapped[UUID] = mapped_column(ForeignKey(Toewijzing.id))
    soort: Mapped[Vraagsoort]
    toelichting = sealed.text()
    asked_at: Mapped[Moment]
    asked_by_id: Mapped[UUID]
    antwoord = sealed.text()
    answered_at: Mapped[Moment | None]
    answered_by_id: Mapped[UUID | None]

    def answer(self, antwoord: str, by_id: UUID, at: datetime) -> None:
        """The consulent says what happens; this happens once."""
        if self.answered_at:
            raise RuleViolation("Deze vraag is al beantwoord.")
        self.antwoord = antwoord
        self.answered_at = at
        self.answered_by_id = by_id
