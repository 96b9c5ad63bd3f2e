"""Finding people, their appointments and what they may decide."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from loket.accounts.gemeente import Gemeente, Instelling
from loket.accounts.user import Aanstelling, ApiToken, Mandaat, User
from loket.authz import GRANTS, Actor, Permission, Role
from loket.errors import NotFound


@dataclass(frozen=True)
class Werkplek:
    """One desk somebody may sit at: a gemeente, or an aanbieder."""

    sleutel: str
    gemeente_code: str | None
    aanbieder_id: UUID | None
    rollen: frozenset[Role]


def find_user(session: Session, login: str) -> User | None:
    """Find somebody by login name, in service or not."""
    return session.scalar(
        select(User)
        .options(selectinload(User.aanstellingen))
        .where(User.login == login.strip().lower())
    )


def get_user(session: Session, user_id: UUID) -> User:
    """Return a user with their appointments."""
    user = (
        session.scalars(
            # every request begins here: one statement, not two
            select(User)
            .options(joinedload(User.aanstellingen))
            .where(User.id == user_id)
        )
        .unique()
        .one_or_none()
    )
    if user is None:
        raise NotFound
    return user


def find_token(session: Session, secret: str) -> ApiToken | None:
    """Find the token of which this is the secret, whether it still holds or not."""
    digest = hashlib.sha256(secret.encode()).hexdigest()
    return session.scalar(select(ApiToken).where(ApiToken.hash == digest))


def werkplekken(user: User, day: date) -> list[Werkplek]:
    """Return the desks of this person on that day, each with its roles."""
    desks: dict[str, tuple[str | None, UUID | None, set[Role]]] = {}
    for post in user.aanstellingen:
        if post.holds_on(day):
            key = post.gemeente_code or str(post.aanbieder_id)
            desk = desks.setdefault(key, (post.gemeente_code, post.aanbieder_id, set()))
            desk[2].add(post.rol)
    return [
        Werkplek(key, code, aanbieder, frozenset(roles))
        for key, (code, aanbieder, roles) in sorted(desks.items())
    ]


def list_gemeenten(session: Session) -> Sequence[Gemeente]:
    """Return every gemeente of this installation."""
    return session.scalars(select(Gemeente).order_by(Gemeente.naam)).all()


def gemeente_codes(session: Session) -> tuple[str, ...]:
    """Return the codes of every gemeente, for jobs that loop over them."""
    return tuple(session.scalars(select(Gemeente.code).order_by(Gemeente.code)))


def get_gemeente(session: Session, code: str) -> Gemeente:
    """Return one gemeente."""
    gemeente = session.get(Gemeente, code)
    if gemeente is None:
        raise NotFound("Deze gemeente werkt hier niet met Loket.")
    return gemeente


def instelling(session: Session, gemeente_code: str, sleutel: str, day: date) -> Any:
    """Return the value of a setting on a day, or None when it was never set."""
    return session.scalar(
        select(Instelling.waarde).where(
            Instelling.gemeente_code == gemeente_code,
            Instelling.sleutel == sleutel,
            Instelling.van <= day,
            (Instelling.tot.is_(None)) | (Instelling.tot >= day),
        )
    )


def list_instellingen(
    session: Session, gemeente_code: str, sleutel: str | None = None
) -> Sequence[Instelling]:
    """Return every value of one setting, or of all, each from old to new."""
    found = (
        select(Instelling)
        .where(Instelling.gemeente_code == gemeente_code)
        .order_by(Instelling.sleutel, Instelling.van)
    )
    if sleutel is not None:
        found = found.where(Instelling.sleutel == sleutel)
    return session.scalars(found).all()


def list_mandaten_of(session: Session, by: Actor) -> Sequence[Mandaat]:
    """Return every mandaat of this person, or of a role that person has now."""
    return session.scalars(
        select(Mandaat)
        .where(
            Mandaat.gemeente_code.in_(by.gemeenten),
            Mandaat.rol.in_(by.rollen) | (Mandaat.user_id == by.id),
        )
        .order_by(Mandaat.id)
    ).all()


def list_staff(session: Session, by: Actor, rol: Role, day: date) -> Sequence[User]:
    """Return who has this role in the gemeente on that day, in order of name."""
    return list_appointed(session, by, [rol], day)


def list_colleagues(session: Session, by: Actor, day: date) -> Sequence[User]:
    """Return who has a worklist in the gemeente on that day, in order of name."""
    worklist = Permission.WERKVOORRAAD_READ
    rollen = [rol for rol, granted in GRANTS.items() if worklist in granted]
    return list_appointed(session, by, rollen, day)


def list_appointed(
    session: Session, by: Actor, rollen: Sequence[Role], day: date
) -> Sequence[User]:
    """Return who has one of these roles in the gemeente on that day, by name."""
    return session.scalars(
        select(User)
        .join(Aanstelling, Aanstelling.user_id == User.id)
        .where(
            Aanstelling.gemeente_code.in_(by.gemeenten),
            Aanstelling.rol.in_(rollen),
            Aanstelling.van <= day,
            Aanstelling.tot.is_(None) | (Aanstelling.tot >= day),
            User.deactivated_at.is_(None),
        )
        .distinct()
        .order_by(User.naam)
    ).all()


def staff_names(session: Session, ids: Sequence[UUID]) -> dict[UUID, str]:
    """Return names of staff by id, for a page that shows who did what."""
    rows = session.execute(select(User.id, User.naam).where(User.id.in_(ids)))
    return {row.id: row.naam for row in rows}
