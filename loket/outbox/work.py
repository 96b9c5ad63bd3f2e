"""What a handler gets to keep a promise with."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from loket.authz import Actor
from loket.config import Config
from loket.outbox.promise import Promise


@dataclass(frozen=True)
class Work:
    """One unit of work of the worker: a transaction, a moment, who it acts as."""

    session: Session
    by: Actor
    at: datetime
    config: Config


Handler = Callable[[Work, Promise], None]
"""Keeps one promise in the transaction of `Work`; may run twice, changes once."""

Handlers = Mapping[str, Handler]
