"""The promise: work that must follow a deed, kept after its commit."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from loket.db import Gemeentelijk, Id, Model, Moment, RowRule
from loket.errors import RuleViolation
from loket.outbox.woorden import OPDRACHT

MAX_ATTEMPTS = 8
WAIT = timedelta(minutes=1)
"""How long a promise that misses a configuration waits before it looks again."""
LEASE = timedelta(seconds=30)
"""How long a worker has before the relay hands the promise out again."""


class Promise(Gemeentelijk, Model):
    """One thing to do after the commit: a topic and the id of its subject.

    It carries no content, only ids: what is needed is read again when it is kept.
    `sleutel` makes it idempotent: the same promise made twice is one promise.
    """

    __tablename__ = "promise"
    __row_rule__ = RowRule.OWN_PROMISE
    __table_args__ = (
        UniqueConstraint("sleutel"),
        Index(
            "ix_promise_due",
            "due_at",
            postgresql_where=text("kept_at IS NULL AND dead_at IS NULL"),
        ),
        Index(
            "ix_promise_to_keep",
            "gemeente_code",
            "topic",
            postgresql_where=text("kept_at IS NULL"),
        ),
    )

    id: Mapped[Id]
    topic: Mapped[str]
    subject_id: Mapped[UUID]
    sleutel: Mapped[str]
    made_at: Mapped[Moment]
    due_at: Mapped[Moment]
    attempts: Mapped[int] = mapped_column(default=0)
    waits_for: Mapped[str | None]
    """Why it waits: the missing configuration, in words for the beheerder."""
    last_error: Mapped[str | None]
    """Class name of the last failure: never its text, which may hold content."""
    handed_until: Mapped[Moment | None]
    """Handed to the queue until then; after it the relay hands it out again, so a
    killed worker or an emptied queue loses nothing."""
    kept_at: Mapped[Moment | None]
    dead_at: Mapped[Moment | None]

    @property
    def opdracht(self) -> str:
        """What is to be done, in words."""
        return OPDRACHT.get(self.topic, self.topic)

    def keep(self, at: datetime) -> None:
        """It is done, in the same transaction as its effects."""
        self.kept_at = at
        self.waits_for = None

    def wait(self, at: datetime, reason: str) -> None:
        """Something is not configured yet: wait, without counting an attempt."""
        self.waits_for = reason
        self.handed_until = None
        self.due_at = at + WAIT

    def fail(self, at: datetime, error: str) -> None:
        """Try again later, each time twice as long; after eight times it is dead."""
        self.attempts += 1
        self.last_error = error
        self.waits_for = None
        self.handed_until = None
        if self.attempts >= MAX_ATTEMPTS:
            self.dead_at = at
            return
        self.due_at = at + timedelta(seconds=5 * 2**self.attempts)

    def revive(self, at: datetime) -> None:
        """Give a dead letter a new life, after the cause was taken away."""
        if not self.dead_at:
            raise RuleViolation("Deze opdracht staat niet stil.")
        self.dead_at = None
        self.attempts = 0
        self.handed_until = None
        self.due_at = at
