"""Finding the talks that are planned."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from loket.accounts.queries_team import replaced_by
from loket.authz import Actor
from loket.cases.dossier.dossier import Dossier
from loket.cases.dossier.queries import visible
from loket.cases.onderzoek.gepland_gesprek import GeplandGesprek
from loket.cases.onderzoek.onderzoek import Onderzoek
from loket.errors import NotFound
from loket.termijnen import dag_van


def _is_open() -> ColumnElement[bool]:
    return GeplandGesprek.cancelled_at.is_(None) & GeplandGesprek.held_at.is_(None)


def list_gepland(session: Session, onderzoek_id: UUID) -> Sequence[GeplandGesprek]:
    """Return the open plans of an onderzoek, the first one first."""
    return session.scalars(
        select(GeplandGesprek)
        .where(GeplandGesprek.onderzoek_id == onderzoek_id, _is_open())
        .order_by(GeplandGesprek.begint_om, GeplandGesprek.id)
    ).all()


def get_gepland(
    session: Session, onderzoek: Onderzoek, gepland_id: UUID
) -> GeplandGesprek:
    """Return one plan of this onderzoek, open or not."""
    found = session.get(GeplandGesprek, gepland_id)
    if found is None or found.onderzoek_id != onderzoek.id:
        raise NotFound
    return found


def find_fulfilled(
    session: Session, onderzoek_id: UUID, gevoerd_op: date
) -> GeplandGesprek | None:
    """Return the plan that a talk on this day fulfils: the last one until that day.

    One that is still to come stays: somebody may telephone before a visit.
    """
    due = [
        each for each in list_gepland(session, onderzoek_id) if each.dag <= gevoerd_op
    ]
    return due[-1] if due else None


def list_visits(
    session: Session, by: Actor, at: datetime, most: int
) -> Sequence[GeplandGesprek]:
    """Return the visits this person makes, or of who is absent and replaced by them.

    What is past and not recorded yet comes first.
    """
    mine = [by.id, *replaced_by(session, by, dag_van(at))]
    return session.scalars(
        select(GeplandGesprek)
        .join(Onderzoek, Onderzoek.id == GeplandGesprek.onderzoek_id)
        .join(Dossier, Dossier.id == GeplandGesprek.dossier_id)
        .where(
            visible(by),
            GeplandGesprek.gemeente_code.in_(by.gemeenten),
            GeplandGesprek.consulent_id.in_(mine),
            _is_open(),
            Onderzoek.completed_at.is_(None),
            Onderzoek.closed_at.is_(None),
        )
        .order_by(GeplandGesprek.begint_om, GeplandGesprek.id)
        .limit(most)
    ).all()
