"""The rules of the gemeente: from a day on, with their history."""

from datetime import date, timedelta

import pytest
from sqlalchemy import event, select
from sqlalchemy.exc import DBAPIError

from build.gemeente import NOW, actor, actor_of, gemeente, login, user
from loket.accounts.gemeente import Instelling
from loket.accounts.history import list_wijzigingen
from loket.accounts.norm import Soort
from loket.accounts.operations import set_instelling
from loket.accounts.operations_instelling import (
    change_instelling,
    stand_of,
    withdraw_instelling,
)
from loket.accounts.queries import list_instellingen
from loket.accounts.register import FASEN, NORMEN, REGISTER
from loket.audit.action import Action
from loket.audit.record import AuditRecord
from loket.authz import Role
from loket.cases.dossier import woorden
from loket.cases.dossier.dossier import Fase
from loket.db import Scope
from loket.errors import LoketError, NotFound, RuleViolation
from loket.frame import office
from loket.termijnen import vandaag

HERE = "0396"
TODAY = vandaag()
LATER = TODAY + timedelta(days=40)
SLEUTEL = "caseload_norm"


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


def typed(**values):
    return {"waarde": "30", "van": LATER.strftime("%d-%m-%Y"), "stand": "0."} | values


def values_of(database, sleutel=SLEUTEL):
    with database.transaction(Scope.of(HERE)) as session:
        return [
            (row.waarde, row.van, row.tot)
            for row in list_instellingen(session, HERE, sleutel)
        ]


class TestRegister:
    def test_holds_every_key_once(self):
        assert len(REGISTER) == len(NORMEN)

    def test_weighs_the_phases_of_an_open_dossier(self):
        open_phases = {f.value: woorden.FASE[f] for f in Fase if f is not Fase.GESLOTEN}

        assert open_phases == FASEN

    @pytest.mark.parametrize("norm", NORMEN, ids=lambda norm: norm.sleutel)
    def test_a_default_is_a_value_that_may_be_set(self, norm):
        if norm.standaard is not None:
            norm.check(dict(norm.standaard) if norm.keuzes else norm.standaard)
            assert norm.in_words(norm.standaard)

    @pytest.mark.parametrize(
        ("sleutel", "waarde", "place"),
        [
            ("vier_ogen", 1, "waarde"),
            ("verordening", "  ", "waarde"),
            ("verordening", "x" * 201, "waarde"),
            ("caseload_norm", 0, "waarde"),
            ("caseload_norm", True, "waarde"),
            ("eigen_bijdrage_cent", 10_001, "waarde"),
            ("caseload_gewichten", {"gesloten": 10}, "waarde"),
            ("caseload_gewichten", {"nieuw": 501}, "waarde_nieuw"),
        ],
    )
    def test_refuses_what_cannot_be_at_its_field(self, sleutel, waarde, place):
        with pytest.raises(RuleViolation) as refused:
            REGISTER[sleutel].check(waarde)

        assert refused.value.field == place


class TestSet:
    def test_refuses_a_key_nobody_knows(self, session):
        gemeente(session)

        with pytest.raises(LoketError, match="Er is geen instelling"):
            self.set(session, TODAY, sleutel="verzonnen")

    def set(self, session, van, waarde=30, sleutel=SLEUTEL):
        return set_instelling(
            session,
            actor(id=user(session).id),
            NOW,
            sleutel=sleutel,
            waarde=waarde,
            van=van,
        )

    def test_ends_what_held_and_stays_within_what_comes(self, session):
        gemeente(session)
        self.set(session, date(2026, 1, 1), 10)
        self.set(session, date(2026, 7, 1), 30)

        self.set(session, date(2026, 3, 1), 20)

        assert [
            (row.waarde, row.van, row.tot)
            for row in list_instellingen(session, HERE, SLEUTEL)
        ] == [
            (10, date(2026, 1, 1), date(2026, 2, 28)),
            (20, date(2026, 3, 1), date(2026, 6, 30)),
            (30, date(2026, 7, 1), None),
        ]

    def test_refuses_a_second_value_on_the_same_day(self, session):
        gemeente(session)
        self.set(session, TODAY)

        with pytest.raises(RuleViolation, match="geldt al iets anders"):
            self.set(session, TODAY)

    def test_what_was_changed_is_never_rewritten(self, session):
        gemeente(session)
        self.set(session, TODAY)
        session.flush()

        with pytest.raises(DBAPIError, match="permission denied"):
            session.connection().exec_driver_sql("DELETE FROM wijziging")


class TestChange:
    def test_from_a_day_on_with_who_and_from_what(self, browser, database, people):
        browser.post(
            f"/beheer/instellingen/{SLEUTEL}", data=typed(van=TODAY.isoformat())
        )
        with database.transaction(Scope.of(HERE)) as session:
            stand = stand_of(session, _actor(people), SLEUTEL)

        answer = browser.post(
            f"/beheer/instellingen/{SLEUTEL}", data=typed(waarde="35", stand=stand)
        )

        assert answer.status_code == 303
        assert values_of(database) == [
            (30, TODAY, LATER - timedelta(days=1)),
            (35, LATER, None),
        ]
        page = browser.get(answer.location).text
        assert "Geldt nu" in page
        assert "Geldt later" in page
        with database.transaction(Scope.of(HERE)) as session:
            newest = list_wijzigingen(session, _actor(people), "instelling", SLEUTEL)[0]
            assert (newest.oud, newest.nieuw) == ("30 zaken", "35 zaken")
            assert newest.changed_by_id == people[Role.BEHEERDER].id
            trail = session.scalars(
                select(AuditRecord).where(AuditRecord.grond == SLEUTEL)
            ).all()
            assert [each.action for each in trail] == [Action.INSTELLING_SET] * 2

    @pytest.mark.parametrize(
        ("wrong", "says"),
        [
            ({"waarde": ""}, "Vul de waarde in."),
            ({"waarde": "veel"}, "Vul een heel getal in."),
            ({"waarde": "501"}, "van 1 tot en met 500"),
            ({"van": ""}, "Vul de eerste dag in."),
            ({"van": "31-02-2027"}, "bestaat niet"),
            ({"van": "01-01-2020"}, "is al voorbij"),
            ({"van": "01-01-2020", "terugwerkend": "ja"}, "Schrijf op waarom"),
            ({"stand": "3.oud"}, "Iemand anders heeft dit intussen gewijzigd"),
        ],
    )
    def test_says_what_is_wrong_and_keeps_what_was_typed(
        self, browser, database, wrong, says
    ):
        answer = browser.post(f"/beheer/instellingen/{SLEUTEL}", data=typed(**wrong))

        assert answer.status_code == 422
        assert says in answer.text
        assert f'value="{typed(**wrong)["van"]}"' in answer.text
        assert values_of(database) == []

    def test_in_the_past_with_a_reason_that_is_kept(self, browser, database, people):
        reason = "De raad besloot dit met terugwerkende kracht."
        answer = browser.post(
            f"/beheer/instellingen/{SLEUTEL}",
            data=typed(van="01-01-2020", terugwerkend="ja", reden=reason),
        )

        assert answer.status_code == 303
        assert reason in browser.get(answer.location).text

    def test_a_form_sent_twice_counts_once(self, browser, database):
        sent = typed(_verzending="een-keer")

        first = browser.post(f"/beheer/instellingen/{SLEUTEL}", data=sent)
        second = browser.post(f"/beheer/instellingen/{SLEUTEL}", data=sent)

        assert (first.status_code, second.status_code) == (303, 303)
        assert len(values_of(database)) == 1

    @pytest.mark.parametrize(
        ("sleutel", "fields", "kept"),
        [
            ("vier_ogen", {"waarde": "ja"}, True),
            ("eigen_bijdrage_cent", {"waarde": "21,80"}, 2180),
            ("bezwaarcommissie", {"waarde": "nee"}, False),
            ("caseload_gewichten", {"waarde_nieuw": "50"}, {"nieuw": 50}),
        ],
    )
    def test_takes_every_kind_of_value(self, browser, database, sleutel, fields, kept):
        where = f"/beheer/instellingen/{sleutel}"
        answer = browser.post(where, data=typed(**{"waarde": ""} | fields))

        assert answer.status_code == 303
        assert values_of(database, sleutel) == [(kept, LATER, None)]
        assert browser.get(where).status_code == 200


class TestWithdraw:
    def test_gives_the_days_back_to_what_held_before(self, session):
        gemeente(session)
        by = actor(Role.BEHEERDER, id=user(session).id)
        today = NOW.date()
        for waarde, van in ((10, today), (20, today + timedelta(days=9))):
            row = change_instelling(
                session, by, NOW, sleutel=SLEUTEL, waarde=waarde, van=van
            )

        withdraw_instelling(session, by, NOW, sleutel=SLEUTEL, instelling_id=row.id)

        session.flush()
        (left,) = list_instellingen(session, HERE, SLEUTEL)
        assert (left.waarde, left.tot) == (10, None)
        with pytest.raises(RuleViolation, match="geldt al"):
            withdraw_instelling(
                session, by, NOW, sleutel=SLEUTEL, instelling_id=left.id
            )
        with pytest.raises(NotFound):
            withdraw_instelling(session, by, NOW, sleutel=SLEUTEL, instelling_id=row.id)

    def test_by_the_button_on_the_page(self, browser, database):
        browser.post(f"/beheer/instellingen/{SLEUTEL}", data=typed())
        with database.transaction(Scope.of(HERE)) as session:
            row_id = session.scalars(
                select(Instelling.id).where(Instelling.sleutel == SLEUTEL)
            ).one()

        answer = browser.post(
            f"/beheer/instellingen/{SLEUTEL}/{row_id}/intrekken",
            data={"_verzending": "knop"},
        )
        again = browser.post(
            f"/beheer/instellingen/{SLEUTEL}/{row_id}/intrekken",
            data={"_verzending": "knop"},
        )

        assert (answer.status_code, again.status_code) == (303, 303)
        assert values_of(database) == []


class TestPages:
    def test_show_every_rule_with_its_article(self, browser):
        page = browser.get("/beheer/instellingen/").text

        for norm in NORMEN:
            assert norm.label in page
        assert "Awb art. 4:17" in page

    def test_are_shut_to_a_consulent(self, app, people):
        other = login(app, people[Role.CONSULENT])

        assert other.get("/beheer/instellingen/").status_code == 403
        assert other.post(f"/beheer/instellingen/{SLEUTEL}").status_code == 403

    def test_ask_the_database_as_often_with_many_values(self, browser, database):
        few = self.count(browser, database)
        for month in range(1, 9):
            browser.post(
                f"/beheer/instellingen/{SLEUTEL}",
                data=typed(
                    van=f"01-{month:02d}-2099",
                    stand=f"{month - 1}." + str(self.newest(database)),
                ),
            )
        assert len(values_of(database)) == 8

        assert self.count(browser, database) == few

    def newest(self, database):
        with database.transaction(Scope.of(HERE)) as session:
            rows = list_instellingen(session, HERE, SLEUTEL)
            return max((row.id for row in rows), default="")

    def count(self, browser, database):
        asked = []

        def listen(_conn, _cursor, statement, *_):
            asked.append(statement)

        event.listen(database.engine, "before_cursor_execute", listen)
        try:
            browser.get("/beheer/instellingen/")
            browser.get(f"/beheer/instellingen/{SLEUTEL}")
        finally:
            event.remove(database.engine, "before_cursor_execute", listen)
        return len(asked)

    def test_of_an_unknown_rule_do_not_exist(self, browser):
        assert browser.get("/beheer/instellingen/verzonnen").status_code == 404


def _actor(people):
    return actor_of(people[Role.BEHEERDER], Role.BEHEERDER)


def test_every_kind_of_value_is_used_by_some_rule():
    assert {norm.soort for norm in NORMEN} == set(Soort)
