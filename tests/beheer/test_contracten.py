"""Contracts and tariffs: from a day on, with help that runs on."""

from datetime import timedelta

import pytest
from sqlalchemy import event, select

from build import providers
from build.gemeente import NOW, START, actor, gemeente, login, user
from loket.accounts.perioden import Vanaf, stand_of_rows
from loket.audit.action import Action
from loket.audit.record import AuditRecord
from loket.authz import Role
from loket.beheer.schemas_aanbod import lees_postcodes
from loket.db import Scope
from loket.errors import NotFound, RuleViolation
from loket.frame import office
from loket.providers.contract import Contract
from loket.providers.operations_contract import add_contractregel
from loket.providers.operations_tarief import change_contractregel, end_contract
from loket.providers.queries_contract import (
    get_contract,
    regel_on,
    regel_rows,
    runs_until,
)
from loket.termijnen import vandaag

HERE = "0396"
ELSEWHERE = "0363"
TODAY = vandaag()
LATER = TODAY + timedelta(days=40)
CODE = "01A01"


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


@pytest.fixture
def contract_id(database, people):
    with database.transaction(Scope.of(HERE)) as session:
        made = providers.contract(session, tot=LATER + timedelta(days=400))
        add_contractregel(
            session,
            providers.system(),
            NOW,
            contract=made,
            product_code=CODE,
            tarief_cent=5000,
            max_clienten=1,
            van=START,
        )
        return made.id


def by():
    return actor(Role.BEHEERDER)


def regels(database, contract_id):
    with database.transaction(Scope.of(HERE)) as session:
        rows = regel_rows(session, HERE, contract_id)
        return [(r.product_code, r.tarief_cent, r.van, r.tot) for r in rows]


def stand(database, contract_id):
    with database.transaction(Scope.of(HERE)) as session:
        return stand_of_rows(regel_rows(session, HERE, contract_id, CODE))


def change(browser, database, contract_id, **values):
    sent = {
        "tarief_cent": "52,50",
        "pc4_gebied": "1234, 1240-1242",
        "van": f"{LATER:%d-%m-%Y}",
        "stand": stand(database, contract_id),
    }
    return browser.post(
        f"/beheer/contracten/{contract_id}/regels/{CODE}", data=sent | values
    )


class TestContract:
    def test_is_noted_with_a_new_aanbieder_and_gets_a_product(self, browser, database):
        made = browser.post(
            "/beheer/contracten/aanbieders/nieuw",
            data={"naam": "Zorg Vooraan", "agb": "87654321"},
        )
        offered = browser.get(made.location).text
        assert "Zorg Vooraan (87654321)" in offered
        noted = browser.post(
            "/beheer/contracten/nieuw",
            data={
                "aanbieder_id": made.location.rpartition("=")[2],
                "nummer": "2027-1",
                "vorm": "taakgericht",
                "van": "1-1-2026",
            },
        )
        added = browser.post(
            f"{noted.location}/regels/nieuw",
            data={"product_code": CODE, "tarief_cent": "€ 61,20", "van": "1-2-2026"},
        )

        assert [a.status_code for a in (made, noted, added)] == [303] * 3
        page = browser.get(noted.location).text
        assert "€ 61,20 per minuut" in page
        assert "Hele gemeente" in page
        assert "2027-1" in browser.get("/beheer/contracten/").text

    @pytest.mark.parametrize(
        ("path", "sent", "says"),
        [
            ("aanbieders/nieuw", {"naam": "X", "agb": "123"}, "8 cijfers van de AGB"),
            ("nieuw", {"nummer": "1"}, "Kies de aanbieder."),
            ("nieuw", {"vorm": "los"}, "Kies een van de antwoorden."),
        ],
    )
    def test_says_what_is_wrong(self, browser, path, sent, says):
        answer = browser.post(f"/beheer/contracten/{path}", data=sent)

        assert answer.status_code == 422
        assert says in answer.text

    def test_has_a_number_of_its_own(self, browser, database, contract_id):
        with database.transaction(Scope.of(HERE)) as session:
            known = get_contract(session, by(), contract_id)
            sent = {
                "aanbieder_id": known.aanbieder_id,
                "nummer": known.nummer,
                "vorm": "taakgericht",
                "van": "1-1-2026",
            }

        answer = browser.post("/beheer/contracten/nieuw", data=sent)

        assert answer.status_code == 422
        assert "Er is al een contract met dit nummer." in answer.text

    def test_ends_with_everything_in_it(self, browser, database, contract_id):
        with database.transaction(Scope.of(HERE)) as session:
            seen = stand_of_rows([get_contract(session, by(), contract_id)])

        answer = browser.post(
            f"/beheer/contracten/{contract_id}/einde",
            data={"van": f"{LATER}", "stand": seen},
        )

        assert answer.status_code == 303
        assert regels(database, contract_id)[0][3] == LATER
        with database.transaction(Scope.of(HERE)) as session:
            assert session.get_one(Contract, contract_id).tot == LATER
            trail = session.scalars(select(AuditRecord.action)).all()
            assert trail.count(Action.CONTRACT_ENDED) == 1

    def test_does_not_end_before_what_begins_in_it(
        self, browser, database, contract_id, people
    ):
        change(browser, database, contract_id)

        with database.transaction(Scope.of(HERE)) as session:
            contract = get_contract(session, by(), contract_id)
            with pytest.raises(RuleViolation, match="Product 01A01 begint op"):
                end_contract(
                    session,
                    by(),
                    NOW,
                    contract=contract,
                    vanaf=Vanaf(LATER - timedelta(days=1)),
                )


class TestTariff:
    def test_changes_from_a_day_on(self, browser, database, contract_id):
        answer = change(browser, database, contract_id)

        assert answer.status_code == 303
        assert regels(database, contract_id) == [
            (CODE, 5000, START, LATER - timedelta(days=1)),
            (CODE, 5250, LATER, None),
        ]
        page = browser.get(answer.location).text
        assert "1234, 1240, 1241, 1242" in page
        assert page.count("€ 50,00 per minuut") == 1

    @pytest.mark.parametrize(
        ("wrong", "says"),
        [
            ({"tarief_cent": "veel"}, "Vul een bedrag in"),
            ({"tarief_cent": ""}, "Vul het tarief in."),
            ({"pc4_gebied": "12"}, "Vul postcodes in van vier cijfers"),
            ({"pc4_gebied": "1000-9999"}, "niet meer dan 500 postcodes"),
            ({"max_clienten": "0"}, "Vul een getal in van 1"),
            ({"van": "1-2-2026"}, "is al voorbij"),
            ({"van": "1-1-2099"}, "Het contract eindigt op"),
            ({"stand": "oud"}, "Iemand anders heeft dit intussen gewijzigd"),
        ],
    )
    def test_is_refused_at_its_field(self, browser, database, contract_id, wrong, says):
        answer = change(browser, database, contract_id, **wrong)

        assert answer.status_code == 422
        assert says in answer.text
        assert len(regels(database, contract_id)) == 1

    def test_sent_twice_counts_once(self, browser, database, contract_id):
        same = {"_verzending": "een-keer", "stand": stand(database, contract_id)}

        codes = [
            change(browser, database, contract_id, **same).status_code for _ in "12"
        ]

        assert codes == [303, 303]
        assert len(regels(database, contract_id)) == 2

    def test_can_be_taken_back_and_ended(self, browser, database, contract_id):
        change(browser, database, contract_id)
        with database.transaction(Scope.of(HERE)) as session:
            row_id = regel_rows(session, HERE, contract_id)[-1].id
        where = f"/beheer/contracten/{contract_id}/regels/{CODE}"

        back = browser.post(f"{where}/{row_id}/intrekken")
        ended = browser.post(
            f"{where}/einde",
            data={"van": f"{LATER}", "stand": stand(database, contract_id)},
        )

        assert (back.status_code, ended.status_code) == (303, 303)
        assert regels(database, contract_id) == [(CODE, 5000, START, LATER)]

    def test_does_not_break_off_what_is_under_contract(
        self, browser, database, contract_id
    ):
        change(browser, database, contract_id)

        with database.transaction(Scope.of(HERE)) as session:
            old, new = regel_rows(session, HERE, contract_id)
            assert runs_until([old, new], old) is None
            assert regel_on([old, new], old, LATER) is new
            assert regel_on([old, new], new, LATER - timedelta(days=1)) is old

    def test_twice_in_one_contract_is_refused(self, browser, contract_id):
        answer = browser.post(
            f"/beheer/contracten/{contract_id}/regels/nieuw",
            data={"product_code": CODE, "tarief_cent": "1", "van": f"{LATER}"},
        )

        assert answer.status_code == 422
        assert "Dit product staat al in dit contract." in answer.text


class TestPages:
    def test_of_another_gemeente_do_not_exist(self, app, database, contract_id):
        with database.transaction(Scope.of(ELSEWHERE)) as session:
            gemeente(session, ELSEWHERE, "Elders")
            other = user(session, Role.BEHEERDER, gemeente=ELSEWHERE)
        browser = login(app, other, ELSEWHERE)

        where = f"/beheer/contracten/{contract_id}"
        assert browser.get(where).status_code == 404
        assert browser.post(f"{where}/einde").status_code == 404
        assert browser.post(f"{where}/regels/{CODE}").status_code == 404
        with (
            database.transaction(Scope.of(ELSEWHERE)) as session,
            pytest.raises(NotFound),
        ):
            get_contract(session, actor(gemeente=ELSEWHERE), contract_id)

    def test_ask_the_database_as_often_with_many_rows(
        self, browser, database, contract_id
    ):
        few = asked(browser, database, contract_id)
        with database.transaction(Scope.of(HERE)) as session:
            for _ in range(5):
                providers.contract(session)
            contract = get_contract(session, by(), contract_id)
            for number in range(1, 6):
                change_contractregel(
                    session,
                    by(),
                    NOW,
                    contract=contract,
                    product_code=CODE,
                    tarief_cent=5000 + number,
                    pc4_gebied=[],
                    max_clienten=None,
                    vanaf=Vanaf(LATER + timedelta(days=number)),
                )

        assert asked(browser, database, contract_id) == few


def asked(browser, database, contract_id):
    found = []

    def listen(_conn, _cursor, statement, *_):
        found.append(statement)

    event.listen(database.engine, "before_cursor_execute", listen)
    try:
        browser.get("/beheer/contracten/")
        browser.get(f"/beheer/contracten/{contract_id}")
        browser.get(f"/beheer/contracten/{contract_id}/regels/{CODE}")
    finally:
        event.remove(database.engine, "before_cursor_execute", listen)
    return len(found)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("1234", ["1234"]),
        ("1236 ; 1234,1234", ["1234", "1236"]),
        ("1234 - 1236", ["1234", "1235", "1236"]),
    ],
)
def test_postcodes_are_read_as_typed(typed, read):
    assert lees_postcodes(typed) == read


@pytest.mark.parametrize("typed", ["12", "0123", "1236-1234", "1234AB"])
def test_what_is_no_postcode_is_refused(typed):
    with pytest.raises(ValueError, match="invalid"):
        lees_postcodes(typed)
