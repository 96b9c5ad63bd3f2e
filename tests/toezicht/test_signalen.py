"""Signals of unusual looks: what each rule sees, and what it leaves alone."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from build.dossier import dossier, inwoner, new_bsn
from build.gemeente import CODE, actor_of, gemeente, login, user
from loket.accounts.team import Team, Teamlid
from loket.audit.action import Action
from loket.audit.operations import record
from loket.audit.record import AuditRecord
from loket.authz import Role
from loket.cases.dossier import queries
from loket.cases.dossier.noodtoegang import Oordeel
from loket.cases.dossier.operations import assign_dossier, set_taak
from loket.cases.dossier.taak import TaakSoort
from loket.db import Scope, uuid7
from loket.errors import RuleViolation
from loket.frame import office
from loket.toezicht.blik import Blik, many_in_an_hour, outside_hours
from loket.toezicht.inzagesignaal import (
    Inzageregel,
    Inzagesignaal,
    Inzagesignaalregel,
)
from loket.toezicht.jobs import signal_looks
from loket.toezicht.operations import review_signaal, signal_inzage
from loket.toezicht.operations_kaart import remove_kaart, save_kaart
from loket.toezicht.queries import list_signalen

TUESDAY = datetime(2026, 3, 3, 10, tzinfo=UTC)
NEXT_DAY = TUESDAY + timedelta(days=1)
ODD_HOUR = datetime(2026, 3, 3, 22, tzinfo=UTC)
SUNDAY = datetime(2026, 3, 1, 10, tzinfo=UTC)
WORDS = "Nagevraagd bij de teamleider."


def look(at, user_id, dossier_id=None) -> Blik:
    return Blik(uuid7(), user_id, dossier_id or uuid7(), at, "consulent")


class TestManyInAnHour:
    def test_counts_dossiers_in_any_hour(self):
        who = uuid7()
        looks = [look(TUESDAY + timedelta(minutes=10 * n), who) for n in range(6)]

        assert many_in_an_hour(looks, 5) == set(looks)
        assert many_in_an_hour(looks, 6) == set()

    def test_the_hour_slides_and_ends(self):
        who = uuid7()
        looks = [look(TUESDAY + timedelta(minutes=20 * n), who) for n in range(9)]

        assert many_in_an_hour(looks, 3) == set()
        assert many_in_an_hour(looks, 2) == set(looks)

    def test_one_dossier_opened_often_is_one(self):
        who, same = uuid7(), uuid7()

        assert many_in_an_hour([look(TUESDAY, who, same)] * 40, 1) == set()

    def test_people_are_counted_apart(self):
        looks = [look(TUESDAY, uuid7()) for _ in range(9)]

        assert many_in_an_hour(looks, 1) == set()


@pytest.mark.parametrize(
    ("at", "is_odd"),
    [
        (datetime(2026, 3, 3, 5, 59, tzinfo=UTC), True),
        (datetime(2026, 3, 3, 6, 0, tzinfo=UTC), False),
        (datetime(2026, 3, 3, 18, 59, tzinfo=UTC), False),
        (datetime(2026, 3, 3, 19, 0, tzinfo=UTC), True),
        (SUNDAY, True),
        (datetime(2026, 4, 27, 10, tzinfo=UTC), True),
    ],
)
def test_office_hours_are_those_of_the_netherlands(at, is_odd):
    one = look(at, uuid7())

    assert (outside_hours([one], 7, 20) == {one}) is is_odd


class Desk:
    """A colleague who opens dossiers, in a database of a test."""

    def __init__(self, session) -> None:
        self.session = session
        gemeente(session)
        self.colleague = user(session, Role.CONSULENT, naam="S. Kustlicht")
        self.by = actor_of(self.colleague)
        self.officer = actor_of(
            user(session, Role.PRIVACY_OFFICER), Role.PRIVACY_OFFICER
        )

    def file(self, **person):
        """A dossier nobody here made: others did, long before."""
        then = TUESDAY - timedelta(days=200)
        client = inwoner(self.session, at=then, **person)
        return dossier(self.session, at=then, client=client, ontvangen_op=then.date())

    def read(self, file, at=TUESDAY):
        queries.look_at(self.session, self.by, at, file)
        self.session.flush()

    def signal(self, at=TUESDAY) -> int:
        return signal_inzage(self.session, self.officer, at)

    def rules(self, at=TUESDAY) -> set[Inzageregel]:
        self.signal(at)
        return set(self.session.scalars(select(Inzagesignaal.regel)))


@pytest.fixture
def desk(session) -> Desk:
    return Desk(session)


class TestRules:
    def test_an_ordinary_look_gives_no_signal(self, desk):
        file = desk.file()
        assign_dossier(
            desk.session, desk.by, TUESDAY, dossier=file, consulent_id=desk.by.id
        )
        desk.read(file)

        assert desk.rules(NEXT_DAY) == set()

    def test_a_look_at_an_odd_hour(self, desk):
        desk.read(desk.file(), ODD_HOUR)

        assert desk.rules(ODD_HOUR) == {Inzageregel.BUITEN_KANTOORTIJD}

    def test_without_work_is_told_the_next_day_only(self, desk):
        desk.read(desk.file())

        assert desk.rules(TUESDAY) == set()
        assert desk.rules(NEXT_DAY) == {Inzageregel.GEEN_RELATIE}

    def test_a_task_is_work(self, desk):
        file = desk.file()
        desk.read(file)
        set_taak(
            desk.session,
            desk.officer,
            TUESDAY,
            dossier_id=file.id,
            soort=TaakSoort.CLIENT_BELLEN,
            uiterlijk=NEXT_DAY.date(),
            voor_user_id=desk.by.id,
        )

        assert desk.rules(NEXT_DAY) == set()

    def test_a_task_of_the_role_is_work(self, desk):
        file = desk.file()
        desk.read(file)
        set_taak(
            desk.session,
            desk.officer,
            TUESDAY,
            dossier_id=file.id,
            soort=TaakSoort.CLIENT_BELLEN,
            uiterlijk=NEXT_DAY.date(),
            voor_rol=Role.CONSULENT,
        )

        assert desk.rules(NEXT_DAY) == set()

    def test_a_deed_afterwards_is_work(self, desk):
        file = desk.file()
        desk.read(file)
        later = TUESDAY + timedelta(hours=2)
        record(desk.session, desk.by, Action.CONTACTMOMENT_RECORDED, file, at=later)

        assert desk.rules(NEXT_DAY) == set()

    def test_a_colleague_of_the_team_has_work(self, desk):
        file = desk.file()
        other = user(desk.session, Role.CONSULENT)
        assign_dossier(
            desk.session,
            actor_of(other),
            TUESDAY - timedelta(days=1),
            dossier=file,
            consulent_id=other.id,
        )
        team = Team(
            gemeente_code="0396",
            naam="Oost",
            created_at=TUESDAY,
            created_by_id=other.id,
        )
        desk.session.add(team)
        desk.session.flush()
        for user_id in (other.id, desk.by.id):
            desk.session.add(
                Teamlid(
                    gemeente_code="0396",
                    team_id=team.id,
                    user_id=user_id,
                    van=date(2026, 1, 1),
                )
            )
        desk.session.flush()
        desk.read(file)

        assert desk.rules(NEXT_DAY) == set()

    def test_the_same_rare_surname(self, desk):
        desk.read(desk.file(achternaam="Kustlicht"))

        assert desk.rules() == {Inzageregel.EIGEN_NAAM}

    def test_a_common_surname_says_nothing(self, desk):
        for _ in range(6):
            inwoner(desk.session, achternaam="Kustlicht")
        desk.read(desk.file(achternaam="Kustlicht"))

        assert desk.rules() == set()

    def test_a_colleague_as_client(self, desk):
        bsn = new_bsn()
        file = desk.file(bsn=bsn)
        other = user(desk.session, Role.FRONTOFFICE)
        save_kaart(desk.session, desk.officer, TUESDAY, user_id=other.id, bsn=bsn)
        desk.read(file)

        assert desk.rules() == {Inzageregel.COLLEGA}

    def test_an_own_neighbour(self, desk):
        near, far = desk.file(postcode="1961AB"), desk.file(postcode="1961AC")
        save_kaart(
            desk.session,
            desk.officer,
            TUESDAY,
            user_id=desk.by.id,
            postcode="1961 ab",
        )
        desk.read(far)
        assert desk.rules() == set()
        desk.read(near)

        assert desk.rules() == {Inzageregel.BUURT}

    def test_what_is_kept_of_a_colleague_is_little_and_can_go(self, desk):
        kaart = save_kaart(
            desk.session, desk.officer, TUESDAY, user_id=desk.by.id, postcode="1961AB"
        )
        for each in ({"bsn": new_bsn()}, {}, {"postcode": "196 AB"}):
            with pytest.raises(RuleViolation):
                save_kaart(
                    desk.session, desk.officer, TUESDAY, user_id=desk.by.id, **each
                )
        remove_kaart(desk.session, desk.officer, TUESDAY, kaart=kaart)
        desk.read(desk.file(postcode="1961AB"))

        assert desk.rules() == set()


class TestSignal:
    def test_is_one_per_person_rule_and_day_with_every_look_behind_it(self, desk):
        for _ in range(3):
            desk.read(desk.file(), ODD_HOUR)
        first = desk.signal(ODD_HOUR)
        desk.read(desk.file(), ODD_HOUR)
        again = desk.signal(ODD_HOUR)

        assert (first, again) == (1, 0)
        ((_, naam, aantal),) = list_signalen(desk.session, desk.officer, reviewed=False)
        assert (naam, aantal) == ("S. Kustlicht", 4)

    def test_a_second_run_changes_nothing(self, desk):
        desk.read(desk.file(), ODD_HOUR)
        desk.signal(ODD_HOUR)
        kept = desk.session.scalars(select(Inzagesignaalregel.record_id)).all()

        assert desk.signal(ODD_HOUR) == 0
        assert desk.session.scalars(select(Inzagesignaalregel.record_id)).all() == kept

    def test_a_look_after_the_review_is_a_new_signal(self, desk):
        desk.read(desk.file(), ODD_HOUR)
        desk.signal(ODD_HOUR)
        signaal = desk.session.scalars(select(Inzagesignaal)).one()
        review_signaal(
            desk.session,
            desk.officer,
            ODD_HOUR,
            signaal=signaal,
            oordeel=Oordeel.NAGEVRAAGD,
            toelichting=WORDS,
        )
        desk.session.flush()
        desk.read(desk.file(), ODD_HOUR)

        assert desk.signal(ODD_HOUR) == 1
        counts = [
            aantal
            for reviewed in (True, False)
            for _, _, aantal in list_signalen(
                desk.session, desk.officer, reviewed=reviewed
            )
        ]
        assert counts == [1, 1]

    def test_looks_of_long_ago_are_left_alone(self, desk):
        desk.read(desk.file(), ODD_HOUR)

        assert desk.signal(datetime.now(UTC) + timedelta(days=6)) == 0

    def test_is_never_reviewed_by_who_looked(self, desk):
        desk.read(desk.file(), ODD_HOUR)
        desk.signal(ODD_HOUR)
        signaal = desk.session.scalars(select(Inzagesignaal)).one()

        with pytest.raises(RuleViolation, match="eigen inzage"):
            review_signaal(
                desk.session,
                actor_of(desk.colleague, Role.CONSULENT, Role.PRIVACY_OFFICER),
                ODD_HOUR,
                signaal=signaal,
                oordeel=Oordeel.TERECHT,
                toelichting=WORDS,
            )


@pytest.fixture
def town(app):
    """A signal that was made by the job, and who reviews it."""
    database = office(app).database
    with database.transaction(Scope.of("0396")) as session:
        desk = Desk(session)
        desk.read(desk.file(), ODD_HOUR)
        people = desk.colleague, session.get_one(type(desk.colleague), desk.officer.id)
    signal_looks(database, None, ODD_HOUR)
    with database.transaction(Scope.of("0396")) as session:
        signaal = session.scalars(select(Inzagesignaal)).one()
    return database, people, signaal.id


class TestPages:
    def test_the_officer_sees_it_opens_it_and_reviews_it(self, app, town):
        database, (_, person), signaal_id = town
        officer = login(app, person)
        page = f"/toezicht/signalen/{signaal_id}"

        day = officer.get("/vandaag").text
        listed = officer.get("/toezicht/").text
        shown = officer.get(page).text
        empty = officer.post(page, data={})
        done = officer.post(
            page, data={"oordeel": "nagevraagd", "oordeel_toelichting": WORDS}
        )
        twice = officer.post(
            page, data={"oordeel": "onterecht", "oordeel_toelichting": WORDS}
        )
        after = officer.get("/toezicht/?stand=beoordeeld").text

        assert page in day
        assert page in listed
        assert "Inzage buiten kantoortijd" in shown
        assert "Dossier bekeken" in shown
        assert empty.status_code == 422
        assert (done.status_code, twice.status_code) == (303, 422)
        assert "Nagevraagd en uitgelegd" in after
        with database.transaction(Scope.of("0396")) as session:
            kept = session.get_one(Inzagesignaal, signaal_id)
            assert (kept.status, kept.toelichting) == ("beoordeeld", WORDS)

    def test_the_colleague_sees_nothing_of_it(self, app, town):
        _, (person, _), signaal_id = town
        browser = login(app, person)

        assert browser.get("/toezicht/").status_code == 403
        assert browser.get(f"/toezicht/signalen/{signaal_id}").status_code == 403
        assert "Signalen van inzage" not in browser.get("/vandaag").text

    def test_another_gemeente_sees_nothing_of_it(self, app, town):
        database, _, signaal_id = town
        with database.transaction(Scope.of("0375")) as session:
            gemeente(session, "0375", "Elders")
            person = user(session, Role.PRIVACY_OFFICER, gemeente="0375")
        browser = login(app, person, "0375")

        assert browser.get(f"/toezicht/signalen/{signaal_id}").status_code == 404
        assert str(signaal_id) not in browser.get("/toezicht/").text

    def test_what_is_kept_of_colleagues_is_added_and_removed(self, app, town):
        _, (colleague, person), _ = town
        officer = login(app, person)
        page = "/toezicht/medewerkers"

        empty = officer.post(page, data={"user_id": str(colleague.id)})
        done = officer.post(
            page, data={"user_id": str(colleague.id), "postcode": "1961 AB"}
        )
        shown = officer.get(page).text
        (away,) = {
            part.split('"')[0]
            for part in shown.split('action="')
            if part.split('"')[0].endswith("/weg")
        }
        gone = officer.post(away)

        assert "Vul een BSN in, of een postcode." in empty.text
        assert (done.status_code, gone.status_code) == (303, 303)
        assert "1961" not in shown
        assert "Er is van niemand iets vastgelegd." in officer.get(page).text

    def test_a_bsn_of_nobody_here_leaves_a_trace_too(self, app, town):
        database, (colleague, person), _ = town
        officer = login(app, person)
        bsn = new_bsn()

        answer = officer.post(
            "/toezicht/medewerkers", data={"user_id": str(colleague.id), "bsn": bsn}
        )
        officer.post("/toezicht/medewerkers", data={"user_id": str(colleague.id)})

        assert "Er is geen inwoner met dit BSN in Loket." in answer.text
        with database.transaction(Scope.of(CODE)) as session:
            asked = session.scalars(
                select(AuditRecord).where(
                    AuditRecord.user_id == person.id,
                    AuditRecord.action == Action.INWONER_SEARCHED,
                )
            ).all()
            assert [each.grond for each in asked] == ["toezicht"]
