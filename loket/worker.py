"""The worker process: keeps promises, hands them out, and watches the clock."""

import threading
import time
from datetime import UTC, datetime

import structlog
from redis.exceptions import RedisError
from rq import SimpleWorker
from rq.serializers import JSONSerializer
from sqlalchemy.exc import SQLAlchemyError

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


def _refuse_text(job: object, exc_type: type, *_: object) -> bool:
    """Keep the text of an exception out of the queue server."""
    del job
    log.error("job failed", error=exc_type.__name__)
    return False


def main() -> None:
    """Work until told to stop; a queue server that is away is waited for."""
    office = desk()
    stop = threading.Event()
    threading.Thread(target=_hand_out_forever, args=(stop,), daemon=True).start()
    worker = SimpleWorker(
        [queue(office.redis)],
        connection=office.redis,
        serializer=JSONSerializer,
        exception_handlers=[_refuse_text],
        disable_default_exception_handler=True,
    )
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
