"""Texts of letters: tried on paper, and changed from a day on."""

from datetime import timedelta

import pytest

from build.gemeente import actor, gemeente, login, user
from loket.accounts.perioden import stand_of_rows
from loket.authz import Role
from loket.db import Scope
from loket.frame import office
from loket.letters.compose import render_letter
from loket.letters.queries import afzender, list_brieftekst
from loket.letters.tekst import defaults
from loket.letters.voorbeeld import example
from loket.termijnen import vandaag

HERE = "0396"
LATER = vandaag() + timedelta(days=40)
SLEUTEL = "ontvangstbevestiging"
WHERE = f"/beheer/brieven/{SLEUTEL}"


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


def rows(database):
    with database.transaction(Scope.of(HERE)) as session:
        found = list_brieftekst(session, actor(Role.BEHEERDER))
        return [row for row in found if row.sleutel == SLEUTEL]


def typed(database, **values):
    return {
        "tekst": "{aanhef}\n\nWij hebben uw melding.\n\n- Bel {telefoon}",
        "van": f"{LATER:%d-%m-%Y}",
        "stand": stand_of_rows(rows(database)),
    } | values


class TestChange:
    def test_holds_from_a_day_on_and_can_be_taken_back(self, browser, database):
        sent = typed(database, _verzending="een-keer")

        codes = [browser.post(WHERE, data=sent).status_code for _ in range(2)]

        assert codes == [303, 303]
        old, new = rows(database)
        assert (old.tot, new.van) == (LATER - timedelta(days=1), LATER)
        assert "Geldt later" in browser.get(WHERE).text
        back = browser.post(f"{WHERE}/{new.id}/intrekken")
        assert back.status_code == 303
        assert [row.tot for row in rows(database)] == [None]

    @pytest.mark.parametrize(
        ("wrong", "says"),
        [
            ({"tekst": ""}, "Vul de tekst in."),
            ({"tekst": "Dag {voornaam}"}, "Deze invulplek bestaat hier niet"),
            ({"tekst": "Dag {"}, "alleen om een invulplek"),
            ({"tekst": "Dag 😀"}, "Dit teken kan niet in een brief staan"),
            ({"tekst": "a " * 5000, "voorbeeld": "pdf"}, "maximaal 8000 tekens"),
            ({"van": "1-2-2026"}, "is al voorbij"),
            ({"stand": "oud"}, "Iemand anders heeft dit intussen gewijzigd"),
        ],
    )
    def test_is_refused_at_its_field(self, browser, database, wrong, says):
        answer = browser.post(WHERE, data=typed(database, **wrong))

        assert answer.status_code == 422
        assert says in answer.text
        assert len(rows(database)) == 1


class TestTry:
    def test_shows_the_text_with_data_of_nobody(self, browser, database):
        answer = browser.post(WHERE, data=typed(database, voorbeeld="scherm"))

        assert answer.status_code == 200
        assert "Geachte mevrouw Voorbeeld" in answer.text
        assert "<li>Bel 014 0396</li>" in answer.text
        assert len(rows(database)) == 1

    def test_makes_the_real_pdf(self, browser, database):
        answer = browser.post(WHERE, data=typed(database, voorbeeld="pdf"))

        assert answer.mimetype == "application/pdf"
        assert answer.data.startswith(b"%PDF")
        assert len(rows(database)) == 1

    @pytest.mark.parametrize("how", ["scherm", "pdf"])
    @pytest.mark.parametrize(
        ("tekst", "says"),
        [("Dag {voornaam}", "bestaat hier niet"), ("", "Vul de tekst in.")],
    )
    def test_says_what_cannot_be(self, browser, database, how, tekst, says):
        answer = browser.post(WHERE, data=typed(database, voorbeeld=how, tekst=tekst))

        assert answer.status_code == 422
        assert says in answer.text

    def test_says_which_character_has_no_shape(self, browser, database):
        sent = typed(database, voorbeeld="pdf", tekst="Dag \U0001f9ff")

        answer = browser.post(WHERE, data=sent)

        assert answer.status_code == 422
        assert "kan niet in een brief staan" in answer.text

    def test_every_text_of_a_new_gemeente_becomes_a_letter(self, session):
        here = gemeente(session)

        for sleutel, tekst in defaults().items():
            brief = example(sleutel, tekst, here, afzender(here, None), vandaag())
            assert brief.blocks
            assert ",," not in str(brief.blocks)
        assert render_letter(brief).startswith(b"%PDF")


class TestPages:
    def test_list_every_text(self, browser):
        page = browser.get("/beheer/brieven/").text

        assert all(f"/beheer/brieven/{sleutel}" in page for sleutel in defaults())

    def test_are_shut_to_a_consulent(self, app, people):
        other = login(app, people[Role.CONSULENT])

        assert other.get("/beheer/brieven/").status_code == 403
        assert other.post(WHERE).status_code == 403

    def test_of_an_unknown_text_do_not_exist(self, browser):
        assert browser.get("/beheer/brieven/verzonnen").status_code == 404
        assert browser.post("/beheer/brieven/verzonnen").status_code == 404
