"""Incoming post that waits, and the merges of people that can be undone."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from loket.audit.action import Action
from loket.audit.operations import record
from loket.authz import Actor
from loket.cases.dossier.inwoner import Inwoner
from loket.cases.dossier.queries import shielded_among
from loket.cases.dossier.samenvoeging import Samenvoeging
from loket.errors import NotFound

MOST_LISTED = 50


class Samengevoegd(NamedTuple):
    """One merge as it is shown."""

    samenvoeging: Samenvoeging
    naam: str


def list_samenvoegingen(
    session: Session, by: Actor, at: datetime
) -> list[Samengevoegd]:
    """Return the last merges that stand, newest first; shielded people are left out."""
    rows = session.execute(
        select(Samenvoeging, Inwoner)
        .join(Inwoner, Inwoner.id == Samenvoeging.blijft_id)
        .where(
            Samenvoeging.gemeente_code.in_(by.gemeenten),
            Samenvoeging.undone_at.is_(None),
        )
        .order_by(Samenvoeging.made_at.desc(), Samenvoeging.id)
        .limit(MOST_LISTED)
    ).all()
    hidden = shielded_among(session, by, [person.id for _, person in rows])
    shown = [(merge, person) for merge, person in rows if person.id not in hidden]
    record(
        session,
        by,
        Action.INWONER_SEARCHED,
        at=at,
        subjects=[person.id for _, person in shown],
    )
    return [Samengevoegd(merge, person.naam) for merge, person in shown]


def get_samenvoeging(session: Session, by: Actor, merge_id: UUID) -> Samenvoeging:
    """Return one merge of the own gemeente.

    Raises:
        NotFound: unknown, or about somebody only named people may see.
    """
    found = session.scalar(
        select(Samenvoeging).where(
            Samenvoeging.id == merge_id, Samenvoeging.gemeente_code.in_(by.gemeenten)
        )
    )
    if found is None or shielded_among(session, by, [found.blijft_id]):
        raise NotFound("Deze samenvoeging bestaat niet.")
    return found
