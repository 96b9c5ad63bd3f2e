"""Looking at the trail, for the privacy officer: ids and words, no content."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from loket.accounts.user import User
from loket.audit.action import Action
from loket.audit.gronden import ground_in_words
from loket.audit.operations import record
from loket.audit.record import AuditRecord, AuditSubject, Outcome
from loket.audit.woorden import in_words
from loket.authz import Actor
from loket.cases.dossier.dossier import Dossier
from loket.cases.dossier.queries import visible
from loket.db import newest_first

PAGE = 25


@dataclass(frozen=True)
class TrailLine:
    """One line of the trail as the officer reads it."""

    id: UUID
    at: datetime
    action: str
    refused: bool
    naam: str
    rollen: str
    via: str
    dossier: str
    may_look: bool
    """Whether who looked in that dossier may be shown to this reader."""
    subjects: int
    grond: str


def list_trail(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    action: Action | None = None,
    dossier: str = "",
    before: UUID | None = None,
) -> Sequence[TrailLine]:
    """Return the newest records of this gemeente, a page at a time; this is recorded.

    `before` is the id of the last line of the page above: ids are ordered in time.
    """
    counted = (
        select(func.count())
        .select_from(AuditSubject)
        .where(AuditSubject.record_id == AuditRecord.id)
        .scalar_subquery()
    )
    lines = (
        select(AuditRecord, User.naam, Dossier.referentie, visible(by), counted)
        .outerjoin(User, User.id == AuditRecord.user_id)
        .outerjoin(Dossier, Dossier.id == AuditRecord.dossier_id)
        .where(AuditRecord.gemeente_code.in_(by.gemeenten))
    )
    if action:
        lines = lines.where(AuditRecord.action == action.value)
    if dossier:
        lines = lines.where(Dossier.referentie == dossier)
    page = newest_first(lines, AuditRecord.id, before, PAGE + 1)
    found = [_line(*row) for row in session.execute(page)]
    record(
        session, by, Action.AUDIT_READ, at=at, grond=action.value if action else None
    )
    return found


def _line(
    trail: AuditRecord,
    naam: str | None,
    referentie: str | None,
    may_look: bool | None,
    subjects: int,
) -> TrailLine:
    return TrailLine(
        id=trail.id,
        at=trail.occurred_at,
        action=in_words(trail.action),
        refused=trail.outcome is Outcome.REFUSED,
        naam=naam or "onbekend",
        rollen=trail.rollen.replace("_", " ").replace(",", ", "),
        via=trail.via,
        dossier=referentie or "",
        may_look=bool(may_look),
        subjects=subjects,
        grond=ground_in_words(trail.grond or ""),
    )
