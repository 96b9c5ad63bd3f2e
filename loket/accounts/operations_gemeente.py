"""Deeds of the beheerder about the gemeente itself."""

import hashlib
from datetime import datetime

from sqlalchemy.orm import Session

from loket.accounts.gemeente import Gemeente
from loket.accounts.history import note, one_at_a_time
from loket.accounts.queries import get_gemeente
from loket.audit.action import Action
from loket.audit.operations import record
from loket.authz import Actor
from loket.errors import RuleViolation
from loket.geldigheid import check_same

VELDEN = {
    "naam": "Naam",
    "adres": "Bezoekadres",
    "postadres": "Postadres",
    "telefoon": "Telefoonnummer",
    "website": "Website",
}
"""What stands on letters and pages, as the form calls it."""


def stand_of(gemeente: Gemeente) -> str:
    """Name what stands for the gemeente now; another name: somebody changed it."""
    told = "\n".join(getattr(gemeente, name) for name in VELDEN)
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def change_gemeente(
    session: Session, by: Actor, at: datetime, *, stand: str, **gegevens: str
) -> Gemeente:
    """Change name, addresses, telephone or website; letters of before keep theirs.

    Args:
        stand: what the page showed (`stand_of`).

    Raises:
        RuleViolation: somebody was first, or nothing is different.
    """
    one_at_a_time(session, by, Gemeente.__tablename__)
    gemeente = get_gemeente(session, by.gemeente_code)
    session.refresh(gemeente)
    check_same(stand, stand_of(gemeente))
    changed = {
        VELDEN[name]: (getattr(gemeente, name), " ".join(gegevens[name].split()))
        for name in VELDEN
    }
    if all(before == after for before, after in changed.values()):
        raise RuleViolation("U heeft niets gewijzigd.")
    for name, label in VELDEN.items():
        setattr(gemeente, name, changed[label][1])
    note(
        session,
        by,
        at=at,
        soort=Gemeente.__tablename__,
        sleutel=gemeente.code,
        velden=changed,
    )
    record(session, by, Action.GEMEENTE_CHANGED, at=at, grond=gemeente.code)
    return gemeente
