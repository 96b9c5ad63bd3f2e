"""Deeds of the beheerder about the rules of the gemeente, dated."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from loket.accounts.gemeente import Instelling
from loket.accounts.history import note, one_at_a_time
from loket.accounts.operations import set_instelling
from loket.accounts.queries import list_instellingen
from loket.accounts.register import norm_of
from loket.audit.action import Action
from loket.audit.operations import record
from loket.authz import Actor
from loket.datum import kort
from loket.errors import NotFound, RuleViolation
from loket.geldigheid import check_same, check_van, give_back
from loket.termijnen import dag_van


def stand_of(session: Session, by: Actor, sleutel: str) -> str:
    """Name what stands for a setting now; another name means somebody changed it."""
    rows = list_instellingen(session, by.gemeente_code, sleutel)
    newest = max((row.id for row in rows), default="")
    return f"{len(rows)}.{newest}"


def change_instelling(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    sleutel: str,
    waarde: Any,
    van: date,
    terugwerkend: bool = False,
    reden: str = "",
    stand: str | None = None,
) -> Instelling:
    """Let another value hold from a day on, as somebody asks on the page.

    Args:
        terugwerkend: it is meant that the day has passed; asks for a reason.
        stand: what the page showed (`stand_of`); None: nobody looked at a page.

    Raises:
        RuleViolation: a day in the past that was not meant, or somebody was first.
    """
    one_at_a_time(session, by, Instelling.__tablename__, sleutel)
    if stand is not None:
        check_same(stand, stand_of(session, by, sleutel))
    check_van(van, dag_van(at), terugwerkend=terugwerkend, reden=reden)
    return set_instelling(
        session, by, at, sleutel=sleutel, waarde=waarde, van=van, reden=reden
    )


def withdraw_instelling(
    session: Session, by: Actor, at: datetime, *, sleutel: str, instelling_id: UUID
) -> None:
    """Take back a value that does not hold yet; the one before it holds on.

    Raises:
        NotFound: there is no such value of this setting in the gemeente.
        RuleViolation: it holds already: set another one from a later day.
    """
    norm = norm_of(sleutel)
    one_at_a_time(session, by, Instelling.__tablename__, sleutel)
    rows = list_instellingen(session, by.gemeente_code, sleutel)
    gone = next((row for row in rows if row.id == instelling_id), None)
    if gone is None:
        raise NotFound
    if gone.van <= dag_van(at):
        raise RuleViolation("Dit geldt al. Stel een nieuwe waarde in vanaf een dag.")
    record(session, by, Action.INSTELLING_WITHDRAWN, gone, at=at, grond=sleutel)
    session.delete(gone)
    session.flush()  # its days are free before the one before takes them
    give_back([row for row in rows if row is not gone], gone)
    note(
        session,
        by,
        at=at,
        soort=Instelling.__tablename__,
        sleutel=sleutel,
        velden={f"Vanaf {kort(gone.van)}": (norm.in_words(gone.waarde), "Ingetrokken")},
    )
