"""Making a promise, and looking after those that were not kept."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from loket.audit.action import Action
from loket.audit.operations import record
from loket.authz import Actor
from loket.db import uuid7
from loket.errors import NotFound
from loket.outbox.promise import Promise


def promise(
    session: Session,
    topic: str,
    subject_id: UUID,
    *,
    gemeente_code: str,
    at: datetime,
    key: str = "",
    due_at: datetime | None = None,
) -> None:
    """Promise in this transaction that `topic` will be done for this subject.

    The same topic, subject and `key` promised twice is kept once. The handler is
    found by topic when a worker keeps it, after the commit, at least once: at once,
    or from `due_at` on.
    """
    session.execute(
        insert(Promise)
        .values(
            id=uuid7(),
            gemeente_code=gemeente_code,
            topic=topic,
            subject_id=subject_id,
            sleutel=f"{topic}:{subject_id}:{key}",
            made_at=at,
            due_at=due_at or at,
            attempts=0,
        )
        .on_conflict_do_nothing(index_elements=["sleutel"])
    )


def revive_promise(
    session: Session, by: Actor, at: datetime, *, promise_id: UUID
) -> Promise:
    """Let a dead letter be tried again, by the beheerder."""
    dead = session.scalar(
        select(Promise).where(
            Promise.id == promise_id, Promise.gemeente_code.in_(by.gemeenten)
        )
    )
    if dead is None:
        raise NotFound
    dead.revive(at)
    record(session, by, Action.PROMISE_RETRIED, dead, at=at, grond=dead.topic)
    return dead
