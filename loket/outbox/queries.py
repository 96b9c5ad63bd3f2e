"""Looking at promises."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from loket.authz import Actor
from loket.outbox.promise import LEASE, Promise


def list_unkept(session: Session, by: Actor, most: int = 200) -> Sequence[Promise]:
    """Return the promises of this gemeente that died or wait for something."""
    return session.scalars(
        select(Promise)
        .where(
            Promise.gemeente_code.in_(by.gemeenten),
            Promise.kept_at.is_(None),
            Promise.dead_at.is_not(None) | Promise.waits_for.is_not(None),
        )
        .order_by(Promise.made_at)
        .limit(most)
    ).all()


def hand_out(
    session: Session, now: datetime, most: int = 100
) -> list[tuple[UUID, str]]:
    """Take promises whose time has come for the queue: (id, gemeente), ids only."""
    waiting = (
        select(Promise.id)
        .where(
            Promise.kept_at.is_(None),
            Promise.dead_at.is_(None),
            Promise.due_at <= now,
            Promise.handed_until.is_(None) | (Promise.handed_until < now),
        )
        .order_by(Promise.due_at)
        .limit(most)
        .with_for_update(skip_locked=True)
        .cte("waiting")  # picked once: a subquery may run again for each row, past most
    )
    rows = session.execute(
        update(Promise)
        .where(Promise.id.in_(select(waiting.c.id)))
        .values(handed_until=now + LEASE)
        .returning(Promise.id, Promise.gemeente_code)
        .execution_options(synchronize_session=False)
    )
    return [(row.id, row.gemeente_code) for row in rows]


def lock(session: Session, promise_id: UUID) -> Promise | None:
    """Take a promise that nobody else is keeping right now."""
    return session.scalar(
        select(Promise)
        .where(
            Promise.id == promise_id,
            Promise.kept_at.is_(None),
            Promise.dead_at.is_(None),
        )
        .with_for_update(skip_locked=True)
    )
