"""The beschikking: drawn up, decided, made known."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from loket import termijnen
from loket.accounts.user import Mandaat
from loket.cases.besluit.aanvraag import Aanvraag, AanvraagItem
from loket.cases.dossier.document import Document
from loket.cases.dossier.dossier import Dossier
from loket.cases.melding.behoefte import Behoefte
from loket.cases.onderzoek.oplossing import Leveringsvorm
from loket.cases.producten.product import Domein, Eenheid, Frequentie
from loket.db import (
    Gemeentelijk,
    Id,
    Model,
    Moment,
    choice,
    in_order,
    new_referentie,
    status_of,
    together,
)
from loket.errors import RuleViolation
from loket.vault.fields import Sealed, sealed
from loket.vault.rowseal import RowSealed


class Herkomst(StrEnum):
    """Decided here, or taken over from elsewhere (conversion, move, old system)."""

    EIGEN = "eigen"
    OVERGENOMEN = "overgenomen"


class Beschikking(Sealed, RowSealed, Gemeentelijk, Model):
    """A decision in writing with one or more besluitregels (Awb 1:3, Wmo 2.3.5).

    Three moments: drawn up, decided within mandaat, made known. Only the last one
    starts the term for bezwaar (Awb 3:41, 6:8).
    """

    __tablename__ = "beschikking"
    __table_args__ = (
        UniqueConstraint("referentie"),
        UniqueConstraint("gemeente_code", "nummer"),
        UniqueConstraint("gemeente_code", "dossier_id", "extern_nummer"),
        together("reviewed_at", "reviewed_by_id"),
        together("decided_at", "decided_by_id"),
        together(
            "made_known_at", "made_known_by_id", "bekendgemaakt_op", "bezwaar_tot"
        ),
        CheckConstraint(
            "herkomst = 'overgenomen' OR decided_at IS NULL OR mandaat_id IS NOT NULL",
            name="decided_with_mandaat",
        ),
        CheckConstraint(
            "made_known_at IS NULL OR decided_at IS NOT NULL",
            name="decided_before_made_known",
        ),
        CheckConstraint(
            "(herkomst = 'overgenomen') = (extern_nummer IS NOT NULL)",
            name="overgenomen_number",
        ),
        Index(None, "dossier_id"),
        Index(
            "ix_beschikking_to_make_known",
            "gemeente_code",
            "drawn_up_at",
            "id",
            postgresql_where="made_known_at IS NULL",
        ),
    )

    id: Mapped[Id]
    dossier_id: Mapped[UUID] = mapped_column(ForeignKey(Dossier.id))
    referentie: Mapped[str]
    nummer: Mapped[int]
    """Number towards providers and CAK (beschikkingnummer in iWmo)."""
    herkomst: Mapped[Herkomst]
    extern_nummer: Mapped[str | None]
    """Number under which the old decision was known, for an overgenomen besluit."""
    onderwerp_motivering = sealed.text()
    verordening_versie: Mapped[str]
    """Version of the verordening in force on the day it was drawn up."""
    drawn_up_at: Mapped[Moment]
    drawn_up_by_id: Mapped[UUID]
    reviewed_at: Mapped[Moment | None]
    reviewed_by_id: Mapped[UUID | None]
    """Second pair of eyes, where the gemeente asks for it."""
    decided_at: Mapped[Moment | None]
    decided_by_id: Mapped[UUID | None]
    besloten_op: Mapped[date | None]
    mandaat_id: Mapped[UUID | None] = mapped_column(ForeignKey(Mandaat.id))
    document_id: Mapped[UUID | None] = mapped_column(ForeignKey(Document.id))
    made_known_at: Mapped[Moment | None]
    made_known_by_id: Mapped[UUID | None]
    bekendgemaakt_op: Mapped[date | None]
    bezwaar_tot: Mapped[date | None]
    status: Mapped[str] = mapped_column(
        status_of(bekendgemaakt="made_known_at", besloten="decided_at", concept="")
    )

    regels: Mapped[list["Besluitregel"]] = relationship(
        back_populates="beschikking", lazy="raise"
    )

    def __init__(self, **values: object) -> None:
        values.setdefault("referentie", new_referentie())
        super().__init__(**values)

    def require_concept(self) -> None:
        """Refuse changes to a decision that was taken."""
        if self.decided_at:
            raise RuleViolation("Over deze beschikking is al besloten.")

    def review(self, by_id: UUID, at: datetime) -> None:
        """A second person agrees, before the decision."""
        self.require_concept()
        if by_id == self.drawn_up_by_id:
            raise RuleViolation("Wie de beschikking opstelt, kan haar niet nakijken.")
        self.reviewed_at = at
        self.reviewed_by_id = by_id

    def undo_review(self) -> None:
        """What was looked over has changed since."""
        self.reviewed_at = None
        self.reviewed_by_id = None

    def decide(
        self, mandaat_id: UUID | None, day: date, by_id: UUID, at: datetime
    ) -> None:
        """Decide on behalf of the college; this happens once."""
        self.require_concept()
        self.decided_at = at
        self.decided_by_id = by_id
        self.besloten_op = day
        self.mandaat_id = mandaat_id

    def make_known(self, day: date, by_id: UUID, at: datetime) -> None:
        """Sent or handed over: the six weeks for bezwaar start (Awb 6:7, 6:8)."""
        if not self.decided_at or not self.besloten_op:
            raise RuleViolation("Over deze beschikking is nog niet besloten.")
        if self.made_known_at:
            raise RuleViolation("Deze beschikking is al bekendgemaakt.")
        if not self.document_id and self.herkomst is Herkomst.EIGEN:
            raise RuleViolation("De brief is nog niet klaar. Probeer het zo weer.")
        if day < self.besloten_op:
            raise RuleViolation("Bekendmaken kan niet vóór het besluit.")
        self.made_known_at = at
        self.made_known_by_id = by_id
        self.bekendgemaakt_op = day
        self.bezwaar_tot = termijnen.uiterste_datum(day, termijnen.BEZWAAR)


class BeschikkingAanvraag(Gemeentelijk, Model):
    """Which aanvragen a beschikking decides, wholly or in part (n-n)."""

    __tablename__ = "beschikking_aanvraag"

    beschikking_id: Mapped[UUID] = mapped_column(
        ForeignKey(Beschikking.id), primary_key=True
    )
    aanvraag_id: Mapped[UUID] = mapped_column(
        ForeignKey(Aanvraag.id), primary_key=True, index=True
    )


class BesluitSoort(StrEnum):
    """What a besluitregel does."""

    TOEKENNEN = "toekennen"
    WEIGEREN = "weigeren"
    WIJZIGEN = "wijzigen"
    VERLENGEN = "verlengen"
    INTREKKEN = "intrekken"
    HERZIEN = "herzien"


GRANTING = frozenset(
    {
        BesluitSoort.TOEKENNEN,
        BesluitSoort.WIJZIGEN,
        BesluitSoort.VERLENGEN,
        BesluitSoort.HERZIEN,
    }
)
"""They give a right from a day on, or change one that runs."""


class Besluitregel(Sealed, RowSealed, Gemeentelijk, Model):
    """One decision within a beschikking, about one product.

    Entitlement and leveringsvorm are decided apart: a refused pgb leaves a granted
    voorziening in natura, with `pgb_weigeringsgrond_code` saying why.
    """

    __tablename__ = "besluitregel"
    __table_args__ = (
        UniqueConstraint("aanvraag_item_id"),
        CheckConstraint(
            "(soort = 'weigeren') = (weigeringsgrond_code IS NOT NULL)",
            name="refusal_has_ground",
        ),
        CheckConstraint(
            "(soort IN ('intrekken', 'herzien')) = (herzieningsgrond IS NOT NULL)",
            name="review_has_ground",
        ),
        CheckConstraint(
            "soort NOT IN ('toekennen', 'wijzigen', 'verlengen') OR"
            " (leveringsvorm IS NOT NULL AND volume IS NOT NULL"
            " AND frequentie IS NOT NULL AND ingangsdatum IS NOT NULL)",
            name="grant_is_complete",
        ),
        CheckConstraint("volume > 0", name="volume_positive"),
        CheckConstraint("herzieningsgrond IN ('a','b','c','d','e')", name="ground_ae"),
        in_order("ingangsdatum", "einddatum"),
        Index(None, "beschikking_id"),
        Index(None, "dossier_id"),
    )

    id: Mapped[Id]
    beschikking_id: Mapped[UUID] = mapped_column(ForeignKey(Beschikking.id))
    dossier_id: Mapped[UUID] = mapped_column(ForeignKey(Dossier.id))
    soort: Mapped[BesluitSoort]
    product_code: Mapped[str]
    categorie: Mapped[str]
    domein: Mapped[Domein]
    aanvraag_item_id: Mapped[UUID | None] = mapped_column(ForeignKey(AanvraagItem.id))
    behoefte_id: Mapped[UUID | None] = mapped_column(ForeignKey(Behoefte.id))
    voorziening_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("voorziening.id", use_alter=True)
    )
    weigeringsgrond_code: Mapped[str | None]
    herzieningsgrond: Mapped[str | None]
    """Letter of Wmo art. 2.3.10 lid 1."""
    gewenste_vorm: Mapped[Leveringsvorm | None] = mapped_column(
        choice(Leveringsvorm, "gewenste_vorm")
    )
    leveringsvorm: Mapped[Leveringsvorm | None]
    pgb_weigeringsgrond_code: Mapped[str | None]
    volume: Mapped[int | None]
    """In `eenheid` per `frequentie`: minutes for a service, never only a result."""
    eenheid: Mapped[Eenheid | None]
    frequentie: Mapped[Frequentie | None]
    ingangsdatum: Mapped[date | None]
    einddatum: Mapped[date | None]
    bedrag_cent: Mapped[int | None]
    """Amount a year in cents: the pgb, or what the volume costs at the tariff."""
    motivering = sealed.text()
    pgb_berekening = sealed.text()
    """How the amount of the pgb was reached, in words for the letter."""
    pgb_eisen = sealed.text()
    """What the help that is bought must meet, in words for the letter."""

    beschikking: Mapped[Beschikking] = relationship(
        back_populates="regels", lazy="raise"
    )

    @property
    def grants(self) -> bool:
        """Whether it gives a right from a day on, or changes one."""
        return self.soort in GRANTING

    @property
    def awaits_pgb_toets(self) -> bool:
        """Whether a pgb is asked and the three tests were not done yet."""
        return self.leveringsvorm is Leveringsvorm.PGB and self.bedrag_cent is None

    def grant_pgb(self, bedrag_cent: int, berekening: str, eisen: str) -> None:
        """The three tests are met: this amount a year (Wmo art. 2.3.6)."""
        self.require_pgb_asked()
        self.leveringsvorm = Leveringsvorm.PGB
        self.pgb_weigeringsgrond_code = None
        self.bedrag_cent = bedrag_cent
        self.pgb_berekening = berekening
        self.pgb_eisen = eisen

    def refuse_pgb(self, grond_code: str, bedrag_cent: int | None) -> None:
        """The right stays and is given in natura, for what that costs a year."""
        self.require_pgb_asked()
        self.leveringsvorm = Leveringsvorm.NATURA
        self.pgb_weigeringsgrond_code = grond_code
        self.bedrag_cent = bedrag_cent
        self.pgb_berekening = None
        self.pgb_eisen = None

    def require_pgb_asked(self) -> None:
        """Refuse to assess a pgb that nobody asked for (Wmo art. 2.3.6 lid 1)."""
        if not self.grants or self.gewenste_vorm is not Leveringsvorm.PGB:
            raise RuleViolation("Bij deze regel is geen pgb gevraagd.")
