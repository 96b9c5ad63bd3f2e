"""One terugbelverzoek: calling, handing over, and where one goes after that."""

import html
import re
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from build.dossier import dossier
from build.gemeente import actor_of, gemeente, login, user
from loket import termijnen
from loket.audit.record import AuditRecord
from loket.authz import Role
from loket.cases.dossier.dossier import Dossier
from loket.cases.dossier.operations import shield_dossier
from loket.cases.dossier.queries_terugbel import PER_PAGE
from loket.cases.dossier.terugbelverzoek import (
    Terugbelpoging,
    Terugbelverzoek,
)
from loket.db import Scope

NOW = datetime.now(UTC)
TODAY = termijnen.dag_van(NOW)
TOLD = {"telefoon": "06 12 34 56 78", "notitie": "Wil weten hoe lang het duurt."}
LIST = "/terugbellen"


def rows(here, model):
    with here() as session:
        return session.scalars(select(model)).all()


class TestCall:
    def test_shows_number_and_note_and_records_the_look(self, seat, ask_call, here):
        key = ask_call()

        page = seat(Role.CONSULENT).get(f"{LIST}/{key}").text

        assert "06 12 34 56 78" in page
        assert "hoe lang het duurt" in page
        looks = [r for r in rows(here, AuditRecord) if r.subject_id == key]
        assert "terugbelverzoek.read" in {r.action for r in looks}

    def test_nobody_reached_is_counted_with_its_moment_and_stays(
        self, seat, ask_call, here
    ):
        key = ask_call()
        browser = seat(Role.CONSULENT)

        for _ in range(2):
            answer = browser.post(f"{LIST}/{key}/niet-bereikt")

        assert "2 keer geprobeerd" in browser.get(answer.location).text
        assert "2 keer" in browser.get(LIST).text
        assert len(rows(here, Terugbelpoging)) == 2

    def test_done_is_gone_from_the_list_and_happens_once(self, seat, ask_call, here):
        key = ask_call(naam="Mw. Helmgras")
        browser = seat(Role.CONSULENT)

        first = browser.post(f"{LIST}/{key}/gebeld")
        again = browser.post(f"{LIST}/{key}/gebeld")
        tried = browser.post(f"{LIST}/{key}/niet-bereikt")

        assert first.status_code == 303
        assert "Helmgras" not in browser.get(LIST).text
        assert [again.status_code, tried.status_code] == [422, 422]
        assert "al afgehandeld" in again.text
        assert rows(here, Terugbelpoging) == []

    @pytest.mark.parametrize("deed", ["gebeld", "niet-bereikt"])
    def test_sent_twice_is_carried_out_once(self, seat, ask_call, here, deed):
        key, token = ask_call(), {"_verzending": "eenmaal"}
        browser = seat(Role.CONSULENT)

        answers = [browser.post(f"{LIST}/{key}/{deed}", data=token) for _ in range(2)]

        assert {answer.status_code for answer in answers} == {303}
        assert len(rows(here, Terugbelpoging)) == (deed == "niet-bereikt")

    def test_handed_over_lies_with_the_other_and_tells_why(self, seat, staff, ask_call):
        key = ask_call(naam="Mw. Helmgras")
        browser = seat(Role.CONSULENT)
        told = {
            "voor": f"mens-{staff[Role.TEAMLEIDER].id}",
            "reden": "Gaat over een klacht",
            "_verzending": "eenmaal",
        }

        answers = [
            browser.post(f"{LIST}/{key}/overdragen", data=told) for _ in range(2)
        ]

        assert {answer.status_code for answer in answers} == {303}
        assert browser.get(f"{LIST}/{key}").status_code == 404
        page = seat(Role.TEAMLEIDER).get(f"{LIST}/{key}").text
        assert "Gaat over een klacht" in page

    @pytest.mark.parametrize(
        "wrong", [{"reden": ""}, {"voor": ""}, {"voor": "team-7"}, {"voor": "zelf"}]
    )
    def test_is_not_handed_over_without_reason_or_to_where_it_lies(
        self, seat, staff, ask_call, here, wrong
    ):
        key = ask_call()
        if wrong == {"voor": "zelf"}:
            wrong = {"voor": f"mens-{staff[Role.CONSULENT].id}"}
        told = {"voor": "rol-teamleider", "reden": "Ik ben er niet"} | wrong

        answer = seat(Role.CONSULENT).post(f"{LIST}/{key}/overdragen", data=told)

        assert answer.status_code == 422
        (kept,) = rows(here, Terugbelverzoek)
        assert kept.voor_user_id == staff[Role.CONSULENT].id

    def test_of_somebody_else_does_not_exist(self, seat, ask_call):
        key = ask_call()
        browser = seat(Role.FRONTOFFICE)

        assert browser.get(f"{LIST}/{key}").status_code == 404
        assert {
            browser.post(f"{LIST}/{key}/{deed}").status_code
            for deed in ("gebeld", "niet-bereikt", "overdragen")
        } == {404}

    def test_of_another_gemeente_does_not_exist(self, app, database, ask_call):
        key = ask_call(rol=Role.CONSULENT)
        with database.transaction(Scope.of("0405")) as session:
            gemeente(session, "0405", "Elders")
            stranger = user(session, Role.CONSULENT, gemeente="0405")

        browser = login(app, stranger, "0405")

        assert browser.get(f"{LIST}/{key}").status_code == 404
        assert browser.post(f"{LIST}/{key}/gebeld").status_code == 404

    def test_is_hidden_once_the_dossier_is_shielded(self, seat, staff, ask_call, here):
        with here() as session:
            case = dossier(session)
        key = ask_call(dossier=case, naam="Mw. Helmgras", rol=Role.CONSULENT)
        with here() as session:
            lead = actor_of(staff[Role.TEAMLEIDER], Role.TEAMLEIDER)
            held = session.get_one(Dossier, case.id)
            shield_dossier(session, lead, NOW, dossier=held, user_ids=[])
        browser = seat(Role.CONSULENT)

        assert "Helmgras" not in browser.get(LIST).text
        assert browser.get(f"{LIST}/{key}").status_code == 404


class TestReturn:
    """Whoever opened a request goes back to where it was opened."""

    @pytest.fixture
    def places(self, seat, ask_call, here):
        """The pages that lead to one request, and that request on each of them."""
        with here() as session:
            case = dossier(session)
            file = f"/dossiers/{case.referentie}"
        key = ask_call(dossier=case)

        def find(place):
            page = seat(Role.CONSULENT).get(place).text
            (found,) = re.findall(f'href="({LIST}/{key}[^"]*)"', page)
            return html.unescape(found)

        return file, find

    @pytest.mark.parametrize("place", [LIST, f"{LIST}?wie=mij", "file", "/vandaag"])
    @pytest.mark.parametrize("deed", ["overdragen", "gebeld"])
    def test_to_the_list_with_its_filters_the_dossier_or_today(
        self, seat, places, place, deed
    ):
        file, find = places
        place = file if place == "file" else place
        browser = seat(Role.CONSULENT)
        page = browser.get(find(place)).text
        (url,) = re.findall(f'(?:href|action)="([^"]*/{deed}[^"]*)"', page)
        told = {"voor": "rol-teamleider", "reden": "Ik ben er niet"}

        answer = browser.post(html.unescape(url), data=told)

        assert answer.location == (f"{LIST}?wie=alle" if place == LIST else place)
        assert browser.get(answer.location).status_code == 200

    def test_also_after_nobody_was_reached(self, seat, places):
        _, find = places
        browser = seat(Role.CONSULENT)
        opened = find(f"{LIST}?wie=mij")
        page = browser.get(opened).text
        (url,) = re.findall('action="([^"]*/niet-bereikt[^"]*)"', page)

        answer = browser.post(html.unescape(url))

        assert answer.location == opened

    def test_to_the_next_page_of_the_list_where_it_stood(self, seat, ask_call):
        for days in range(PER_PAGE + 1):
            ask_call(days=days)
        browser = seat(Role.CONSULENT)
        first = browser.get(LIST).text
        (second,) = re.findall('href="([^"]*na=[^"]*)"', first)
        second = html.unescape(second)
        (opened,) = re.findall(
            f'href="({LIST}/[0-9a-f]{{8}}-[^"]*)"', browser.get(second).text
        )
        there, _, filters = html.unescape(opened).partition("?")
        told = {"voor": "rol-teamleider", "reden": "Ik ben er niet"}

        answer = browser.post(f"{there}/overdragen?{filters}", data=told)

        assert answer.location == second

    @pytest.mark.parametrize(
        "odd", ["", "?wie=iedereen", "?van=https://elders.example", "?van=dossier"]
    )
    def test_to_the_list_when_the_address_says_nothing_known(self, seat, ask_call, odd):
        key = ask_call()
        told = {"voor": "rol-teamleider", "reden": "Ik ben er niet"}

        answer = seat(Role.CONSULENT).post(f"{LIST}/{key}/overdragen{odd}", data=told)

        assert answer.location == LIST

    def test_a_dossier_leads_only_to_a_request_that_lies_with_the_reader(
        self, seat, ask_call, here
    ):
        with here() as session:
            case = dossier(session)
        key = ask_call(dossier=case)

        page = seat(Role.FRONTOFFICE).get(f"/dossiers/{case.referentie}").text

        assert "belt terug" in page
        assert f"{LIST}/{key}" not in page
