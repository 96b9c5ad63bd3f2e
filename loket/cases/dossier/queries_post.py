"""Incoming post that waits, and the merges of people that can be undone."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from loket.audit.action import Action
from loket.audit.operations import record
from loket.authz import Actor
from loket.cases.dossier.dossier import Dossier
from loket.cases.dossier.inwoner import Inwoner
from loket.cases.dossier.poststuk import Poststuk
from loket.cases.dossier.queries import shielded_among, visible
from loket.cases.dossier.samenvoeging import Samenvoeging
from loket.errors import NotFound

PER_PAGE = 25
MOST_LISTED = 50


class Postpagina(NamedTuple):
    """One page of what waits, oldest first, and where the next one begins."""

    stukken: Sequence[Poststuk]
    volgende: str | None


def list_post(
    session: Session, by: Actor, at: datetime, na: str | None = None
) -> Postpagina:
    """Return one page of post that waits; who looked is recorded."""
    wanted = select(Poststuk).where(
        Poststuk.gemeente_code.in_(by.gemeenten), Poststuk.status == "wacht"
    )
    place = tuple_(Poststuk.ontvangen_op, Poststuk.referentie)
    if na:
        wanted = wanted.where(place > _cursor(na))
    found = session.scalars(
        wanted.order_by(Poststuk.ontvangen_op, Poststuk.referentie).limit(PER_PAGE + 1)
    ).all()
    record(session, by, Action.POST_LISTED, at=at)
    shown = found[:PER_PAGE]
    more = len(found) > PER_PAGE
    last = shown[-1] if more else None
    return Postpagina(
        shown, f"{last.ontvangen_op.isoformat()}_{last.referentie}" if last else None
    )


def _cursor(text: str) -> tuple[date, str]:
    day, _, referentie = text.partition("_")
    try:
        return date.fromisoformat(day), referentie
    except ValueError:
        raise NotFound from None


def get_poststuk(session: Session, by: Actor, referentie: str) -> Poststuk:
    """Return one piece of post of the own gemeente.

    Raises:
        NotFound: unknown, or filed to a dossier that is not for this actor.
    """
    found = session.scalar(
        select(Poststuk)
        .outerjoin(Dossier, Dossier.id == Poststuk.dossier_id)
        .where(
            Poststuk.referentie == referentie,
            Poststuk.gemeente_code.in_(by.gemeenten),
            Poststuk.dossier_id.is_(None) | visible(by),
        )
    )
    if found is None:
        raise NotFound("Dit poststuk bestaat niet.")
    return found


def read_poststuk(
    session: Session, by: Actor, at: datetime, referentie: str
) -> Poststuk:
    """Return one piece of post to show what is in it; the look is recorded."""
    found = get_poststuk(session, by, referentie)
    record(session, by, Action.POSTSTUK_READ, found, at=at, dossier_id=found.dossier_id)
    return found


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
