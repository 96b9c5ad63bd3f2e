"""Drafts that grew old are dropped, and what was dropped loses its key."""

from datetime import datetime, timedelta

from loket.accounts.queries import gemeente_codes, instelling
from loket.authz import Actor
from loket.config import Config
from loket.db import NOBODY, Database, Scope
from loket.drafts.draft import Draft
from loket.drafts.operations import SHRED, drop_old_drafts
from loket.outbox.promise import Promise
from loket.outbox.work import Handlers, Work
from loket.termijnen import dag_van
from loket.vault.layout import vault_of

DAYS = "concept_bewaren_dagen"
"""Setting: how many days a draft that nobody touches is kept."""
DAYS_UNSET = 14


def shred_key(work: Work, promise: Promise) -> None:
    """Destroy the key of a draft that is gone; may run twice."""
    # the id comes from a row that people may make: never destroy anything else with it
    vault_of(work.session).shred(
        promise.subject_id, "concept vervallen", kind=Draft.__scope_kind__
    )


def drop_old(database: Database, _config: Config, at: datetime) -> int:
    """Drop the drafts that nobody touched for so many days; return how many."""
    with database.transaction(NOBODY) as session:
        codes = gemeente_codes(session)
    dropped = 0
    for code in codes:
        with database.transaction(Scope.of(code)) as session:
            days = instelling(session, code, DAYS, dag_van(at))
            before = at - timedelta(days=int(days or DAYS_UNSET))
            by = Actor.system(code)
            dropped += drop_old_drafts(session, by, at, before=before)
    return dropped


HANDLERS: Handlers = {SHRED: shred_key}
