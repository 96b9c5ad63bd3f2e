"""Products and grounds of the gemeente: from a day on, with their history."""

from datetime import date, timedelta

import pytest
from sqlalchemy import event, select

from build.gemeente import NOW, actor_of, gemeente, login, user
from loket.accounts.history import list_wijzigingen
from loket.accounts.perioden import Vanaf, stand_of_rows
from loket.audit.action import Action
from loket.audit.record import AuditRecord
from loket.authz import Role
from loket.cases.producten.operations_lijst import (
    change_weigeringsgrond,
    end_product,
    withdraw_product,
)
from loket.cases.producten.queries import grond_rows, product_rows
from loket.db import Scope
from loket.errors import NotFound, RuleViolation
from loket.frame import office
from loket.termijnen import vandaag

HERE = "0396"
ELSEWHERE = "0363"
TODAY = vandaag()
LATER = TODAY + timedelta(days=40)
CODE = "02A03"


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


def product(**values):
    return {
        "naam": "Begeleiding",
        "categorie": "02",
        "domein": "zorg",
        "eenheid": "04",
        "is_dienst": "ja",
    } | values


def periods(database, code=CODE):
    with database.transaction(Scope.of(HERE)) as session:
        rows = product_rows(session, by(), code)
        return [(row.naam, row.van, row.tot) for row in rows]


def stand(database, code=CODE):
    with database.transaction(Scope.of(HERE)) as session:
        return stand_of_rows(product_rows(session, by(), code))


def by(person=None):
    return actor_of(person or Nobody, Role.BEHEERDER)


class Nobody:
    """Somebody who only reads here."""

    id = None


def changed(browser, database, **values):
    sent = product(van=f"{LATER:%d-%m-%Y}", stand=stand(database)) | values
    return browser.post(f"/beheer/producten/{CODE}", data=sent)


class TestAdd:
    def test_makes_a_product_that_can_be_granted(self, browser, database):
        answer = browser.post(
            "/beheer/producten/nieuw",
            data=product(code="02X09", van="1-1-2027", tot="31-12-2027"),
        )

        assert answer.status_code == 303
        assert periods(database, "02X09") == [
            ("Begeleiding", date(2027, 1, 1), date(2027, 12, 31))
        ]

    @pytest.mark.parametrize(
        ("wrong", "says"),
        [
            ({"code": ""}, "Vul de code in."),
            ({"code": "te-lang"}, "Maak dit korter"),
            ({"code": "a b"}, "Gebruik 1 tot en met 5 letters of cijfers."),
            ({"code": "nieuw"}, "Gebruik 1 tot en met 5 letters of cijfers."),
            ({"code": CODE}, "Dit product is er al in deze periode."),
            ({"categorie": ""}, "Kies de categorie."),
            ({"domein": "lucht"}, "Kies een van de antwoorden."),
            ({"tot": "31-12-2026"}, "De laatste dag ligt voor de eerste dag."),
        ],
    )
    def test_says_what_is_wrong_and_keeps_what_was_typed(
        self, browser, database, wrong, says
    ):
        sent = product(code="02X09", van="1-1-2027", naam="Bijzonder") | wrong

        answer = browser.post("/beheer/producten/nieuw", data=sent)

        assert answer.status_code == 422
        assert says in answer.text
        assert 'value="Bijzonder"' in answer.text
        assert periods(database, "02X09") == []


class TestChange:
    def test_ends_the_old_row_and_begins_a_new_one(self, browser, database, people):
        answer = changed(browser, database)

        assert answer.status_code == 303
        assert [(van, tot) for _, van, tot in periods(database)] == [
            (date(2026, 1, 1), LATER - timedelta(days=1)),
            (LATER, None),
        ]
        page = browser.get(answer.location).text
        assert "Geldt later" in page
        with database.transaction(Scope.of(HERE)) as session:
            who = by(people[Role.BEHEERDER])
            words = {
                (w.veld.split(" vanaf")[0], w.oud, w.nieuw)
                for w in list_wijzigingen(session, who, "product", CODE)
            }
            assert ("Eenheid", "minuten", "uur") in words
            trail = session.scalars(
                select(AuditRecord.action).where(AuditRecord.grond == CODE)
            ).all()
            assert trail.count(Action.PRODUCT_CHANGED) == 1

    @pytest.mark.parametrize(
        ("wrong", "says"),
        [
            ({"naam": ""}, "Vul de naam in."),
            ({"van": "31-02-2027"}, "bestaat niet"),
            ({"van": "01-02-2026"}, "is al voorbij"),
            ({"van": "01-02-2026", "terugwerkend": "ja"}, "Schrijf op waarom"),
            (
                {"van": "01-01-2026", "terugwerkend": "ja", "reden": "Fout"},
                "geldt al iets anders",
            ),
            ({"stand": "oud"}, "Iemand anders heeft dit intussen gewijzigd"),
        ],
    )
    def test_refuses_at_the_field(self, browser, database, wrong, says):
        before = periods(database)

        answer = changed(browser, database, **wrong)

        assert answer.status_code == 422
        assert says in answer.text
        assert periods(database) == before

    def test_a_form_sent_twice_counts_once(self, browser, database):
        sent = product(
            van=f"{LATER:%d-%m-%Y}", stand=stand(database), _verzending="een-keer"
        )

        codes = [
            browser.post(f"/beheer/producten/{CODE}", data=sent).status_code
            for _ in range(2)
        ]

        assert codes == [303, 303]
        assert len(periods(database)) == 2


class TestEnd:
    def test_lets_it_hold_until_the_last_day(self, browser, database):
        answer = browser.post(
            f"/beheer/producten/{CODE}/einde",
            data={"van": f"{LATER:%d-%m-%Y}", "stand": stand(database)},
        )

        assert answer.status_code == 303
        assert periods(database)[0][2] == LATER

    def test_refuses_while_something_begins_later(self, browser, database, people):
        changed(browser, database)

        with (
            database.transaction(Scope.of(HERE)) as session,
            pytest.raises(RuleViolation, match="Er geldt al iets vanaf"),
        ):
            end_product(
                session,
                by(people[Role.BEHEERDER]),
                NOW,
                code=CODE,
                vanaf=Vanaf(LATER - timedelta(days=2)),
            )


class TestWithdraw:
    def test_gives_the_days_back_to_what_held_before(self, browser, database, people):
        changed(browser, database)
        with database.transaction(Scope.of(HERE)) as session:
            row_id = product_rows(session, by(), CODE)[-1].id

        codes = [
            browser.post(
                f"/beheer/producten/{CODE}/{row_id}/intrekken",
                data={"_verzending": "knop"},
            ).status_code
            for _ in range(2)
        ]

        assert codes == [303, 303]
        assert [tot for _, _, tot in periods(database)] == [None]
        with database.transaction(Scope.of(HERE)) as session:
            who = by(people[Role.BEHEERDER])
            left = product_rows(session, who, CODE)[0]
            with pytest.raises(RuleViolation, match="Dit geldt al"):
                withdraw_product(session, who, NOW, code=CODE, row_id=left.id)
            with pytest.raises(NotFound):
                withdraw_product(session, who, NOW, code=CODE, row_id=row_id)


class TestGronden:
    def test_can_be_added_changed_and_ended(self, browser, database):
        grond = {"artikel": "artikel 2.3.5", "tekst": "U kunt dit zelf."}
        where = "/beheer/weigeringsgronden/nieuw"
        first = browser.post(where, data=grond | {"code": "zelf", "van": "1-1-2026"})
        with database.transaction(Scope.of(HERE)) as session:
            seen = stand_of_rows(grond_rows(session, by(), "zelf"))
        second = browser.post(
            first.location,
            data=grond | {"tekst": "Anders.", "van": f"{LATER}", "stand": seen},
        )
        with database.transaction(Scope.of(HERE)) as session:
            seen = stand_of_rows(grond_rows(session, by(), "zelf"))
        third = browser.post(
            f"{first.location}/einde",
            data={"van": f"{LATER + timedelta(days=9)}", "stand": seen},
        )

        assert [a.status_code for a in (first, second, third)] == [303] * 3
        with database.transaction(Scope.of(HERE)) as session:
            rows = grond_rows(session, by(), "zelf")
            assert [(r.tekst, r.tot) for r in rows] == [
                ("U kunt dit zelf.", LATER - timedelta(days=1)),
                ("Anders.", LATER + timedelta(days=9)),
            ]
        assert "Anders." in browser.get(first.location).text
        assert "eigen_kracht" in browser.get("/beheer/weigeringsgronden/").text

    def test_of_another_gemeente_do_not_exist(self, database, people):
        with database.transaction(Scope.of(ELSEWHERE)) as session:
            gemeente(session, ELSEWHERE, "Elders")

        with database.transaction(Scope.of(HERE)) as session, pytest.raises(NotFound):
            change_weigeringsgrond(
                session,
                by(people[Role.BEHEERDER]),
                NOW,
                code="verzonnen",
                artikel="x",
                tekst="x",
                alleen_pgb=False,
                vanaf=Vanaf(LATER),
            )


class TestPages:
    @pytest.mark.parametrize(
        "path", ["producten/", "weigeringsgronden/", "contracten/"]
    )
    def test_are_shut_to_a_consulent(self, app, people, path):
        other = login(app, people[Role.CONSULENT])

        assert other.get(f"/beheer/{path}").status_code == 403
        assert other.post(f"/beheer/{path}nieuw").status_code == 403

    @pytest.mark.parametrize("door", ["", "/einde"])
    def test_of_what_the_gemeente_does_not_have_are_404(self, browser, database, door):
        with database.transaction(Scope.of(ELSEWHERE)) as session:
            gemeente(session, ELSEWHERE, "Elders")
            session.flush()
            product_rows(session, by(), CODE)

        assert browser.get(f"/beheer/producten/99Z99{door}").status_code == 404
        assert browser.post(f"/beheer/producten/99Z99{door}").status_code == 404

    def test_list_what_holds_now_later_and_before(self, browser, database):
        changed(browser, database, naam="Straks anders")

        assert "Straks anders" not in browser.get("/beheer/producten/").text
        later = browser.get("/beheer/producten/?stand=later").text
        assert "Straks anders" in later
        assert "Er is hier niets" in browser.get("/beheer/producten/?stand=eerder").text

    def test_ask_the_database_as_often_with_many_rows(self, browser, database):
        few = asked(browser, database)
        for number in range(9):
            browser.post(
                "/beheer/producten/nieuw",
                data=product(code=f"02Y{number:02d}", van="1-1-2026"),
            )
        changed(browser, database)

        assert asked(browser, database) == few


def asked(browser, database):
    found = []

    def listen(_conn, _cursor, statement, *_):
        found.append(statement)

    event.listen(database.engine, "before_cursor_execute", listen)
    try:
        browser.get("/beheer/producten/")
        browser.get(f"/beheer/producten/{CODE}")
    finally:
        event.remove(database.engine, "before_cursor_execute", listen)
    return len(found)
