"""Documents and letters of a dossier, sealed at rest."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from loket.cases.dossier.herkomst import Herkomst
from loket.db import Gemeentelijk, Id, Model, Moment, new_referentie
from loket.errors import RuleViolation
from loket.vault.fields import Sealed, sealed


class DocumentSoort(StrEnum):
    """What a document is; decision state is never read from it."""

    ONTVANGSTBEVESTIGING = "ontvangstbevestiging"
    ONDERZOEKSVERSLAG = "onderzoeksverslag"
    AFSLUITBRIEF = "afsluitbrief"
    BESCHIKKING = "beschikking"
    PERSOONLIJK_PLAN = "persoonlijk_plan"
    INGEKOMEN = "ingekomen"
    VERNIETIGINGSBESLUIT = "vernietigingsbesluit"
    CORRECTIEBRIEF = "correctiebrief"


ENDINGS = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}
"""How the name of a file ends, by what it is."""


def ending_of(mediatype: str) -> str:
    """Return how the name of such a file ends."""
    return ENDINGS.get(mediatype, "bin")


class Document(Sealed, Gemeentelijk, Model):
    """One document; a letter is a frozen PDF that never changes again."""

    __tablename__ = "document"
    __scope__ = "dossier_id"
    __table_args__ = (
        UniqueConstraint("referentie"),
        Index(None, "dossier_id", "made_at"),
        Index(None, "bron_id", "soort"),
    )

    id: Mapped[Id]
    referentie: Mapped[str]
    dossier_id: Mapped[UUID] = mapped_column(ForeignKey("dossier.id"))
    soort: Mapped[DocumentSoort]
    bron_id: Mapped[UUID | None]
    """The noun it was made from: a melding, a verslag, a beschikking."""
    mediatype: Mapped[str]
    omvang: Mapped[int]
    """Size in bytes, for the page that offers it."""
    inhoud = sealed.bytes(deferred=True)
    made_at: Mapped[Moment]
    made_by_id: Mapped[UUID]
    herkomst: Mapped[Herkomst | None]
    """Where it came from; nothing: made here, or filed before this was asked."""
    verzonden_op: Mapped[date | None]
    sent_at: Mapped[Moment | None]

    def __init__(self, **values: object) -> None:
        values.setdefault("referentie", new_referentie())
        super().__init__(**values)

    @property
    def bestandsnaam(self) -> str:
        """Name of the file for whoever keeps it; nothing of a person is in it."""
        return f"{self.soort.value}-{self.referentie}.{self.einde}"

    @property
    def einde(self) -> str:
        """How its address and its name end, by what it is."""
        return ending_of(self.mediatype)

    def send(self, day: date, at: datetime) -> None:
        """Note the day it was sent; Awb 3:41 counts from there."""
        if self.sent_at:
            raise RuleViolation("Deze brief is al verzonden.")
        self.verzonden_op = day
        self.sent_at = at
