"""The copy of everything held about a person, as it is made and kept for a while."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from loket.db import Gemeentelijk, Id, Model, Moment, status_of
from loket.errors import NotFound, RuleViolation
from loket.rechten.inzageverzoek import Inzageverzoek
from loket.vault.fields import Sealed, sealed

STAPPEN = ("Gegevens verzamelen", "Pdf maken", "Alles bij elkaar doen")
"""How it is made: each step is kept, so a worker that dies loses one step at most."""
VORMEN = {
    "pdf": "application/pdf",
    "html": "text/html",
    "json": "application/json",
    "zip": "application/zip",
}


class Afschrift(Sealed, Gemeentelijk, Model):
    """One copy (AVG art. 15 lid 3), sealed under the person it is about.

    It is kept no longer than needed to hand it over, and then dropped.
    """

    __tablename__ = "afschrift"
    __scope__ = "scope_id"
    __scope_kind__ = "inwoner"
    __table_args__ = (
        UniqueConstraint("verzoek_id"),
        Index(None, "gemeente_code", "bewaren_tot"),
    )

    id: Mapped[Id]
    scope_id: Mapped[UUID]
    verzoek_id: Mapped[UUID] = mapped_column(ForeignKey(Inzageverzoek.id))
    stap: Mapped[int] = mapped_column(default=0)
    """How many of the steps are done."""
    begun_at: Mapped[Moment]
    made_at: Mapped[Moment | None]
    bewaren_tot: Mapped[date | None]
    """The last day on which it can be fetched."""
    dropped_at: Mapped[Moment | None]
    gegevens = sealed.bytes(deferred=True)
    """The JSON."""
    leesbaar = sealed.bytes(deferred=True)
    """The HTML."""
    pdf = sealed.bytes(deferred=True)
    bundel = sealed.bytes(deferred=True)
    """Everything in one ZIP, with the documents themselves."""
    status: Mapped[str] = mapped_column(
        status_of(vervallen="dropped_at", klaar="made_at", bezig="")
    )

    @property
    def voortgang(self) -> str:
        """What the worker does now, in words."""
        return STAPPEN[min(self.stap, len(STAPPEN) - 1)]

    def is_past(self, dag: date) -> bool:
        """Whether its last day is over."""
        return self.bewaren_tot is not None and self.bewaren_tot < dag

    def finish(self, tot: date, at: datetime) -> None:
        """It is there, until a day."""
        self.made_at = at
        self.bewaren_tot = tot

    def begin_again(self, at: datetime) -> None:
        """Let go of what was gathered so far; the next step gathers it anew."""
        if self.made_at:
            raise RuleViolation("Dit afschrift is al klaar.")
        self.gegevens = self.leesbaar = self.pdf = self.bundel = None
        self.stap = 0
        self.begun_at = at

    def drop(self, at: datetime) -> None:
        """Let the content go; that it was made stays known."""
        if not self.made_at:
            raise RuleViolation("Dit afschrift is nog niet klaar.")
        self.gegevens = self.leesbaar = self.pdf = self.bundel = None
        self.dropped_at = at

    def content(self, vorm: str) -> bytes:
        """Return one form of it.

        Raises:
            NotFound: it is not ready, or dropped.
        """
        held = {
            "json": lambda: self.gegevens,
            "html": lambda: self.leesbaar,
            "pdf": lambda: self.pdf,
            "zip": lambda: self.bundel,
        }
        if vorm not in held or self.status != "klaar":
            raise NotFound("Dit afschrift is er niet.")
        found = held[vorm]()
        if found is None:
            raise NotFound("Dit afschrift is er niet.")
        return found
