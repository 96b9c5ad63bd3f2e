"""A resident asks to have something corrected."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

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


class Onderwerp(StrEnum):
    """What would be wrong."""

    GEGEVENS = "gegevens"
    VERSLAG = "verslag"
    NOTITIE = "notitie"

    @property
    def is_text(self) -> bool:
        """Whether it is somebody's words, which are not overwritten."""
        return self is not Onderwerp.GEGEVENS


class Uitkomst(StrEnum):
    """What was done with it."""

    VERBETERD = "verbeterd"
    VERKLARING = "verklaring"
    """What the resident says was added to the text."""
    GEWEIGERD = "geweigerd"


class Correctiegrond(StrEnum):
    """Why nothing was changed."""

    KLOPT_AL = "klopt_al"
    OORDEEL = "oordeel"
    """An opinion of a professional, not a fact."""
    NIET_AANGETOOND = "niet_aangetoond"


class Correctieverzoek(Sealed, Gemeentelijk, Model):
    """One request for correction (Wmo art. 5.3.2, AVG art. 16)."""

    __tablename__ = "correctieverzoek"
    __scope__ = "dossier_id"
    __table_args__ = (
        UniqueConstraint("referentie"),
        together("handled_at", "handled_by_id", "uitkomst"),
        CheckConstraint(
            "(onderwerp = 'gegevens') = (onderwerp_id IS NULL)", name="which_text"
        ),
        Index(None, "dossier_id"),
        Index(None, "inwoner_id"),
        Index(None, "gemeente_code", "status", "uiterlijk"),
    )

    id: Mapped[Id]
    referentie: Mapped[str]
    dossier_id: Mapped[UUID] = mapped_column(ForeignKey("dossier.id"))
    inwoner_id: Mapped[UUID] = mapped_column(ForeignKey("inwoner.id"))
    onderwerp: Mapped[Onderwerp]
    onderwerp_id: Mapped[UUID | None]
    ontvangen_op: Mapped[date]
    uiterlijk: Mapped[date]
    gevraagd = sealed.text()
    """What would be wrong and what it should be, in the words of the resident."""
    registered_at: Mapped[Moment]
    registered_by_id: Mapped[UUID]
    uitkomst: Mapped[Uitkomst | None]
    grond: Mapped[Correctiegrond | None]
    motivering = sealed.text()
    handled_at: Mapped[Moment | None]
    handled_by_id: Mapped[UUID | None]
    status: Mapped[str] = mapped_column(status_of(afgehandeld="handled_at", open=""))

    def __init__(self, **values: object) -> None:
        values.setdefault("referentie", new_referentie())
        super().__init__(**values)

    def handle(self, uitkomst: Uitkomst, by_id: UUID, at: datetime) -> None:
        """Answer it; this happens once."""
        if self.handled_at:
            raise RuleViolation("Dit verzoek is al afgehandeld.")
        if self.onderwerp.is_text and uitkomst is Uitkomst.VERBETERD:
            raise RuleViolation(
                "Een verslag of notitie wordt niet overschreven. Voeg toe wat de"
                " inwoner vindt.",
                "uitkomst",
            )
        if not self.onderwerp.is_text and uitkomst is Uitkomst.VERKLARING:
            raise RuleViolation("Verbeter de gegevens, of weiger.", "uitkomst")
        self.uitkomst = uitkomst
        self.handled_at = at
        self.handled_by_id = by_id
