"""Finding mandaten, and who may decide a case under them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from loket.accounts.user import Aanstelling, Deed, Mandaat, User
from loket.authz import GRANTS, Actor, Permission
from loket.errors import NotFound


@dataclass(frozen=True)
class Beslisser:
    """Somebody who may decide a case, and under which mandaat."""

    naam: str
    rollen: str
    mandaat: Mandaat


def list_mandaten(session: Session, by: Actor) -> Sequence[Mandaat]:
    """Return every mandaat of the gemeente, by deed and from when."""
    return session.scalars(
        select(Mandaat)
        .where(Mandaat.gemeente_code.in_(by.gemeenten))
        .order_by(Mandaat.deed, Mandaat.rol, Mandaat.van)
    ).all()


def get_mandaat(session: Session, by: Actor, mandaat_id: UUID) -> Mandaat:
    """Return one mandaat.

    Raises:
        NotFound: unknown, or of another gemeente.
    """
    found = session.scalar(
        select(Mandaat).where(
            Mandaat.id == mandaat_id, Mandaat.gemeente_code.in_(by.gemeenten)
        )
    )
    if found is None:
        raise NotFound("Dit mandaat bestaat niet.")
    return found


def who_may_decide(
    session: Session,
    by: Actor,
    *,
    deed: Deed,
    categorie: str,
    bedrag_cent: int,
    day: date,
) -> list[Beslisser]:
    """Return who in service may decide this on that day.

    The same test as when somebody decides: `Mandaat.covers`, for the roles somebody
    has, or for the person; and a role that opens the door to decide.
    """
    covering = [
        each
        for each in list_mandaten(session, by)
        if each.deed is deed and each.covers(day, categorie, bedrag_cent)
    ]
    people = _people(session, by, day) if covering else {}
    found = []
    for user, posts in people.items():
        roles = {post.rol for post in posts}
        if not any(Permission.BESCHIKKING_DECIDE in GRANTS[rol] for rol in roles):
            continue
        under = [m for m in covering if m.rol in roles or m.user_id == user.id]
        if under:
            words = ", ".join(sorted(rol.value.replace("_", " ") for rol in roles))
            found.append(Beslisser(user.naam, words, under[0]))
    return found


def _people(session: Session, by: Actor, day: date) -> dict[User, list[Aanstelling]]:
    rows = session.execute(
        select(User, Aanstelling)
        .join(Aanstelling, Aanstelling.user_id == User.id)
        .where(
            Aanstelling.gemeente_code.in_(by.gemeenten),
            Aanstelling.van <= day,
            Aanstelling.tot.is_(None) | (Aanstelling.tot >= day),
            User.deactivated_at.is_(None),
        )
        .order_by(User.naam, User.id)
    )
    found: dict[User, list[Aanstelling]] = {}
    for user, post in rows:
        found.setdefault(user, []).append(post)
    return found
