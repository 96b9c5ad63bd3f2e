"""The people of the gemeente: who may come in, in which roles, and who says so."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import event, select

from build.gemeente import NOW, TODAY, actor_of, gemeente, login, user
from loket.accounts import operations_user as deeds
from loket.accounts.gemeente import Gemeente
from loket.accounts.operations import log_in
from loket.accounts.user import Aanstelling, ApiToken, User
from loket.audit.action import Action
from loket.audit.record import AuditRecord
from loket.authz import Role
from loket.db import Scope
from loket.errors import RuleViolation
from loket.frame import office
from loket.termijnen import vandaag

HERE, ELSEWHERE = "0396", "0375"
DAY = timedelta(days=1)
OWN = "een lange zin is goed"


@pytest.fixture
def database(app):
    return office(app).database


@pytest.fixture
def people(app, database):
    redis = office(app).redis
    for key in redis.scan_iter("*loket-limit*"):
        redis.delete(key)  # all tests come from one address
    with database.transaction(Scope.of(HERE, ELSEWHERE)) as session:
        gemeente(session)
        return {rol: user(session, rol) for rol in (Role.BEHEERDER, Role.CONSULENT)}


@pytest.fixture
def browser(app, people):
    return login(app, people[Role.BEHEERDER])


@pytest.fixture
def beheerder(session):
    gemeente(session)
    return actor_of(user(session, Role.BEHEERDER), Role.BEHEERDER)


def fresh(session, person):
    """Somebody with the appointments as they stand now."""
    session.expire(person)
    session.refresh(person, ["aanstellingen"])
    return person


def new(**values):
    typed = {
        "naam": "N. Nieuw",
        "login": "n.nieuw",
        "rollen": ["consulent"],
        "van": vandaag().strftime("%d-%m-%Y"),
    }
    return typed | values


class TestNewUser:
    def test_gets_a_password_that_is_shown_once_and_replaced_at_the_first_login(
        self, app, browser, database
    ):
        made = browser.post("/beheer/gebruikers/nieuw", data=new())
        page = browser.get(made.location).text
        secret = re.search(r"is: <b>([A-Z2-9-]{19})</b>", page)[1]

        assert secret not in browser.get(made.location).text
        theirs = app.test_client()
        first = theirs.post("/login", data={"login": "n.nieuw", "wachtwoord": secret})
        assert first.location == "/eigen-wachtwoord"
        assert theirs.get("/werkvoorraad").status_code in (303, 401)
        same = {"wachtwoord": secret, "nogmaals": secret}
        assert "Kies een ander" in theirs.post(first.location, data=same).text
        differ = {"wachtwoord": OWN, "nogmaals": "iets anders"}
        assert "twee keer hetzelfde" in theirs.post(first.location, data=differ).text
        done = theirs.post(first.location, data={"wachtwoord": OWN, "nogmaals": OWN})
        assert done.status_code == 303
        assert theirs.get("/vandaag").status_code == 200
        with database.transaction(Scope.of(HERE)) as session:
            person = session.scalars(select(User).where(User.login == "n.nieuw")).one()
            assert person.password_temporary_until is None

    def test_cannot_use_the_temporary_password_when_its_time_has_passed(
        self, session, beheerder
    ):
        person = user(session)
        at = datetime.now(UTC)
        secret = deeds.give_password(
            session, beheerder, at, user=fresh(session, person)
        )

        late = log_in(
            session,
            at + timedelta(hours=73),
            login=person.login,
            wachtwoord=secret,
            adres="",
        )

        assert late is None

    @pytest.mark.parametrize(
        ("wrong", "says"),
        [
            ({"naam": ""}, "Vul de naam in."),
            ({"login": ""}, "Vul een gebruikersnaam in."),
            ({"rollen": []}, "Kies een of meer rollen."),
            ({"rollen": ["aanbieder"]}, "hoort bij een aanbieder"),
            ({"van": "01-01-2020"}, "al voorbij"),
            ({"tot": "01-01-2020"}, "ligt voor de eerste dag"),
        ],
    )
    def test_is_refused_at_the_field_with_what_was_typed(self, browser, wrong, says):
        answer = browser.post("/beheer/gebruikers/nieuw", data=new(**wrong))

        assert answer.status_code == 422
        assert says in answer.text

    def test_with_a_login_that_exists_is_refused_and_sent_twice_made_once(
        self, browser, database
    ):
        sent = new(_verzending="een-keer")
        first = browser.post("/beheer/gebruikers/nieuw", data=sent)
        twin = browser.post("/beheer/gebruikers/nieuw", data=sent)
        other = browser.post("/beheer/gebruikers/nieuw", data=new())

        assert first.location == twin.location
        assert "bestaat al" in other.text


class TestRoles:
    def appoint(self, session, by, person, rol=Role.TEAMLEIDER, **period):
        return deeds.appoint_medewerker(
            session,
            by,
            NOW,
            user=fresh(session, person),
            rol=rol,
            **{"van": TODAY} | period,
        )

    def test_are_given_for_a_period_and_recorded(self, session, beheerder):
        post = self.appoint(session, beheerder, user(session), tot=TODAY + DAY)

        trail = session.scalars(
            select(AuditRecord).where(AuditRecord.subject_id == post.id)
        ).one()
        assert (trail.action, trail.grond) == (Action.USER_APPOINTED, "teamleider")
        assert post.gemeente_code == HERE

    def test_are_never_given_to_oneself(self, session, beheerder):
        with pytest.raises(RuleViolation, match="uzelf geen rol"):
            self.appoint(session, beheerder, session.get_one(User, beheerder.id))

    def test_do_not_overlap(self, session, beheerder):
        person = user(session, Role.CONSULENT)

        with pytest.raises(RuleViolation, match="dan al"):
            self.appoint(session, beheerder, person, Role.CONSULENT)

    def test_end_on_a_day_or_at_once(self, session, beheerder):
        post = self.appoint(session, beheerder, user(session))

        deeds.end_aanstelling(
            session, beheerder, NOW, aanstelling=post, laatste_dag=TODAY
        )

        assert post.tot == TODAY
        with pytest.raises(RuleViolation, match="dan al voorbij"):
            deeds.end_aanstelling(
                session, beheerder, NOW, aanstelling=post, laatste_dag=TODAY
            )

    def test_that_never_held_leave_no_day_behind(self, session, beheerder):
        post = self.appoint(session, beheerder, user(session), van=TODAY + 9 * DAY)

        deeds.end_aanstelling(
            session, beheerder, NOW, aanstelling=post, laatste_dag=TODAY
        )

        assert session.get(Aanstelling, post.id) is None

    def test_the_last_beheerder_stays(self, session, beheerder):
        own = session.scalars(
            select(Aanstelling).where(Aanstelling.user_id == beheerder.id)
        ).one()
        with pytest.raises(RuleViolation, match="laatste beheerder"):
            deeds.end_aanstelling(
                session, beheerder, NOW, aanstelling=own, laatste_dag=TODAY
            )

        self.appoint(session, beheerder, user(session), Role.BEHEERDER)
        deeds.end_aanstelling(
            session, beheerder, NOW, aanstelling=own, laatste_dag=TODAY
        )

        assert own.tot == TODAY


class TestAccess:
    def test_who_is_out_of_service_cannot_log_in_until_back(
        self, app, browser, people, database
    ):
        with database.transaction(Scope.of(HERE)) as session:
            by = actor_of(people[Role.BEHEERDER], Role.BEHEERDER)
            person = deeds_user(session, people[Role.CONSULENT].id)
            secret = deeds.give_password(session, by, datetime.now(UTC), user=person)
        where = f"/beheer/gebruikers/{people[Role.CONSULENT].id}"
        typed = {"login": people[Role.CONSULENT].login, "wachtwoord": secret}

        browser.post(f"{where}/buiten-gebruik")
        refused = app.test_client().post("/login", data=typed)
        browser.post(f"{where}/in-gebruik")
        let_in = app.test_client().post("/login", data=typed)

        assert (refused.status_code, let_in.status_code) == (422, 303)

    def test_of_somebody_who_works_elsewhere_too_is_not_ours(self, session, beheerder):
        contact = dict.fromkeys(("adres", "postadres", "telefoon", "website"), "")
        session.add(Gemeente(code=ELSEWHERE, naam="Polderveen", **contact))
        person = user(session)
        session.add(
            Aanstelling(
                user_id=person.id,
                rol=Role.CONSULENT,
                gemeente_code=ELSEWHERE,
                van=date(2026, 1, 1),
            )
        )
        session.flush()
        person = fresh(session, person)

        for deed in (deeds.put_out_of_service, deeds.give_password):
            with pytest.raises(RuleViolation, match="andere organisatie"):
                deed(session, beheerder, NOW, user=person)

    def test_is_opened_again_after_wrong_passwords(self, session, beheerder):
        person = user(session)
        for _ in range(5):
            person.fail_login(NOW)

        deeds.unlock_user(session, beheerder, NOW, user=person)

        assert not person.is_locked(NOW)
        with pytest.raises(RuleViolation, match="niet geblokkeerd"):
            deeds.unlock_user(session, beheerder, NOW, user=person)

    def test_loses_its_second_factor_and_sessions(self, session, beheerder):
        person = fresh(session, user(session))
        person.totp_geheim, person.totp_confirmed_at = "GEHEIM", NOW
        epoch = person.session_epoch

        deeds.reset_second_factor(session, beheerder, NOW, user=person)

        assert person.totp_confirmed_at is None
        assert person.session_epoch == epoch + 1
        with pytest.raises(RuleViolation, match="geen tweede stap"):
            deeds.reset_second_factor(session, beheerder, NOW, user=person)

    @pytest.mark.parametrize(
        "deed",
        [deeds.put_out_of_service, deeds.give_password, deeds.reset_second_factor],
    )
    def test_is_not_changed_by_oneself(self, session, beheerder, deed):
        with pytest.raises(RuleViolation):
            deed(session, beheerder, NOW, user=deeds_user(session, beheerder.id))

    def test_buttons_do_what_they_say(self, browser, people, database):
        where = f"/beheer/gebruikers/{people[Role.CONSULENT].id}"

        assert browser.post(f"{where}/sessies-beeindigen").status_code == 303
        assert browser.post(f"{where}/deblokkeren").status_code == 409
        assert browser.post(f"{where}/tweede-stap-weghalen").status_code == 409
        browser.post(f"{where}/wachtwoord")
        assert "tijdelijke wachtwoord" in browser.get(where).text


def deeds_user(session, user_id):
    return fresh(session, session.get_one(User, user_id))


class TestTokens:
    def ask(self, **values):
        until = (vandaag() + 30 * DAY).strftime("%d-%m-%Y")
        return (
            {"naam": "koppeling", "scopes": ["dossier:read"]}
            | {"geldig_tot": until}
            | values
        )

    def test_are_shown_once_and_revoked(self, browser, people, database):
        where = f"/beheer/gebruikers/{people[Role.CONSULENT].id}"

        assert browser.post(f"{where}/tokens", data=self.ask()).status_code == 303
        assert "loket_" in browser.get(where).text
        assert "loket_" not in browser.get(where).text
        with database.transaction(Scope.of(HERE)) as session:
            token = session.scalars(select(ApiToken)).one()
        gone = browser.post(f"{where}/tokens/{token.id}/intrekken")
        again = browser.post(f"{where}/tokens/{token.id}/intrekken")

        assert (gone.status_code, again.status_code) == (303, 409)
        assert "Ingetrokken" in browser.get(where).text

    @pytest.mark.parametrize(
        ("wrong", "says"),
        [
            ({"naam": ""}, "Vul in waarvoor"),
            ({"scopes": []}, "Kies wat het token mag"),
            ({"scopes": ["audit:read"]}, "Kies uit wat deze gebruiker mag"),
            ({"geldig_tot": "01-01-2099"}, "over een jaar"),
        ],
    )
    def test_are_refused_at_the_field(self, browser, people, wrong, says):
        where = f"/beheer/gebruikers/{people[Role.CONSULENT].id}"

        answer = browser.post(f"{where}/tokens", data=self.ask(**wrong))

        assert answer.status_code == 422
        assert says in answer.text
        assert 'id="token" open' in answer.text


class TestPages:
    def test_list_find_and_filter(self, browser, database, people):
        with database.transaction(Scope.of(HERE)) as session:
            user(session, Role.TEAMLEIDER, naam="T. Vinden")

        everybody = browser.get("/beheer/gebruikers/").text
        leaders = browser.get("/beheer/gebruikers/?rol=teamleider").text
        found = browser.post("/beheer/gebruikers/zoek", data={"zoek": "vind"}).text
        gone = browser.get("/beheer/gebruikers/?stand=uit").text
        nobody = browser.post("/beheer/gebruikers/zoek", data={"zoek": "%"}).text

        assert "T. Vinden" in everybody
        assert "T. Vinden" in leaders
        assert "Er is niemand" in gone
        assert "S. Kustlicht" not in leaders.partition("<table")[2]
        assert "T. Vinden" in found
        assert "Er is niemand" in nobody

    def test_people_of_another_gemeente_do_not_exist(self, browser, database):
        with database.transaction(Scope.of(HERE, ELSEWHERE)) as session:
            gemeente(session, ELSEWHERE, "Polderveen")
            other = user(session, gemeente=ELSEWHERE, naam="E. Elders")
        where = f"/beheer/gebruikers/{other.id}"

        assert browser.get(where).status_code == 404
        assert browser.post(f"{where}/wachtwoord").status_code == 404
        assert "E. Elders" not in browser.get("/beheer/gebruikers/").text

    def test_are_shut_to_a_consulent(self, app, people):
        other = login(app, people[Role.CONSULENT])

        assert other.get("/beheer/gebruikers/").status_code == 403
        assert other.post("/beheer/gebruikers/nieuw", data=new()).status_code == 403

    def test_ends_a_role_by_its_page(self, browser, database, people):
        person = people[Role.CONSULENT]
        with database.transaction(Scope.of(HERE)) as session:
            post = session.scalars(
                select(Aanstelling.id).where(Aanstelling.user_id == person.id)
            ).one()
        where = f"/beheer/gebruikers/{person.id}/rollen/{post}/einde"

        assert "werkt na deze dag niet meer" in browser.get(where).text
        assert browser.post(where, data={"laatste_dag": ""}).status_code == 422
        ended = browser.post(where, data={"laatste_dag": vandaag().isoformat()})
        assert ended.status_code == 303

    def test_the_list_asks_the_database_as_often_with_many_people(
        self, browser, database
    ):
        few = self.count(browser, database)
        with database.transaction(Scope.of(HERE)) as session:
            for _ in range(8):
                user(session)

        assert self.count(browser, database) == few

    def count(self, browser, database):
        asked = []

        def listen(_conn, _cursor, statement, *_):
            asked.append(statement)

        event.listen(database.engine, "before_cursor_execute", listen)
        try:
            browser.get("/beheer/gebruikers/")
        finally:
            event.remove(database.engine, "before_cursor_execute", listen)
        return len(asked)
