"""The worker process: keeps promises, hands them out, and watches the clock."""

import threading
import time
from collections.abc import Callable, Mapping
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
from loket.schedule import (
    desk,
    enqueue_recurring,
    keep_promise,
    queue,
    relay,
    run_recurring,
)

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


KNOWN: Mapping[str, Callable[[str, str], None] | Callable[[str], None]] = {
    f"{each.__module__}.{each.__name__}": each for each in (keep_promise, run_recurring)
}
"""All that the worker does for the queue, by the name under which it stands there."""


class Errand(Job):
    """A job that can only be what we put in the queue ourselves.

    A job in the queue server names a function; rq would import and call any, so that
    who writes there would run what he likes in a process that holds keys.
    """

    @property
    def func(self) -> Any:
        """Return what to do.

        Raises:
            ValueError: nothing of ours; the name is not told, it may hold anything.
        """
        known = KNOWN.get(self.func_name or "")
        if known is None or self.instance is not None:
            raise ValueError("a job that is not ours")
        return known

    @property
    def success_callback(self) -> None:
        """Call nothing afterwards: we never ask for it."""

    @property
    def failure_callback(self) -> None:
        """Call nothing afterwards: we never ask for it."""

    @property
    def stopped_callback(self) -> None:
        """Call nothing afterwards: we never ask for it."""

    def send_webhooks(self, *_: Any, **__: Any) -> None:
        """Tell no address on the network: we never ask for it."""


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
        job_class=Errand,
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
