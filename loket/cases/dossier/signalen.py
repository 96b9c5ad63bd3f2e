"""Signals: tasks that a day makes, once, and that go by themselves when it is done.

A room says in one statement which signals there must be now; what is missing is made
and what is no longer there is finished. So a run may be repeated, or killed halfway.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, String, cast, func, literal, select
from sqlalchemy.orm import Session

from loket.accounts.queries import gemeente_codes, instelling
from loket.audit.action import Action
from loket.audit.operations import record
from loket.authz import Actor, Role
from loket.cases.dossier.operations_taak import put_taak
from loket.cases.dossier.taak import Taak, TaakSoort
from loket.db import NOBODY, Database, Scope
from loket.termijnen import dag_van

BATCH = 200
"""Signals in one transaction: a killed run loses no more than these."""
MOST_BATCHES = 50

Wanted = Callable[[date, date], Select[UUID, UUID, Any, UUID | None]]
"""From today and the last day to look at: dossier, subject, day, consulent."""


@dataclass(frozen=True)
class Signaal:
    """One kind of signal: what it asks, how long before, and which there must be."""

    soort: TaakSoort
    instelling: str
    dagen: int
    """How long before the day where the gemeente never said so."""
    wanted: Wanted


def keep_signals(database: Database, at: datetime, signaal: Signaal) -> int:
    """Make and finish the signals of one kind in every gemeente; return how many."""
    with database.transaction(NOBODY) as session:
        codes = gemeente_codes(session)
    changed = 0
    for code in codes:
        for _ in range(MOST_BATCHES):
            with database.transaction(Scope.of(code)) as session:
                done = _keep_batch(session, Actor.system(code), at, signaal)
            changed += done
            if not done:
                break
    return changed


def _keep_batch(session: Session, by: Actor, at: datetime, signaal: Signaal) -> int:
    # two workers at once would both make it: the second waits, and finds it made
    session.execute(
        select(func.pg_advisory_xact_lock(func.hashtext(f"signaal:{by.gemeente_code}")))
    )
    today = dag_van(at)
    days = instelling(session, by.gemeente_code, signaal.instelling, today)
    last = today + timedelta(days=signaal.dagen if days is None else int(days))
    wanted = signaal.wanted(today, last).subquery()
    sleutel = _key(signaal.soort, wanted.c)
    return _make(session, by, at, signaal, wanted, sleutel) + _finish(
        session, by, at, signaal, select(sleutel)
    )


def _key(soort: TaakSoort, columns: Any) -> ColumnElement[str]:
    day = func.to_char(columns.dag, "YYYY-MM-DD")
    return literal(f"{soort.value}:") + cast(columns.onderwerp_id, String) + ":" + day


def _make(
    session: Session,
    by: Actor,
    at: datetime,
    signaal: Signaal,
    wanted: Any,
    sleutel: ColumnElement[str],
) -> int:
    known = select(Taak.id).where(Taak.sleutel == sleutel).exists()
    rows = session.execute(
        select(wanted, sleutel.label("sleutel")).where(~known).limit(BATCH)
    ).all()
    made = [
        Taak(
            gemeente_code=by.gemeente_code,
            dossier_id=row.dossier_id,
            soort=signaal.soort,
            onderwerp_id=row.onderwerp_id,
            voor_user_id=row.consulent_id,
            voor_rol=None if row.consulent_id else Role.CONSULENT,
            uiterlijk=row.dag,
            sleutel=row.sleutel,
            made_at=at,
        )
        for row in rows
    ]
    for taak in made:
        put_taak(session, by, at, taak)
    return len(made)


def _finish(
    session: Session, by: Actor, at: datetime, signaal: Signaal, keys: Select[str]
) -> int:
    """Finish what is no longer asked: it was done, or the day moved."""
    gone = session.scalars(
        select(Taak)
        .where(
            Taak.gemeente_code == by.gemeente_code,
            Taak.soort == signaal.soort,
            Taak.sleutel.is_not(None),
            Taak.done_at.is_(None),
            Taak.sleutel.not_in(keys),
        )
        .limit(BATCH)
    ).all()
    for taak in gone:
        taak.finish(by.id, at)
        record(session, by, Action.TAAK_DONE, taak, at=at, grond=signaal.soort.value)
    return len(gone)
