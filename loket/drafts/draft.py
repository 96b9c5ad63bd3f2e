"""The draft: what somebody typed in a form that was not sent yet."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from loket.authz import Actor
from loket.db import Gemeentelijk, Id, Model, Moment, RowRule
from loket.errors import RuleViolation
from loket.vault.fields import Sealed, sealed


class DraftMoved(RuleViolation):
    """Another screen kept a newer version, or the draft was sent or dropped there."""


@dataclass(frozen=True)
class DraftOf:
    """Which form a draft is of.

    Attributes:
        form: the form, as `melding.nieuw`.
        label: what its author reads in a list; no personal data.
        subject: what the form is about, such as the reference of a dossier and a
            part of it, or an id of its own for something new; no personal data.
        url: the page that shows the form again; the page of the request if empty.
        dossier_id: the dossier it belongs to, so that both are destroyed together.
        door: where the form is sent, kept and thrown away; the page itself if empty.
        gemeente_code: under whose key it is sealed; for an aanbieder, who works for
            several gemeenten at once. Staff work for one: that of the actor if empty.
    """

    form: str
    label: str
    subject: str = ""
    url: str = ""
    dossier_id: UUID | None = None
    door: str = ""
    gemeente_code: str = ""

    def gemeente_of(self, by: Actor) -> str:
        """Return the gemeente under whose key this author seals it."""
        return self.gemeente_code or by.gemeente_code


class Draft(Sealed, Gemeentelijk, Model):
    """What its author typed in one form, about one subject; nobody else reads it.

    Sealed under a key of its own: dropping the draft destroys the key as well. What
    somebody of an aanbieder typed is of that aanbieder, also when the same person
    works for the gemeente or for another aanbieder.
    """

    __tablename__ = "draft"
    __scope__ = "id"
    __scope_kind__ = "draft"
    __row_rule__ = RowRule.OWN
    __table_args__ = (
        UniqueConstraint("user_id", "gemeente_code", "form", "subject"),
        Index(None, "gemeente_code", "saved_at"),
        Index(None, "aanbieder_id", "subject"),
    )

    id: Mapped[Id]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    aanbieder_id: Mapped[UUID | None] = mapped_column(ForeignKey("aanbieder.id"))
    form: Mapped[str]
    subject: Mapped[str]
    label: Mapped[str]
    url: Mapped[str]
    door: Mapped[str]
    dossier_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("dossier.id"), index=True
    )
    answers = sealed.json(deferred=True)
    """Name of the field → list of what was typed there."""
    writer: Mapped[str]
    """Submit token of the page that kept the last version."""
    version: Mapped[int]
    saved_at: Mapped[Moment]

    def follows(self, writer: str, base: int) -> bool:
        """Whether this page saw the last version, or wrote it itself."""
        return self.writer == writer or self.version == base

    def keep(self, at: datetime, writer: str, answers: dict[str, Any]) -> None:
        """Take in the next version."""
        self.answers = answers
        self.writer = writer
        self.version = (self.version or 0) + 1
        self.saved_at = at
