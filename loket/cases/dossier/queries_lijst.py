"""Lists that go on after a row: newest first, never a count over everything."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from loket.accounts.queries_team import replaced_by
from loket.audit.action import Action
from loket.audit.operations import record
from loket.authz import Actor
from loket.cases.dossier.contactmoment import Contactmoment
from loket.cases.dossier.dossier import Dossier, Werkvoorraad
from loket.cases.dossier.queries import dossier_of, sees_all, visible
from loket.db import newest_first
from loket.errors import NotFound
from loket.termijnen import dag_van

Rij = TypeVar("Rij", bound=Any)
"""Something that is in a dossier."""


def own_work(session: Session, by: Actor, at: datetime) -> list[ColumnElement[bool]]:
    """A consulent sees the own work, what (s)he replaces, and what nobody has yet."""
    if sees_all(by):
        return []
    own = {by.id, *replaced_by(session, by, dag_van(at))}
    free = Dossier.consulent_id.is_(None) & Dossier.closed_at.is_(None)
    return [Dossier.consulent_id.in_(own) | free]


def list_dossiers(
    session: Session, by: Actor, at: datetime, *, na: UUID | None, limit: int
) -> Sequence[dict[str, Any]]:
    """Return dossiers opened before this one; which were shown is recorded once."""
    asked = (
        select(Dossier, Werkvoorraad)
        .join(Werkvoorraad, Werkvoorraad.dossier_id == Dossier.id)
        .where(visible(by), *own_work(session, by, at))
    )
    rows = session.execute(newest_first(asked, Dossier.id, na, limit)).all()
    ids = [dossier.id for dossier, _ in rows]
    record(session, by, Action.WERKVOORRAAD_READ, at=at, subjects=ids)
    return [
        {
            "id": dossier.id,
            "referentie": dossier.referentie,
            "aanleiding": dossier.aanleiding,
            "consulent_id": dossier.consulent_id,
            "gesloten": dossier.closed_at is not None,
            "fase": line.fase,
            "domeinen": line.domeinen,
            "spoed": line.spoed,
            "ontvangen_op": line.ontvangen_op,
            "termijn_soort": line.termijn_soort,
            "uiterste_datum": line.uiterste_datum,
        }
        for dossier, line in rows
    ]


def page_own_work(
    session: Session,
    by: Actor,
    at: datetime,
    kind: type[Rij],
    *,
    na: UUID | None,
    limit: int,
) -> list[tuple[Rij, str]]:
    """Return rows of a kind from before this one, each with the dossier it is in.

    Which were shown is recorded once; a consulent sees the own work.
    """
    asked = (
        select(kind, Dossier.referentie)
        .join(Dossier, Dossier.id == kind.dossier_id)
        .where(visible(by), *own_work(session, by, at))
    )
    found = session.execute(newest_first(asked, kind.id, na, limit))
    rows = [(row[0], row[1]) for row in found]
    ids = [row.dossier_id for row, _ in rows]
    record(session, by, Action.WERKVOORRAAD_READ, at=at, subjects=ids)
    return rows


def find_visible(
    session: Session, by: Actor, kind: type[Rij], row_id: UUID
) -> Rij | None:
    """Find a row in a dossier that this actor may see."""
    return session.scalar(
        select(kind)
        .join(Dossier, Dossier.id == kind.dossier_id)
        .where(kind.id == row_id, visible(by))
    )


def page_contactmomenten(
    session: Session, dossier: Dossier, *, na: UUID | None, limit: int
) -> Sequence[Contactmoment]:
    """Return contacts of a dossier from before this one, newest first."""
    asked = select(Contactmoment).where(Contactmoment.dossier_id == dossier.id)
    return session.scalars(newest_first(asked, Contactmoment.id, na, limit)).all()


def read_contactmoment(
    session: Session, by: Actor, at: datetime, contactmoment_id: UUID
) -> Contactmoment:
    """Return a contact about a dossier; the look is recorded.

    Raises:
        NotFound: it does not exist, or its dossier is not for this actor.
    """
    contact = session.scalar(
        select(Contactmoment).where(
            Contactmoment.id == contactmoment_id,
            Contactmoment.gemeente_code.in_(by.gemeenten),
        )
    )
    if contact is None or contact.dossier_id is None:
        raise NotFound("Dit contactmoment bestaat niet.")
    dossier_of(session, by, contact.dossier_id)
    record(session, by, Action.DOSSIER_READ, contact, at=at)
    return contact
