"""Aanvragen, beschikkingen and rights by their own address, and lists that go on."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from loket.audit.action import Action
from loket.audit.operations import record
from loket.authz import Actor
from loket.cases.besluit import queries
from loket.cases.besluit.aanvraag import Aanvraag
from loket.cases.besluit.beschikking import Beschikking, Besluitregel
from loket.cases.besluit.bezwaar import Bezwaar
from loket.cases.besluit.voorziening import Voorziening
from loket.cases.dossier.dossier import Dossier
from loket.db import newest_first


def read_aanvraag(
    session: Session, by: Actor, at: datetime, aanvraag_id: UUID
) -> Aanvraag:
    """Return an aanvraag with its items to show; the look is recorded."""
    aanvraag = queries.get_aanvraag(session, by, aanvraag_id)
    record(session, by, Action.DOSSIER_READ, aanvraag, at=at)
    return aanvraag


def read_voorziening(
    session: Session, by: Actor, at: datetime, voorziening_id: UUID
) -> Voorziening:
    """Return a right with its regels to show; the look is recorded."""
    voorziening = queries.get_voorziening(session, by, voorziening_id)
    record(session, by, Action.DOSSIER_READ, voorziening, at=at)
    return voorziening


def referentie_of(session: Session, beschikking_id: UUID) -> str:
    """Return the reference of a beschikking; without one it is not there."""
    return session.execute(
        select(Beschikking.referentie).where(Beschikking.id == beschikking_id)
    ).scalar_one()


def bezwaren_of(session: Session, beschikking_id: UUID) -> Sequence[Bezwaar]:
    """Return the bezwaren against a beschikking, oldest first."""
    return session.scalars(
        select(Bezwaar)
        .where(Bezwaar.beschikking_id == beschikking_id)
        .order_by(Bezwaar.id)
    ).all()


def page_aanvragen(
    session: Session, dossier: Dossier, *, na: UUID | None, limit: int
) -> Sequence[Aanvraag]:
    """Return aanvragen of a dossier from before this one, newest first."""
    asked = (
        select(Aanvraag)
        .options(selectinload(Aanvraag.items), selectinload(Aanvraag.opschortingen))
        .where(Aanvraag.dossier_id == dossier.id)
    )
    return session.scalars(newest_first(asked, Aanvraag.id, na, limit)).all()


def page_beschikkingen(
    session: Session, dossier: Dossier, *, na: UUID | None, limit: int
) -> Sequence[Beschikking]:
    """Return beschikkingen of a dossier from before this one, newest first."""
    asked = select(Beschikking).where(Beschikking.dossier_id == dossier.id)
    return session.scalars(newest_first(asked, Beschikking.id, na, limit)).all()


def page_voorzieningen(
    session: Session, dossier: Dossier, *, na: UUID | None, limit: int
) -> Sequence[Voorziening]:
    """Return rights of a dossier with their regels from before this one."""
    asked = (
        select(Voorziening)
        .options(selectinload(Voorziening.regels))
        .where(Voorziening.dossier_id == dossier.id)
    )
    return session.scalars(newest_first(asked, Voorziening.id, na, limit)).all()


def items_with_regel(session: Session, item_ids: Collection[UUID]) -> set[UUID]:
    """Tell of which items of an aanvraag a regel decides, drawn up or decided."""
    found = session.scalars(
        select(Besluitregel.aanvraag_item_id).where(
            Besluitregel.aanvraag_item_id.in_(item_ids)
        )
    )
    return {item_id for item_id in found if item_id}
