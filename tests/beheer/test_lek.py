"""What to do when a key may have leaked: who reads it, and that its state is real."""

import base64
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event, select

from build.gemeente import actor, gemeente, login, user
from conftest import KEK, SECRET_KEY
from loket.audit.action import Action
from loket.audit.operations import record
from loket.audit.record import AuditRecord
from loket.authz import AANBIEDER_ROLLEN, Role
from loket.beheer.lekken import LEKKEN
from loket.db import Scope
from loket.frame import office

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
DOOR = "/beheer/sleutels/lek"
MAY = (Role.BEHEERDER, Role.PRIVACY_OFFICER)
MAY_NOT = [each for each in Role if each not in MAY and each not in AANBIEDER_ROLLEN]


@pytest.fixture
def enter(app):
    def enter(role: Role):
        with office(app).database.transaction(Scope.of("0396")) as session:
            gemeente(session)
            person = user(session, role)
        return login(app, person)

    return enter


@pytest.mark.parametrize("role", MAY)
def test_each_kind_of_key_has_its_steps(enter, role):
    page = enter(role).get(DOOR)

    assert page.status_code == 200
    for lek in LEKKEN:
        assert f'id="{lek.anker}"' in page.text
        assert all(stap.opdracht in page.text for stap in lek.stappen)


@pytest.mark.parametrize("role", MAY_NOT)
def test_nobody_else_reads_it(enter, role):
    assert enter(role).get(DOOR).status_code == 403


def test_the_look_is_recorded(app, enter):
    enter(Role.PRIVACY_OFFICER).get(DOOR)

    with office(app).database.transaction(Scope.of("0396")) as session:
        assert session.scalars(
            select(AuditRecord).where(
                AuditRecord.action == Action.SLEUTELS_READ.value,
                AuditRecord.gemeente_code == "0396",
            )
        ).all()


def test_the_last_copy_is_the_one_of_the_trail(app, enter):
    client = enter(Role.BEHEERDER)
    drilled = datetime.now(UTC) - timedelta(days=2)
    assert "Nog nooit geoefend" in client.get(DOOR).text

    with office(app).database.transaction(Scope.of("0396")) as session:
        record(
            session,
            actor(Role.BEHEERDER),
            Action.RESERVEKOPIE_DRILLED,
            at=drilled,
        )

    page = client.get(DOOR).text
    assert "Nog nooit geoefend" not in page
    assert drilled.astimezone(AMSTERDAM).strftime("%d-%m-%Y %H:%M") in page


def test_no_secret_is_on_the_page(enter):
    page = enter(Role.BEHEERDER).get(DOOR).text

    assert base64.b64encode(KEK).decode() not in page
    assert KEK.hex() not in page
    assert SECRET_KEY not in page


def test_it_asks_as_much_with_more_in_the_trail(app, enter):
    client, seen = enter(Role.BEHEERDER), []
    client.get(DOOR)
    engine = office(app).database.engine

    def note(*told):
        seen.append(told[2])

    def asked() -> int:
        seen.clear()
        assert client.get(DOOR).status_code == 200
        return len(seen)

    event.listen(engine, "before_cursor_execute", note)
    try:
        few = asked()
        assert few
        with office(app).database.transaction(Scope.of("0396")) as session:
            for _ in range(5):
                record(
                    session,
                    actor(Role.BEHEERDER),
                    Action.RESERVEKOPIE_MADE,
                    at=datetime.now(UTC),
                )
        assert asked() == few
    finally:
        event.remove(engine, "before_cursor_execute", note)
