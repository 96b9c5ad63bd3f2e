"""Planned talks: on the page of today, moved and cancelled with a reason, fulfilled."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, select, update

from build import onderzoek as build
from build.gemeente import CODE, actor_of, gemeente, login, user
from loket.accounts.operations_team import register_vervanging
from loket.audit.record import AuditRecord
from loket.authz import Role
from loket.cases.dossier.dossier import Dossier
from loket.cases.onderzoek import operations, operations_gepland
from loket.cases.onderzoek.gepland_gesprek import GeplandGesprek
from loket.cases.onderzoek.gesprek import GesprekVorm
from loket.cases.onderzoek.onderzoek import Onderzoek
from loket.datum import kort
from loket.db import Scope
from loket.frame import office
from loket.termijnen import ZONE, dag_van

NOW = datetime.now(UTC)
TODAY = dag_van(NOW)
NEXT_WEEK = TODAY + timedelta(days=7)


class Place:
    """A case in onderzoek, and the browser of its consulent."""

    def __init__(self, app):
        self.app = app
        self.database = office(app).database
        with self.session() as session:
            gemeente(session)
            self.person = user(session, Role.CONSULENT)
            self.by = actor_of(self.person, Role.CONSULENT)
            onderzoek = build.onderzoek(session, self.by, NOW, ontvangen_op=TODAY)
            self.onderzoek_id = onderzoek.id
            self.ref = session.get_one(Dossier, onderzoek.dossier_id).referentie
        self.browser = login(app, self.person)
        self.url = f"/dossiers/{self.ref}/onderzoek/gepland"

    def session(self):
        return self.database.transaction(Scope.of(CODE))

    def sit(self, *rollen, gemeente=CODE):
        with self.session() as session:
            return login(self.app, user(session, *rollen, gemeente=gemeente), gemeente)

    def plan(self, days=7, **differs):
        """Plan through the door; return the answer and the newest plan."""
        answers = {
            "dag": kort(TODAY + timedelta(days=days)),
            "tijd": "9.30",
            "vorm": "thuis",
            "consulent": str(self.person.id),
            "notitie": "De bel doet het niet, klop op het raam.",
        } | differs
        return self.browser.post(f"{self.url}/nieuw", data=answers)

    def held_on(self, days):
        """Record a talk of that many days ago."""
        with self.session() as session:
            operations.record_gesprek(
                session,
                self.by,
                NOW,
                onderzoeken=[session.get_one(Onderzoek, self.onderzoek_id)],
                vorm=GesprekVorm.THUIS,
                gevoerd_op=TODAY - timedelta(days=days),
                aanwezigen="De cliënt",
                woorden_client="Ik kan nog koken.",
            )

    def was_planned(self, days_ago):
        """Let a plan be there whose moment has passed."""
        with self.session() as session:
            made = operations_gepland.plan_gesprek(
                session,
                self.by,
                NOW - timedelta(days=30),
                onderzoek=session.get_one(Onderzoek, self.onderzoek_id),
                vorm=GesprekVorm.THUIS,
                begint_om=NOW - timedelta(days=days_ago),
                consulent_id=self.person.id,
            )
            return made.id

    def all(self):
        with self.session() as session:
            return session.scalars(
                select(GeplandGesprek).order_by(GeplandGesprek.id)
            ).all()

    def today(self, browser=None):
        return (browser or self.browser).get("/vandaag").text


@pytest.fixture
def place(app):
    return Place(app)


class TestPlan:
    def test_shows_it_on_the_page_of_today_with_a_link_to_the_visit(self, place):
        answer = place.plan()

        assert answer.location == f"/dossiers/{place.ref}/onderzoek#gesprekken"
        (made,) = place.all()
        assert made.begint_om.astimezone(ZONE).strftime("%H:%M") == "09:30"
        page = place.today()
        assert "Volgende bezoeken" in page
        assert f"{kort(NEXT_WEEK)} 09:30" in page
        assert f"/dossiers/{place.ref}/onderzoek/bezoek" in page
        assert "klop op het raam" not in page
        assert "klop op het raam" in place.browser.get(answer.location).text

    def test_is_recorded_without_what_was_written(self, place):
        place.plan()

        (made,) = place.all()
        with place.session() as session:
            (line,) = session.scalars(
                select(AuditRecord).where(AuditRecord.action == "gesprek.planned")
            )
            assert line.subject_id == made.id
            assert line.grond == "thuis"

    @pytest.mark.parametrize(
        ("differs", "said"),
        [
            ({"days": -1}, "Kies een moment in de toekomst."),
            ({"days": 800}, "Kies een dag binnen een jaar."),
            ({"tijd": "25:00"}, "Vul een tijd in, zoals 9:30."),
            ({"tijd": ""}, "Vul de tijd in"),
            ({"dag": ""}, "Vul de dag in."),
            ({"vorm": "zomaar"}, "Kies een van de antwoorden."),
            (
                {"consulent": "00000000-0000-7000-8000-00000000abcd"},
                "Kies een consulent die dit dossier mag zien.",
            ),
        ],
    )
    def test_what_cannot_be_is_refused_and_nothing_is_lost(self, place, differs, said):
        page = place.plan(**differs)

        assert page.status_code == 422
        assert said in page.text
        assert "klop op het raam" in page.text
        assert place.all() == []

    def test_of_a_shielded_dossier_is_for_who_may_see_it(self, place):
        with place.session() as session:
            other = user(session, Role.CONSULENT)
            session.execute(update(Dossier).values(afgeschermd=True))

        page = place.plan(consulent=str(other.id))

        assert page.status_code == 404
        assert place.browser.get(f"{place.url}/nieuw").status_code == 404

    def test_sent_twice_is_planned_once(self, place):
        for _ in range(2):
            place.plan(_verzending="eens")

        assert len(place.all()) == 1

    def test_is_for_who_does_the_onderzoek(self, place):
        page = f"{place.url}/nieuw"

        assert place.sit(Role.BELEIDSMEDEWERKER).get(page).status_code == 403
        assert place.sit(Role.ADMINISTRATIE).post(page, data={}).status_code == 403

    def test_after_the_day_of_the_law_says_so(self, place):
        answer = place.plan(days=120)

        assert "Let op: het onderzoek moet uiterlijk" in (
            place.browser.get(answer.location).text
        )


class TestMove:
    def test_keeps_why_and_shows_the_new_time(self, place):
        place.plan()
        (made,) = place.all()
        url = f"{place.url}/{made.id}/verzetten"
        assert kort(NEXT_WEEK) in place.browser.get(url).text

        answer = place.browser.post(
            url,
            data={
                "dag": kort(NEXT_WEEK + timedelta(days=1)),
                "tijd": "13:00",
                "vorm": "loket",
                "consulent": str(place.person.id),
                "reden": "De dochter wil erbij zijn.",
            },
        )

        assert answer.status_code == 303
        (moved,) = place.all()
        assert (moved.vorm, moved.moved_by_id) == (GesprekVorm.LOKET, place.person.id)
        assert f"{kort(NEXT_WEEK + timedelta(days=1))} 13:00" in place.today()
        assert "De dochter wil erbij" in place.browser.get(answer.location).text

    def test_asks_why(self, place):
        place.plan()
        (made,) = place.all()

        page = place.browser.post(f"{place.url}/{made.id}/verzetten", data={})

        assert page.status_code == 422
        assert "Geef de reden." in page.text

    def test_of_another_case_is_not_found(self, place):
        place.plan()
        (made,) = place.all()
        with place.session() as session:
            other = build.onderzoek(session, place.by, NOW, ontvangen_op=TODAY)
            ref = session.get_one(Dossier, other.dossier_id).referentie

        for deed in ("verzetten", "afzeggen"):
            url = f"/dossiers/{ref}/onderzoek/gepland/{made.id}/{deed}"
            assert place.browser.get(url).status_code == 404
            assert place.browser.post(url, data={"reden": "x"}).status_code == 404

    def test_of_another_gemeente_is_not_found(self, place):
        place.plan()
        (made,) = place.all()
        with place.database.transaction(Scope.of("0375")) as session:
            gemeente(session, "0375", "Elders")
            stranger = user(session, Role.CONSULENT, gemeente="0375")
        browser = login(place.app, stranger, "0375")

        assert browser.get(f"{place.url}/{made.id}/verzetten").status_code == 404
        assert kort(NEXT_WEEK) not in place.today(browser)


class TestCancel:
    def test_takes_it_away_with_the_reason_and_happens_once(self, place):
        place.plan()
        (made,) = place.all()
        url = f"{place.url}/{made.id}/afzeggen"
        assert "Laat het zelf aan de cliënt weten" in place.browser.get(url).text

        first = place.browser.post(url, data={"reden": "De cliënt is ziek."})
        again = place.browser.post(url, data={"reden": "Nog eens."})

        assert first.status_code == 303
        assert again.status_code == 422
        with place.session() as session:
            gone = session.get_one(GeplandGesprek, made.id)
            assert (gone.status, gone.reden) == ("vervallen", "De cliënt is ziek.")
        assert kort(NEXT_WEEK) not in place.today()

    def test_asks_why(self, place):
        place.plan()
        (made,) = place.all()

        page = place.browser.post(f"{place.url}/{made.id}/afzeggen", data={})

        assert page.status_code == 422
        assert place.all()[0].status == "gepland"


class TestHeld:
    def test_a_recorded_talk_fulfils_the_plan(self, place):
        gepland = place.was_planned(days_ago=1)
        assert "nog vast te leggen" in place.today()

        place.held_on(days=1)

        (made,) = place.all()
        assert (made.id, made.status) == (gepland, "gevoerd")
        assert made.gesprek_id
        assert "nog vast te leggen" not in place.today()

    def test_a_talk_before_the_planned_day_leaves_the_plan(self, place):
        place.plan()

        place.held_on(days=0)

        assert place.all()[0].status == "gepland"

    def test_one_talk_fulfils_one_plan_the_last_until_that_day(self, place):
        missed, held = place.was_planned(days_ago=9), place.was_planned(days_ago=2)

        place.held_on(days=1)

        status = {each.id: each.status for each in place.all()}
        assert status == {missed: "gepland", held: "gevoerd"}


class TestToday:
    def test_shows_the_visits_of_who_is_absent_to_who_replaces_them(self, place):
        place.plan()
        with place.session() as session:
            stand_in = user(session, Role.CONSULENT)
            lead = user(session, Role.TEAMLEIDER)
        browser = login(place.app, stand_in)
        assert kort(NEXT_WEEK) not in place.today(browser)
        with place.session() as session:
            register_vervanging(
                session,
                actor_of(lead, Role.TEAMLEIDER),
                NOW,
                user_id=place.person.id,
                vervanger_id=stand_in.id,
                van=TODAY,
                tot=None,
            )

        assert kort(NEXT_WEEK) in place.today(browser)

    def test_costs_as_many_statements_for_many_visits_as_for_one(self, place):
        engine, seen = place.database.engine, []
        event.listen(engine, "before_cursor_execute", lambda *_: seen.append(1))

        def cost():
            place.today()
            seen.clear()
            place.today()
            return len(seen)

        place.plan(days=1)
        one = cost()
        for days in range(2, 6):
            place.plan(days=days)

        assert cost() == one
