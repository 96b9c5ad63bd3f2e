"""Taking in a table: shown first, then all of it or nothing."""

import io
import re
import zipfile
from datetime import date, timedelta

import openpyxl
import pytest
from sqlalchemy import select

from build import providers
from build.gemeente import NOW, START, actor, gemeente, login, user
from loket.audit.action import Action
from loket.audit.record import AuditRecord
from loket.authz import Role
from loket.beheer.tabel import MOST_ROWS, FileError, lees_tabel
from loket.cases.producten.queries import product_rows
from loket.db import Scope
from loket.frame import office
from loket.providers.operations_contract import add_contractregel
from loket.providers.queries_contract import regel_rows
from loket.termijnen import vandaag

HERE = "0396"
LATER = vandaag() + timedelta(days=40)
DAY = f"{LATER:%d-%m-%Y}"
HEAD = "contract;product;tarief;postcodes;maximum;vanaf;tot_en_met\n"
PRODUCTS = "code;naam;categorie;domein;eenheid;dienst;eigen_bijdrage;vanaf;tot_en_met\n"


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
        made = providers.contract(session, nummer="C-9")
        add_contractregel(
            session,
            providers.system(),
            NOW,
            contract=made,
            product_code="01A01",
            tarief_cent=5000,
            van=START,
        )
        return made.id


def send(browser, data, soort="tarieven", name="t.csv"):
    body = data.encode() if isinstance(data, str) else data
    return browser.post(
        f"/beheer/invoer/{soort}", data={"bestand": (io.BytesIO(body), name)}
    )


def stand_on(page):
    return page.split('name="stand" value="')[1].split('"')[0]


def faults(page):
    """What the page says is wrong: row, column, words."""
    table = page.split("<tbody")[1].split("</tbody>")[0]
    assert "Wat er niet klopt" in table
    cells = re.findall(r"<t[dh][^>]*>([^<]*)<", table)
    return list(zip(cells[::3], cells[1::3], cells[2::3], strict=True))


def regels(database, contract_id):
    with database.transaction(Scope.of(HERE)) as session:
        rows = regel_rows(session, HERE, contract_id)
        return [(r.product_code, r.tarief_cent, r.van, r.tot) for r in rows]


class TestShow:
    def test_says_what_is_new_changes_and_stays_and_does_nothing(
        self, browser, database, contract_id
    ):
        before = regels(database, contract_id)

        shown = send(
            browser,
            f"{HEAD}C-9;01A01;52,50;;;{DAY};\nC-9;02A03;61;1234-1236;4;1-1-2026;\n"
            "C-9;01A01;€ 50,00;;;1 feb 2026;\n",
        )

        assert shown.status_code == 303
        page = browser.get(shown.location).text
        assert "1 nieuw, 1 gewijzigd, 0 met een andere einddatum, 1 ongewijz" in page
        assert "tarief € 52,50" in page
        assert regels(database, contract_id) == before

    def test_says_of_each_cell_what_is_wrong(self, browser, database, contract_id):
        shown = send(
            browser,
            f"{HEAD}C-9;01A01;veel;;;{DAY};\nC-8;01A01;1;;;{DAY};\n"
            f"C-9;99Z99;1;;;{DAY};\nC-9;01A01;1;12;;;\nC-9;01A01;7;;;1-1-2026;\n",
        )

        page = browser.get(shown.location).text
        for text in (
            "Vul een bedrag in",
            "Dit contract is er niet.",
            "Dit product is er niet.",
            "Vul postcodes in van vier cijfers",
            "Vanaf 01-01-2026 geldt al iets anders.",
        ):
            assert text in page
        assert "Alles inlezen" not in page
        right = send(browser, f"{HEAD}C-9;01A01;52,50;;;{DAY};\n").location
        stand = stand_on(browser.get(right).text)
        answer = browser.post(shown.location, data={"stand": stand})
        assert answer.status_code == 422
        assert len(regels(database, contract_id)) == 1

    def test_says_of_every_row_all_that_is_wrong_at_once(
        self, browser, database, contract_id
    ):
        shown = send(
            browser,
            f"{HEAD}C-8;99Z99;veel;12;;{DAY};1-1-2026\n"
            f"C-9;99Z99;1;;x;31-2-2027;\nC-9;01A01;52,50;;;{DAY};\n"
            "C-9;01A01;veel;1234;;1-1-2026;\n;01A01;1;;;1-1-2020;\n",
        )

        page = browser.get(shown.location).text

        assert faults(page) == [
            ("2", "contract", "Dit contract is er niet. Leg het eerst vast."),
            ("2", "product", "Dit product is er niet. Kijk de code na."),
            ("2", "tarief", "Vul een bedrag in, zoals 1.204,50."),
            (
                "2",
                "postcodes",
                "Vul postcodes in van vier cijfers, zoals 1234, 1235.",
            ),
            ("2", "tot_en_met", "De laatste dag ligt voor de eerste dag."),
            ("3", "product", "Dit product is er niet. Kijk de code na."),
            ("3", "maximum", "Vul een heel getal in."),
            ("3", "vanaf", "Deze datum bestaat niet. Kijk de dag en de maand na."),
            ("5", "tarief", "Vul een bedrag in, zoals 1.204,50."),
            (
                "5",
                "vanaf",
                "Vanaf 01-01-2026 geldt al iets anders. Kies een andere dag.",
            ),
            ("6", "contract", "Vul het contract in."),
            ("6", "product", "Dit product geldt niet op deze dag."),
        ]
        assert "Er zijn 12 fouten, in 4 rijen." in page
        assert "Alles inlezen" not in page
        assert len(regels(database, contract_id)) == 1

    def test_says_nothing_of_a_row_that_may_be_right_once_it_is_repaired(
        self, browser, contract_id
    ):
        shown = send(browser, f"{HEAD}C-9;01A01;veel;;;1-1-2026;\n")

        page = browser.get(shown.location).text

        assert [fault[:2] for fault in faults(page)] == [("2", "tarief")]

    def test_tells_two_faulty_rows_that_they_meet(self, browser, contract_id):
        shown = send(
            browser,
            f"{HEAD}C-9;02A03;veel;1234;;{DAY};\nC-9;02A03;weinig;1235;;{DAY};\n",
        )

        page = browser.get(shown.location).text

        assert [fault[:2] for fault in faults(page)] == [
            ("2", "tarief"),
            ("3", "tarief"),
            ("3", "vanaf"),
        ]

    def test_says_of_a_formula_and_of_what_stands_beside_it(self, browser, contract_id):
        cells = HEAD.strip().split(";")
        sheet = excel(cells, ["C-8", "01A01", "=1+1", None, None, "1-1-2026", "=2+2"])

        page = browser.get(send(browser, sheet, name="t.xlsx").location).text

        assert [fault[:2] for fault in faults(page)] == [
            ("2", "contract"),
            ("2", "tarief"),
            ("2", "tot_en_met"),
        ]

    def test_says_of_products_too_all_that_is_wrong(self, browser, database):
        shown = send(
            browser,
            f"{PRODUCTS}x!;;2;Ruimtevaart;1;Ja;misschien;{DAY};1-1-2026\n"
            "01A01;Anders;1;zorg;4;nee;ja;1-1-2026;gisteren\n",
            "producten",
        )

        page = browser.get(shown.location).text

        assert [fault[:2] for fault in faults(page)] == [
            ("2", "code"),
            ("2", "naam"),
            ("2", "domein"),
            ("2", "eigen_bijdrage"),
            ("2", "tot_en_met"),
            ("3", "tot_en_met"),
        ]

    @pytest.mark.parametrize(
        ("data", "says"),
        [
            ("", "Dit bestand is leeg"),
            ("contract;product\n1;2\n", "Deze kolom ontbreekt: tarief."),
            (HEAD, "Er staan geen rijen"),
            (b"PK\x03\x04 no zip", "kan niet worden gelezen"),
            (b"\xd0\xcf\x11\xe0 old", "Sla het bestand op als .xlsx"),
        ],
    )
    def test_refuses_a_file_that_is_no_table(self, browser, data, says):
        answer = send(browser, data)

        assert answer.status_code == 422
        assert says in answer.text


class TestImport:
    def test_does_all_of_it_once(self, browser, database, contract_id):
        shown = send(
            browser,
            f"{HEAD}C-9;01A01;52,50;;;{DAY};\nC-9;02A03;61;1234;4;1-1-2026;\n",
        )
        sent = {
            "stand": stand_on(browser.get(shown.location).text),
            "_verzending": "een-keer",
        }

        codes = [browser.post(shown.location, data=sent).status_code for _ in "12"]
        other_tab = browser.post(shown.location, data=sent | {"_verzending": "b"})

        assert codes == [303, 303]
        assert other_tab.status_code == 422
        assert regels(database, contract_id) == [
            ("01A01", 5000, START, LATER - timedelta(days=1)),
            ("01A01", 5250, LATER, None),
            ("02A03", 6100, START, None),
        ]
        with database.transaction(Scope.of(HERE)) as session:
            trail = session.scalars(select(AuditRecord.action)).all()
            assert trail.count(Action.INVOER_IMPORTED) == 1

    def test_asks_to_look_again_when_somebody_was_first(
        self, browser, database, contract_id
    ):
        shown = send(browser, f"{HEAD}C-9;01A01;52,50;;;{DAY};\n")
        stand = stand_on(browser.get(shown.location).text)
        with database.transaction(Scope.of(HERE)) as session:
            regel_rows(session, HERE, contract_id)[0].tot = LATER

        answer = browser.post(shown.location, data={"stand": stand})

        assert answer.status_code == 422
        assert "Iemand anders heeft dit intussen gewijzigd" in answer.text
        assert stand_on(answer.text) != stand
        assert len(regels(database, contract_id)) == 1

    def test_of_a_day_that_passed_asks_why(self, browser, database, contract_id):
        shown = send(browser, f"{HEAD}C-9;01A01;52,50;;;1-3-2026;\n")
        sent = {"stand": stand_on(browser.get(shown.location).text)}

        first = browser.post(shown.location, data=sent)
        second = browser.post(
            shown.location, data=sent | {"terugwerkend": "ja", "reden": "Besluit"}
        )

        assert first.status_code == 422
        assert "is al voorbij" in first.text
        assert second.status_code == 303
        assert regels(database, contract_id)[1][1:3] == (5250, date(2026, 3, 1))

    def test_takes_in_products_too(self, browser, database):
        shown = send(
            browser,
            f"{PRODUCTS}02X01;Nieuw;2;Zorg;1;Ja;nee;1-1-2026;\n"
            f"01A01;Hulp thuis;1;huishoudelijke hulp;4;ja;ja;{DAY};\n",
            "producten",
        )
        page = browser.get(shown.location).text

        answer = browser.post(shown.location, data={"stand": stand_on(page)})

        assert answer.status_code == 303
        with database.transaction(Scope.of(HERE)) as session:
            by = actor(Role.BEHEERDER)
            assert [p.naam for p in product_rows(session, by, "02X01")] == ["Nieuw"]
            assert product_rows(session, by, "01A01")[0].tot == LATER - timedelta(1)


class TestDoors:
    def test_are_shut_to_a_consulent_and_to_a_colleague(
        self, app, browser, database, people, contract_id
    ):
        shown = send(browser, f"{HEAD}C-9;01A01;52,50;;;{DAY};\n")
        with database.transaction(Scope.of(HERE)) as session:
            colleague = user(session, Role.BEHEERDER)

        consulent = login(app, people[Role.CONSULENT])
        assert consulent.get("/beheer/invoer/tarieven").status_code == 403
        assert consulent.post(shown.location).status_code == 403
        assert login(app, colleague).get(shown.location).status_code == 404

    def test_give_an_example_that_can_be_taken_in(self, browser):
        for soort, columns in (("tarieven", HEAD), ("producten", PRODUCTS)):
            example = browser.get(f"/beheer/invoer/{soort}/voorbeeld.csv")
            (rij,) = lees_tabel(example.data, columns.strip().split(";"))
            assert all(rij.cellen[name] for name in ("vanaf",))
        assert browser.get("/beheer/invoer/verzonnen").status_code == 404


COLUMNS = ["contract", "tarief", "vanaf"]


def excel(*rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


class TestRead:
    @pytest.mark.parametrize(
        "data",
        [
            b"\xef\xbb\xbfContract;Tarief;Vanaf\r\nC-1;52,5;1-2-2027\r\n",
            b'contract,tarief,vanaf\nC-1,"52,5",1-2-2027\n',
            b"vanaf\ttarief\tcontract\n1-2-2027\t52,5\tC-1\n\t\t\n",
        ],
    )
    def test_csv_as_programs_write_it(self, data):
        (rij,) = lees_tabel(data, COLUMNS)

        assert rij.cellen == {"contract": "C-1", "tarief": "52,5", "vanaf": "1-2-2027"}

    def test_excel_with_real_days_and_numbers(self):
        data = excel(COLUMNS, ["C-1", 52.5, date(2027, 2, 1)], [None, None, None])

        (rij,) = lees_tabel(data, COLUMNS)

        assert rij.cellen["vanaf"] == "01-02-2027"
        assert rij.cellen["tarief"] == "52.5"
        assert rij.nummer == 2

    def test_a_formula_is_told_not_computed(self):
        (rij,) = lees_tabel(excel(COLUMNS, ["C-1", "=1+1", "x"]), COLUMNS)

        assert rij.formules == ("tarief",)

    def test_more_rows_than_it_takes(self):
        data = "contract;tarief;vanaf\n" + "a;b;c\n" * (MOST_ROWS + 1)

        with pytest.raises(FileError, match="niet meer dan"):
            lees_tabel(data.encode(), COLUMNS)

    @pytest.mark.parametrize(
        ("name", "content", "says"),
        [
            ("xl/vbaProject.bin", b"x", "Haal macro's"),
            ("xl/big.xml", b"0" * (31 * 1024 * 1024), "te groot"),
            ("xl/odd.xml", b"<!DOCTYPE x>", "kan niet worden gelezen"),
            ("xl/many.xml", b"<c/>" * 600_000, "te groot"),
        ],
    )
    def test_a_workbook_that_does_more_than_hold_values(self, name, content, says):
        made = io.BytesIO(excel(COLUMNS))
        with zipfile.ZipFile(made, "a", zipfile.ZIP_DEFLATED) as packed:
            packed.writestr(name, content)

        with pytest.raises(FileError, match=says):
            lees_tabel(made.getvalue(), COLUMNS)

    @pytest.mark.parametrize("place", [60, 100, 140])
    def test_a_workbook_that_was_damaged(self, place):
        whole = excel(COLUMNS)
        broken = whole[:place] + b"\xff" * 40 + whole[place + 40 :]

        with pytest.raises(FileError, match="kan niet worden gelezen"):
            lees_tabel(broken, COLUMNS)

    def test_a_workbook_that_is_packed_in_another_way(self):
        made = io.BytesIO(excel(COLUMNS))
        with zipfile.ZipFile(made, "a", zipfile.ZIP_LZMA) as packed:
            packed.writestr("xl/more.xml", b"<a/>")

        with pytest.raises(FileError, match="kan niet worden gelezen"):
            lees_tabel(made.getvalue(), COLUMNS)
