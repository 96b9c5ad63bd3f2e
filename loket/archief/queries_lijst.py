"""Finding lists, their lines, and what is due to stand on one."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session

from loket.archief.bewaartermijn import Bewaartermijn
from loket.archief.queries import Bewaring, bewaring_van
from loket.archief.queries_persoon import Persoon, personen
from loket.archief.vernietigingslijst import (
    Regelsoort,
    Vernietigingslijst,
    Vernietigingsregel,
)
from loket.audit.action import Action
from loket.audit.operations import record
from loket.authz import Actor
from loket.cases.besluit.vernietigingsstop import Vernietigingsstop
from loket.cases.dossier.dossier import Betrokkene, Dossier
from loket.cases.dossier.inwoner import Inwoner
from loket.errors import NotFound

MOST_LINES = 500
"""Dossiers of one list: somebody looks at each line."""
MOST_LOOKED_AT = 5_000
"""Old dossiers of which some cannot go yet: those do not keep the others waiting."""
MOST_LISTS = 50


def list_due(
    session: Session, gemeente_code: str, termijn: Bewaartermijn, today: date
) -> list[Bewaring]:
    """Return the dossiers whose day has come, that stand on no list, oldest first."""
    rows = session.scalars(
        select(Dossier)
        .where(
            Dossier.gemeente_code == gemeente_code,
            Dossier.vernietigd_op.is_(None),
            Dossier.closed_at < termijn.not_before(today),
            ~on_a_list(Vernietigingsregel.dossier_id == Dossier.id),
            ~exists().where(
                Vernietigingsstop.dossier_id == Dossier.id,
                Vernietigingsstop.lifted_at.is_(None),
            ),
        )
        .order_by(Dossier.closed_at, Dossier.id)
        .limit(MOST_LOOKED_AT)
    ).all()
    kept = bewaring_van(session, rows, termijn)
    return [kept[each.id] for each in rows if kept[each.id].is_due(today)][:MOST_LINES]


def on_a_list(which: ColumnElement[bool]) -> ColumnElement[bool]:
    """Say in SQL that it stands on a list that is not over, or was destroyed."""
    return exists().where(which, Vernietigingsregel.removed_at.is_(None))


def list_people_of(
    session: Session, dossier_ids: Collection[UUID], termijn: Bewaartermijn
) -> list[Persoon]:
    """Return who is in these dossiers and in no other that is there still."""
    who = session.scalars(
        select(Betrokkene.inwoner_id)
        .join(Inwoner, Inwoner.id == Betrokkene.inwoner_id)
        .where(
            Betrokkene.dossier_id.in_(dossier_ids),
            ~on_a_list(Vernietigingsregel.inwoner_id == Inwoner.id),
        )
        .distinct()
        .order_by(Betrokkene.inwoner_id)
    ).all()
    gone = set(dossier_ids)
    found = personen(session, who, termijn).values()
    return [each for each in found if each.dossiers <= gone and not each.wacht_op_ons]


def list_loose(
    session: Session, gemeente_code: str, termijn: Bewaartermijn, today: date
) -> list[Persoon]:
    """Return who is in no dossier any more and whose own day has come."""
    in_dossier = exists().where(
        Betrokkene.inwoner_id == Inwoner.id,
        Betrokkene.dossier_id == Dossier.id,
        Dossier.vernietigd_op.is_(None),
    )
    who = session.scalars(
        select(Inwoner.id)
        .where(
            Inwoner.gemeente_code == gemeente_code,
            Inwoner.vernietigd_op.is_(None),
            Inwoner.merged_at.is_(None),
            Inwoner.registered_at < termijn.not_before(today),
            ~in_dossier,
            ~on_a_list(Vernietigingsregel.inwoner_id == Inwoner.id),
        )
        .order_by(Inwoner.registered_at, Inwoner.id)
        .limit(MOST_LINES)
    ).all()
    return [
        each
        for each in personen(session, who, termijn).values()
        if not each.dossiers and not each.wacht_op_ons and each.vanaf <= today
    ]


def list_lijsten(session: Session, by: Actor) -> Sequence[Vernietigingslijst]:
    """Return the last lists of the own gemeente, the newest first."""
    return session.scalars(
        select(Vernietigingslijst)
        .where(Vernietigingslijst.gemeente_code.in_(by.gemeenten))
        .order_by(Vernietigingslijst.proposed_at.desc(), Vernietigingslijst.id.desc())
        .limit(MOST_LISTS)
    ).all()


def count_regels(
    session: Session, lijst_ids: Collection[UUID]
) -> dict[UUID, dict[str, int]]:
    """Count the lines of each list by how they stand."""
    rows = session.execute(
        select(Vernietigingsregel.lijst_id, Vernietigingsregel.status, func.count())
        .where(Vernietigingsregel.lijst_id.in_(lijst_ids))
        .group_by(Vernietigingsregel.lijst_id, Vernietigingsregel.status)
    )
    found: dict[UUID, dict[str, int]] = {}
    for lijst_id, status, count in rows:
        found.setdefault(lijst_id, {})[status] = count
    return found


def get_lijst(session: Session, by: Actor, referentie: str) -> Vernietigingslijst:
    """Return one list of the own gemeente.

    Raises:
        NotFound: it does not exist, or is of another gemeente.
    """
    found = session.scalar(
        select(Vernietigingslijst).where(
            Vernietigingslijst.referentie == referentie,
            Vernietigingslijst.gemeente_code.in_(by.gemeenten),
        )
    )
    if found is None:
        raise NotFound("Deze vernietigingslijst bestaat niet.")
    return found


def read_lijst(
    session: Session, by: Actor, at: datetime, referentie: str
) -> Vernietigingslijst:
    """Return a list to show its lines; the look is recorded."""
    lijst = get_lijst(session, by, referentie)
    record(session, by, Action.VERNIETIGING_READ, lijst, at=at)
    return lijst


def list_regels(
    session: Session, lijst_id: UUID, *, held: bool = False
) -> list[tuple[Vernietigingsregel, str]]:
    """Return the lines of a list, dossiers first, each with the dossier's reference.

    Args:
        held: keep them as they are until the commit.
    """
    asked = (
        select(Vernietigingsregel, func.coalesce(Dossier.referentie, ""))
        .outerjoin(Dossier, Dossier.id == Vernietigingsregel.dossier_id)
        .where(Vernietigingsregel.lijst_id == lijst_id)
        .order_by(Vernietigingsregel.soort, Vernietigingsregel.id)
        .execution_options(populate_existing=held)
    )
    if held:
        asked = asked.with_for_update(of=Vernietigingsregel)
    return [(regel, referentie) for regel, referentie in session.execute(asked)]


def next_regel(session: Session, lijst_id: UUID) -> Vernietigingsregel | None:
    """Return the next line that is still to be destroyed; dossiers come first."""
    return session.scalar(
        select(Vernietigingsregel)
        .where(
            Vernietigingsregel.lijst_id == lijst_id,
            Vernietigingsregel.removed_at.is_(None),
            Vernietigingsregel.destroyed_at.is_(None),
        )
        .order_by(Vernietigingsregel.soort != Regelsoort.DOSSIER, Vernietigingsregel.id)
        .limit(1)
    )


def referenties_van(
    session: Session, inwoner_ids: Collection[UUID]
) -> dict[UUID, list[str]]:
    """Return in which dossiers each person of a list is or was, for who checks it."""
    rows = session.execute(
        select(Betrokkene.inwoner_id, Dossier.referentie)
        .join(Dossier, Dossier.id == Betrokkene.dossier_id)
        .where(Betrokkene.inwoner_id.in_(inwoner_ids))
        .order_by(Dossier.referentie)
        .distinct()
    )
    found: dict[UUID, list[str]] = {}
    for inwoner_id, referentie in rows:
        found.setdefault(inwoner_id, []).append(referentie)
    return found


def get_regel(session: Session, lijst_id: UUID, regel_id: UUID) -> Vernietigingsregel:
    """Return one line of this list.

    Raises:
        NotFound: it is not there, or on another list.
    """
    found = session.scalar(
        select(Vernietigingsregel).where(
            Vernietigingsregel.lijst_id == lijst_id, Vernietigingsregel.id == regel_id
        )
    )
    if found is None:
        raise NotFound("Deze regel staat niet op de lijst.")
    return found


def dossiers_by_id(session: Session, ids: Collection[UUID]) -> Sequence[Dossier]:
    """Return the dossiers of these lines."""
    return session.scalars(select(Dossier).where(Dossier.id.in_(ids))).all()


def open_regels_of(session: Session, dossier_id: UUID) -> list[Vernietigingsregel]:
    """Return the lines by which a dossier stands on a list in preparation."""
    return list(
        session.scalars(
            select(Vernietigingsregel).where(
                Vernietigingsregel.dossier_id == dossier_id,
                Vernietigingsregel.removed_at.is_(None),
                Vernietigingsregel.destroyed_at.is_(None),
            )
        )
    )


def lijst_of(session: Session, dossier_id: UUID) -> Vernietigingslijst | None:
    """Return the list that a dossier stands on now, if it stands on one."""
    return session.scalar(
        select(Vernietigingslijst)
        .join(Vernietigingsregel, Vernietigingsregel.lijst_id == Vernietigingslijst.id)
        .where(
            Vernietigingsregel.dossier_id == dossier_id,
            Vernietigingsregel.removed_at.is_(None),
        )
    )
