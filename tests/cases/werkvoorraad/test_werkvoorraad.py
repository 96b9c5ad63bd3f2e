"""The worklist: what is shown to whom, in what order, and dividing it."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from build.dossier import inwoner
from build.gemeente import actor, actor_of, gemeente, user
from build.melding import melding
from loket import termijnen
from loket.accounts import operations_team
from loket.accounts.vervanging import Vervanging
from loket.audit.record import AuditRecord, AuditSubject
from loket.authz import Role
from loket.cases.dossier import operations, operations_inwoner
from loket.cases.dossier.dossier import Dossier, Fase, Werkvoorraad
from loket.cases.dossier.voortgang import keep_line
from loket.cases.producten.product import Domein
from loket.db import Scope

NOW = datetime.now(UTC)
TODAY = termijnen.dag_van(NOW)


def fill(session, many, **differs):
    """Make cases of which each came in a day earlier than the one before."""
    made = []
    for number in range(many):
        day = TODAY - timedelta(days=number)
        one = melding(session, at=NOW, ontvangen_op=day, **differs)
        made.append(session.get_one(Dossier, one.dossier_id))
    return made


def references(page):
    return re.findall(r"/dossiers/([A-Z2-9]{4}-[A-Z2-9]{4})\"", page.text)


class TestList:
    def test_puts_first_what_must_be_done_first(self, seat, here):
        with here() as session:
            wanted = [case.referentie for case in reversed(fill(session, 4))]

        page = seat(Role.TEAMLEIDER).get("/werkvoorraad")
        turned = seat(Role.TEAMLEIDER).get("/werkvoorraad?sorteer=-ontvangen")

        assert set(references(page)) == set(wanted)
        # a weekend brings the last day of three of them together
        assert references(page)[0] in wanted[:3]
        assert references(turned) == list(reversed(wanted))

    def test_shows_names_and_remaining_days_and_records_whose(self, seat, here):
        with here() as session:
            fill(session, 2)

        page = seat(Role.TEAMLEIDER).get("/werkvoorraad")

        assert page.text.count("A. Duinzand") == 2
        assert "nog 4" in page.text
        with here() as session:
            line = session.scalars(
                select(AuditRecord).where(AuditRecord.action == "werkvoorraad.read")
            ).one()
            shown = session.scalars(
                select(AuditSubject.subject_id).where(AuditSubject.record_id == line.id)
            ).all()
            clients = session.scalars(select(Werkvoorraad.client_id)).all()
            assert set(shown) == set(clients)

    @pytest.mark.parametrize(
        ("query", "which"),
        [
            ("fase=besluit", 1),
            ("te_laat=ja", 2),
            ("spoed=ja", 3),
            ("domein=huisvesting", 4),
            ("fase=gesloten", 5),
            ("resterend=te_laat", 2),
            ("resterend=geen", 5),
            ("pc4=9988", 6),
            ("pc4=99", 6),
            ("pc4=9988 XY", 6),
            ("leeftijd=57-", 7),
        ],
    )
    def test_filters(self, seat, here, query, which):
        with here() as session:
            cases = fill(session, 4)
            extra = melding(session, at=NOW, ontvangen_op=TODAY)
            closed = session.get_one(Dossier, extra.dossier_id)
            late = TODAY - timedelta(days=1)
            keep_line(session, cases[0].id, fase=Fase.BESLUIT)
            keep_line(session, cases[1].id, uiterste_datum=late)
            keep_line(session, cases[2].id, spoed=True)
            keep_line(session, cases[3].id, domeinen=[Domein.HUISVESTING])
            keep_line(session, closed.id, fase=Fase.GESLOTEN)
            elsewhere = inwoner(session, postcode="9988AB")
            far = melding(session, at=NOW, ontvangen_op=TODAY, client=elsewhere)
            old = melding(session, at=NOW, ontvangen_op=TODAY - timedelta(days=90))
            later = TODAY + timedelta(days=30)
            keep_line(session, old.dossier_id, uiterste_datum=later)
            more = [session.get_one(Dossier, each.dossier_id) for each in (far, old)]
            if query == "resterend=geen":
                keep_line(session, closed.id, fase=Fase.LEVERING, uiterste_datum=None)
            wanted = [*cases, closed, *more][which - 1].referentie

        page = seat(Role.TEAMLEIDER).get(f"/werkvoorraad?{query}")

        assert references(page) == [wanted]

    def test_an_odd_address_shows_the_whole_list(self, seat, here):
        with here() as session:
            fill(session, 1)

        page = seat(Role.TEAMLEIDER).get("/werkvoorraad?fase=onzin&consulent=x")

        assert page.status_code == 200
        assert len(references(page)) == 1

    def test_a_consulent_sees_the_own_work_and_what_nobody_has(self, seat, staff, here):
        with here() as session:
            own, free, other = fill(session, 3)
            lead = actor_of(staff[Role.TEAMLEIDER], Role.TEAMLEIDER)
            somebody_else = user(session, Role.CONSULENT)
            for case, who in ((own, staff[Role.CONSULENT]), (other, somebody_else)):
                operations.assign_dossier(
                    session, lead, NOW, dossier=case, consulent_id=who.id
                )
            wanted = {own.referentie, free.referentie}

        mine = seat(Role.CONSULENT).get("/werkvoorraad")
        all_of_it = seat(Role.TEAMLEIDER).get("/werkvoorraad")

        assert set(references(mine)) == wanted
        assert len(references(all_of_it)) == 3

    def test_a_shielded_dossier_is_left_out(self, seat, staff, here):
        with here() as session:
            (case,) = fill(session, 1)
            operations.shield_dossier(
                session,
                actor_of(staff[Role.TEAMLEIDER], Role.TEAMLEIDER),
                NOW,
                dossier=case,
                user_ids=[],
            )

        assert references(seat(Role.CONSULENT).get("/werkvoorraad")) == []
        assert len(references(seat(Role.TEAMLEIDER).get("/werkvoorraad"))) == 1

    def test_an_empty_list_says_so(self, seat):
        page = seat(Role.CONSULENT).get("/werkvoorraad")

        assert "Er is geen werk." in page.text

    def test_a_wrong_role_is_refused(self, seat):
        assert seat(Role.BELEIDSMEDEWERKER).get("/werkvoorraad").status_code == 403


class TestPages:
    def test_show_every_case_once_forwards_and_back(self, seat, here):
        with here() as session:
            client = inwoner(session)
            expected = [case.referentie for case in fill(session, 60, client=client)]
        browser = seat(Role.TEAMLEIDER)

        seen, url = [], "/werkvoorraad"
        pages = []
        while url:
            page = browser.get(url)
            pages.append(references(page))
            seen += pages[-1]
            url = link(page, "next")
        back = browser.get(link(page, "prev"))

        assert [len(each) for each in pages] == [25, 25, 10]
        assert len(set(seen)) == 60
        assert set(seen) == set(expected)
        assert references(back) == pages[1]

    def test_ask_a_fixed_number_of_questions(self, seat, here, counting):
        browser = seat(Role.TEAMLEIDER)
        with here() as session:
            fill(session, 2)
        browser.get("/werkvoorraad")
        with counting() as few:
            browser.get("/werkvoorraad")
        with here() as session:
            fill(session, 23)

        with counting() as many:
            page = browser.get("/werkvoorraad")

        assert len(references(page)) == 25
        assert many["database"] == few["database"]
        assert many["keys"] <= 1


def link(page, rel):
    for tag in re.findall(r"<a [^>]*>", page.text):
        if f'rel="{rel}"' in tag:
            return re.search(r'href="([^"]*)"', tag)[1].replace("&amp;", "&")
    return None


class TestColumns:
    def test_are_those_that_were_chosen_and_the_reference(self, seat, here):
        with here() as session:
            (case,) = fill(session, 1)

        page = seat(Role.TEAMLEIDER).get(
            "/werkvoorraad?kolommen=status&kolommen=term&kolommen=leeftijd"
        )

        assert references(page) == [case.referentie]
        assert "Uw melding is binnen" in page.text
        assert "Melding (Wmo 2.3.2 lid 1)" in page.text
        assert "A. Duinzand" not in page.text

    def test_names_are_not_opened_for_a_column_that_is_not_there(
        self, seat, here, counting
    ):
        with here() as session:
            fill(session, 3)
        browser = seat(Role.TEAMLEIDER)
        browser.get("/werkvoorraad?kolommen=fase")

        with counting() as seen:
            browser.get("/werkvoorraad?kolommen=fase")

        assert seen["keys"] == 0

    def test_stay_with_the_filter_on_the_next_page(self, seat, here):
        with here() as session:
            fill(session, 30, client=inwoner(session))

        page = seat(Role.TEAMLEIDER).get("/werkvoorraad?kolommen=fase&wiens=niemand")

        assert "kolommen=fase&wiens=niemand" in link(page, "next")

    def test_sorting_says_so_in_its_header(self, seat, here):
        with here() as session:
            fill(session, 1)

        page = seat(Role.TEAMLEIDER).get("/werkvoorraad?sorteer=-ontvangen")

        assert 'aria-sort="descending"' in page.text

    def test_fifty_on_a_page_when_asked(self, seat, here):
        with here() as session:
            fill(session, 30, client=inwoner(session))

        page = seat(Role.TEAMLEIDER).get("/werkvoorraad?per=50")

        assert len(references(page)) == 30


class TestTeam:
    def test_shows_the_work_of_its_members(self, seat, staff, here):
        lead = actor_of(staff[Role.TEAMLEIDER], Role.TEAMLEIDER)
        with here() as session:
            first, second, _ = fill(session, 3)
            other = user(session, Role.CONSULENT)
            team = operations_team.create_team(session, lead, NOW, naam="Noord")
            for who, case in ((staff[Role.CONSULENT], first), (other, second)):
                operations.assign_dossier(
                    session, lead, NOW, dossier=case, consulent_id=who.id
                )
                operations_team.add_teamlid(
                    session, lead, NOW, team=team, user_id=who.id, van=TODAY
                )
            wanted = {first.referentie, second.referentie}

        page = seat(Role.TEAMLEIDER).get(f"/werkvoorraad?team={team.id}")

        assert set(references(page)) == wanted

    def test_of_another_gemeente_does_not_exist(self, seat, database):
        with database.transaction(Scope.of("0375")) as session:
            gemeente(session, "0375", "Polderveen")
            by = actor(Role.BEHEERDER, gemeente="0375")
            team = operations_team.create_team(session, by, NOW, naam="Zuid")
        leader = seat(Role.TEAMLEIDER)

        assert leader.get(f"/werkvoorraad?team={team.id}").status_code == 404
        assert leader.get(f"/werkvoorraad/caseload?team={team.id}").status_code == 404
        answer = leader.post(f"/werkvoorraad/export?team={team.id}")
        assert answer.status_code == 404


class TestReplacement:
    @pytest.fixture
    def replaced(self, staff, here):
        """Somebody whose one case the consulent does meanwhile."""
        lead = actor_of(staff[Role.TEAMLEIDER], Role.TEAMLEIDER)
        with here() as session:
            (case,) = fill(session, 1)
            absent = user(session, Role.CONSULENT, naam="A. Wezig")
            operations.assign_dossier(
                session, lead, NOW, dossier=case, consulent_id=absent.id
            )
            vervanging = operations_team.register_vervanging(
                session,
                lead,
                NOW,
                user_id=absent.id,
                vervanger_id=staff[Role.CONSULENT].id,
                van=TODAY,
            )
        return case.referentie, vervanging.id

    def test_shows_the_work_and_says_whose_it_is(self, seat, replaced):
        page = seat(Role.CONSULENT).get("/werkvoorraad")
        only = seat(Role.CONSULENT).get("/werkvoorraad?wiens=vervanging")

        assert references(page) == references(only) == [replaced[0]]
        assert "A. Wezig" in page.text
        assert "U vervangt" in page.text

    def test_ends_with_the_period(self, seat, here, replaced):
        with here() as session:
            over = session.get_one(Vervanging, replaced[1])
            over.van = over.tot = TODAY - timedelta(days=1)

        assert references(seat(Role.CONSULENT).get("/werkvoorraad")) == []
        only = seat(Role.CONSULENT).get("/werkvoorraad?wiens=vervanging")
        assert references(only) == []

    def test_opens_no_shielded_dossier(self, seat, staff, here, replaced):
        with here() as session:
            case = session.scalars(select(Dossier)).one()
            lead = actor_of(staff[Role.TEAMLEIDER], Role.TEAMLEIDER)
            operations.shield_dossier(session, lead, NOW, dossier=case, user_ids=[])

        assert references(seat(Role.CONSULENT).get("/werkvoorraad")) == []


class TestAddressOfAClient:
    def test_follows_a_move(self, here):
        with here() as session:
            client = inwoner(session)
            fill(session, 1, client=client)
            operations_inwoner.correct_inwoner(
                session, actor(Role.FRONTOFFICE), NOW, inwoner=client, postcode="1971GA"
            )
            session.expire_all()

            assert session.scalars(select(Werkvoorraad.pc4)).one() == "1971"
