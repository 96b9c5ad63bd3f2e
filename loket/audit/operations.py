"""Writing the trail, in the transaction of the deed."""

from collections.abc import Iterable
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from loket.audit.action import Action
from loket.audit.record import AuditRecord, AuditSubject, Outcome
from loket.authz import Actor

NOOD = "noodtoegang"
"""Ground of everything somebody does in a dossier they opened in an emergency."""


def record(
    session: Session,
    by: Actor,
    action: Action,
    subject: object = None,
    *,
    at: datetime,
    dossier_id: UUID | None = None,
    subjects: Iterable[UUID] = (),
    grond: str | None = None,
    outcome: Outcome = Outcome.DONE,
    gemeente_code: str | None = None,
) -> AuditRecord:
    """Leave one record of a deed or a look.

    Args:
        by: who did it, in which roles.
        subject: the noun (its table name and id are kept), or nothing for a list.
        at: when it happened; `recorded_at` is when it was written.
        dossier_id: the case it belongs to; taken from the subject where it has one.
        subjects: ids of everyone a list showed; they share this one record.
        grond: a code or short reason, never content of a case.
        gemeente_code: for actors of several gemeenten; else taken from the
            subject, else from `by`.
    """
    gemeente = gemeente_code or _gemeente_of(subject, by)
    dossier = dossier_id or _dossier_of(subject)
    trail = AuditRecord(
        gemeente_code=gemeente,
        action=action.value,
        outcome=outcome,
        occurred_at=at,
        recorded_at=datetime.now(UTC),
        user_id=by.id,
        rollen=",".join(sorted(rol.value for rol in by.rollen)),
        aanbieder_id=by.aanbieder_id,
        authenticatie=by.authenticatie,
        via=by.via,
        adres=by.adres,
        subject_soort=getattr(subject, "__tablename__", None),
        subject_id=getattr(subject, "id", None),
        dossier_id=dossier,
        grond=_in_nood(grond) if dossier in by.nood else grond,
    )
    session.add(trail)
    session.add_all(
        AuditSubject(record_id=trail.id, subject_id=each, gemeente_code=gemeente)
        for each in sorted(set(subjects))
    )
    return trail


def _in_nood(grond: str | None) -> str:
    """Say first that the dossier is open by emergency access (NEN 7513)."""
    return f"{NOOD}:{grond}" if grond else NOOD


def _gemeente_of(subject: object, by: Actor) -> str | None:
    own = by.gemeenten[0] if len(by.gemeenten) == 1 else None
    return getattr(subject, "gemeente_code", None) or own


def _dossier_of(subject: object) -> UUID | None:
    if getattr(subject, "__tablename__", None) == "dossier":
        return getattr(subject, "id", None)
    return getattr(subject, "dossier_id", None)
