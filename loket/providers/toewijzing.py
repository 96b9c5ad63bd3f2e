"""The toewijzing: this aanbieder delivers this part of the right."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from loket.cases.besluit.voorziening import Voorziening
from loket.cases.dossier.dossier import Dossier
from loket.cases.dossier.inwoner import Inwoner
from loket.cases.producten.product import Eenheid, Frequentie
from loket.db import (
    Gemeentelijk,
    Id,
    Model,
    Moment,
    RowRule,
    in_order,
    new_referentie,
    status_of,
    together,
)
from loket.errors import RuleViolation
from loket.providers.aanbieder import Aanbieder
from loket.providers.contract import Contractregel, Contractvorm
from loket.providers.plaatsingsverzoek import Plaatsingsverzoek


class Stopreden(StrEnum):
    """Why delivery stopped, iWmo code list WMO588."""

    OVERLEDEN = "02"
    VOLGENS_PLAN = "19"
    TIJDELIJK = "20"
    DOOR_CLIENT = "21"
    DOOR_AANBIEDER = "22"
    IN_OVERLEG = "23"
    VERHUISD = "31"
    DOOR_GEMEENTE = "36"
    WIJZIGINGSVERZOEK = "37"
    ANDERE_AANBIEDER = "38"
    ANDER_DOMEIN = "39"


class Toewijzing(Gemeentelijk, Model):
    """Part of a voorziening, given to one aanbieder under one contractregel.

    A new volume or period is a new toewijzing with a new nummer (iWmo OP257); the
    voorziening, the right, stays the same.
    """

    __tablename__ = "toewijzing"
    __row_rule__ = RowRule.OWN_ANSWER
    __table_args__ = (
        UniqueConstraint("gemeente_code", "nummer"),
        UniqueConstraint("referentie"),
        UniqueConstraint("plaatsingsverzoek_id"),
        together("started_at", "started_by_id", "gestart_op"),
        together("stopped_at", "stopped_by_id", "gestopt_op", "stopreden"),
        together("ended_at", "ended_by_id", "geeindigd_op"),
        CheckConstraint("volume > 0", name="volume_positive"),
        CheckConstraint(
            "frequentie <> '2' OR tot IS NOT NULL", name="weekly_has_end_cd076"
        ),
        in_order("van", "tot"),
        in_order("gestart_op", "gestopt_op"),
        Index(None, "aanbieder_id", "van"),
        Index(None, "dossier_id"),
        Index(None, "voorziening_id"),
    )

    id: Mapped[Id]
    referentie: Mapped[str]
    nummer: Mapped[int]
    dossier_id: Mapped[UUID] = mapped_column(ForeignKey(Dossier.id))
    voorziening_id: Mapped[UUID] = mapped_column(ForeignKey(Voorziening.id))
    aanbieder_id: Mapped[UUID] = mapped_column(ForeignKey(Aanbieder.id))
    contractregel_id: Mapped[UUID] = mapped_column(ForeignKey(Contractregel.id))
    plaatsingsverzoek_id: Mapped[UUID | None] = mapped_column(
        ForeignKey(Plaatsingsverzoek.id)
    )
    referentie_aanbieder: Mapped[str | None]
    """The aanbieder's own mark, from a 315."""
    contractvorm: Mapped[Contractvorm]
    product_code: Mapped[str]
    volume: Mapped[int]
    eenheid: Mapped[Eenheid]
    frequentie: Mapped[Frequentie]
    van: Mapped[date]
    tot: Mapped[date | None]
    made_at: Mapped[Moment]
    made_by_id: Mapped[UUID]
    started_at: Mapped[Moment | None]
    started_by_id: Mapped[UUID | None]
    gestart_op: Mapped[date | None]
    stopped_at: Mapped[Moment | None]
    stopped_by_id: Mapped[UUID | None]
    gestopt_op: Mapped[date | None]
    stopreden: Mapped[Stopreden | None]
    ended_at: Mapped[Moment | None]
    ended_by_id: Mapped[UUID | None]
    geeindigd_op: Mapped[date | None]
    """Taken back by the gemeente (death, other volume): no bill after this day."""
    status: Mapped[str] = mapped_column(
        status_of(
            geeindigd="ended_at", gestopt="stopped_at", gestart="started_at", wacht=""
        )
    )

    aanbieder: Mapped[Aanbieder] = relationship(lazy="raise")

    def __init__(self, **values: object) -> None:
        values.setdefault("referentie", new_referentie())
        super().__init__(**values)

    @property
    def laatste_dag(self) -> date | None:
        """Last day on which it holds."""
        days = [day for day in (self.tot, self.geeindigd_op) if day]
        return min(days) if days else None

    def require_running(self) -> None:
        """Refuse words about help that is over."""
        if self.ended_at or self.stopped_at:
            raise RuleViolation("Deze hulp is gestopt.")

    def start(self, day: date, by_id: UUID, at: datetime) -> None:
        """Delivery started (iWmo 305); this happens once."""
        if self.ended_at:
            raise RuleViolation("Deze toewijzing is beëindigd.")
        if self.started_at:
            raise RuleViolation("De start is al gemeld.")
        if day < self.van:
            raise RuleViolation(
                "De start kan niet vóór de ingang van de toewijzing liggen.",
                "startdatum",
            )
        self.started_at = at
        self.started_by_id = by_id
        self.gestart_op = day

    def stop(self, day: date, reden: Stopreden, by_id: UUID, at: datetime) -> None:
        """Delivery stopped (iWmo 307); this happens once."""
        if not self.gestart_op:
            raise RuleViolation("Meld eerst de start van de hulp.")
        if self.stopped_at:
            raise RuleViolation("Het einde is al gemeld.")
        if day < self.gestart_op:
            raise RuleViolation("Het einde kan niet vóór de start liggen.", "stopdatum")
        self.stopped_at = at
        self.stopped_by_id = by_id
        self.gestopt_op = day
        self.stopreden = reden

    def end(self, day: date, by_id: UUID, at: datetime) -> None:
        """The gemeente ends it: nothing after this day is delivered or paid."""
        if self.ended_at:
            raise RuleViolation("Deze toewijzing is al beëindigd.")
        self.ended_at = at
        self.ended_by_id = by_id
        self.geeindigd_op = day


class Deling(Gemeentelijk, Model):
    """From when to when an aanbieder may read the agreed part of a dossier."""

    __tablename__ = "deling"
    __row_rule__ = RowRule.OWN_READ
    __table_args__ = (
        UniqueConstraint("toewijzing_id"),
        in_order("van", "tot"),
        Index(None, "dossier_id", "aanbieder_id"),
        Index(None, "inwoner_id", "aanbieder_id"),
    )

    id: Mapped[Id]
    toewijzing_id: Mapped[UUID] = mapped_column(ForeignKey(Toewijzing.id))
    dossier_id: Mapped[UUID] = mapped_column(ForeignKey(Dossier.id))
    inwoner_id: Mapped[UUID] = mapped_column(ForeignKey(Inwoner.id))
    aanbieder_id: Mapped[UUID] = mapped_column(ForeignKey(Aanbieder.id))
    van: Mapped[date]
    tot: Mapped[date | None]
