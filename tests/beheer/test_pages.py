"""The pages of the beheerder and the privacy officer."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from build.dossier import dossier
from build.gemeente import actor_of, gemeente, login, user
from loket.authz import Role
from loket.beheer.schemas_invoer import INVOER
from loket.beheer.wegwijzer import WEGWIJZER
from loket.db import Scope, uuid7
from loket.frame import office
from loket.outbox.operations import promise
from loket.outbox.promise import MAX_ATTEMPTS, Promise

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def database(app):
    return office(app).database


@pytest.fixture
def people(database):
    with database.transaction(Scope.of("0396")) as session:
        gemeente(session)
        return {
            rol: user(session, rol)
            for rol in (Role.BEHEERDER, Role.PRIVACY_OFFICER, Role.CONSULENT)
        }


def dead_promise(database):
    with database.transaction(Scope.of("0396")) as session:
        promise(session, "letters.ontvangst", uuid7(), gemeente_code="0396", at=AT)
        made = session.scalars(select(Promise)).one()
        for _ in range(MAX_ATTEMPTS):
            made.fail(AT, "RuntimeError")
        return made.id


class TestBeheer:
    def test_shows_what_stands_still_and_lets_it_be_tried_again(
        self, app, database, people
    ):
        dead = dead_promise(database)
        browser = login(app, people[Role.BEHEERDER])

        page = browser.get("/beheer")
        again = browser.post(f"/beheer/opdrachten/{dead}/opnieuw")

        assert "Ontvangstbevestiging maken" in page.text
        assert "RuntimeError" in page.text
        assert "Er staat 1 opdracht stil." in page.text
        assert again.status_code == 303
        with database.transaction(Scope.of("0396")) as session:
            assert session.get_one(Promise, dead).dead_at is None

    def test_leads_to_every_list_of_beheer_in_a_group(self, app, people):
        ends = ("/nieuw", "/proef.css", "/einde", "/bouwstenen")
        lists = {
            rule.rule
            for rule in app.url_map.iter_rules()
            if rule.rule.startswith("/beheer/")
            and "GET" in rule.methods
            and not rule.arguments
            and not rule.rule.endswith(ends)
        }

        page = login(app, people[Role.BEHEERDER]).get("/beheer").text

        assert len(lists) > 8
        assert [each for each in lists if f'href="{each}"' not in page] == []
        for kind in INVOER:
            assert f'href="/beheer/invoer/{kind}"' in page
        for groep in WEGWIJZER:
            assert f"<h2>{groep}</h2>" in page

    def test_shows_a_door_only_to_who_may_open_it(self, app, database, people):
        with database.transaction(Scope.of("0396")) as session:
            both = user(session, Role.BEHEERDER, Role.PRIVACY_OFFICER)

        alone = login(app, people[Role.BEHEERDER]).get("/beheer").text
        together = login(app, both).get("/beheer").text

        assert "Wie wat heeft gezien en gedaan." not in alone
        assert "Wie wat heeft gezien en gedaan." in together

    def test_tells_once_what_waits_for_the_same_setting(self, app, database, people):
        with database.transaction(Scope.of("0396")) as session:
            for _ in range(3):
                promise(session, "iwmo.301", uuid7(), gemeente_code="0396", at=AT)
            for each in session.scalars(select(Promise)):
                each.wait(AT, "De map is niet ingesteld.")

        browser = login(app, people[Role.BEHEERDER])
        page, day = browser.get("/beheer").text, browser.get("/vandaag").text

        assert page.count("De map is niet ingesteld.") == 1
        assert 'data-label="Aantal">3<' in page
        assert day.count("Wacht: De map is niet ingesteld.") == 1
        assert "(3 keer)" in day

    def test_is_shut_to_a_consulent(self, app, database, people):
        dead = dead_promise(database)
        browser = login(app, people[Role.CONSULENT])

        assert browser.get("/beheer").status_code == 403
        assert browser.post(f"/beheer/opdrachten/{dead}/opnieuw").status_code == 403

    def test_shows_the_building_blocks(self, app, people):
        page = login(app, people[Role.BEHEERDER]).get("/beheer/bouwstenen")

        assert page.status_code == 200
        assert "Bouwstenen" in page.text


class TestLogboek:
    def test_shows_who_looked_and_is_itself_recorded(self, app, people):
        browser = login(app, people[Role.PRIVACY_OFFICER])

        browser.get("/logboek")
        page = browser.get("/logboek?actie=audit.read")

        assert "Logboek bekeken" in page.text
        assert people[Role.PRIVACY_OFFICER].naam in page.text

    def test_leads_to_who_looked_in_a_dossier_and_back(self, app, database, people):
        consulent = actor_of(people[Role.CONSULENT], Role.CONSULENT)
        with database.transaction(Scope.of("0396")) as session:
            number = dossier(session, consulent).referentie
            hidden = dossier(session, consulent)
            hidden.afgeschermd = True
            shielded = hidden.referentie
        at_work = login(app, people[Role.CONSULENT])
        at_work.get(f"/dossiers/{number}")
        browser = login(app, people[Role.PRIVACY_OFFICER])

        page = browser.get("/logboek").text
        looks = browser.get(f"/dossiers/{number}/inzage").text

        assert f'href="/dossiers/{number}/inzage"' in page
        assert shielded in page
        assert f'href="/dossiers/{shielded}/inzage"' not in page
        assert people[Role.CONSULENT].naam in looks
        assert 'href="/logboek"' in looks
        assert 'href="/werkvoorraad"' not in looks
        assert f'href="/dossiers/{number}"' not in looks

    def test_tells_a_refusal_in_words_here_and_on_vandaag(self, app, people):
        login(app, people[Role.CONSULENT]).get("/beheer")
        browser = login(app, people[Role.PRIVACY_OFFICER])

        for page in (browser.get("/logboek").text, browser.get("/vandaag").text):
            assert "Geen toegang: Beheer en logboek" in page
            assert "show_beheer" not in page

    def test_is_shut_to_the_beheerder(self, app, people):
        assert login(app, people[Role.BEHEERDER]).get("/logboek").status_code == 403

    @pytest.mark.parametrize("asked", ["actie=onzin", "na=geen-id", "dossier=%27--"])
    def test_takes_nonsense_in_the_address_calmly(self, app, people, asked):
        browser = login(app, people[Role.PRIVACY_OFFICER])

        assert browser.get(f"/logboek?{asked}").status_code == 200
