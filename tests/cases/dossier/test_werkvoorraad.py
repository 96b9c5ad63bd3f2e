"""The worklist: what is shown to whom, in what order, and dividing it."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from build.dossier import inwoner
from build.gemeente import actor_of, user
from build.melding import melding
from loket import termijnen
from loket.audit.record import AuditRecord, AuditSubject
from loket.authz import Role
from loket.cases.dossier import operations
from loket.cases.dossier.dossier import Dossier, Fase, Werkvoorraad
from loket.cases.dossier.product import Domein
from loket.cases.dossier.voortgang import keep_line

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
            wanted = [*cases, closed][which - 1].referentie

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


class TestAssign:
    def test_gives_several_at_once(self, seat, staff, here):
        with here() as session:
            chosen = [case.referentie for case in fill(session, 3)][:2]
        consulent = staff[Role.CONSULENT].id

        answer = seat(Role.TEAMLEIDER).post(
            "/werkvoorraad?spoed=", data={"dossiers": chosen, "consulent_id": consulent}
        )

        assert answer.status_code == 303
        with here() as session:
            lines = session.scalars(
                select(Werkvoorraad.referentie).where(
                    Werkvoorraad.consulent_id == consulent
                )
            ).all()
            trail = session.scalars(select(AuditRecord.action)).all()
            assert set(lines) == set(chosen)
            assert trail.count("dossier.assigned") == 2

    def test_without_a_choice_it_says_what_is_missing(self, seat, here):
        with here() as session:
            fill(session, 1)

        page = seat(Role.TEAMLEIDER).post("/werkvoorraad", data={})

        assert page.status_code == 422
        assert "Kies een of meer dossiers." in page.text

    def test_only_to_somebody_who_is_consulent_here(self, seat, staff, here):
        with here() as session:
            chosen = [case.referentie for case in fill(session, 1)]
        nobody = staff[Role.BELEIDSMEDEWERKER].id

        page = seat(Role.TEAMLEIDER).post(
            "/werkvoorraad", data={"dossiers": chosen, "consulent_id": nobody}
        )

        assert page.status_code == 422
        assert "Kies een consulent" in page.text

    def test_a_consulent_does_not_divide(self, seat, staff, here):
        with here() as session:
            chosen = [case.referentie for case in fill(session, 1)]

        page = seat(Role.CONSULENT).post(
            "/werkvoorraad",
            data={"dossiers": chosen, "consulent_id": staff[Role.CONSULENT].id},
        )

        assert page.status_code == 403
