"""Verzoeken, toewijzingen and contracts in lists that go on: newest first."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, defer, selectinload

from loket.audit.action import Action
from loket.audit.operations import record
from loket.authz import Actor
from loket.cases.dossier.dossier import Dossier
from loket.db import newest_first
from loket.errors import NotFound
from loket.providers.contract import Contract
from loket.providers.plaatsingsverzoek import Plaatsingsverzoek
from loket.providers.toewijzing import Toewijzing

Shown = Plaatsingsverzoek | Toewijzing


def page_verzoeken(
    session: Session, dossier: Dossier, *, na: UUID | None, limit: int
) -> Sequence[Plaatsingsverzoek]:
    """Return what was asked of aanbieders in a dossier, from before this one."""
    asked = (
        select(Plaatsingsverzoek)
        .options(defer(Plaatsingsverzoek.kandidaten))
        .where(Plaatsingsverzoek.dossier_id == dossier.id)
    )
    return session.scalars(newest_first(asked, Plaatsingsverzoek.id, na, limit)).all()


def page_toewijzingen(
    session: Session, dossier: Dossier, *, na: UUID | None, limit: int
) -> Sequence[Toewijzing]:
    """Return what was assigned in a dossier, from before this one."""
    asked = select(Toewijzing).where(Toewijzing.dossier_id == dossier.id)
    return session.scalars(newest_first(asked, Toewijzing.id, na, limit)).all()


def own_verzoeken(
    session: Session, by: Actor, at: datetime, *, na: UUID | None, limit: int
) -> Sequence[Plaatsingsverzoek]:
    """Return what was asked of this aanbieder; which were shown is recorded once."""
    asked = (
        select(Plaatsingsverzoek)
        .options(defer(Plaatsingsverzoek.kandidaten))
        .where(
            Plaatsingsverzoek.aanbieder_id == by.aanbieder_id,
            Plaatsingsverzoek.gemeente_code.in_(by.gemeenten),
        )
    )
    rows = session.scalars(newest_first(asked, Plaatsingsverzoek.id, na, limit)).all()
    ids = [each.id for each in rows]
    record(session, by, Action.PLAATSINGSVERZOEK_READ, at=at, subjects=ids)
    return rows


def own_toewijzingen(
    session: Session, by: Actor, at: datetime, *, na: UUID | None, limit: int
) -> Sequence[Toewijzing]:
    """Return what this aanbieder delivers; which were shown is recorded once."""
    asked = select(Toewijzing).where(
        Toewijzing.aanbieder_id == by.aanbieder_id,
        Toewijzing.gemeente_code.in_(by.gemeenten),
    )
    rows = session.scalars(newest_first(asked, Toewijzing.id, na, limit)).all()
    ids = [each.id for each in rows]
    record(session, by, Action.TOEWIJZING_READ, at=at, subjects=ids)
    return rows


def referentie_of(session: Session, kind: type[Shown], row_id: UUID) -> str:
    """Return the reference of a verzoek or toewijzing that this session may see."""
    return session.execute(
        select(kind.referentie).where(kind.id == row_id)
    ).scalar_one()


def page_contracten(
    session: Session, by: Actor, *, na: UUID | None, limit: int
) -> Sequence[Contract]:
    """Return the contracts of the gemeente with their regels, from before this one."""
    asked = newest_first(_contracten(by), Contract.id, na, limit)
    return session.scalars(asked).all()


def get_contract(session: Session, by: Actor, contract_id: UUID) -> Contract:
    """Return a contract of the gemeente with its regels.

    Raises:
        NotFound: it does not exist, or is of another gemeente.
    """
    contract = session.scalar(_contracten(by).where(Contract.id == contract_id))
    if contract is None:
        raise NotFound("Dit contract bestaat niet.")
    return contract


def _contracten(by: Actor) -> Select[Contract]:
    return (
        select(Contract)
        .options(selectinload(Contract.aanbieder), selectinload(Contract.regels))
        .where(Contract.gemeente_code.in_(by.gemeenten))
    )
