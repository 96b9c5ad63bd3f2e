"""A contact with somebody, with or without a dossier."""

from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from loket.db import Gemeentelijk, Id, Model, Moment
from loket.vault.fields import Sealed, sealed


class Kanaal(StrEnum):
    """How somebody reached the loket."""

    BALIE = "balie"
    TELEFOON = "telefoon"
    POST = "post"
    EMAIL = "email"
    PORTAAL = "portaal"
    HUISBEZOEK = "huisbezoek"
    AANBIEDER = "aanbieder"
    VERWIJZER = "verwijzer"


class Uitkomst(StrEnum):
    """What a contact was about or led to; in doubt it is a melding."""

    INFORMATIE = "informatie"
    DOORVERWIJZING = "doorverwijzing"
    OVER_VOORZIENING = "over_voorziening"
    REPARATIE = "reparatie"
    HULP_KOMT_NIET = "hulp_komt_niet"
    KLACHT = "klacht"
    ANDERS = "anders"
    MELDING = "melding"

    @property
    def asks_work(self) -> bool:
        """Whether somebody must do something about it soon."""
        return self in (Uitkomst.REPARATIE, Uitkomst.HULP_KOMT_NIET)


class Contactmoment(Sealed, Gemeentelijk, Model):
    """One contact: channel, what it was about, what it led to."""

    __tablename__ = "contactmoment"
    __scope__ = "scope_id"
    __table_args__ = (
        CheckConstraint(
            "voorziening_id IS NULL OR dossier_id IS NOT NULL",
            name="voorziening_in_dossier",
        ),
    )

    id: Mapped[Id]
    scope_id: Mapped[UUID]
    """Key scope: the dossier, else the inwoner, else (anonymous) this row itself."""
    dossier_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("dossier.id"), index=True
    )
    inwoner_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("inwoner.id"), index=True
    )
    voorziening_id: Mapped[UUID | None]
    """Which right it was about; a later chapter knows its name."""
    kanaal: Mapped[Kanaal]
    uitkomst: Mapped[Uitkomst]
    at: Mapped[Moment]
    by_id: Mapped[UUID]
    tekst = sealed.text()
