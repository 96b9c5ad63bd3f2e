"""Finding signals of looks and the records behind them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from loket.accounts.user import User
from loket.audit.gronden import ground_in_words
from loket.audit.record import AuditRecord
from loket.audit.woorden import in_words
from loket.authz import Actor
from loket.cases.dossier.dossier import Dossier
from loket.cases.dossier.noodtoegang import Noodtoegang
from loket.errors import NotFound
from loket.toezicht.inzagesignaal import Inzagesignaal, Inzagesignaalregel
from loket.toezicht.medewerkerkaart import Medewerkerkaart

MOST = 50
MOST_RECORDS = 500


@dataclass(frozen=True)
class Inzage:
    """One look behind a signal."""

    id: UUID
    at: datetime
    wat: str
    grond: str
    dossier: str


def list_signalen(
    session: Session, by: Actor, *, reviewed: bool, most: int = MOST
) -> Sequence[tuple[Inzagesignaal, str, int]]:
    """Return signals with the name of who looked and the number of looks.

    Open ones by the day of the review, reviewed ones with the newest first.
    """
    counted = (
        select(func.count())
        .select_from(Inzagesignaalregel)
        .where(Inzagesignaalregel.signaal_id == Inzagesignaal.id)
        .scalar_subquery()
    )
    lines = (
        select(Inzagesignaal, User.naam, counted)
        .join(User, User.id == Inzagesignaal.user_id)
        .where(Inzagesignaal.gemeente_code.in_(by.gemeenten))
    )
    if reviewed:
        lines = lines.where(Inzagesignaal.reviewed_at.is_not(None)).order_by(
            Inzagesignaal.reviewed_at.desc(), Inzagesignaal.id.desc()
        )
    else:
        lines = lines.where(Inzagesignaal.reviewed_at.is_(None)).order_by(
            Inzagesignaal.uiterlijk, Inzagesignaal.id
        )
    return [
        (signaal, naam, aantal)
        for signaal, naam, aantal in session.execute(lines.limit(most))
    ]


def get_signaal(
    session: Session, by: Actor, inzagesignaal_id: UUID
) -> tuple[Inzagesignaal, str]:
    """Return a signal with the name of who looked.

    Raises:
        NotFound: it does not exist, or is of another gemeente.
    """
    found = session.execute(
        select(Inzagesignaal, User.naam)
        .join(User, User.id == Inzagesignaal.user_id)
        .where(
            Inzagesignaal.id == inzagesignaal_id,
            Inzagesignaal.gemeente_code.in_(by.gemeenten),
        )
    ).one_or_none()
    if found is None:
        raise NotFound("Dit signaal bestaat niet.")
    return found[0], found[1]


def looks_behind(session: Session, signaal: Inzagesignaal) -> Sequence[Inzage]:
    """Return the looks behind a signal, in order of time."""
    behind = select(Inzagesignaalregel.record_id).where(
        Inzagesignaalregel.signaal_id == signaal.id
    )
    return _looks(session, AuditRecord.id.in_(behind))


def looks_in_nood(session: Session, nood: Noodtoegang) -> Sequence[Inzage]:
    """Return what somebody did in a dossier while emergency access stood open."""
    return _looks(
        session,
        (AuditRecord.dossier_id == nood.dossier_id)
        & (AuditRecord.user_id == nood.user_id)
        & AuditRecord.occurred_at.between(nood.opened_at, nood.tot),
    )


def _looks(session: Session, about: ColumnElement[bool]) -> Sequence[Inzage]:
    rows = session.execute(
        select(AuditRecord, Dossier.referentie)
        .outerjoin(Dossier, Dossier.id == AuditRecord.dossier_id)
        .where(about)
        .order_by(AuditRecord.occurred_at, AuditRecord.id)
        .limit(MOST_RECORDS)
    )
    return [
        Inzage(
            trail.id,
            trail.occurred_at,
            in_words(trail.action),
            ground_in_words(trail.grond or ""),
            referentie or "",
        )
        for trail, referentie in rows
    ]


def list_kaarten(session: Session, by: Actor) -> Sequence[tuple[Medewerkerkaart, str]]:
    """Return what is kept of colleagues, with their names."""
    rows = session.execute(
        select(Medewerkerkaart, User.naam)
        .join(User, User.id == Medewerkerkaart.user_id)
        .where(Medewerkerkaart.gemeente_code.in_(by.gemeenten))
        .order_by(User.naam, Medewerkerkaart.id)
    )
    return [(kaart, naam) for kaart, naam in rows]


def get_kaart(session: Session, by: Actor, medewerkerkaart_id: UUID) -> Medewerkerkaart:
    """Return what is kept of one colleague.

    Raises:
        NotFound: nothing is kept, or it is of another gemeente.
    """
    kaart = session.scalar(
        select(Medewerkerkaart).where(
            Medewerkerkaart.id == medewerkerkaart_id,
            Medewerkerkaart.gemeente_code.in_(by.gemeenten),
        )
    )
    if kaart is None:
        raise NotFound("Van deze medewerker is niets vastgelegd.")
    return kaart
