"""Who looked at a dossier, and who saw it in a list: from the trail."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from loket.accounts.user import User
from loket.audit.action import Action
from loket.audit.gronden import ground_in_words
from loket.audit.operations import record
from loket.audit.record import AuditRecord, AuditSubject, Outcome
from loket.audit.woorden import in_words
from loket.authz import Actor
from loket.cases.dossier.dossier import Dossier
from loket.cases.dossier.queries import get_client
from loket.db import newest_first

PER_PAGE = 50
LOOKS = (
    Action.DOSSIER_READ,
    Action.DOSSIER_PRINTED,
    Action.DOCUMENT_READ,
    Action.BSN_REVEALED,
    Action.NOTITIE_SEARCHED,
    Action.INZAGE_READ,
    Action.PLAATSINGSVERZOEK_READ,
    Action.TOEWIJZING_READ,
    Action.BERICHT_READ,
)
"""Opening the dossier or a part of it; deeds stand in its timeline."""


@dataclass(frozen=True)
class Blik:
    """One look at a dossier."""

    id: UUID
    at: datetime
    naam: str
    rollen: str
    wat: str
    grond: str


def list_looks(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    dossier: Dossier,
    before: UUID | None = None,
) -> Sequence[Blik]:
    """Return who opened this dossier, newest first; this look is recorded as well.

    `before` is the id of the last line of the page above: ids are ordered in time.
    """
    found = _lines(session, before, AuditRecord.dossier_id == dossier.id)
    record(session, by, Action.INZAGE_READ, dossier, at=at)
    return found


def list_appearances(session: Session, dossier: Dossier) -> Sequence[Blik]:
    """Return in whose lists the dossier or its cliënt stood, newest first."""
    client = get_client(session, dossier.id)
    shown = select(AuditSubject.record_id).where(
        AuditSubject.subject_id.in_([dossier.id, client.id])
    )
    in_list = AuditRecord.id.in_(shown) & AuditRecord.dossier_id.is_(None)
    return _lines(session, None, in_list, looks=False)[:PER_PAGE]


def _lines(
    session: Session, before: UUID | None, about: object, *, looks: bool = True
) -> list[Blik]:
    wanted = (
        select(AuditRecord, User.naam)
        .outerjoin(User, User.id == AuditRecord.user_id)
        .where(about, AuditRecord.outcome == Outcome.DONE)  # type: ignore[arg-type]  # SQL of the caller
    )
    if looks:
        wanted = wanted.where(AuditRecord.action.in_([each.value for each in LOOKS]))
    page = newest_first(wanted, AuditRecord.id, before, PER_PAGE + 1)
    return [_blik(*row) for row in session.execute(page)]


def _blik(trail: AuditRecord, naam: str | None) -> Blik:
    return Blik(
        id=trail.id,
        at=trail.occurred_at,
        naam=naam or "Onbekend",
        rollen=trail.rollen.replace("_", " ").replace(",", ", "),
        wat=in_words(trail.action),
        grond=ground_in_words(trail.grond or ""),
    )
