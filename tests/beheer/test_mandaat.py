"""Who may decide what: dated, tried beforehand, with what was changed."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from build.gemeente import NOW, TODAY, actor, actor_of, gemeente, login, user
from loket.accounts import operations_mandaat as deeds
from loket.accounts.history import list_wijzigingen
from loket.accounts.queries import list_mandaten_of
from loket.accounts.queries_mandaat import who_may_decide
from loket.accounts.user import Deed, Mandaat
from loket.authz import Role
from loket.db import Scope
from loket.errors import RuleViolation
from loket.frame import office
from loket.termijnen import vandaag

HERE = "0396"
DAY = timedelta(days=1)


@pytest.fixture
def by(session):
    gemeente(session)
    return actor(Role.BEHEERDER, id=user(session, Role.BEHEERDER).id)


def give(session, by, **values):
    asked = {"deed": Deed.INTREKKEN, "rol": Role.TEAMLEIDER, "van": TODAY}
    return deeds.give_mandaat(session, by, NOW, **asked | values)


def deciders(session, by, bedrag_cent=0, day=TODAY, deed=Deed.INTREKKEN):
    found = who_may_decide(
        session, by, deed=deed, categorie="01", bedrag_cent=bedrag_cent, day=day
    )
    return [each.naam for each in found]


class TestGive:
    def test_opens_what_it_says_and_is_kept(self, session, by):
        leader = user(session, Role.TEAMLEIDER, naam="T. Leider")

        made = give(session, by, max_bedrag_cent=100_00, productcategorie="01")

        acts = actor_of(leader, Role.TEAMLEIDER)
        (found,) = list_mandaten_of(session, acts)
        assert found is made
        assert made.covers(TODAY, "01", 100_00)
        assert not made.covers(TODAY, "01", 100_01)
        (kept,) = list_wijzigingen(session, by, "mandaat")
        assert (kept.veld, kept.oud) == ("Teamleider", "")
        assert "intrekken, categorie 01, tot € 100,00 per jaar" in kept.nieuw

    @pytest.mark.parametrize(
        ("wrong", "says"),
        [
            ({"rol": None}, "niet allebei"),
            ({"rol": Role.BEHEERDER}, "kan niemand besluiten"),
            ({"tot": TODAY - DAY}, "voor de eerste dag"),
            ({"van": TODAY - DAY}, "al voorbij"),
            ({"van": TODAY - DAY, "terugwerkend": True}, "Schrijf op waarom"),
            ({"rol": Role.CONSULENT}, "in die periode al"),
        ],
    )
    def test_is_refused(self, session, by, wrong, says):
        with pytest.raises(RuleViolation, match=says):
            give(session, by, **wrong)

    def test_to_a_person_who_cannot_decide_is_refused(self, session, by):
        with pytest.raises(RuleViolation, match="kan op die dag niet besluiten"):
            give(session, by, rol=None, user_id=by.id)

    def test_to_one_person_holds_for_nobody_else(self, session, by):
        session.execute(Mandaat.__table__.delete())
        one = user(session, Role.TEAMLEIDER, naam="E. Een")
        user(session, Role.TEAMLEIDER, naam="A. Ander")

        give(session, by, rol=None, user_id=one.id)

        assert deciders(session, by) == ["E. Een"]


class TestTry:
    def test_names_who_the_deed_itself_would_let_through(self, session, by):
        session.execute(Mandaat.__table__.delete())
        user(session, Role.TEAMLEIDER, naam="T. Leider")
        gone = user(session, Role.TEAMLEIDER, naam="U. Uit")
        gone.deactivate(by.id, NOW)
        give(session, by, max_bedrag_cent=500)

        assert deciders(session, by, 500) == ["T. Leider"]
        assert deciders(session, by, 501) == []
        assert deciders(session, by, day=TODAY - DAY) == []
        assert deciders(session, by, deed=Deed.TOEKENNEN) == []


class TestEnd:
    def test_stops_after_its_last_day(self, session, by):
        made = give(session, by)

        deeds.end_mandaat(session, by, NOW, mandaat=made, laatste_dag=TODAY)

        assert made.tot == TODAY
        with pytest.raises(RuleViolation, match="dan al voorbij"):
            deeds.end_mandaat(session, by, NOW, mandaat=made, laatste_dag=TODAY)

    def test_takes_away_what_never_held(self, session, by):
        made = give(session, by, van=TODAY + 5 * DAY)

        deeds.end_mandaat(session, by, NOW, mandaat=made, laatste_dag=TODAY)

        assert session.get(Mandaat, made.id) is None

    def test_of_an_old_page_is_refused(self, session, by):
        made = give(session, by)
        seen = deeds.stand_of(made)
        later = TODAY + 9 * DAY
        deeds.end_mandaat(session, by, NOW, mandaat=made, laatste_dag=later, stand=seen)

        with pytest.raises(RuleViolation, match="intussen gewijzigd"):
            deeds.end_mandaat(
                session, by, NOW, mandaat=made, laatste_dag=TODAY, stand=seen
            )


class TestPages:
    def test_asks_for_the_last_day_before_why_it_holds_backwards(self, app, people):
        browser = login(app, people[Role.BEHEERDER])

        page = browser.get("/beheer/mandaat/nieuw").text

        order = [page.index(f'name="{each}') for each in ("van", "tot", "reden")]
        assert order == sorted(order)

    @pytest.fixture
    def people(self, app):
        with office(app).database.transaction(Scope.of(HERE)) as session:
            gemeente(session)
            return {r: user(session, r) for r in (Role.BEHEERDER, Role.TEAMLEIDER)}

    def test_give_try_and_end(self, app, people):
        browser = login(app, people[Role.BEHEERDER])
        today = vandaag().strftime("%d-%m-%Y")
        asked = {"deed": "verlengen", "rol": "teamleider", "van": today}

        made = browser.post("/beheer/mandaat/nieuw", data=asked)
        tried = browser.post(
            "/beheer/mandaat/proef",
            data={
                "deed": "verlengen",
                "productcategorie": "01",
                "bedrag_cent": "1.000",
                "dag": today,
            },
        )
        with office(app).database.transaction(Scope.of(HERE)) as session:
            row = session.scalars(
                select(Mandaat.id).where(Mandaat.rol == Role.TEAMLEIDER)
            ).one()
        where = f"/beheer/mandaat/{row}/einde"
        page = browser.get(where)
        ended = browser.post(where, data={"laatste_dag": today, "stand": "open"})

        assert made.status_code == 303
        assert people[Role.TEAMLEIDER].naam in tried.text
        assert page.status_code == 200
        assert ended.status_code == 303
        assert "Verlengen" in browser.get("/beheer/mandaat/").text

    def test_say_what_is_wrong(self, app, people):
        browser = login(app, people[Role.BEHEERDER])

        assert browser.post("/beheer/mandaat/nieuw", data={}).status_code == 422
        assert browser.post("/beheer/mandaat/proef", data={}).status_code == 422

    def test_are_shut_to_a_teamleider(self, app, people):
        browser = login(app, people[Role.TEAMLEIDER])

        assert browser.get("/beheer/mandaat/").status_code == 403
        assert browser.post("/beheer/mandaat/nieuw").status_code == 403
