"""Two people at the same thing at the same moment, on two real connections."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from sqlalchemy import text
from sqlalchemy.orm import Session

from loket.db import Database, Scope

Answer = TypeVar("Answer")
LONGEST = 20
"""Seconds to wait for the second one to run into the first."""
_WAITING = text(
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


def meet(
    database: Database,
    scope: Scope,
    first: Callable[[Session], object],
    second: Callable[[], Answer],
) -> Answer:
    """Let the first be stored while the second waits on it; return the second answer.

    Raises:
        TimeoutError: the second never had to wait, so they did not meet.
    """
    with ThreadPoolExecutor(1) as pool:
        with database.transaction(scope) as session:
            first(session)
            session.flush()
            other = pool.submit(second)
            _wait(database)
        return other.result(LONGEST)


def _wait(database: Database) -> None:
    until = time.monotonic() + LONGEST
    while time.monotonic() < until:
        with database.engine.connect() as connection:
            if connection.scalar(_WAITING):
                return
        time.sleep(0.02)
    raise TimeoutError("nobody waited")
