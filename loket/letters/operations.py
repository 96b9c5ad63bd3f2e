"""Changing the texts of letters."""

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from loket.audit.action import Action
from loket.audit.operations import record
from loket.authz import Actor
from loket.datum import kort
from loket.errors import RuleViolation
from loket.letters.tekst import Brieftekst, check_tekst


def set_brieftekst(
    session: Session, by: Actor, at: datetime, *, sleutel: str, tekst: str, van: date
) -> Brieftekst:
    """Let a text hold from a day on; the text before it ends the day before.

    Letters of earlier days keep the text of their day.
    """
    check_tekst(sleutel, tekst)
    last = session.scalar(
        select(Brieftekst)
        .where(
            Brieftekst.gemeente_code == by.gemeente_code,
            Brieftekst.sleutel == sleutel,
        )
        .order_by(Brieftekst.van.desc())
        .limit(1)
        .with_for_update()
    )
    if last and last.van >= van:
        raise RuleViolation(
            f"Er is al een tekst vanaf {kort(last.van)}. Kies een latere dag.", "van"
        )
    if last and (last.tot is None or last.tot >= van):
        last.tot = van - timedelta(days=1)
        session.flush()  # the older period ends before the newer one begins
    brieftekst = Brieftekst(
        gemeente_code=by.gemeente_code,
        sleutel=sleutel,
        tekst=tekst.strip().replace("\r\n", "\n"),
        van=van,
        tot=None,
    )
    session.add(brieftekst)
    session.flush()  # an overlap made at the same time shows here
    record(session, by, Action.BRIEFTEKST_SET, brieftekst, at=at, grond=sleutel)
    return brieftekst
