"""Somebody with a password, and a browser in which they type it."""

import re
from datetime import UTC, date, datetime

import pyotp
import pytest
from sqlalchemy import select

from build.gemeente import gemeente
from loket.accounts import operations
from loket.accounts.queries import find_user
from loket.audit.record import AuditRecord
from loket.authz import Actor, Role
from loket.db import Scope
from loket.frame import office

CODE = "0396"
LOGIN = "s.kustlicht"
PASSWORD = "een lange zin is goed"
PAGE = {"Accept": "text/html"}


class People:
    """The accounts of this test, really committed."""

    def __init__(self, app) -> None:
        self.database = office(app).database
        self.by = Actor.system(CODE, via="cli")

    def transaction(self):
        return self.database.transaction(Scope.of(CODE, "0375"))

    def hire(self, login=LOGIN, *desks, rol=Role.CONSULENT):
        """Make an account with a password and an appointment per gemeente."""
        with self.transaction() as session:
            user = operations.create_user(
                session,
                self.by,
                datetime.now(UTC),
                login=login,
                naam="S. Kustlicht",
                wachtwoord=PASSWORD,
            )
            for code in desks or (CODE,):
                operations.appoint(
                    session,
                    self.by,
                    datetime.now(UTC),
                    user_id=user.id,
                    rol=rol,
                    van=date(2020, 1, 1),
                    gemeente_code=code,
                )
        return user

    def change(self, deed, login=LOGIN, **values):
        """Do a deed about this person."""
        with self.transaction() as session:
            user = find_user(session, login)
            return deed(session, self.by, datetime.now(UTC), user=user, **values)

    def set(self, login=LOGIN, **values) -> None:
        """Let time pass for this person."""
        with self.transaction() as session:
            user = find_user(session, login)
            for name, value in values.items():
                setattr(user, name, value)

    def secret(self, login=LOGIN) -> str:
        """Set up the second factor, confirmed, and return its secret."""
        with self.transaction() as session:
            user = find_user(session, login)
            secret = operations.prepare_second_factor(
                session, self.by, datetime.now(UTC), user=user
            )
            user.totp_confirmed_at = datetime.now(UTC)
        return str(secret)

    def trail(self) -> list[str]:
        """The words of the trail about installation and people, oldest first."""
        with self.transaction() as session:
            return list(
                session.scalars(
                    select(AuditRecord.action).order_by(AuditRecord.recorded_at)
                )
            )


@pytest.fixture
def people(app) -> People:
    """One gemeente and nobody who works there yet."""
    app.config["WTF_CSRF_ENABLED"] = False
    redis = office(app).redis
    for key in redis.scan_iter("*loket-limit*"):
        redis.delete(key)  # all tests come from one address
    people = People(app)
    for code, naam in ((CODE, "Duinstede"), ("0375", "Polderveen")):
        with people.database.transaction(Scope.of(code)) as session:
            gemeente(session, code, naam)
    return people


@pytest.fixture
def enter(client):
    """Type a name and a password on the login page."""

    def enter(login=LOGIN, wachtwoord=PASSWORD, *, verder="", browser=client):
        where = "/login" + (f"?verder={verder}" if verder else "")
        typed = {"login": login, "wachtwoord": wachtwoord}
        return browser.post(where, data=typed, headers=PAGE)

    return enter


def code_of(secret: str) -> str:
    return pyotp.TOTP(secret).now()


def token_in(text: str) -> str:
    return re.search(r'name="csrf_token"[^>]*value="([^"]+)"', text)[1]
