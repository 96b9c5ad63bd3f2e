"""Finding how a gemeente looks on a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload, undefer

from loket.accounts.gemeente import Gemeente
from loket.authz import Actor
from loket.errors import NotFound
from loket.huisstijl.huisstijl import Huisstijl
from loket.huisstijl.thema import thema_merk


@dataclass(frozen=True)
class Aanzien:
    """What a page must know of the look: where its style sheet and its logo are."""

    id: UUID
    thema_merk: str
    logo_merk: str | None


_SEEN: dict[str, tuple[str, date, Aanzien | None]] = {}
"""Per gemeente what this process found last, for which stand and on which day.

No process has to tell another that something changed: every deed gives the gemeente
another `huisstijl_stand`, in the same transaction, and that row is read at every
request. A stand is drawn at random, so one that was never committed comes back never.
"""


def aanzien_op(session: Session, gemeente: Gemeente, dag: date) -> Aanzien | None:
    """Return how this gemeente looks; asks the database once per change and day."""
    stand = gemeente.huisstijl_stand
    if stand is None:
        return None
    seen = _SEEN.get(gemeente.code)
    if seen is not None and seen[:2] == (stand, dag):
        return seen[2]
    row = huisstijl_op(session, gemeente.code, dag)
    found = (
        Aanzien(row.id, thema_merk(row.accent, row.tweede), row.logo_merk)
        if row
        else None
    )
    _SEEN[gemeente.code] = (stand, dag, found)
    return found


def huisstijl_op(session: Session, gemeente_code: str, dag: date) -> Huisstijl | None:
    """Return the house style that holds on a day; None: that of Loket."""
    return session.scalar(
        select(Huisstijl).where(
            Huisstijl.gemeente_code == gemeente_code,
            Huisstijl.van <= dag,
            or_(Huisstijl.tot.is_(None), Huisstijl.tot >= dag),
        )
    )


def get_huisstijl(
    session: Session, by: Actor, huisstijl_id: UUID, *, logo: bool = False
) -> Huisstijl:
    """Return a house style of the own gemeente, with its logo when that is asked.

    Raises:
        NotFound: there is no such one here.
    """
    asked = select(Huisstijl).where(
        Huisstijl.id == huisstijl_id, Huisstijl.gemeente_code.in_(by.gemeenten)
    )
    found = session.scalar(asked.options(undefer(Huisstijl.logo)) if logo else asked)
    if found is None:
        raise NotFound
    return found


def list_huisstijl(session: Session, by: Actor) -> Sequence[Huisstijl]:
    """Return every house style of the gemeente with who set it, from old to new."""
    return session.scalars(
        select(Huisstijl)
        .options(joinedload(Huisstijl.set_by))
        .where(Huisstijl.gemeente_code.in_(by.gemeenten))
        .order_by(Huisstijl.van)
    ).all()
