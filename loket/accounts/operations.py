"""Deeds about people: login, appointment, mandate, out of service."""

import hashlib
import secrets
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from loket.accounts import passwords
from loket.accounts.gemeente import Gemeente, Instelling
from loket.accounts.history import note, one_at_a_time
from loket.accounts.queries import find_user, list_instellingen
from loket.accounts.register import norm_of
from loket.accounts.user import Aanstelling, ApiToken, Deed, MailWens, Mandaat, User
from loket.audit.action import Action
from loket.audit.operations import record
from loket.audit.record import Outcome
from loket.authz import AANBIEDER_ROLLEN, SYSTEM_ID, Actor, Role
from loket.datum import kort
from loket.errors import LoketError, RuleViolation
from loket.geldigheid import holds_on, make_room

WRONG_AGAIN = "Dit wachtwoord klopt niet."
WRONG = (
    "De gebruikersnaam of het wachtwoord klopt niet. Na 5 fouten kunt u 15 minuten"
    " niet inloggen."
)
"""Always the same words: they do not tell which names exist, nor which are closed."""


def acting_as(user: User | None, adres: str) -> Actor:
    """Stand for somebody who has no desk (yet): for the trail only, no rights."""
    return Actor(
        id=user.id if user else SYSTEM_ID,
        naam="",
        rollen=frozenset(),
        gemeenten=(),
        authenticatie="geen",
        adres=adres,
    )


def _lock(session: Session, user: User) -> None:
    """Read the account again and hold it: codes and counts are used up once."""
    # of the account alone: the appointments beside it are the outside of a join
    session.refresh(user, with_for_update={"of": User})


def log_in(
    session: Session, at: datetime, *, login: str, wachtwoord: str, adres: str
) -> User | None:
    """Check login and password; None when wrong (counted, recorded, same words).

    The caller keeps the transaction also when the answer is None: the count stays.
    """
    user = find_user(session, login)
    if user is not None:
        _lock(session, user)
    right = passwords.is_right(user.password_hash if user else None, wachtwoord)
    by = acting_as(user, adres)
    if user is not None and user.is_locked(at):
        record(session, by, Action.LOGIN_LOCKED, at=at, outcome=Outcome.REFUSED)
        return None
    if user is None or not right or not user.is_active or user.has_expired(at):
        if user is not None:
            user.fail_login(at)
        record(session, by, Action.LOGIN_FAILED, at=at, outcome=Outcome.REFUSED)
        return None
    if not user.totp_confirmed_at:
        user.pass_login()
        record(session, by, Action.LOGIN_SUCCEEDED, at=at)
    return user


def confirm_code(
    session: Session, at: datetime, *, user: User, code: str, adres: str
) -> bool:
    """Check the code of the second factor; wrong ones count towards the lockout."""
    by = acting_as(user, adres)
    _lock(session, user)
    step = None
    if user.is_active and not user.is_locked(at) and user.totp_geheim:
        step = passwords.matching_step(
            str(user.totp_geheim), code, at, user.totp_last_used
        )
    if step is None:
        user.fail_login(at)
        record(session, by, Action.LOGIN_FAILED, at=at, outcome=Outcome.REFUSED)
        return False
    user.totp_last_used = step
    user.totp_confirmed_at = user.totp_confirmed_at or at
    user.pass_login()
    record(session, by, Action.LOGIN_SUCCEEDED, at=at)
    return True


def confirm_password(
    session: Session, at: datetime, *, user: User, wachtwoord: str, adres: str
) -> bool:
    """Ask somebody who is in for the password again; wrong ones count too."""
    _lock(session, user)
    right = passwords.is_right(user.password_hash, wachtwoord)
    if right and not user.is_locked(at):
        return True
    user.fail_login(at)
    record(
        session,
        acting_as(user, adres),
        Action.LOGIN_FAILED,
        at=at,
        outcome=Outcome.REFUSED,
    )
    return False


def log_out(session: Session, by: Actor, at: datetime) -> None:
    """End a session."""
    record(session, by, Action.LOGOUT, at=at)


def prepare_second_factor(
    session: Session, by: Actor, at: datetime, *, user: User
) -> str:
    """Give this person a new secret; it counts once a code was confirmed."""
    user.totp_geheim = passwords.new_totp_secret()
    user.totp_confirmed_at = None
    user.totp_last_used = None
    record(session, by, Action.SECOND_FACTOR_SET, user, at=at)
    return str(user.totp_geheim)


def revoke_sessions(session: Session, by: Actor, at: datetime, *, user: User) -> None:
    """End every session of this person."""
    user.revoke_sessions()
    record(session, by, Action.SESSIONS_REVOKED, user, at=at)


def choose_mail(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    user: User,
    wens: MailWens,
    adres: str | None = None,
) -> None:
    """Let this person choose whether e-mail tells them that work waits, and where."""
    if wens is not MailWens.NOOIT and not adres:
        raise RuleViolation("Vul uw e-mailadres in.", "mail_adres")
    user.mail_adres = adres
    user.mail_wens = wens
    record(session, by, Action.MAIL_CHOSEN, user, at=at, grond=wens.value)


def create_gemeente(
    session: Session, by: Actor, at: datetime, *, code: str, naam: str, **contact: str
) -> Gemeente:
    """Let a gemeente work with this installation."""
    if session.get(Gemeente, code):
        raise RuleViolation("Deze gemeente bestaat al.", "code")
    if len(code) != 4 or not code.isdigit():
        raise LoketError("Een gemeentecode heeft vier cijfers.", "code")
    gemeente = Gemeente(
        code=code,
        naam=naam,
        adres=contact.get("adres", ""),
        postadres=contact.get("postadres", ""),
        telefoon=contact.get("telefoon", ""),
        website=contact.get("website", ""),
    )
    session.add(gemeente)
    session.flush()
    record(session, by, Action.GEMEENTE_CREATED, at=at, grond=code)
    return gemeente


def set_instelling(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    sleutel: str,
    waarde: Any,
    van: date,
    reden: str = "",
) -> Instelling:
    """Set a rule of the gemeente from a day on; what held then ends the day before.

    Where a later value is known already, this one holds until the day before it.

    Raises:
        RuleViolation: not a value of this rule, or another one begins that very day.
    """
    norm = norm_of(sleutel)
    norm.check(waarde)
    one_at_a_time(session, by, Instelling.__tablename__, sleutel)
    rows = list_instellingen(session, by.gemeente_code, sleutel)
    before = next((row.waarde for row in rows if holds_on(row, van)), None)
    tot = make_room(rows, van)
    session.flush()  # the older period ends before the newer one begins
    setting = Instelling(
        gemeente_code=by.gemeente_code, sleutel=sleutel, waarde=waarde, van=van, tot=tot
    )
    session.add(setting)
    session.flush()
    note(
        session,
        by,
        at=at,
        soort=Instelling.__tablename__,
        sleutel=sleutel,
        velden={f"Vanaf {kort(van)}": (norm.in_words(before), norm.in_words(waarde))},
        reden=reden,
    )
    record(session, by, Action.INSTELLING_SET, setting, at=at, grond=sleutel)
    return setting


def create_user(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    login: str,
    naam: str,
    wachtwoord: str,
    tijdelijk_tot: datetime | None = None,
) -> User:
    """Make an account; it can do nothing until somebody appoints it.

    Args:
        tijdelijk_tot: until when the password works, to choose an own one with.
    """
    return add_user(
        session,
        by,
        at,
        login=login,
        naam=naam,
        password_hash=passwords.hash_password(wachtwoord),
        tijdelijk_tot=tijdelijk_tot,
    )


def add_user(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    login: str,
    naam: str,
    password_hash: str,
    tijdelijk_tot: datetime | None = None,
) -> User:
    """Make an account with a hash that is there already.

    Only the demo asks for this, whose people share one password that everybody is
    told: an account of somebody real has a hash of its own, by `create_user`.
    """
    name = login.strip().lower()
    if find_user(session, name):
        raise RuleViolation("Deze gebruikersnaam bestaat al.", "login")
    user = User(
        login=name,
        naam=naam,
        password_hash=password_hash,
        password_temporary_until=tijdelijk_tot,
        created_at=at,
        failures=0,
        session_epoch=1,
    )
    session.add(user)
    session.flush()
    record(session, by, Action.USER_CREATED, user, at=at)
    return user


def appoint(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    user_id: UUID,
    rol: Role,
    van: date,
    gemeente_code: str | None = None,
    aanbieder_id: UUID | None = None,
    tot: date | None = None,
) -> Aanstelling:
    """Give somebody a role, for a gemeente or for an aanbieder, in a period."""
    if (rol in AANBIEDER_ROLLEN) != (aanbieder_id is not None):
        raise RuleViolation("Deze rol hoort niet bij deze organisatie.", "rol")
    post = Aanstelling(
        user_id=user_id,
        rol=rol,
        gemeente_code=gemeente_code,
        aanbieder_id=aanbieder_id,
        van=van,
        tot=tot,
    )
    session.add(post)
    session.flush()
    record(session, by, Action.USER_APPOINTED, post, at=at, grond=rol.value)
    return post


def deactivate_user(session: Session, by: Actor, at: datetime, *, user: User) -> None:
    """Put somebody out of service: out at once, also of running sessions."""
    user.deactivate(by.id, at)
    record(session, by, Action.USER_DEACTIVATED, user, at=at)


def grant_mandaat(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    deed: Deed,
    van: date,
    rol: Role | None = None,
    user_id: UUID | None = None,
    productcategorie: str | None = None,
    max_bedrag_cent: int | None = None,
    tot: date | None = None,
) -> Mandaat:
    """Write down who may decide what on behalf of the college (Awb 10:3)."""
    mandaat = Mandaat(
        gemeente_code=by.gemeente_code,
        deed=deed,
        rol=rol,
        user_id=user_id,
        productcategorie=productcategorie,
        max_bedrag_cent=max_bedrag_cent,
        van=van,
        tot=tot,
    )
    session.add(mandaat)
    session.flush()
    record(session, by, Action.MANDAAT_GRANTED, mandaat, at=at, grond=deed.value)
    return mandaat


def create_token(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    user: User,
    naam: str,
    scopes: str,
    geldig_tot: date,
) -> tuple[ApiToken, str]:
    """Make a bearer token; it is shown once, only its hash is kept."""
    secret = f"loket_{secrets.token_urlsafe(32)}"
    token = ApiToken(
        user_id=user.id,
        naam=naam,
        hash=hashlib.sha256(secret.encode()).hexdigest(),
        scopes=scopes,
        created_at=at,
        expires_on=geldig_tot,
    )
    session.add(token)
    session.flush()
    record(session, by, Action.TOKEN_CREATED, token, at=at)
    return token, secret
