"""The worker process: keeps promises, hands them out, and watches the clock."""

import threading
import time
from datetime import UTC, datetime
from typing import Any

import structlog
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue, SimpleWorker
from rq.job import Job
from rq.serializers import JSONSerializer
from sqlalchemy.exc import SQLAlchemyError

from loket.guarding import guard_process
from loket.schedule import desk, enqueue_recurring, queue, relay

log = structlog.get_logger(__name__)
PAUSE = 0.5
"""Seconds between two looks at the promises: what a page waits for at most."""


def _hand_out_forever(stop: threading.Event) -> None:
    """Relay promises and start recurring work, until the process ends."""
    office = desk()
    while not stop.wait(PAUSE):
        try:
            relay(office.database, office.redis, datetime.now(UTC))
            enqueue_recurring(office.redis)
        except (RedisError, SQLAlchemyError) as error:
            # a server is away: nothing is lost, the promises wait in the database
            log.warning("relay waits", exc_info=error)
            stop.wait(2)


class Hands(SimpleWorker):
    """Does the jobs; of one that fails it tells the class of the error, never the text.

    What rq itself would write down is a traceback with that text, in the log and in the
    queue server.
    """

    def handle_exception(self, job: Job, *exc_info: Any) -> None:
        """Tell that a job failed, and where."""
        log.error("job failed", job=job.id, exc_info=exc_info[1])


def make_worker(queues: list[Queue], redis: Redis) -> Hands:
    """Make the worker, that keeps nothing of a failure in the queue server."""
    return Hands(
        queues,
        connection=redis,
        serializer=JSONSerializer,
        exception_handlers=[],
        disable_default_exception_handler=True,
    )


def main() -> None:
    """Work until told to stop; a queue server that is away is waited for."""
    office = desk()
    guard_process()
    stop = threading.Event()
    threading.Thread(target=_hand_out_forever, args=(stop,), daemon=True).start()
    worker = make_worker([queue(office.redis)], office.redis)
    try:
        worker.work(logging_level="WARNING")
    except RedisError as error:
        log.warning("queue is away", exc_info=error)
        time.sleep(2)
        raise SystemExit(1) from None
    finally:
        stop.set()


if __name__ == "__main__":
    main()
