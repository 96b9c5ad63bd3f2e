"""The roof of the worker: who keeps which promise, and what recurs when."""

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from uuid import UUID

import structlog
from redis import Redis
from rq import Queue
from rq.serializers import JSONSerializer

from loket.accounts.queries import gemeente_codes
from loket.app import open_database, open_vault, refuse_foreign_keys
from loket.archief import jobs as archief_jobs
from loket.audit import jobs as audit_jobs
from loket.authz import Actor
from loket.beheer import jobs as beheer_jobs
from loket.cases.besluit import jobs as besluit_jobs
from loket.cases.besluit import signalen as besluit_signalen
from loket.cases.dossier import jobs as dossier_jobs
from loket.cases.melding import jobs as melding_jobs
from loket.cases.onderzoek import jobs as onderzoek_jobs
from loket.cases.onderzoek import signalen as onderzoek_signalen
from loket.config import Config
from loket.db import NOBODY, Database, Scope
from loket.drafts import jobs as drafts_jobs
from loket.errors import NotConfigured
from loket.iwmo import jobs as iwmo_jobs
from loket.logs import configure_logs
from loket.outbox import queries
from loket.outbox.work import Handler, Work
from loket.pgb import jobs as pgb_jobs
from loket.pgb import signalen as pgb_signalen
from loket.providers import jobs as providers_jobs
from loket.providers import signalen as providers_signalen
from loket.rechten import jobs as rechten_jobs
from loket.toezicht import jobs as toezicht_jobs

log = structlog.get_logger(__name__)
QUEUE = "loket"
SIGNALS = 300
"""Seconds until a signal appears, or goes because the thing was done."""

HANDLERS: dict[str, Handler] = {
    **dossier_jobs.HANDLERS,
    **melding_jobs.HANDLERS,
    **onderzoek_jobs.HANDLERS,
    **besluit_jobs.HANDLERS,
    **pgb_jobs.HANDLERS,
    **providers_jobs.HANDLERS,
    **iwmo_jobs.HANDLERS,
    **drafts_jobs.HANDLERS,
    **archief_jobs.HANDLERS,
    **rechten_jobs.HANDLERS,
}
"""Topic of a promise → the room that keeps it."""


def _seal_trail(database: Database, _config: Config, at: datetime) -> int:
    with database.transaction(NOBODY) as session:
        gemeenten = gemeente_codes(session)
    return audit_jobs.seal_chains(database, gemeenten, at)


RECURRING: tuple[tuple[str, int, Callable[[Database, Config, datetime], int]], ...] = (
    ("iwmo.intake", 5, iwmo_jobs.take_in),
    ("signalen.termijn", SIGNALS, dossier_jobs.signal_terms),
    ("signalen.meetmoment", SIGNALS, onderzoek_signalen.signal_meetmomenten),
    ("signalen.voorziening", SIGNALS, besluit_signalen.signal_voorzieningen),
    ("signalen.pgb", SIGNALS, pgb_signalen.signal_pgb),
    ("signalen.verzoek", SIGNALS, providers_signalen.signal_verzoeken),
    ("toezicht.signalen", 900, toezicht_jobs.signal_looks),
    ("archief.voorstel", 86_400, archief_jobs.propose_due),
    ("audit.seal", 60, _seal_trail),
    ("drafts.old", 3600, drafts_jobs.drop_old),
    ("sleutels.wees", 86_400, beheer_jobs.sweep_keys),
    ("rechten.afschriften", 3600, rechten_jobs.drop_afschriften),
    ("drafts.verzoek", SIGNALS, providers_jobs.drop_strays),
)
"""Name, seconds between two runs, what is done."""


@dataclass(frozen=True)
class Desk:
    """What one worker process works with."""

    config: Config
    database: Database
    redis: Redis


@cache
def _desk(_process: int) -> Desk:
    config = Config.from_env()
    configure_logs(config.log_level)
    vault = open_vault(config)
    refuse_foreign_keys(vault)
    database = open_database(config, vault)
    return Desk(config, database, Redis.from_url(config.redis_url))


def desk() -> Desk:
    """Return the desk of this process; a forked child gets its own connections."""
    return _desk(os.getpid())


def queue(redis: Redis) -> Queue:
    """Return the queue: JSON only; the worker does what it knows by name, no more."""
    return Queue(QUEUE, connection=redis, serializer=JSONSerializer)


def relay(database: Database, redis: Redis, now: datetime) -> int:
    """Hand promises that are due to the queue; return how many."""
    with database.transaction(NOBODY) as session:
        gemeenten = gemeente_codes(session)
    if not gemeenten:
        return 0
    with database.transaction(Scope(gemeenten)) as session:
        handed = queries.hand_out(session, now)
    for promise_id, gemeente in handed:
        queue(redis).enqueue(
            keep_promise,
            str(promise_id),
            gemeente,
            result_ttl=0,
            failure_ttl=0,
            job_timeout=120,
        )
    return len(handed)


def keep_promise(promise_id: str, gemeente: str) -> None:
    """Keep one promise: the job that the queue runs."""
    keep(desk().database, desk().config, UUID(promise_id), gemeente)


def keep(
    database: Database,
    config: Config,
    promise_id: UUID,
    gemeente: str,
    at: datetime | None = None,
) -> bool:
    """Keep one promise in one transaction with its effects; tell whether it was kept.

    A failure is written down in a transaction of its own, with the class of the
    error only: its text may hold content of a case.
    """
    moment = at or datetime.now(UTC)
    by = replace(Actor.system(gemeente), via="job")
    try:
        with database.transaction(Scope.of(gemeente)) as session:
            promise = queries.lock(session, promise_id)
            if promise is None:
                return False
            handler = HANDLERS[promise.topic]
            handler(Work(session, by, moment, config), promise)
            promise.keep(moment)
    except NotConfigured as missing:
        _write_down(database, promise_id, gemeente, moment, waits_for=missing.message)
        return False
    except Exception as error:
        # whatever went wrong, the promise stays and is tried again later
        log.exception("promise failed", promise=str(promise_id))
        name = type(error).__name__
        _write_down(database, promise_id, gemeente, moment, error=name)
        return False
    return True


def _write_down(
    database: Database,
    promise_id: UUID,
    gemeente: str,
    at: datetime,
    *,
    waits_for: str = "",
    error: str = "",
) -> None:
    with database.transaction(Scope.of(gemeente)) as session:
        promise = queries.lock(session, promise_id)
        if promise is None:
            return
        if waits_for:
            promise.wait(at, waits_for)
            return
        promise.fail(at, error)


def run_recurring(name: str) -> None:
    """Run one recurring piece of work: the job that the clock puts in the queue."""
    jobs = {known: work for known, _, work in RECURRING}
    jobs[name](desk().database, desk().config, datetime.now(UTC))


def enqueue_recurring(redis: Redis) -> int:
    """Put recurring work in the queue; return how many.

    Once per interval, whatever the number of workers: the mark in the queue server
    ends with the interval. The cron of rq always pickles, and our queue is JSON only.
    """
    started = 0
    for name, seconds, _ in RECURRING:
        if redis.set(f"loket-clock:{name}", 1, nx=True, ex=seconds):
            queue(redis).enqueue(
                run_recurring, name, ttl=60, result_ttl=0, failure_ttl=0
            )
            started += 1
    return started


def keep_all(database: Database, config: Config, at: datetime | None = None) -> int:
    """Keep every promise that is due, here and now: for the demo and for tests."""
    kept = 0
    for _ in range(50):
        with database.transaction(NOBODY) as session:
            gemeenten = gemeente_codes(session)
        with database.transaction(Scope(gemeenten)) as session:
            handed = queries.hand_out(session, at or datetime.now(UTC), 1000)
        if not handed:
            break
        kept += sum(keep(database, config, *pair, at=at) for pair in handed)
    return kept
