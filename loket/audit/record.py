"""The audit record, after the fields of NEN 7513."""

from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from loket.db import Id, Model, Moment


class Outcome(StrEnum):
    """How the deed ended."""

    DONE = "done"
    REFUSED = "refused"


class AuditRecord(Model):
    """One deed or one look: who, when, about whom, on what ground (NEN 7513).

    Append-only: a trigger refuses UPDATE and DELETE. Holds no content, only ids.
    Without a gemeente it is about the installation (a login that failed).
    """

    __tablename__ = "audit_record"
    __table_args__ = (
        Index(None, "gemeente_code", "recorded_at"),
        Index(None, "gemeente_code", "occurred_at", "id"),
        Index(None, "gemeente_code", "action", "occurred_at"),
        Index(None, "user_id", "recorded_at"),
        Index(None, "dossier_id", "recorded_at"),
    )

    id: Mapped[Id]
    gemeente_code: Mapped[str | None]
    action: Mapped[str]
    outcome: Mapped[Outcome]
    occurred_at: Mapped[Moment]
    recorded_at: Mapped[Moment]
    user_id: Mapped[UUID | None]
    rollen: Mapped[str]
    aanbieder_id: Mapped[UUID | None]
    authenticatie: Mapped[str]
    via: Mapped[str]
    adres: Mapped[str]
    subject_soort: Mapped[str | None]
    subject_id: Mapped[UUID | None]
    dossier_id: Mapped[UUID | None]
    grond: Mapped[str | None]
    """Coded ground or reason; for a deed outside a dossier why it was allowed."""


class AuditSubject(Model):
    """A person or dossier that one record is about: a list has many (one record)."""

    __tablename__ = "audit_subject"

    record_id: Mapped[UUID] = mapped_column(
        ForeignKey("audit_record.id"), primary_key=True
    )
    subject_id: Mapped[UUID] = mapped_column(primary_key=True, index=True)
    gemeente_code: Mapped[str | None]
