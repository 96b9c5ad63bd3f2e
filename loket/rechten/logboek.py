"""Who looked at what is held of a person, when and why: from the trail."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from loket.audit.action import Action
from loket.audit.gronden import ground_in_words
from loket.audit.record import AuditRecord, AuditSubject, Outcome
from loket.audit.woorden import in_words
from loket.rechten.vinden import Vondst

LOOKS = frozenset(
    {
        Action.DOSSIER_READ,
        Action.DOSSIER_PRINTED,
        Action.DOCUMENT_READ,
        Action.BSN_REVEALED,
        Action.INWONER_READ,
        Action.NOTITIE_SEARCHED,
        Action.INZAGE_READ,
        Action.PLAATSINGSVERZOEK_READ,
        Action.TOEWIJZING_READ,
        Action.OVERLEG_READ,
        Action.LEVERING_READ,
        Action.BERICHT_READ,
        Action.GESCHIEDENIS_READ,
        Action.AFSCHRIFT_READ,
        Action.AFSCHRIFT_EXPORTED,
        Action.DRAFT_READ,
    }
)
"""Opening something about this person; the other records are deeds."""


SEEN = frozenset({"searched", "listed", "read", "exported"})
"""What a record says that only showed this person among others."""


@dataclass(frozen=True)
class Blik:
    """One look or one deed."""

    at: datetime
    user_id: UUID | None
    aanbieder_id: UUID | None
    functie: str
    wat: str
    grond: str
    dossier_id: UUID | None


@dataclass
class Blikken:
    """What was opened, apart from in whose lists it stood, and what was done."""

    geopend: list[Blik] = field(default_factory=list)
    in_een_lijst: list[Blik] = field(default_factory=list)
    gedaan: list[Blik] = field(default_factory=list)


def list_looks(session: Session, vondst: Vondst) -> Blikken:
    """Return it, newest first; refused attempts are told with what was done."""
    dossiers = vondst.dossiers | vondst.vernietigd
    own = dossiers | vondst.personen
    about = or_(AuditRecord.dossier_id.in_(dossiers), AuditRecord.subject_id.in_(own))
    shown = select(AuditSubject.record_id).where(AuditSubject.subject_id.in_(own))
    blikken = Blikken()
    known = set()
    for trail in _records(session, about):
        known.add(trail.id)
        looked = trail.action in LOOKS and trail.outcome is Outcome.DONE
        (blikken.geopend if looked else blikken.gedaan).append(_blik(trail))
    for trail in _records(session, AuditRecord.id.in_(shown)):
        if trail.id in known:
            continue
        _kind(blikken, trail).append(_blik(trail))
    blikken.geopend.sort(key=lambda each: each.at, reverse=True)
    return blikken


def _kind(blikken: Blikken, trail: AuditRecord) -> list[Blik]:
    if trail.action in LOOKS:
        return blikken.geopend
    seen = trail.action.rpartition(".")[2] in SEEN
    return blikken.in_een_lijst if seen else blikken.gedaan


def _records(session: Session, about: ColumnElement[bool]) -> Iterable[AuditRecord]:
    return session.scalars(
        select(AuditRecord).where(about).order_by(AuditRecord.id.desc())
    )


def _blik(trail: AuditRecord) -> Blik:
    refused = "geweigerd: " if trail.outcome is Outcome.REFUSED else ""
    return Blik(
        trail.occurred_at,
        trail.user_id,
        trail.aanbieder_id,
        trail.rollen.replace("_", " ").replace(",", ", "),
        f"{refused}{in_words(trail.action)}",
        ground_in_words(trail.grond or ""),
        trail.dossier_id,
    )
