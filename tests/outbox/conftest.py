"""A gemeente, a topic that counts, and a queue server that may be emptied."""

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import select

from loket import schedule
from loket.audit.action import Action
from loket.audit.operations import record
from loket.authz import Actor
from loket.db import Database, Scope, uuid7
from loket.embedded import EmbeddedPair
from loket.outbox.operations import promise
from loket.outbox.promise import Promise
from servers import temporary_home

CODE = "0396"
AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
BY = Actor.system(CODE)


class Ledger:
    """Promises and what they led to, in a database that really commits."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def promise(self, topic: str, *, at: datetime = AT, key: str = "") -> UUID:
        subject = uuid7()
        with self.database.transaction(Scope.of(CODE)) as session:
            promise(session, topic, subject, gemeente_code=CODE, at=at, key=key)
        return subject

    def of(self, subject: UUID) -> Promise:
        with self.database.transaction(Scope.of(CODE)) as session:
            found = select(Promise).where(Promise.subject_id == subject)
            return session.scalars(found).one()

    def all(self) -> list[Promise]:
        with self.database.transaction(Scope.of(CODE)) as session:
            return list(session.scalars(select(Promise)))


@pytest.fixture
def ledger(database: Database) -> Ledger:
    """The database of this test, with one gemeente."""
    from loket.accounts import operations

    with database.transaction(Scope.of(CODE)) as session:
        operations.create_gemeente(session, BY, AT, code=CODE, naam="Duinstede")
    return Ledger(database)


@pytest.fixture
def topics(monkeypatch: pytest.MonkeyPatch) -> dict[str, schedule.Handler]:
    """Topics of this test alone; what they do is done by real handlers."""
    handlers = {"proef.kept": leave_a_trace}
    monkeypatch.setattr(schedule, "HANDLERS", handlers)
    return handlers


def leave_a_trace(work, promise) -> None:
    """The effect: one line in the trail, in the transaction of the promise."""
    record(work.session, work.by, Action.PROMISE_RETRIED, promise, at=work.at)


@contextlib.contextmanager
def own_queue() -> Iterator[str]:
    """A Valkey of this test alone: others keep theirs when it is emptied."""
    with temporary_home() as home:
        pair = EmbeddedPair(home, with_postgres=False)
        addresses = pair.start()
        try:
            yield addresses.redis_url
        finally:
            pair.stop()


@pytest.fixture(scope="module")
def queue_url() -> Iterator[str]:
    """The address of that Valkey."""
    with own_queue() as url:
        yield url
