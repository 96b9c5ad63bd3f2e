"""Are onderzoeken and decisions on time?

Reader: policy staff of one gemeente. A flow figure over what ended in the period: an
onderzoek that was completed or closed against its last day (Wmo art. 2.3.2 lid 1), an
aanvraag that was decided against its last day with opschorting (art. 2.3.5 lid 2).
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, case, column, func, select, table
from sqlalchemy.orm import Session

from loket.authz import Actor

_onderzoek = table(
    "onderzoek",
    column("gemeente_code"),
    column("uiterste_datum"),
    column("afgerond_op"),
    column("gesloten_op"),
    schema="beleid",
)
_aanvraag = table(
    "aanvraag",
    column("gemeente_code"),
    column("besluit_tot"),
    column("besloten_op"),
    schema="beleid",
)


@dataclass(frozen=True)
class Gehaald:
    """How many were on time and how many late."""

    op_tijd: int
    te_laat: int


def onderzoeken(session: Session, by: Actor, van: date, tot: date) -> Gehaald:
    """Count onderzoeken that ended in the period."""
    ended = func.coalesce(_onderzoek.c.afgerond_op, _onderzoek.c.gesloten_op)
    return _count(
        session,
        by,
        _onderzoek.c.gemeente_code,
        ended,
        _onderzoek.c.uiterste_datum,
        (van, tot),
    )


def besluiten(session: Session, by: Actor, van: date, tot: date) -> Gehaald:
    """Count aanvragen that were decided in the period."""
    return _count(
        session,
        by,
        _aanvraag.c.gemeente_code,
        _aanvraag.c.besloten_op,
        _aanvraag.c.besluit_tot,
        (van, tot),
    )


def _count(
    session: Session,
    by: Actor,
    gemeente: ColumnElement[str],
    ended: ColumnElement[date],
    last_day: ColumnElement[date],
    period: tuple[date, date],
) -> Gehaald:
    row = session.execute(
        select(
            func.count(case((ended <= last_day, 1))),
            func.count(case((ended > last_day, 1))),
        ).where(
            gemeente.in_(by.gemeenten), ended.between(*period), last_day.is_not(None)
        )
    ).one()
    return Gehaald(row[0], row[1])
