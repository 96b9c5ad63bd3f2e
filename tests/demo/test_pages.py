"""The demo as it shows on the screen, for the people who work in it."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select

from loket.accounts.queries import find_user
from loket.accounts.user import User
from loket.accounts.views import DESK
from loket.app import create_app
from loket.cases.dossier.dossier import Dossier
from loket.cases.melding.melding import Melding
from loket.config import Config
from loket.db import NOBODY, Database, Scope
from loket.demo.organisation import logins
from loket.frame import office


@pytest.fixture
def app(demo_config: Config) -> Iterator[Flask]:
    """The application on the demo."""
    app = create_app(demo_config)
    app.testing = True
    yield app
    built = office(app)
    built.database.engine.dispose()
    built.vault.engine.dispose()
    built.redis.close()


def user_of(demo: Database, login: str) -> User:
    """Return who has this login."""
    with demo.session(NOBODY) as session:
        found = find_user(session, login)
    assert found is not None
    return found


def look(app: Flask, person: User, desk: str, url: str) -> str:
    """Open a page as somebody at a desk, and return its text."""
    browser = app.test_client()
    with browser.session_transaction() as kept:
        kept["_user_id"] = person.get_id()
        kept["_fresh"] = True
        kept[DESK] = desk
    answer = browser.get(url, follow_redirects=True, headers={"Accept": "text/html"})
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


class TestPages:
    def test_everybody_has_a_page_to_start_on(self, app: Flask, demo: Database) -> None:
        for login in {row[0] for row in logins()}:
            person = user_of(demo, login)
            desk = str(
                person.aanstellingen[0].gemeente_code
                or person.aanstellingen[0].aanbieder_id
            )

            assert "<h1" in look(app, person, desk, "/")

    def test_a_melding_in_the_evening_shows_the_time_here(
        self, app: Flask, demo: Database
    ) -> None:
        with demo.session(Scope.of("0396")) as session:
            evening = session.scalars(
                select(Melding).order_by(Melding.registered_at.desc())
            )
            late = next(m for m in evening if m.registered_at.hour == 20)
            dossier = session.get_one(Dossier, late.dossier_id)
        person = user_of(demo, "teamleider.heemskerk")

        page = look(app, person, "0396", f"/dossiers/{dossier.referentie}")

        assert "23-03-2026 21:14" in page
