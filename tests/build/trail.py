"""Reading what a deed left behind."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from loket.audit.action import Action
from loket.audit.record import AuditRecord
from loket.outbox.promise import Promise


def trail_of(session: Session, subject_id: UUID) -> list[str]:
    """The actions recorded about a subject, oldest first."""
    session.flush()
    return list(
        session.scalars(
            select(AuditRecord.action)
            .where(AuditRecord.subject_id == subject_id)
            .order_by(AuditRecord.id)
        )
    )


def count_of(session: Session, action: Action, subject_id: UUID) -> int:
    """How often an action was recorded about a subject."""
    return trail_of(session, subject_id).count(action.value)


def promises_of(session: Session, subject_id: UUID) -> list[str]:
    """The topics promised about a subject."""
    session.flush()
    return list(
        session.scalars(
            select(Promise.topic)
            .where(Promise.subject_id == subject_id)
            .order_by(Promise.id)
        )
    )
