"""Keeping what the officer may know of a colleague, and letting it go."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from loket.accounts.queries_team import roles_of
from loket.audit.action import Action
from loket.audit.operations import record
from loket.authz import Actor
from loket.cases.dossier.queries import find_inwoner_by_bsn
from loket.errors import RuleViolation
from loket.termijnen import dag_van
from loket.toezicht.medewerkerkaart import Medewerkerkaart
from loket.toezicht.queries_blik import plain


def save_kaart(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    user_id: UUID,
    bsn: str | None = None,
    postcode: str | None = None,
) -> Medewerkerkaart:
    """Keep the link with the inwoner who has this BSN, and the postcode; not the BSN.

    What was kept before of this colleague is replaced.

    Raises:
        RuleViolation: nobody of this gemeente, no inwoner with this BSN, no postcode,
            or nothing to keep.
    """
    if not roles_of(session, by, user_id, dag_van(at)):
        raise RuleViolation("Kies een collega van deze gemeente.", "user_id")
    if not bsn and not postcode:
        raise RuleViolation("Vul een BSN in, of een postcode.", "bsn")
    code = plain(postcode) if postcode else None
    if code and not (len(code) == 6 and code[:4].isdigit() and code[4:].isalpha()):
        raise RuleViolation("Vul een postcode in zoals 1234 AB.", "postcode")
    inwoner = find_inwoner_by_bsn(session, by.gemeente_code, bsn) if bsn else None
    if bsn and inwoner is None:
        raise RuleViolation("Er is geen inwoner met dit BSN in Loket.", "bsn")
    kaart = session.scalar(
        select(Medewerkerkaart).where(
            Medewerkerkaart.gemeente_code == by.gemeente_code,
            Medewerkerkaart.user_id == user_id,
        )
    )
    if kaart is None:
        kaart = Medewerkerkaart(gemeente_code=by.gemeente_code, user_id=user_id)
        session.add(kaart)
    kaart.save(inwoner.id if inwoner else None, code, by.id, at)
    session.flush()  # the trail names the new row
    record(
        session,
        by,
        Action.MEDEWERKERKAART_SAVED,
        kaart,
        at=at,
        subjects=[inwoner.id] if inwoner else (),
    )
    return kaart


def remove_kaart(
    session: Session, by: Actor, at: datetime, *, kaart: Medewerkerkaart
) -> None:
    """Let go of what was kept of a colleague."""
    record(session, by, Action.MEDEWERKERKAART_REMOVED, kaart, at=at)
    session.delete(kaart)
