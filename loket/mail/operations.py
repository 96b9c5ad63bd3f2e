"""Promising somebody an e-mail, and sending it: one in half a day at the most."""

from datetime import datetime, time, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from loket.accounts.user import MailWens, User
from loket.audit.action import Action
from loket.audit.operations import record
from loket.config import Config
from loket.errors import NotConfigured
from loket.mail.bericht import write_bericht
from loket.mail.server import MailServer
from loket.outbox.operations import promise
from loket.outbox.promise import Promise
from loket.outbox.work import Work
from loket.termijnen import ZONE, werkdagen_later

TOPIC = "mail.werk"
DAY_STARTS = time(7)
"""When the one e-mail of a working day is sent, before people begin."""
NOON = time(12)
OLD = timedelta(days=7)
"""After so long without a mail server a promise is given up."""


def promise_mail(
    session: Session, user_id: UUID, *, gemeente_code: str, at: datetime
) -> None:
    """Promise somebody who wants it an e-mail that work waits.

    Everything that comes in the same half day, or for who wants it the same day, is
    one promise and so one e-mail.
    """
    user = session.get(User, user_id)
    if user is None or not _wants(user):
        return
    due = at if user.mail_wens is MailWens.METEEN else _next_morning(at)
    promise(
        session,
        TOPIC,
        user_id,
        gemeente_code=gemeente_code,
        at=at,
        key=f"{gemeente_code}:{_half_day(due)}",
        due_at=due,
    )


def send_mail(work: Work, promise: Promise) -> None:
    """Send it, unless that person no longer wants it or had one in this half day.

    Raises:
        NotConfigured: there is no mail server, or it is away for a while.
        MailRefused: it will not have this address.
    """
    session, at = work.session, work.at
    if at - promise.made_at > OLD:
        return
    _wait_for_twin(session, promise.subject_id)
    user = session.get(User, promise.subject_id, populate_existing=True)
    if user is None or not _wants(user) or _had_one(user, at):
        return
    mail = write_bericht(
        van=work.config.mail_from,
        aan=str(user.mail_adres),
        adres=f"{work.config.base_url}/",
        bericht_id=promise.id,
        at=at,
    )
    server_of(work.config).send(mail)
    user.mailed_at = at
    record(session, work.by, Action.MAIL_SENT, user, at=at)


def server_of(config: Config) -> MailServer:
    """Return the mail server of this installation.

    Raises:
        NotConfigured: there is none.
    """
    if not config.smtp_url:
        raise NotConfigured("Er is geen mailserver ingesteld.")
    return MailServer.from_url(config.smtp_url)


def _wants(user: User) -> bool:
    """Whether this person is in service, and asked for e-mail at an address."""
    wants = user.mail_wens is not MailWens.NOOIT
    return user.is_active and wants and bool(user.mail_adres)


def _had_one(user: User, at: datetime) -> bool:
    """Whether the last e-mail was in this half day, or on this day if that is asked."""
    if user.mailed_at is None:
        return False
    last, now = _half_day(user.mailed_at), _half_day(at)
    if user.mail_wens is MailWens.DAGELIJKS:
        return last[:10] == now[:10]
    return last == now


def _half_day(moment: datetime) -> str:
    here = moment.astimezone(ZONE)
    part = "ochtend" if here.time() < NOON else "middag"
    return f"{here.date().isoformat()}-{part}"


def _next_morning(at: datetime) -> datetime:
    """Return the first start of a working day after this moment."""
    day = werkdagen_later(at.astimezone(ZONE).date(), 1)
    return datetime.combine(day, DAY_STARTS, ZONE)


def _wait_for_twin(session: Session, user_id: UUID) -> None:
    """Let two workers not tell one person the same; a lock on the row stops a login."""
    session.execute(
        select(func.pg_advisory_xact_lock(func.hashtext(f"{TOPIC}:{user_id}")))
    )
