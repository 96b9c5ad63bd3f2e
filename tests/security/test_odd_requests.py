"""Addresses and forms that no page of ours makes: refused, never a crash."""

from urllib.parse import quote

import pytest

from build.case import Case
from loket.authz import Role

PAGE = {"Accept": "text/html"}


@pytest.fixture
def case(app, database) -> Case:
    """A dossier with the people who work on it."""
    return Case(app, database)


class TestAddress:
    @pytest.mark.parametrize(
        "where",
        [
            "/dossiers/a%00b",
            "/documenten/%00.pdf",
            "/berichten/%00",
            "/berichten?soort=%00",
            "/werkvoorraad?na=2026-01-01_%00",
            "/werkvoorraad?fase=nieuw&fase=%00",
            "/werkvoorraad?%00=nieuw",
        ],
    )
    def test_with_a_null_byte_leads_nowhere(self, case, where):
        assert case.browser().get(where, headers=PAGE).status_code == 404

    @pytest.mark.parametrize(
        "where",
        [
            "/berichten?endpoint=x&na=00000000-0000-0000-0000-000000000001",
            "/berichten?dag=31-12-9999",
            "/werkvoorraad?fase=" + "x" * 5000,
        ],
    )
    def test_that_was_tampered_with_shows_the_list(self, case, where):
        assert case.browser().get(where, headers=PAGE).status_code == 200

    def test_does_not_choose_the_links_of_the_page(self, case):
        where = (
            "/berichten?na=00000000-0000-0000-0000-000000000001"
            "&_external=1&_scheme=javascript&_anchor=x"
        )

        page = case.browser().get(where, headers=PAGE)

        assert page.status_code == 200
        assert "javascript:" not in page.text

    @pytest.mark.parametrize(
        "verder",
        [
            "//elders.example",
            "/\\elders.example",
            "/\t/elders.example",
            "https://elders.example",
            "javascript:alert(1)",
            "/x\r\nSet-Cookie: a=b",
            "//[",
        ],
    )
    def test_after_the_choice_of_a_desk_is_one_of_ours(self, case, verder):
        answer = case.browser().post(
            f"/werkplek?verder={quote(verder, safe='')}", data={"werkplek": "0396"}
        )

        assert (answer.status_code, answer.headers["Location"]) == (303, "/")

    @pytest.mark.parametrize("name", ["weg.js", "../wsgi.py", "%2e%2e/app.py"])
    def test_of_a_file_of_the_look_that_is_not_there_leads_nowhere(self, case, name):
        answer = case.browser().get(f"/static/{name}", headers=PAGE)

        assert answer.status_code == 404
        assert answer.headers["Cache-Control"] == "no-store"


class TestForm:
    @pytest.mark.parametrize(
        ("rol", "where", "told", "code"),
        [
            (Role.CONSULENT, "/terugbellen/begin", {"dossier": "a\0"}, 404),
            (Role.TEAMLEIDER, "/werkvoorraad/verdelen", {"dossiers": "a\0"}, 422),
        ],
    )
    def test_with_a_null_byte_for_a_dossier_finds_none(
        self, case, rol, where, told, code
    ):
        answer = case.browser(rol).post(where, data=told, headers=PAGE)

        assert answer.status_code == code

    WHERE = "/dossiers/{}/contactmomenten/nieuw"
    TOLD = {"kanaal": "telefoon", "uitkomst": "informatie", "tekst": "Belde terug."}

    @pytest.mark.parametrize("token", ["\0", "x" * 100_000, "é" * 30, "../.."])
    def test_with_a_mark_that_we_did_not_make_is_carried_out(self, case, token):
        where = self.WHERE.format(case.ref)
        told = self.TOLD | {"_verzending": token}

        answer = case.browser().post(where, data=told, headers=PAGE)

        assert answer.status_code == 303

    @pytest.mark.parametrize("jaar", ["0001", "0999", "2300", "9999"])
    def test_with_a_year_that_cannot_be_right_is_shown_again(self, case, jaar):
        where = f"/dossiers/{case.ref}/overlijden"

        answer = case.browser(Role.CONSULENT).post(
            where, data={"overleden_op": f"1-1-{jaar}", "_verzending": "x"}
        )

        assert answer.status_code == 422
