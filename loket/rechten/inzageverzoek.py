"""A resident asks to see what the gemeente holds about them."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from loket.cases.dossier.contactmoment import Kanaal
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

OWN_RIGHT_FROM = 12
"""Years: younger people have no right of their own (Wmo art. 5.3.2 lid 2)."""
ALONE_FROM = 16
"""Years: from then on only the person, or who was appointed for them."""


class Aanvrager(StrEnum):
    """Who asks."""

    INWONER = "inwoner"
    OUDER = "ouder"
    """Parent or guardian of somebody under 16 (Wmo art. 5.3.2 lid 2)."""
    CURATOR = "curator"
    MENTOR = "mentor"
    GEVOLMACHTIGDE = "gevolmachtigde"


class Identificatie(StrEnum):
    """How it was made sure who asks (AVG art. 12 lid 6)."""

    LEGITIMATIE = "legitimatie"
    DIGID = "digid"
    VRAGEN = "vragen"
    """Questions that only this person can answer."""
    BEKEND = "bekend"
    """Known by sight to who records it."""


class Weigergrond(StrEnum):
    """Why a request is refused as a whole."""

    GEEN_EIGEN_RECHT = "geen_eigen_recht"
    NIET_BEVOEGD = "niet_bevoegd"
    IDENTITEIT = "identiteit"
    BUITENSPORIG = "buitensporig"
    ANDER_BESCHERMEN = "ander_beschermen"


class Weglaatgrond(StrEnum):
    """Why a part is left out of what is given."""

    ANDER_BESCHERMEN = "ander_beschermen"
    MELDER_ONBEKEND = "melder_onbekend"
    GEZONDHEID_ANDER = "gezondheid_ander"


class Uitreiking(StrEnum):
    """How it was given: never by e-mail."""

    OPGEHAALD = "opgehaald"
    OP_PAPIER = "op_papier"


class Inzageverzoek(Sealed, Gemeentelijk, Model):
    """One request to see and to get a copy (Wmo art. 5.3.2, AVG art. 12 and 15)."""

    __tablename__ = "inzageverzoek"
    __scope__ = "scope_id"
    __scope_kind__ = "inwoner"
    __table_args__ = (
        UniqueConstraint("referentie"),
        together("identified_at", "identified_by_id", "identificatie"),
        together("extended_at", "extended_by_id"),
        together("decided_at", "decided_by_id"),
        together("delivered_at", "delivered_by_id", "uitreiking"),
        Index(None, "inwoner_id"),
        Index(None, "gemeente_code", "status", "uiterlijk"),
    )

    id: Mapped[Id]
    referentie: Mapped[str]
    scope_id: Mapped[UUID]
    inwoner_id: Mapped[UUID] = mapped_column(ForeignKey("inwoner.id"))
    kanaal: Mapped[Kanaal]
    ontvangen_op: Mapped[date]
    uiterlijk: Mapped[date]
    """The last day to answer (AVG art. 12 lid 3)."""
    aanvrager: Mapped[Aanvrager]
    naam_aanvrager = sealed.text()
    """Who asks for somebody else."""
    registered_at: Mapped[Moment]
    registered_by_id: Mapped[UUID]
    identificatie: Mapped[Identificatie | None]
    identified_at: Mapped[Moment | None]
    identified_by_id: Mapped[UUID | None]
    reden_verlenging = sealed.text()
    extended_at: Mapped[Moment | None]
    extended_by_id: Mapped[UUID | None]
    weigergrond: Mapped[Weigergrond | None]
    motivering = sealed.text()
    """Why it is refused, in words for the resident."""
    decided_at: Mapped[Moment | None]
    decided_by_id: Mapped[UUID | None]
    brief = sealed.bytes(deferred=True)
    brief_op: Mapped[date | None]
    """The day on the last letter about it."""
    uitreiking: Mapped[Uitreiking | None]
    delivered_at: Mapped[Moment | None]
    delivered_by_id: Mapped[UUID | None]
    status: Mapped[str] = mapped_column(
        status_of(uitgereikt="delivered_at", besloten="decided_at", open="")
    )

    def __init__(self, **values: object) -> None:
        values.setdefault("referentie", new_referentie())
        super().__init__(**values)

    @property
    def is_refused(self) -> bool:
        """Whether it was decided to give nothing."""
        return self.weigergrond is not None

    def require_open(self) -> None:
        """Refuse what is too late after the decision."""
        if self.decided_at:
            raise RuleViolation("Over dit verzoek is al besloten.")

    def identify(self, how: Identificatie, by_id: UUID, at: datetime) -> None:
        """Make sure who asks; this happens once."""
        if self.identified_at:
            raise RuleViolation("De identiteit is al gecontroleerd.")
        self.identificatie = how
        self.identified_at = at
        self.identified_by_id = by_id

    def extend(self, tot: date, reden: str, by_id: UUID, at: datetime) -> None:
        """Take two months more, within the first (AVG art. 12 lid 3)."""
        self.require_open()
        if self.extended_at:
            raise RuleViolation("De termijn is al verlengd.")
        self.uiterlijk = tot
        self.reden_verlenging = reden
        self.extended_at = at
        self.extended_by_id = by_id

    def grant(self, by_id: UUID, at: datetime) -> None:
        """Give what is held, but for the parts that were left out."""
        self.require_open()
        if not self.identified_at:
            raise RuleViolation("Controleer eerst wie dit vraagt.")
        self.decided_at = at
        self.decided_by_id = by_id

    def refuse(
        self, grond: Weigergrond, motivering: str, by_id: UUID, at: datetime
    ) -> None:
        """Give nothing, and say why."""
        self.require_open()
        self.weigergrond = grond
        self.motivering = motivering
        self.decided_at = at
        self.decided_by_id = by_id

    def deliver(self, how: Uitreiking, by_id: UUID, at: datetime) -> None:
        """It was handed over; this happens once."""
        if self.delivered_at:
            raise RuleViolation("Het afschrift is al uitgereikt.")
        if not self.decided_at or self.is_refused:
            raise RuleViolation("Er is niets om uit te reiken.")
        self.uitreiking = how
        self.delivered_at = at
        self.delivered_by_id = by_id


class Weglating(Sealed, Gemeentelijk, Model):
    """A part, or one row of it, that is not given, and on what ground.

    To protect another person (Wmo art. 5.3.2 lid 3, AVG art. 15 lid 4); the copy says
    that something is missing and why.
    """

    __tablename__ = "weglating"
    __scope__ = "scope_id"
    __scope_kind__ = "inwoner"
    __table_args__ = (Index(None, "verzoek_id", "onderdeel"),)

    id: Mapped[Id]
    scope_id: Mapped[UUID]
    verzoek_id: Mapped[UUID] = mapped_column(ForeignKey(Inzageverzoek.id))
    onderdeel: Mapped[str]
    rij_id: Mapped[UUID | None]
    """One row; nothing: the whole part."""
    grond: Mapped[Weglaatgrond]
    uitleg = sealed.text()
    """For the resident."""
    left_out_at: Mapped[Moment]
    left_out_by_id: Mapped[UUID]
