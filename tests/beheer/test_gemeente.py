"""The gemeente itself, its teams, and the path that sets up a new one."""

import re

import pytest
from sqlalchemy import select

from build.gemeente import NOW, gemeente, login, user
from loket.accounts.gemeente import Gemeente
from loket.accounts.team import Team, Teamlid
from loket.audit.action import Action
from loket.audit.record import AuditRecord
from loket.authz import Role
from loket.db import Scope
from loket.frame import office
from loket.termijnen import vandaag

HERE, ELSEWHERE = "0396", "0375"
TODAY = vandaag().strftime("%d-%m-%Y")


@pytest.fixture
def database(app):
    return office(app).database


@pytest.fixture
def people(database):
    with database.transaction(Scope.of(HERE)) as session:
        gemeente(session)
        return {rol: user(session, rol) for rol in (Role.BEHEERDER, Role.CONSULENT)}


@pytest.fixture
def browser(app, people):
    return login(app, people[Role.BEHEERDER])


def stand_in(page: str) -> str:
    return re.search(r'name="stand" value="([^"]+)"', page)[1]


def new_data(browser, **values):
    page = browser.get("/beheer/gemeente").text
    typed = {"naam": "Duinstede", "telefoon": "0111 222 333"}
    return typed | {"stand": stand_in(page)} | values


class TestGemeente:
    def test_is_changed_with_who_and_from_what(self, browser, database):
        sent = new_data(browser, _verzending="een-keer")

        first = browser.post("/beheer/gemeente", data=sent)
        twin = browser.post("/beheer/gemeente", data=sent)

        assert (first.status_code, twin.status_code) == (303, 303)
        page = browser.get("/beheer/gemeente").text
        assert "014 0396" in page
        assert "0111 222 333" in page
        with database.transaction(Scope.of(HERE)) as session:
            assert session.get_one(Gemeente, HERE).telefoon == "0111 222 333"
            trail = session.scalars(
                select(AuditRecord).where(
                    AuditRecord.action == Action.GEMEENTE_CHANGED.value
                )
            ).all()
            assert len(trail) == 1

    @pytest.mark.parametrize("veld", ["naam", "postadres", "website"])
    def test_with_a_sign_that_no_letter_can_hold_is_refused(
        self, browser, database, veld
    ):
        answer = browser.post(
            "/beheer/gemeente", data=new_data(browser, **{veld: "😀"})
        )

        assert answer.status_code == 422
        assert f'href="#v-{veld}">Dit teken kan niet in een brief' in answer.text
        with database.transaction(Scope.of(HERE)) as session:
            assert "😀" not in getattr(session.get_one(Gemeente, HERE), veld)

    def test_an_old_page_loses_nobodys_change(self, browser):
        old = new_data(browser, telefoon="0999")
        browser.post("/beheer/gemeente", data=new_data(browser))

        answer = browser.post("/beheer/gemeente", data=old)

        assert answer.status_code == 422
        assert "intussen gewijzigd" in answer.text
        assert 'value="0999"' in answer.text
        again = browser.post(
            "/beheer/gemeente", data=old | {"stand": stand_in(answer.text)}
        )
        assert again.status_code == 303

    def test_needs_a_name_and_is_shut_to_others(self, app, browser, people):
        nameless = browser.post("/beheer/gemeente", data=new_data(browser, naam=""))

        assert nameless.status_code == 422
        other = login(app, people[Role.CONSULENT])
        assert other.post("/beheer/gemeente").status_code == 403
        assert other.get("/beheer/inrichten").status_code == 403


class TestTeams:
    def test_are_made_renamed_filled_and_closed(self, browser, database, people):
        made = browser.post("/beheer/teams/", data={"naam": "Team Noord"})
        where = made.location
        colleague = str(people[Role.CONSULENT].id)
        browser.post(f"{where}/naam", data={"naam": "Team Zuid"})
        joined = browser.post(where, data={"user_id": colleague, "van": TODAY})
        twice = browser.post(where, data={"user_id": colleague, "van": TODAY})
        page = browser.get(where).text
        with database.transaction(Scope.of(HERE)) as session:
            lid = session.scalars(select(Teamlid.id)).one()
        left = browser.post(f"{where}/leden/{lid}/einde", data={"laatste_dag": TODAY})
        closed = browser.post(f"{where}/opheffen")

        assert (joined.status_code, twice.status_code) == (303, 422)
        assert "Team Zuid" in page
        assert people[Role.CONSULENT].naam in page
        assert (left.status_code, closed.status_code) == (303, 303)
        assert browser.post(f"{where}/opheffen").status_code == 409
        assert "Opgeheven" in browser.get("/beheer/teams/").text

    def test_say_what_is_wrong_and_are_shut_to_others(self, app, browser, people):
        assert browser.post("/beheer/teams/", data={"naam": ""}).status_code == 422
        other = login(app, people[Role.CONSULENT])
        assert other.get("/beheer/teams/").status_code == 403

    def test_of_another_gemeente_do_not_exist(self, browser, database, people):
        with database.transaction(Scope.of(ELSEWHERE)) as session:
            gemeente(session, ELSEWHERE, "Polderveen")
            team = Team(
                gemeente_code=ELSEWHERE,
                naam="Elders",
                created_at=NOW,
                created_by_id=people[Role.BEHEERDER].id,
            )
            session.add(team)

        assert browser.get(f"/beheer/teams/{team.id}").status_code == 404
        assert "Elders" not in browser.get("/beheer/teams/").text
