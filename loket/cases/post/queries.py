"""Incoming post that waits."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from loket.audit.action import Action
from loket.audit.operations import record
from loket.authz import Actor
from loket.cases.dossier.dossier import Dossier
from loket.cases.dossier.queries import visible
from loket.cases.post.poststuk import Poststuk
from loket.errors import NotFound

PER_PAGE = 25


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
