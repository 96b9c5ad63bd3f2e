"""Deeds of the beheerder of an aanbieder about the accounts of colleagues.

Reaches people of the own aanbieder only. What touches the account as a whole is
refused when somebody works for another organisation too, and nobody does it to
oneself; the last beheerder stays.
"""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from loket.accounts import operations, operations_user, passwords
from loket.accounts.queries_collega import (
    has_other_beheerder,
    own_posts,
    works_elsewhere,
)
from loket.accounts.user import Aanstelling, User
from loket.audit.action import Action
from loket.audit.operations import record
from loket.authz import AANBIEDER_ROLLEN, Actor, Role
from loket.errors import RuleViolation
from loket.termijnen import dag_van

ONE_DAY = timedelta(days=1)


def create_collega(
    session: Session, by: Actor, at: datetime, *, login: str, naam: str, wachtwoord: str
) -> User:
    """Make an account with a temporary password; a role makes it a colleague.

    Raises:
        RuleViolation: the login name exists, also at an organisation we do not see.
    """
    try:
        with session.begin_nested():
            return operations.create_user(
                session,
                by,
                at,
                login=login,
                naam=naam,
                wachtwoord=wachtwoord,
                tijdelijk_tot=at + passwords.TEMPORARY_LASTS,
            )
    except IntegrityError:
        raise RuleViolation("Deze gebruikersnaam bestaat al.", "login") from None


def appoint_collega(
    session: Session, by: Actor, at: datetime, *, user: User, rol: Role
) -> Aanstelling:
    """Give a colleague a role at the own aanbieder, from today on.

    Raises:
        RuleViolation: oneself, a role of a gemeente, or one this person has already.
    """
    _refuse_self(by, user)
    if rol not in AANBIEDER_ROLLEN:
        raise RuleViolation("Deze rol hoort bij een gemeente.", "rol")
    _one_at_a_time(session, by)
    held = session.scalar(
        select(Aanstelling.id).where(
            Aanstelling.user_id == user.id,
            Aanstelling.aanbieder_id == by.aanbieder_id,
            Aanstelling.rol == rol,
            Aanstelling.tot.is_(None) | (Aanstelling.tot >= dag_van(at)),
        )
    )
    if held:
        raise RuleViolation("Deze collega heeft die rol al.", "rol")
    _require_only_ours(session, user)
    return operations.appoint(
        session,
        by,
        at,
        user_id=user.id,
        rol=rol,
        van=dag_van(at),
        aanbieder_id=by.aanbieder_id,
    )


def take_rol(
    session: Session, by: Actor, at: datetime, *, user: User, aanstelling: Aanstelling
) -> None:
    """Take a role away at once.

    Raises:
        RuleViolation: oneself, over already, or nobody would be beheerder.
    """
    _refuse_self(by, user)
    _one_at_a_time(session, by)
    session.refresh(aanstelling)
    today = dag_van(at)
    if aanstelling.tot is not None and aanstelling.tot < today:
        raise RuleViolation("Deze rol is al voorbij.")
    if aanstelling.rol is Role.AANBIEDER_BEHEERDER:
        _require_beheerder(session, by, at, user)
    record(
        session,
        by,
        Action.AANSTELLING_ENDED,
        aanstelling,
        at=at,
        grond=aanstelling.rol.value,
    )
    if aanstelling.van >= today:
        session.delete(aanstelling)  # it never held a whole day
    else:
        aanstelling.tot = today - ONE_DAY
    user.revoke_sessions()
    session.flush()


def put_out_of_service(
    session: Session, by: Actor, at: datetime, *, user: User
) -> None:
    """Let a colleague not come in any more, at once."""
    _refuse_self(by, user)
    _one_at_a_time(session, by)
    _require_only_ours(session, user)
    manages = any(
        post.rol is Role.AANBIEDER_BEHEERDER and post.holds_on(dag_van(at))
        for post in own_posts(by, user)
    )
    if manages:
        _require_beheerder(session, by, at, user)
    operations.deactivate_user(session, by, at, user=user)


def take_back_in_service(
    session: Session, by: Actor, at: datetime, *, user: User
) -> None:
    """Let a colleague come in again, with the roles that still hold."""
    _require_only_ours(session, user)
    operations_user.take_back_in_service(session, by, at, user=user)


def give_password(session: Session, by: Actor, at: datetime, *, user: User) -> str:
    """Give a temporary password, to be shown once; every session ends."""
    _require_only_ours(session, user)
    return operations_user.give_password(session, by, at, user=user)


def reset_second_factor(
    session: Session, by: Actor, at: datetime, *, user: User
) -> None:
    """Take the second factor of a colleague away, who sets up a new one."""
    _require_only_ours(session, user)
    operations_user.reset_second_factor(session, by, at, user=user)


def unlock(session: Session, by: Actor, at: datetime, *, user: User) -> None:
    """Open the door again that too many wrong passwords closed."""
    _refuse_self(by, user)
    _require_only_ours(session, user)
    operations_user.unlock_user(session, by, at, user=user)


def revoke_sessions(session: Session, by: Actor, at: datetime, *, user: User) -> None:
    """Log a colleague out everywhere."""
    _require_only_ours(session, user)
    operations.revoke_sessions(session, by, at, user=user)


def _refuse_self(by: Actor, user: User) -> None:
    if user.id == by.id:
        raise RuleViolation(
            "Uw eigen rollen en toegang wijzigt een andere beheerder van uw"
            " organisatie."
        )


def _require_only_ours(session: Session, user: User) -> None:
    if works_elsewhere(session, user):
        raise RuleViolation(
            "Deze collega werkt ook voor een andere organisatie. Neem hier de rollen"
            " weg; het account blijft van de ander."
        )


def _require_beheerder(session: Session, by: Actor, at: datetime, user: User) -> None:
    if not has_other_beheerder(session, by, user, dag_van(at)):
        raise RuleViolation(
            "Dit is de laatste beheerder. Maak eerst een andere collega beheerder."
        )


def _one_at_a_time(session: Session, by: Actor) -> None:
    """Let two who take each other's role wait for each other's commit."""
    place = f"collega:{by.aanbieder_id}"
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(place, 0))))
