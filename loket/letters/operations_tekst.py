"""Deeds of the beheerder about the texts of letters: from a day on."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from loket.accounts.perioden import Perioden, Vanaf
from loket.audit.action import Action
from loket.audit.operations import record
from loket.authz import Actor
from loket.letters.tekst import Brieftekst, check_tekst


def _teksten(
    session: Session, by: Actor, at: datetime, sleutel: str
) -> Perioden[Brieftekst]:
    return Perioden.hold(
        session,
        by,
        at,
        Brieftekst,
        Brieftekst.sleutel == sleutel,
        sleutel=sleutel,
        words=lambda row: {"Tekst": row.tekst},
    )


def change_brieftekst(
    session: Session, by: Actor, at: datetime, *, sleutel: str, tekst: str, vanaf: Vanaf
) -> Brieftekst:
    """Let a text read otherwise from a day on; letters of earlier days stay.

    Raises:
        TextError: no letter can be made of the text.
        RuleViolation: another text begins that day, or the day was not meant.
    """
    check_tekst(sleutel, tekst)
    rows = _teksten(session, by, at, sleutel)
    rows.check(vanaf)
    brieftekst = rows.begin(
        Brieftekst(
            gemeente_code=by.gemeente_code,
            sleutel=sleutel,
            tekst=tekst.strip().replace("\r\n", "\n"),
            tot=None,
        ),
        vanaf,
    )
    record(session, by, Action.BRIEFTEKST_SET, brieftekst, at=at, grond=sleutel)
    return brieftekst


def withdraw_brieftekst(
    session: Session, by: Actor, at: datetime, *, sleutel: str, row_id: UUID
) -> None:
    """Take back a text that does not hold yet; the one before it holds on."""
    gone = _teksten(session, by, at, sleutel).known().withdraw(row_id)
    record(session, by, Action.BRIEFTEKST_WITHDRAWN, gone, at=at, grond=sleutel)
