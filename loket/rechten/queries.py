"""Finding requests of residents, and who they are about."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from loket.audit.action import Action
from loket.audit.operations import record
from loket.audit.record import AuditRecord, AuditSubject
from loket.authz import SYSTEM_ID, Actor, Permission
from loket.cases.dossier.dossier import Betrokkene, BetrokkeneRol, Dossier
from loket.cases.dossier.inwoner import Inwoner
from loket.cases.dossier.queries import dossier_of, shielded_among, visible
from loket.cases.dossier.taak import Taak
from loket.errors import NotFound
from loket.rechten.afschrift import Afschrift
from loket.rechten.correctieverzoek import Correctieverzoek
from loket.rechten.inzageverzoek import Inzageverzoek, Weglating
from loket.termijnen import dag_van

NO_VERZOEK = "Dit verzoek bestaat niet."
MOST_SHOWN = 100
PARTED = (Action.DOSSIER_REMATCHED, Action.INWONER_PARTED)
"""What stood with one person turned out to be of another."""


def get_inzageverzoek(session: Session, by: Actor, referentie: str) -> Inzageverzoek:
    """Return one request; who decides on them sees those of shielded dossiers too.

    Raises:
        NotFound: unknown, of another gemeente, or only for named people.
    """
    found = session.scalar(
        select(Inzageverzoek).where(
            Inzageverzoek.referentie == referentie,
            Inzageverzoek.gemeente_code.in_(by.gemeenten),
        )
    )
    if found is None or not _may_see(session, by, found.inwoner_id):
        raise NotFound(NO_VERZOEK)
    return found


def verzoek_of(session: Session, by: Actor, verzoek_id: UUID) -> Inzageverzoek:
    """Return the request with this id."""
    found = session.get(Inzageverzoek, verzoek_id)
    if found is None or found.gemeente_code not in by.gemeenten:
        raise NotFound(NO_VERZOEK)
    return found


def _may_see(session: Session, by: Actor, inwoner_id: UUID) -> bool:
    if by.id == SYSTEM_ID or by.may(Permission.RECHTEN_DECIDE):
        return True
    return not shielded_among(session, by, [inwoner_id])


def person_of(session: Session, inwoner_id: UUID) -> Inwoner:
    """Return who a request is about."""
    return session.get_one(Inwoner, inwoner_id)


def list_people(
    session: Session, by: Actor, at: datetime, ids: Sequence[UUID]
) -> Sequence[Inwoner]:
    """Return these people, as far as this actor may see them; who, is recorded."""
    hidden = shielded_among(session, by, ids)
    found = session.scalars(
        select(Inwoner)
        .where(
            Inwoner.id.in_(set(ids) - hidden),
            Inwoner.gemeente_code.in_(by.gemeenten),
        )
        .order_by(Inwoner.id)
    ).all()
    record(
        session, by, Action.RECHTEN_LISTED, at=at, subjects=[each.id for each in found]
    )
    return found


def read_person(
    session: Session, by: Actor, at: datetime, verzoek: Inzageverzoek
) -> Inwoner:
    """Return who a request is about, to show it; the look is recorded."""
    person = person_of(session, verzoek.inwoner_id)
    record(session, by, Action.INWONER_READ, person, at=at, grond="inzageverzoek")
    return person


def list_inzageverzoeken(
    session: Session, by: Actor, at: datetime, *, handled: bool = False
) -> list[tuple[Inzageverzoek, str]]:
    """Return what still has to be done, the first to end first, with the name.

    Of what is handled the newest comes first. What only named people may see, is left
    out; who stands in it is recorded.
    """
    is_over = or_(
        Inzageverzoek.delivered_at.is_not(None), Inzageverzoek.weigergrond.is_not(None)
    )
    found = session.execute(
        select(Inzageverzoek, Inwoner)
        .join(Inwoner, Inwoner.id == Inzageverzoek.inwoner_id)
        .where(
            Inzageverzoek.gemeente_code.in_(by.gemeenten),
            is_over if handled else ~is_over,
        )
        .order_by(*_order(Inzageverzoek, handled=handled))
        .limit(MOST_SHOWN)
    ).all()
    hidden: set[UUID] = set()
    if found and not by.may(Permission.RECHTEN_DECIDE):
        hidden = shielded_among(session, by, [each.id for _, each in found])
    shown = [(each, person) for each, person in found if person.id not in hidden]
    people = [person.id for _, person in shown]
    record(session, by, Action.RECHTEN_LISTED, at=at, subjects=people)
    return [(each, person.naam) for each, person in shown]


def _order(noun: Any, *, handled: bool) -> Sequence[Any]:
    if handled:
        return noun.ontvangen_op.desc(), noun.id.desc()
    return noun.uiterlijk, noun.id


def list_correctieverzoeken(
    session: Session, by: Actor, *, handled: bool = False
) -> Sequence[tuple[Correctieverzoek, str]]:
    """Return the open requests for correction with the number of the dossier.

    Of those that are handled the newest comes first.
    """
    is_over = Correctieverzoek.handled_at.is_not(None)
    rows = session.execute(
        select(Correctieverzoek, Dossier.referentie)
        .join(Dossier, Dossier.id == Correctieverzoek.dossier_id)
        .where(
            Correctieverzoek.gemeente_code.in_(by.gemeenten),
            is_over if handled else ~is_over,
            visible(by),
        )
        .order_by(*_order(Correctieverzoek, handled=handled))
        .limit(MOST_SHOWN)
    )
    return [(each, referentie) for each, referentie in rows]


def get_correctieverzoek(
    session: Session, by: Actor, referentie: str
) -> tuple[Correctieverzoek, Dossier]:
    """Return one request for correction with its dossier.

    Raises:
        NotFound: unknown, or its dossier is not for this actor.
    """
    found = session.scalar(
        select(Correctieverzoek).where(
            Correctieverzoek.referentie == referentie,
            Correctieverzoek.gemeente_code.in_(by.gemeenten),
        )
    )
    if found is None:
        raise NotFound(NO_VERZOEK)
    return found, dossier_of(session, by, found.dossier_id)


def list_van_dossier(session: Session, dossier_id: UUID) -> Sequence[Correctieverzoek]:
    """Return what was asked to be corrected in a dossier, newest first."""
    return session.scalars(
        select(Correctieverzoek)
        .where(Correctieverzoek.dossier_id == dossier_id)
        .order_by(Correctieverzoek.id.desc())
        .limit(MOST_SHOWN)
    ).all()


def list_van_inwoner(session: Session, inwoner_id: UUID) -> Sequence[Inzageverzoek]:
    """Return what this person asked to see, newest first."""
    return session.scalars(
        select(Inzageverzoek)
        .where(Inzageverzoek.inwoner_id == inwoner_id)
        .order_by(Inzageverzoek.id.desc())
        .limit(MOST_SHOWN)
    ).all()


def list_weglatingen(session: Session, verzoek_id: UUID) -> Sequence[Weglating]:
    """Return what is left out of one copy."""
    return session.scalars(
        select(Weglating)
        .where(Weglating.verzoek_id == verzoek_id)
        .order_by(Weglating.id)
    ).all()


def afschrift_of(session: Session, verzoek_id: UUID) -> Afschrift | None:
    """Return the copy that was made for a request, without its content."""
    return session.scalar(select(Afschrift).where(Afschrift.verzoek_id == verzoek_id))


def is_spoilt(session: Session, afschrift: Afschrift) -> bool:
    """Whether a copy holds what may not be given any more.

    Something in it was destroyed since its making began, or turned out to be of
    somebody else.
    """
    return _holds_destroyed(session, afschrift) or _holds_of_another(session, afschrift)


def _holds_destroyed(session: Session, afschrift: Afschrift) -> bool:
    # what was destroyed halfway its making can be in it already
    begun = dag_van(afschrift.begun_at)
    return (
        session.scalar(
            select(Inzageverzoek.id)
            .join(Betrokkene, Betrokkene.inwoner_id == Inzageverzoek.inwoner_id)
            .join(Dossier, Dossier.id == Betrokkene.dossier_id)
            .where(
                Inzageverzoek.id == afschrift.verzoek_id,
                Dossier.vernietigd_op >= begun,
            )
            .limit(1)
        )
        is not None
    )


def _holds_of_another(session: Session, afschrift: Afschrift) -> bool:
    return (
        session.scalar(
            select(AuditRecord.id)
            .join(AuditSubject, AuditSubject.record_id == AuditRecord.id)
            .join(Inzageverzoek, Inzageverzoek.inwoner_id == AuditSubject.subject_id)
            .where(
                Inzageverzoek.id == afschrift.verzoek_id,
                AuditRecord.action.in_(PARTED),
                AuditRecord.occurred_at >= afschrift.begun_at,
            )
            .limit(1)
        )
        is not None
    )


def open_work(session: Session, verzoek_id: UUID) -> Sequence[Taak]:
    """Return the tasks about a request: they end with the deed they ask for."""
    return session.scalars(
        select(Taak).where(Taak.onderwerp_id == verzoek_id, Taak.done_at.is_(None))
    ).all()


def newest_dossier(session: Session, inwoner_id: UUID) -> UUID | None:
    """Return the dossier of this cliënt in which a task can be put."""
    return session.scalar(
        select(Dossier.id)
        .join(Betrokkene, Betrokkene.dossier_id == Dossier.id)
        .where(
            Betrokkene.inwoner_id == inwoner_id,
            Betrokkene.rol == BetrokkeneRol.CLIENT,
            Dossier.vernietigd_op.is_(None),
        )
        .order_by(Dossier.closed_at.is_not(None), Dossier.id.desc())
        .limit(1)
    )
