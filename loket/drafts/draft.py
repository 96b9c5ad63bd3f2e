"""The draft: what somebody typed in a form that was not sent yet."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from loket.db import Gemeentelijk, Id, Model, Moment
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
    """

    form: str
    label: str
    subject: str = ""
    url: str = ""
    dossier_id: UUID | None = None


class Draft(Sealed, Gemeentelijk, Model):
    """What its author typed in one form, about one subject; nobody else reads it.

    Sealed under a key of its own: dropping the draft destroys the key as well.
    """

    __tablename__ = "draft"
    __scope__ = "id"
    __scope_kind__ = "draft"
    __table_args__ = (
        UniqueConstraint("user_id", "gemeente_code", "form", "subject"),
        Index(None, "gemeente_code", "saved_at"),
    )

    id: Mapped[Id]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    form: Mapped[str]
    subject: Mapped[str]
    label: Mapped[str]
    url: Mapped[str]
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
