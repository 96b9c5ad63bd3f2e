"""Finding the people of a gemeente, for whoever gives them their roles."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session, selectinload

from loket.accounts.user import Aanstelling, ApiToken, User
from loket.authz import Actor, Role
from loket.errors import NotFound

PAGE = 50
LONGEST_NAME = 100


def _of(by: Actor) -> ColumnElement[bool]:
    return User.id.in_(
        select(Aanstelling.user_id).where(Aanstelling.gemeente_code.in_(by.gemeenten))
    )


def list_medewerkers(
    session: Session,
    by: Actor,
    day: date,
    *,
    rol: Role | None = None,
    in_dienst: bool | None = None,
    zoek: str = "",
    na: UUID | None = None,
) -> Sequence[User]:
    """Return people who work or worked for the gemeente, a page and one more.

    Args:
        rol: only who has this role on `day`.
        in_dienst: only who may come in, or only who may not.
        zoek: part of the name or of the login name.
        na: the last one of the page before.
    """
    found = (
        select(User)
        .options(selectinload(User.aanstellingen))
        .where(_of(by))
        .order_by(User.naam, User.id)
        .limit(PAGE + 1)
    )
    if rol is not None:
        found = found.where(
            User.id.in_(_posts_on(by, day).where(Aanstelling.rol == rol))
        )
    if in_dienst is not None:
        works = User.deactivated_at.is_(None) & User.id.in_(_posts_on(by, day))
        found = found.where(works if in_dienst else ~works)
    if zoek:
        like = f"%{_literal(zoek)}%"
        found = found.where(User.naam.ilike(like) | User.login.ilike(like))
    if na is not None:
        last = session.get(User, na)
        if last is not None:
            found = found.where(
                (User.naam > last.naam) | ((User.naam == last.naam) & (User.id > na))
            )
    return session.scalars(found).all()


def _literal(text: str) -> str:
    plain = text[:LONGEST_NAME].replace("\\", "\\\\")
    return plain.replace("%", "\\%").replace("_", "\\_")


def _posts_on(by: Actor, day: date) -> Select[UUID]:
    return select(Aanstelling.user_id).where(
        Aanstelling.gemeente_code.in_(by.gemeenten),
        Aanstelling.van <= day,
        Aanstelling.tot.is_(None) | (Aanstelling.tot >= day),
    )


def get_medewerker(session: Session, by: Actor, user_id: UUID) -> User:
    """Return somebody who works or worked for the gemeente, with all appointments.

    Raises:
        NotFound: unknown, or never appointed here.
    """
    user = session.scalar(
        select(User)
        .options(selectinload(User.aanstellingen))
        .where(User.id == user_id, _of(by))
        .execution_options(populate_existing=True)
    )
    if user is None:
        raise NotFound("Deze gebruiker bestaat niet.")
    return user


def get_aanstelling(session: Session, by: Actor, aanstelling_id: UUID) -> Aanstelling:
    """Return one appointment for the gemeente.

    Raises:
        NotFound: unknown, or for somebody else.
    """
    post = session.scalar(
        select(Aanstelling)
        .where(
            Aanstelling.id == aanstelling_id,
            Aanstelling.gemeente_code.in_(by.gemeenten),
        )
        .execution_options(populate_existing=True)
    )
    if post is None:
        raise NotFound
    return post


def has_other_beheerder(session: Session, by: Actor, user_id: UUID, day: date) -> bool:
    """Whether somebody else in service is beheerder on that day and stays so."""
    other = session.scalar(
        select(Aanstelling.id)
        .join(User, User.id == Aanstelling.user_id)
        .where(
            Aanstelling.gemeente_code.in_(by.gemeenten),
            Aanstelling.rol == Role.BEHEERDER,
            Aanstelling.user_id != user_id,
            Aanstelling.van <= day,
            Aanstelling.tot.is_(None),
            User.deactivated_at.is_(None),
        )
        .limit(1)
    )
    return other is not None


def list_tokens(session: Session, user: User) -> Sequence[ApiToken]:
    """Return the tokens that work in the name of this person, the newest first."""
    return session.scalars(
        select(ApiToken)
        .where(ApiToken.user_id == user.id)
        .order_by(ApiToken.created_at.desc())
        .limit(PAGE)
    ).all()


def get_token(session: Session, user: User, token_id: UUID) -> ApiToken:
    """Return one token of this person.

    Raises:
        NotFound: unknown, or of somebody else.
    """
    token = session.scalar(
        select(ApiToken).where(ApiToken.id == token_id, ApiToken.user_id == user.id)
    )
    if token is None:
        raise NotFound
    return token
