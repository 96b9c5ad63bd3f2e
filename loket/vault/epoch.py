"""The epoch of a tenant: which keys its open transactions may seal with.

A transaction that seals holds the epoch it began in (a shared lock) until its end.
Who takes a key out of use opens a new epoch, and waits until nobody holds an older
one: then no cell under the old key can come any more. Waiting keeps nobody from
working, because new transactions hold the new epoch.
"""

import time
import weakref
from collections.abc import Callable, Collection, Iterator
from typing import Any

from sqlalchemy import Connection, Engine, Identity, Text, event, func, text
from sqlalchemy.orm import Mapped, Session, mapped_column
from sqlalchemy.orm.session import SessionTransaction

from loket.db import Model, Moment
from loket.errors import LoketError

HELD = "vault_epochs"
FIRST_LOCK = 4_170_397
"""Class of the advisory locks of tenants that had no epoch yet."""
EPOCH_LOCK = 4_170_398
"""Class of the advisory locks of epochs, by number."""
PAUSE = 0.05
"""Seconds between two looks whether the old epochs are empty."""

HOLD_EPOCH = """
CREATE FUNCTION hold_epoch(wanted text) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    seen integer;
    newest integer;
BEGIN
    -- else the second look would see what the first one saw
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'sealing wants read committed';
    END IF;
    SELECT coalesce(max(number), 0) INTO seen FROM sealing_epoch WHERE tenant = wanted;
    LOOP
        IF seen = 0 THEN
            PERFORM pg_advisory_xact_lock_shared(4170397, hashtext(wanted));
        ELSE
            PERFORM pg_advisory_xact_lock_shared(4170398, seen);
        END IF;
        SELECT coalesce(max(number), 0) INTO newest FROM sealing_epoch
        WHERE tenant = wanted;
        IF newest = seen THEN
            RETURN seen;
        END IF;
        seen := newest;
    END LOOP;
END $$
"""


class StillAtWork(LoketError):
    """Transactions that began before are not ready; nothing was taken out of use."""

    status = 503

    def __init__(self) -> None:
        super().__init__(
            "Er loopt nog werk van vóór deze stap. Er is niets verwijderd:"
            " voer de opdracht later nog eens uit."
        )


class SealingEpoch(Model):
    """One epoch of a tenant; the newest holds. No row: the first one."""

    __tablename__ = "sealing_epoch"

    number: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    tenant: Mapped[str] = mapped_column(Text(), index=True)
    opened_at: Mapped[Moment] = mapped_column(server_default=func.clock_timestamp())


@event.listens_for(SealingEpoch.__table__, "after_create")
def _add_function(_table: Any, connection: Connection, **_: Any) -> None:
    connection.exec_driver_sql(HOLD_EPOCH)


Held = dict[str, tuple[int, weakref.ref[SessionTransaction]]]


def hold_epochs(session: Session, tenants: Collection[str]) -> dict[str, int]:
    """Hold the epoch of these tenants until the transaction ends; once is enough."""
    connection = session.connection()
    inside = _transactions(session)
    held: Held = session.info.setdefault(HELD, {})
    found = {
        tenant: held[tenant][0]
        for tenant in tenants
        if tenant in held and held[tenant][1]() in inside
    }
    for tenant in sorted(set(tenants) - found.keys()):
        found[tenant] = hold_epoch(connection, tenant)
        # a savepoint that is rolled back lets go of what was held since
        held[tenant] = (found[tenant], weakref.ref(inside[0]))
    return found


def hold_epoch(connection: Connection, tenant: str) -> int:
    """Hold the epoch of one tenant until the transaction of this connection ends."""
    asked = connection.execute(text("SELECT hold_epoch(:tenant)"), {"tenant": tenant})
    return int(asked.scalar_one())


def _transactions(session: Session) -> list[SessionTransaction]:
    found = []
    current = session.get_nested_transaction() or session.get_transaction()
    while current is not None:
        found.append(current)
        current = current.parent
    return found


def open_epoch(engine: Engine, tenant: str) -> None:
    """From now on transactions ask the key store again before they seal."""
    with engine.begin() as connection:
        connection.execute(
            text("INSERT INTO sealing_epoch (tenant) VALUES (:tenant)"),
            {"tenant": tenant},
        )


Say = Callable[[str], None]


def wait_for_older(
    engine: Engine, tenant: str, *, patience: float, say: Say | None = None
) -> None:
    """Wait until every transaction holds the newest epoch, and drop the others.

    Raises:
        StillAtWork: somebody still held an older one after `patience` seconds.
    """
    until = time.monotonic() + patience
    told = False
    while not _close_older(engine, tenant):
        if time.monotonic() > until:
            raise StillAtWork
        if say is not None and not told:
            told = True
            say("Wacht op werk dat al begonnen was.")
        time.sleep(PAUSE)


def _close_older(engine: Engine, tenant: str) -> bool:
    with engine.begin() as connection:
        older = connection.execute(
            text(
                "SELECT number FROM sealing_epoch WHERE tenant = :tenant AND number <"
                " (SELECT max(number) FROM sealing_epoch WHERE tenant = :tenant)"
            ),
            {"tenant": tenant},
        ).scalars()
        numbers = list(older)
        if not all(
            connection.scalar(text(question), values)
            for question, values in _exclusive(tenant, numbers)
        ):
            return False
        connection.execute(
            text("DELETE FROM sealing_epoch WHERE number = ANY(:older)"),
            {"older": numbers},
        )
    return True


def _exclusive(
    tenant: str, numbers: list[int]
) -> Iterator[tuple[str, dict[str, object]]]:
    """Ask for each epoch alone: tried, for who waits keeps others waiting too."""
    first = f"SELECT pg_try_advisory_xact_lock({FIRST_LOCK}, hashtext(:tenant))"
    yield first, {"tenant": tenant}
    for number in numbers:
        yield f"SELECT pg_try_advisory_xact_lock({EPOCH_LOCK}, :id)", {"id": number}


def wait_for_readers(
    engine: Engine, *, patience: float, say: Say | None = None
) -> None:
    """Wait until every transaction that runs now has ended: it may have seen the old.

    Raises:
        StillAtWork: one of them still runs after `patience` seconds.
    """
    until = time.monotonic() + patience
    with engine.begin() as connection:
        since = connection.scalar(text("SELECT clock_timestamp()"))
    told = False
    while _runs_since(engine, since):
        if time.monotonic() > until:
            raise StillAtWork
        if say is not None and not told:
            told = True
            say("Wacht op lezers die al begonnen waren.")
        time.sleep(PAUSE)


def _runs_since(engine: Engine, since: Any) -> bool:
    # of other roles the start is hidden: those are no processes of Loket
    with engine.begin() as connection:
        return bool(
            connection.scalar(
                text(
                    "SELECT EXISTS (SELECT FROM pg_stat_activity"
                    " WHERE datname = current_database() AND xact_start < :since"
                    " AND backend_type = 'client backend'"
                    " AND pid <> pg_backend_pid())"
                ),
                {"since": since},
            )
        )


def try_whole_epoch(connection: Connection, tenant: str) -> bool:
    """Be alone in this tenant until the transaction ends, if nobody seals just now.

    A new epoch is opened with it: who seals next asks the key store again.
    """
    turn = {"tenant": tenant}
    asked = text(
        "SELECT number FROM sealing_epoch WHERE tenant = :tenant ORDER BY number"
    )
    numbers = list(connection.execute(asked, turn).scalars())
    if not all(
        connection.scalar(text(question), values)
        for question, values in _exclusive(tenant, numbers)
    ):
        return False
    # somebody may have opened one between the look and the lock
    if list(connection.execute(asked, turn).scalars()) != numbers:
        return False
    connection.execute(
        text("INSERT INTO sealing_epoch (tenant) VALUES (:tenant)"), turn
    )
    return True
