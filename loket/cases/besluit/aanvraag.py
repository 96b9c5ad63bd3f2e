"""The aanvraag: the cliënt asks for a decision, and the two-week clock starts."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from loket import termijnen
from loket.cases.dossier.dossier import Dossier
from loket.cases.melding.behoefte import Behoefte
from loket.cases.onderzoek.onderzoek import Onderzoek
from loket.cases.onderzoek.oplossing import Leveringsvorm
from loket.cases.onderzoek.verslag import Verslag
from loket.db import Gemeentelijk, Id, Model, Moment, in_order, status_of, together
from loket.errors import RuleViolation


class AanvraagVorm(StrEnum):
    """How it came in."""

    ONDERTEKEND_VERSLAG = "ondertekend_verslag"
    FORMULIER = "formulier"
    BRIEF = "brief"


class Aanvraag(Gemeentelijk, Model):
    """A request for a maatwerkvoorziening (Wmo art. 2.3.5)."""

    __tablename__ = "aanvraag"
    __table_args__ = (
        together("withdrawn_at", "withdrawn_by_id"),
        together("decided_at", "decided_by_id"),
        Index(None, "dossier_id"),
        Index(None, "gemeente_code", "besluit_tot"),
    )

    id: Mapped[Id]
    dossier_id: Mapped[UUID] = mapped_column(ForeignKey(Dossier.id))
    onderzoek_id: Mapped[UUID | None] = mapped_column(ForeignKey(Onderzoek.id))
    verslag_id: Mapped[UUID | None] = mapped_column(ForeignKey(Verslag.id))
    vorm: Mapped[AanvraagVorm]
    ontvangen_op: Mapped[date]
    besluit_tot: Mapped[date]
    """Last day to decide, with every opschorting in it (Wmo 2.3.5 lid 2, Awb 4:15)."""
    registered_at: Mapped[Moment]
    registered_by_id: Mapped[UUID]
    withdrawn_at: Mapped[Moment | None]
    withdrawn_by_id: Mapped[UUID | None]
    decided_at: Mapped[Moment | None]
    decided_by_id: Mapped[UUID | None]
    """All items were decided, in one or in several beschikkingen."""
    status: Mapped[str] = mapped_column(
        status_of(ingetrokken="withdrawn_at", besloten="decided_at", open="")
    )

    items: Mapped[list["AanvraagItem"]] = relationship(
        back_populates="aanvraag", lazy="raise"
    )
    opschortingen: Mapped[list["Opschorting"]] = relationship(
        back_populates="aanvraag", lazy="raise"
    )

    def set_term(self, opschortingen: Sequence["Opschorting"]) -> None:
        """Count the term anew: start, weeks and suspended days, rolled once."""
        self.besluit_tot = termijnen.uiterste_datum(
            self.ontvangen_op,
            termijnen.BESLUIT,
            opgeschort=stilgestaan(opschortingen),
        )

    def require_open(self) -> None:
        """Refuse work on an aanvraag that has ended."""
        if self.withdrawn_at or self.decided_at:
            raise RuleViolation("Deze aanvraag is al afgehandeld.")

    def withdraw(self, by_id: UUID, at: datetime) -> None:
        """The cliënt takes it back."""
        self.require_open()
        self.withdrawn_at = at
        self.withdrawn_by_id = by_id

    def finish(self, by_id: UUID, at: datetime) -> None:
        """Every item was decided."""
        self.require_open()
        self.decided_at = at
        self.decided_by_id = by_id


class AanvraagItem(Gemeentelijk, Model):
    """One thing asked for; it is decided once, by one besluitregel."""

    __tablename__ = "aanvraag_item"

    id: Mapped[Id]
    aanvraag_id: Mapped[UUID] = mapped_column(ForeignKey(Aanvraag.id), index=True)
    dossier_id: Mapped[UUID] = mapped_column(ForeignKey(Dossier.id))
    behoefte_id: Mapped[UUID | None] = mapped_column(ForeignKey(Behoefte.id))
    product_code: Mapped[str]
    gewenste_vorm: Mapped[Leveringsvorm]

    aanvraag: Mapped[Aanvraag] = relationship(back_populates="items", lazy="raise")


class Opschortgrond(StrEnum):
    """Grounds that stop the decision clock; the law knows no other (Awb 4:15)."""

    AANVULLING = "aanvulling"
    """lid 1 sub a: asked to complete the aanvraag (Awb 4:5)."""
    INSTEMMING = "instemming"
    """lid 2 sub a: the applicant agrees in writing."""
    TOEREKENBAAR = "toerekenbaar"
    """lid 2 sub b: the delay is due to the applicant."""
    OVERMACHT = "overmacht"
    """lid 2 sub c."""


class Opschorting(Gemeentelijk, Model):
    """Days on which the decision clock stands still, on one ground."""

    __tablename__ = "opschorting"
    __table_args__ = (
        together("ended_at", "ended_by_id", "laatste_dag"),
        in_order("gevraagd_op", "uiterlijk"),
    )

    id: Mapped[Id]
    aanvraag_id: Mapped[UUID] = mapped_column(ForeignKey(Aanvraag.id), index=True)
    dossier_id: Mapped[UUID] = mapped_column(ForeignKey(Dossier.id))
    grond: Mapped[Opschortgrond]
    gevraagd_op: Mapped[date]
    """Day the invitation was sent, or the day before the agreed delay starts."""
    uiterlijk: Mapped[date]
    """Day by which it must be completed, or the last day of the agreed delay."""
    laatste_dag: Mapped[date | None]
    """Last day that was suspended: the day of completion runs again."""
    started_at: Mapped[Moment]
    started_by_id: Mapped[UUID]
    ended_at: Mapped[Moment | None]
    ended_by_id: Mapped[UUID | None]

    aanvraag: Mapped[Aanvraag] = relationship(
        back_populates="opschortingen", lazy="raise"
    )

    def stilstand(self) -> termijnen.Opschorting:
        """Return what stands still: from the day after the request (Awb 4:15 lid 1)."""
        return termijnen.Opschorting(
            van=self.gevraagd_op + timedelta(days=1),
            tot=self.laatste_dag or self.uiterlijk,
        )

    def end(self, aangevuld_op: date, by_id: UUID, at: datetime) -> None:
        """It is complete: this day counts again."""
        if self.ended_at:
            raise RuleViolation("Deze opschorting is al beëindigd.")
        if aangevuld_op < self.gevraagd_op:
            raise RuleViolation("Dit ligt vóór het begin van de opschorting.")
        before = aangevuld_op - timedelta(days=1)
        self.laatste_dag = min(max(before, self.gevraagd_op), self.uiterlijk)
        self.ended_at = at
        self.ended_by_id = by_id


def stilgestaan(opschortingen: Iterable[Opschorting]) -> int:
    """Count the days that a clock stood still; a day in two of them counts once."""
    return termijnen.opgeschorte_dagen(each.stilstand() for each in opschortingen)
