"""Onderzoeken and agreed results by their own address, and lists that go on."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from loket.audit.action import Action
from loket.audit.operations import record
from loket.authz import Actor
from loket.cases.dossier.queries_lijst import find_visible
from loket.cases.onderzoek.onderzoek import Onderzoek
from loket.cases.onderzoek.resultaatafspraak import Resultaatafspraak, ResultaatScore
from loket.db import newest_first
from loket.errors import NotFound


def find_onderzoek(
    session: Session, by: Actor, at: datetime, onderzoek_id: UUID
) -> Onderzoek:
    """Return an onderzoek to show; the look is recorded.

    Raises:
        NotFound: it does not exist, or its dossier is not for this actor.
    """
    onderzoek = find_visible(session, by, Onderzoek, onderzoek_id)
    if onderzoek is None:
        raise NotFound("Dit onderzoek bestaat niet.")
    record(session, by, Action.DOSSIER_READ, onderzoek, at=at, grond="onderzoek")
    return onderzoek


def find_resultaatafspraak(
    session: Session, by: Actor, at: datetime, afspraak_id: UUID
) -> Resultaatafspraak:
    """Return an agreed result to show; the look is recorded.

    Raises:
        NotFound: it does not exist, or its dossier is not for this actor.
    """
    afspraak = find_visible(session, by, Resultaatafspraak, afspraak_id)
    if afspraak is None:
        raise NotFound("Deze afspraak bestaat niet.")
    record(session, by, Action.DOSSIER_READ, afspraak, at=at)
    return afspraak


def page_resultaatafspraken(
    session: Session, onderzoek: Onderzoek, *, na: UUID | None, limit: int
) -> Sequence[Resultaatafspraak]:
    """Return agreed results of an onderzoek from before this one, newest first."""
    asked = select(Resultaatafspraak).where(
        Resultaatafspraak.onderzoek_id == onderzoek.id
    )
    return session.scalars(newest_first(asked, Resultaatafspraak.id, na, limit)).all()


def list_scores(session: Session, afspraak_id: UUID) -> Sequence[ResultaatScore]:
    """Return how an agreed result turned out, oldest first."""
    return session.scalars(
        select(ResultaatScore)
        .where(ResultaatScore.afspraak_id == afspraak_id)
        .order_by(ResultaatScore.gemeten_op, ResultaatScore.id)
    ).all()
