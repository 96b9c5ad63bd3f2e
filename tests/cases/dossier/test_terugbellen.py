"""Calling back: with whom it lies, until when, how often it was tried."""

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from build.dossier import dossier, inwoner
from build.gemeente import actor, actor_of, gemeente
from loket import termijnen
from loket.accounts.operations import set_instelling
from loket.accounts.team import Team, Teamlid
from loket.accounts.vervanging import Vervanging
from loket.authz import SYSTEM_ID, Actor, Role
from loket.cases.dossier.dossier import Dossier
from loket.cases.dossier.operations import assign_dossier, shield_dossier
from loket.cases.dossier.queries_terugbel import PER_PAGE
from loket.cases.dossier.terugbelverzoek import (
    Terugbelverzoek,
)
from loket.db import Scope, uuid7

NOW = datetime.now(UTC)
TODAY = termijnen.dag_van(NOW)
TOLD = {"telefoon": "06 12 34 56 78", "notitie": "Wil weten hoe lang het duurt."}
LIST = "/terugbellen"


def rows(here, model):
    with here() as session:
        return session.scalars(select(model)).all()


def new() -> str:
    return f"/terugbellen/nieuw/{uuid7()}"


@pytest.fixture
def team(staff, here):
    """A team in which the consulent works."""
    with here() as session:
        by = {"created_at": NOW, "created_by_id": SYSTEM_ID}
        made = Team(gemeente_code="0396", naam="Noord", **by)
        session.add(made)
        session.flush()
        lid = {"user_id": staff[Role.CONSULENT].id, "van": TODAY - timedelta(days=9)}
        session.add(Teamlid(gemeente_code="0396", team_id=made.id, **lid))
        return made.id


def replace(staff, here, absent, stand_in):
    with here() as session:
        session.add(
            Vervanging(
                gemeente_code="0396",
                user_id=staff[absent].id,
                vervanger_id=staff[stand_in].id,
                van=TODAY,
                registered_at=NOW,
                registered_by_id=SYSTEM_ID,
            )
        )


class TestMake:
    def test_lies_with_who_was_chosen_until_the_working_day(self, seat, staff, here):
        voor = f"mens-{staff[Role.CONSULENT].id}"

        answer = seat(Role.FRONTOFFICE).post(new(), data=TOLD | {"voor": voor})

        assert answer.status_code == 303
        (made,) = rows(here, Terugbelverzoek)
        assert made.voor_user_id == staff[Role.CONSULENT].id
        assert made.uiterlijk == termijnen.werkdagen_later(TODAY, 2)
        assert made.scope_id == made.id

    def test_with_spoed_is_for_as_soon_as_the_gemeente_says(self, seat, staff, here):
        with here() as session:
            set_instelling(
                session,
                Actor.system("0396"),
                NOW,
                sleutel="terugbellen_spoed_werkdagen",
                waarde=1,
                van=TODAY,
            )

        told = TOLD | {"voor": "rol-administratie", "spoed": "ja"}
        seat(Role.FRONTOFFICE).post(new(), data=told)

        (made,) = rows(here, Terugbelverzoek)
        assert (made.spoed, made.voor_rol) == (True, Role.ADMINISTRATIE)
        assert made.uiterlijk == termijnen.werkdagen_later(TODAY, 1)

    def test_for_somebody_else_stays_in_sight_of_who_asked(self, seat, staff, here):
        browser = seat(Role.FRONTOFFICE)
        told = TOLD | {"naam": "M. Duin", "voor": f"mens-{staff[Role.CONSULENT].id}"}

        answer = browser.post(new(), data=told)

        assert answer.location == f"{LIST}?wie=gevraagd"
        page = browser.get(answer.location).text
        (made,) = rows(here, Terugbelverzoek)
        assert "M. Duin" in page
        assert staff[Role.CONSULENT].naam in page
        assert f"{LIST}/{made.id}" not in page
        assert "M. Duin" not in browser.get(LIST).text
        theirs = seat(Role.CONSULENT).get(answer.location).text
        assert "Niets meer open" in theirs

    def test_for_oneself_leads_to_the_request(self, seat, here):
        answer = seat(Role.FRONTOFFICE).post(
            new(), data=TOLD | {"voor": "rol-frontoffice"}
        )

        (made,) = rows(here, Terugbelverzoek)
        assert answer.location == f"{LIST}/{made.id}"

    def test_number_and_note_are_sealed(self, ask_call, here):
        ask_call()

        with here() as session:
            cell = session.connection().exec_driver_sql(
                "SELECT telefoon || notitie FROM terugbelverzoek"
            )
            kept = bytes(cell.scalar_one())
        assert b"06 12" not in kept
        assert b"hoe lang" not in kept

    def test_from_a_dossier_brings_number_and_consulent(self, seat, staff, here):
        with here() as session:
            case = dossier(session)
            to = staff[Role.CONSULENT].id
            assign_dossier(
                session, actor(Role.TEAMLEIDER), NOW, dossier=case, consulent_id=to
            )
            referentie = case.referentie
        browser = seat(Role.FRONTOFFICE)

        begun = browser.post("/terugbellen/begin", data={"dossier": referentie})
        page = browser.get(begun.location).text

        assert 'value="0612345678"' in page
        assert f'value="mens-{to}" selected' in page
        assert "0612345678" not in begun.location

        told = {"voor": f"mens-{to}", "dossier": referentie}
        token = re.search(r'name="_concept_versie" value="(\d+)"', page)[1]
        answer = browser.post(
            begun.location, data=TOLD | told | {"_concept_versie": token}
        )

        assert answer.location == f"/dossiers/{referentie}"
        assert "belt terug" in browser.get(answer.location).text
        (made,) = rows(here, Terugbelverzoek)
        assert made.scope_id == made.dossier_id

    def test_sent_twice_is_one_request(self, seat, here):
        browser, where = seat(Role.FRONTOFFICE), new()
        told = TOLD | {"voor": "rol-consulent", "_verzending": "eenmaal"}

        answers = [browser.post(where, data=told) for _ in range(2)]

        assert {answer.status_code for answer in answers} == {303}
        assert len(rows(here, Terugbelverzoek)) == 1

    @pytest.mark.parametrize(
        "wrong",
        [
            {"telefoon": ""},
            {"telefoon": "bel me"},
            {"telefoon": "12"},
            {"notitie": ""},
            {"notitie": "x" * 2001},
            {"voor": ""},
            {"voor": "rol-aanbieder"},
            {"voor": f"mens-{UUID(int=7)}"},
        ],
    )
    def test_bad_input_keeps_what_was_typed(self, seat, here, wrong):
        told = TOLD | {"voor": "rol-consulent", "naam": "Mw. Helmgras"} | wrong

        answer = seat(Role.FRONTOFFICE).post(new(), data=told)

        assert answer.status_code == 422
        assert "Mw. Helmgras" in answer.text
        assert rows(here, Terugbelverzoek) == []

    def test_about_a_shielded_dossier_only_for_who_may_see_it(self, seat, staff, here):
        with here() as session:
            case = dossier(session)
            lead = actor_of(staff[Role.TEAMLEIDER], Role.TEAMLEIDER)
            shield_dossier(session, lead, NOW, dossier=case, user_ids=[])
            referentie = case.referentie
        told = TOLD | {"dossier": referentie}

        by_lead, consulent = seat(Role.TEAMLEIDER), staff[Role.CONSULENT].id
        answers = [
            by_lead.post(new(), data=told | {"voor": voor})
            for voor in ("rol-teamleider", f"mens-{consulent}")
        ]
        hidden = seat(Role.FRONTOFFICE).post(
            new(), data=told | {"voor": "rol-teamleider"}
        )

        assert [each.status_code for each in answers] == [422, 422]
        assert "afgeschermd" in answers[0].text
        assert hidden.status_code == 404
        own = f"mens-{staff[Role.TEAMLEIDER].id}"
        assert by_lead.post(new(), data=told | {"voor": own}).status_code == 303

    def test_about_somebody_of_another_gemeente_does_not_exist(
        self, seat, database, here
    ):
        with database.transaction(Scope.of("0405")) as session:
            gemeente(session, "0405", "Elders")
            by = actor(Role.FRONTOFFICE, gemeente="0405")
            stranger = str(inwoner(session, by).id)
        browser = seat(Role.FRONTOFFICE)

        begun = browser.post("/terugbellen/begin", data={"inwoner": stranger})
        sent = browser.post(
            new(), data=TOLD | {"voor": "rol-consulent", "inwoner": stranger}
        )

        assert (begun.status_code, sent.status_code) == (404, 404)

    def test_is_not_for_who_has_no_worklist(self, seat):
        browser = seat(Role.BELEIDSMEDEWERKER)

        assert browser.get(LIST).status_code == 403
        assert browser.get("/terugbellen/nieuw").status_code == 403
        assert browser.post("/terugbellen/begin").status_code == 403


class TestList:
    def test_shows_mine_my_teams_and_my_roles_and_nothing_else(
        self, seat, staff, ask_call, team
    ):
        ask_call(naam="Van mij")
        ask_call(naam="Van Noord", team_id=team)
        ask_call(naam="Van de rol", rol=Role.CONSULENT)
        ask_call(naam="Van een ander", user_id=staff[Role.TEAMLEIDER].id)
        browser = seat(Role.CONSULENT)

        shown = {
            wie: browser.get(f"{LIST}?wie={wie}").text
            for wie in ("alle", "mij", "team", "rol")
        }

        names = ("Van mij", "Van Noord", "Van de rol", "Van een ander")
        seen = {wie: [n for n in names if n in page] for wie, page in shown.items()}
        assert seen == {
            "alle": list(names[:3]),
            "mij": ["Van mij"],
            "team": ["Van Noord"],
            "rol": ["Van de rol"],
        }

    def test_says_what_is_late_in_words_and_days_first(self, seat, ask_call):
        ask_call(naam="Later", days=3)
        ask_call(naam="Te laat", days=-2)

        page = seat(Role.CONSULENT).get(LIST).text

        assert "2 dagen te laat" in page
        assert page.index("Te laat") < page.index("Later")

    def test_stands_on_the_page_of_today_also_for_who_replaces(
        self, seat, staff, here, ask_call
    ):
        ask_call(naam="Mw. Helmgras")
        browser = seat(Role.TEAMLEIDER)
        before = browser.get("/vandaag").text
        replace(staff, here, Role.CONSULENT, Role.TEAMLEIDER)

        page = browser.get("/vandaag").text

        assert "Helmgras" not in before
        assert "Mw. Helmgras" in page
        assert "die u vervangt" in page
        assert "Mw. Helmgras" in seat(Role.CONSULENT).get("/vandaag").text

    def test_goes_on_where_the_page_ended_and_shows_each_once(self, seat, ask_call):
        ids = {ask_call() for _ in range(PER_PAGE + 3)}
        browser = seat(Role.CONSULENT)

        first = browser.get(LIST).text
        more = re.search(r'href="([^"]*na=[^"]*)"', first)[1].replace("&amp;", "&")
        second = browser.get(more).text

        pages = [{i for i in ids if f"{LIST}/{i}" in page} for page in (first, second)]
        assert [len(page) for page in pages] == [PER_PAGE, 3]
        assert pages[0] | pages[1] == ids
        assert f"{LIST}?wie=alle&amp;na=" in first
        assert f"{LIST}?wie=alle&amp;na=" not in second

    @pytest.mark.parametrize("odd", ["na=x", "na=2026-01-01_x", "wie=iedereen"])
    def test_at_an_odd_address_does_not_exist(self, seat, odd):
        assert seat(Role.CONSULENT).get(f"{LIST}?{odd}").status_code == 404

    def test_asks_as_many_questions_for_one_as_for_many(
        self, seat, here, ask_call, counting
    ):
        browser = seat(Role.CONSULENT)

        def more(times):
            for _ in range(times):
                with here() as session:
                    case = dossier(session)
                    number, client = case.referentie, inwoner(session)
                with here() as session:
                    found = session.scalars(
                        select(Dossier).where(Dossier.referentie == number)
                    ).one()
                    session.expunge(found)
                ask_call(dossier=found, inwoner=client)
                ask_call(inwoner=client, rol=Role.CONSULENT)

        counts = []
        for times in (1, 4):
            more(times)
            browser.get(LIST)
            with counting() as seen:
                assert browser.get(LIST).status_code == 200
            counts.append(dict(seen))

        assert counts[0] == counts[1]

    def test_says_how_something_comes_here(self, seat):
        assert "Nieuw terugbelverzoek" in seat(Role.CONSULENT).get(LIST).text
