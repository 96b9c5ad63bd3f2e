"""Deeds of the beheerder about people: roles, service, passwords, tokens.

A beheerder gives roles of the own gemeente only, and never to oneself: a colleague
does, and the privacy officer sees every role, token and password that was given.
"""

from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from loket.accounts import passwords
from loket.accounts.history import one_at_a_time
from loket.accounts.operations import appoint, create_token, deactivate_user
from loket.accounts.queries_user import has_other_beheerder
from loket.accounts.user import Aanstelling, ApiToken, User
from loket.audit.action import Action
from loket.audit.operations import record
from loket.authz import AANBIEDER_ROLLEN, GRANTS, Actor, Permission, Role
from loket.errors import RuleViolation
from loket.termijnen import dag_van

ONE_DAY = timedelta(days=1)
TOKEN_LASTS_MOST = timedelta(days=366)
ROLES = tuple(rol for rol in Role if rol not in AANBIEDER_ROLLEN)
"""What a gemeente may give: people of an aanbieder work for the aanbieder."""


def appoint_medewerker(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    user: User,
    rol: Role,
    van: date,
    tot: date | None = None,
) -> Aanstelling:
    """Give somebody a role in the own gemeente, in a period.

    Raises:
        RuleViolation: oneself, a role of an aanbieder, a day in the past, or a role
            this person has by then already.
    """
    _refuse_self(by, user, "U kunt uzelf geen rol geven. Vraag een andere beheerder.")
    if rol not in ROLES:
        raise RuleViolation("Deze rol hoort bij een aanbieder.", "rol")
    if van < dag_van(at):
        raise RuleViolation("Deze dag is al voorbij.", "van")
    if tot is not None and tot < van:
        raise RuleViolation("De laatste dag ligt voor de eerste dag.", "tot")
    one_at_a_time(session, by, Aanstelling.__tablename__)
    overlap = session.scalar(
        select(Aanstelling.id).where(
            Aanstelling.user_id == user.id,
            Aanstelling.gemeente_code == by.gemeente_code,
            Aanstelling.rol == rol,
            Aanstelling.van <= (tot or date.max),
            Aanstelling.tot.is_(None) | (Aanstelling.tot >= van),
        )
    )
    if overlap:
        raise RuleViolation("Deze persoon heeft die rol dan al.", "rol")
    return appoint(
        session,
        by,
        at,
        user_id=user.id,
        rol=rol,
        van=van,
        tot=tot,
        gemeente_code=by.gemeente_code,
    )


def end_aanstelling(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    aanstelling: Aanstelling,
    laatste_dag: date,
) -> None:
    """Note the last day of a role; yesterday takes it away at once.

    Raises:
        RuleViolation: over already, longer ago, or nobody would be beheerder.
    """
    today = dag_van(at)
    one_at_a_time(session, by, Aanstelling.__tablename__)
    session.refresh(aanstelling)
    if laatste_dag < today - ONE_DAY:
        raise RuleViolation("Deze dag is al langer voorbij.", "laatste_dag")
    if aanstelling.tot is not None and aanstelling.tot <= laatste_dag:
        raise RuleViolation("Deze rol is dan al voorbij.", "laatste_dag")
    if aanstelling.rol is Role.BEHEERDER:
        _require_beheerder(session, by, aanstelling.user_id, today)
    record(
        session,
        by,
        Action.AANSTELLING_ENDED,
        aanstelling,
        at=at,
        grond=aanstelling.rol.value,
    )
    if laatste_dag < aanstelling.van:
        session.delete(aanstelling)  # it never held
    else:
        aanstelling.tot = laatste_dag
    session.flush()


def _require_beheerder(session: Session, by: Actor, user_id: UUID, day: date) -> None:
    if not has_other_beheerder(session, by, user_id, day):
        raise RuleViolation(
            "Dit is de laatste beheerder. Maak eerst een collega beheerder, zonder"
            " laatste dag.",
            "laatste_dag",
        )


def _refuse_self(by: Actor, user: User, message: str) -> None:
    if user.id == by.id:
        raise RuleViolation(message)


def _require_only_here(by: Actor, user: User, at: datetime) -> None:
    """Refuse what would also touch the work of this person for somebody else."""
    today = dag_van(at)
    elsewhere = [
        post
        for post in user.aanstellingen
        if not by.employs(post.gemeente_code, post.aanbieder_id)
        and (post.tot is None or post.tot >= today)
    ]
    if elsewhere:
        raise RuleViolation(
            "Deze persoon werkt ook voor een andere organisatie. Beëindig hier de"
            " rollen; het account blijft van de ander."
        )


def put_out_of_service(
    session: Session, by: Actor, at: datetime, *, user: User
) -> None:
    """Let somebody of the own gemeente not come in any more, at once.

    Raises:
        RuleViolation: oneself, the last beheerder, or somebody who works elsewhere too.
    """
    _refuse_self(by, user, "U kunt uzelf niet buiten gebruik zetten.")
    _require_only_here(by, user, at)
    one_at_a_time(session, by, Aanstelling.__tablename__)
    if any(
        p.rol is Role.BEHEERDER and p.holds_on(dag_van(at)) for p in user.aanstellingen
    ):
        _require_beheerder(session, by, user.id, dag_van(at))
    deactivate_user(session, by, at, user=user)


def take_back_in_service(
    session: Session, by: Actor, at: datetime, *, user: User
) -> None:
    """Let somebody come in again, with the roles that still hold."""
    _refuse_self(by, user, "U bent al in gebruik.")
    _require_only_here(by, user, at)
    user.reactivate()
    record(session, by, Action.USER_REACTIVATED, user, at=at)


def unlock_user(session: Session, by: Actor, at: datetime, *, user: User) -> None:
    """Open the door again that too many wrong passwords closed."""
    if not user.is_locked(at):
        raise RuleViolation("Deze gebruiker is niet geblokkeerd.")
    user.pass_login()
    record(session, by, Action.USER_UNLOCKED, user, at=at)


def give_password(session: Session, by: Actor, at: datetime, *, user: User) -> str:
    """Give a temporary password, to be shown once; every session ends.

    Raises:
        RuleViolation: oneself, or somebody who works elsewhere too.
    """
    _refuse_self(by, user, "Vraag een andere beheerder om een nieuw wachtwoord.")
    _require_only_here(by, user, at)
    wachtwoord = passwords.new_password()
    user.password_hash = passwords.hash_password(wachtwoord)
    user.password_temporary_until = at + passwords.TEMPORARY_LASTS
    user.pass_login()
    user.revoke_sessions()
    record(session, by, Action.PASSWORD_SET, user, at=at)
    return wachtwoord


def choose_password(
    session: Session, by: Actor, at: datetime, *, user: User, wachtwoord: str
) -> None:
    """Let somebody choose an own password in place of the temporary one."""
    if passwords.is_right(user.password_hash, wachtwoord):
        raise RuleViolation("Kies een ander wachtwoord dan u kreeg.", "wachtwoord")
    user.password_hash = passwords.hash_password(wachtwoord)
    user.password_temporary_until = None
    user.revoke_sessions()
    record(session, by, Action.PASSWORD_CHOSEN, user, at=at)


def reset_second_factor(
    session: Session, by: Actor, at: datetime, *, user: User
) -> None:
    """Take the second factor of somebody away, who sets up a new one.

    Raises:
        RuleViolation: oneself (the own account does that, with the password), or
            somebody who works elsewhere too.
    """
    _refuse_self(by, user, "Doe dit bij Mijn account, met uw wachtwoord.")
    _require_only_here(by, user, at)
    if not user.totp_confirmed_at:
        raise RuleViolation("Deze gebruiker heeft geen tweede stap.")
    user.forget_second_factor()
    record(session, by, Action.SECOND_FACTOR_RESET, user, at=at)


def scopes_of(by: Actor, user: User, day: date) -> list[Permission]:
    """Return what a token of this person may be for: what the roles here grant."""
    granted = {
        permission
        for post in user.aanstellingen
        if post.gemeente_code in by.gemeenten and post.holds_on(day)
        for permission in GRANTS[post.rol]
    }
    return sorted(granted, key=str)


def give_token(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    user: User,
    naam: str,
    scopes: list[str],
    geldig_tot: date,
) -> tuple[ApiToken, str]:
    """Make a token that works in the name of somebody of the own gemeente.

    Raises:
        RuleViolation: oneself, out of service, a scope no role grants, too long, or
            somebody who works elsewhere too.
    """
    _refuse_self(by, user, "U kunt voor uzelf geen token maken.")
    _require_only_here(by, user, at)
    today = dag_van(at)
    if not user.is_active:
        raise RuleViolation("Deze gebruiker is buiten gebruik.")
    if not scopes or set(scopes) - set(scopes_of(by, user, today)):
        raise RuleViolation("Kies uit wat deze gebruiker mag.", "scopes")
    if not today <= geldig_tot <= today + TOKEN_LASTS_MOST:
        raise RuleViolation(
            "Kies een laatste dag tussen vandaag en over een jaar.", "geldig_tot"
        )
    return create_token(
        session,
        by,
        at,
        user=user,
        naam=naam,
        scopes=" ".join(sorted(scopes)),
        geldig_tot=geldig_tot,
    )


def revoke_token(session: Session, by: Actor, at: datetime, *, token: ApiToken) -> None:
    """Let a token open nothing any more."""
    if token.revoked_at:
        raise RuleViolation("Dit token is al ingetrokken.")
    token.revoked_at = at
    token.revoked_by_id = by.id
    record(session, by, Action.TOKEN_REVOKED, token, at=at)
