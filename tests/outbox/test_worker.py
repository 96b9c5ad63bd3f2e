"""The worker process, killed and robbed of its queue: nothing lost, nothing twice."""

import base64
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from redis import Redis
from sqlalchemy import create_engine, select, text, update

from build.gemeente import gemeente
from build.melding import melding
from conftest import KEK, SECRET_KEY
from loket import schedule
from loket.cases.dossier.document import Document
from loket.db import Scope
from loket.outbox.promise import Promise

CHECKOUT = Path(__file__).parents[2]
CODE = "0396"
TOPIC = "letters.ontvangst"
PATIENCE = 60.0


def wait_for(happened: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < deadline, f"not within {PATIENCE:.0f} s: {what}"
        time.sleep(0.05)


class Office:
    """A gemeente with meldingen whose receipts a worker process must make."""

    def __init__(self, database, urls, queue_url: str, home: Path) -> None:
        self.database = database
        self.owner = create_engine(urls.database_owner_url)
        self.redis = Redis.from_url(queue_url)
        self.redis.flushall()
        self.environ = os.environ | {
            "LOKET_HOME": str(home),
            "LOKET_DATABASE_URL": urls.database_url,
            "LOKET_KEYSTORE_URL": urls.keystore_url,
            "LOKET_REDIS_URL": queue_url,
            "LOKET_SECRET_KEY": SECRET_KEY,
            "LOKET_KEK": base64.b64encode(KEK).decode(),
        }
        with database.transaction(Scope.of(CODE)) as session:
            gemeente(session)

    def receive(self, number: int) -> None:
        """Register meldingen; each promises its receipt."""
        with self.database.transaction(Scope.of(CODE)) as session:
            for _ in range(number):
                melding(session)
            # what was made on the day of the tests is due on any day they run
            session.execute(update(Promise).values(due_at=datetime.now(UTC)))

    @contextmanager
    def worker(self) -> "Iterator[subprocess.Popen[bytes]]":
        """A worker process; it is dead afterwards, whatever happened."""
        process = subprocess.Popen(
            [sys.executable, "-m", "loket.worker"],
            cwd=CHECKOUT,
            env=self.environ,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            yield process
        finally:
            process.kill()
            process.wait(timeout=10)

    def let_leases_end(self) -> None:
        """Half a minute passes."""
        with self.owner.begin() as connection:
            connection.exec_driver_sql(
                "UPDATE promise SET handed_until = handed_until - interval '31 s'"
            )

    def promises(self) -> list[Promise]:
        with self.database.transaction(Scope.of(CODE)) as session:
            return list(session.scalars(select(Promise).where(Promise.topic == TOPIC)))

    def all_kept(self) -> bool:
        return all(promise.kept_at for promise in self.promises())

    def receipts(self) -> list[str]:
        """What each receipt was made from, one entry per document."""
        with self.database.transaction(Scope.of(CODE)) as session:
            return sorted(map(str, session.scalars(select(Document.bron_id))))

    def owed(self) -> list[str]:
        return sorted(str(promise.subject_id) for promise in self.promises())

    def someone_waits_for_a_lock(self) -> bool:
        with self.owner.connect() as connection:
            return bool(
                connection.scalar(
                    text(
                        "SELECT count(*) FROM pg_locks l JOIN pg_database d"
                        " ON d.oid = l.database WHERE NOT l.granted"
                        " AND d.datname = current_database()"
                    )
                )
            )


@pytest.fixture
def office(database, database_urls, queue_url, tmp_path):
    office = Office(database, database_urls, queue_url, tmp_path)
    yield office
    office.owner.dispose()
    office.redis.close()


class TestWorker:
    def test_keeps_what_was_promised(self, office):
        office.receive(3)

        with office.worker():
            wait_for(office.all_kept, "three receipts")

        assert office.receipts() == office.owed()

    def test_killed_in_the_middle_of_a_letter_makes_it_once_after_all(self, office):
        office.receive(1)
        with office.owner.connect() as other:
            other.exec_driver_sql("LOCK TABLE document IN EXCLUSIVE MODE")
            with office.worker() as worker:
                wait_for(office.someone_waits_for_a_lock, "the middle of the letter")
                worker.send_signal(signal.SIGKILL)
                worker.wait(timeout=10)
            other.rollback()
        assert office.receipts() == []
        assert not office.all_kept()

        with office.worker():
            wait_for(lambda: office.promises()[0].handed_until, "the promise")
            office.let_leases_end()
            wait_for(office.all_kept, "the receipt")

        assert office.receipts() == office.owed()
        assert office.promises()[0].attempts == 0

    def test_without_what_stood_in_the_queue_keeps_everything_once(self, office):
        office.receive(5)
        handed = schedule.relay(
            office.database, office.redis, office.promises()[-1].due_at
        )
        assert handed == 5
        assert len(schedule.queue(office.redis).jobs) == 5

        office.redis.flushall()
        office.let_leases_end()
        with office.worker():
            wait_for(office.all_kept, "five receipts")

        assert office.receipts() == office.owed()
        assert len(office.owed()) == 5

    def test_goes_on_when_the_queue_is_emptied_under_its_hands(self, office):
        office.receive(1)
        with office.worker():
            wait_for(office.all_kept, "the first receipt")
            office.redis.flushall()
            office.receive(4)
            office.redis.flushall()
            office.let_leases_end()
            wait_for(office.all_kept, "the other receipts")

        assert office.receipts() == office.owed()
        assert len(office.owed()) == 5

    def test_handed_the_same_promise_twice_makes_one_letter(self, office):
        office.receive(1)
        moment = office.promises()[0].due_at
        for _ in range(3):
            schedule.relay(office.database, office.redis, moment)
            office.let_leases_end()
        assert len(schedule.queue(office.redis).jobs) == 3

        with office.worker():
            wait_for(office.all_kept, "the receipt")
            wait_for(lambda: not schedule.queue(office.redis).jobs, "an empty queue")

        assert office.receipts() == office.owed()
