"""The doors of the dossier."""

import html
import re
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from build import dossier as build
from build.dossier import new_bsn
from build.gemeente import CODE, actor, actor_of, gemeente, login, user
from build.melding import melding
from loket import termijnen
from loket.audit.record import AuditRecord, AuditSubject, Outcome
from loket.authz import Role
from loket.cases.dossier import operations
from loket.cases.dossier.document import Document, DocumentSoort
from loket.cases.dossier.dossier import Dossier
from loket.cases.dossier.inwoner import Inwoner
from loket.cases.dossier.queries import get_client
from loket.cases.dossier.taak import Taak, TaakSoort
from loket.datum import kort
from loket.db import Scope

NOW = datetime.now(UTC)
TODAY = termijnen.dag_van(NOW)


def actions(here):
    with here() as session:
        found = session.scalars(select(AuditRecord.action).order_by(AuditRecord.id))
        return list(found)


@pytest.fixture
def case(staff, here):
    """Reference, BSN and id of a dossier with a melding."""
    with here() as session:
        made = melding(session, at=NOW, ontvangen_op=TODAY)
        dossier = session.get_one(Dossier, made.dossier_id)
        client = get_client(session, dossier.id)
        return dossier.referentie, str(client.bsn), dossier.id


class TestSearch:
    def test_shows_who_is_known_with_masked_bsn_and_open_dossiers(
        self, seat, case, here
    ):
        referentie, number, _ = case

        page = seat(Role.FRONTOFFICE).post("/inwoners/zoek", data={"bsn": number})

        shown = page.get_data(as_text=True)
        assert "A. Duinzand" in shown
        assert f"••••••{number[-3:]}" in shown
        assert referentie in shown
        # only where it was typed: in the field, and handed on to the next form
        assert shown.count(number) == shown.count(f'value="{number}"')

    def test_records_who_was_shown(self, seat, case, here):
        seat(Role.FRONTOFFICE).post("/inwoners/zoek", data={"achternaam": "dui*"})

        with here() as session:
            line = session.scalars(
                select(AuditRecord).where(AuditRecord.action == "inwoner.searched")
            ).one()
            subjects = session.scalars(
                select(AuditSubject.subject_id).where(AuditSubject.record_id == line.id)
            ).all()
            assert subjects == [session.scalars(select(Inwoner.id)).one()]

    @pytest.mark.parametrize(
        ("typed", "message"),
        [
            ({}, "Vul een BSN in, of een achternaam."),
            ({"bsn": "123456789"}, "BSN"),
            ({"achternaam": "du*"}, "Typ minstens 3 letters"),
        ],
    )
    def test_bad_input_is_explained(self, seat, typed, message):
        page = seat(Role.FRONTOFFICE).post("/inwoners/zoek", data=typed)

        assert page.status_code == 422
        assert message in page.get_data(as_text=True)

    def test_an_unknown_person_can_be_registered_at_once(self, seat):
        page = seat(Role.FRONTOFFICE).post("/inwoners/zoek", data={"bsn": new_bsn()})

        shown = page.get_data(as_text=True)
        assert "Niemand gevonden" in shown
        assert "Melding voor een nieuwe inwoner" in shown

    def test_of_a_shielded_person_only_that_they_are_known(
        self, seat, staff, case, here
    ):
        shield(here, staff, case)

        page = seat(Role.FRONTOFFICE).post("/inwoners/zoek", data={"bsn": case[1]})

        shown = page.get_data(as_text=True)
        assert "Afgeschermd" in shown
        assert "Dorpsstraat" not in shown
        assert case[0] not in shown


def shield(here, staff, case):
    lead = staff[Role.TEAMLEIDER]
    with here() as session:
        operations.shield_dossier(
            session,
            actor_of(lead, Role.TEAMLEIDER),
            NOW,
            dossier=session.get_one(Dossier, case[2]),
            user_ids=[],
        )


class TestDossierPage:
    def test_shows_the_case_with_the_bsn_masked_and_is_recorded(self, seat, case, here):
        page = seat(Role.CONSULENT).get(f"/dossiers/{case[0]}")

        shown = page.get_data(as_text=True)
        assert page.status_code == 200
        assert case[1] not in shown
        assert "A. Duinzand" in shown
        assert "Overdag onder de mensen" in shown
        assert "Verdelen over een consulent" in shown
        assert actions(here).count("dossier.read") == 1

    def test_revealing_the_bsn_is_a_deed_of_its_own(self, seat, case, here):
        page = seat(Role.CONSULENT).post(f"/dossiers/{case[0]}/bsn")

        assert case[1] in page.get_data(as_text=True)
        assert page.headers["Cache-Control"] == "no-store"
        assert actions(here).count("bsn.revealed") == 1

    def test_coming_back_to_the_revealed_page_shows_it_masked(self, seat, case):
        browser = seat(Role.CONSULENT)

        back = browser.get(f"/dossiers/{case[0]}/bsn")

        assert back.location == f"/dossiers/{case[0]}"

    def test_a_shielded_dossier_is_not_there_for_others(self, seat, staff, case, here):
        shield(here, staff, case)

        refused = seat(Role.CONSULENT).get(f"/dossiers/{case[0]}")
        named = seat(Role.TEAMLEIDER).get(f"/dossiers/{case[0]}")

        assert refused.status_code == 404
        assert named.status_code == 200
        with here() as session:
            line = session.scalars(
                select(AuditRecord).where(AuditRecord.outcome == Outcome.REFUSED)
            ).one()
            assert line.grond == "dossier.show_dossier:404"

    def test_a_dossier_of_another_gemeente_is_not_there(self, app, case, database):
        with database.transaction(Scope.of("0405")) as session:
            gemeente(session, "0405", "Elders")
            stranger = user(session, Role.CONSULENT, gemeente="0405")

        page = login(app, stranger, "0405").get(f"/dossiers/{case[0]}")

        assert page.status_code == 404

    def test_a_wrong_role_is_refused(self, seat, case):
        page = seat(Role.BELEIDSMEDEWERKER).get(f"/dossiers/{case[0]}")

        assert page.status_code == 403

    @pytest.mark.parametrize(
        ("rol", "offered"), [(Role.TEAMLEIDER, False), (Role.ADMINISTRATIE, True)]
    )
    def test_offers_only_deeds_that_this_reader_may_do(self, seat, case, rol, offered):
        page = seat(rol).get(f"/dossiers/{case[0]}").get_data(as_text=True)

        assert (f"/dossiers/{case[0]}/contactmomenten/nieuw" in page) is offered
        assert (f"/dossiers/{case[0]}/betrokkenen/nieuw" in page) is offered

    def test_asks_a_fixed_number_of_questions(self, seat, case, here, app, counting):
        browser = seat(Role.CONSULENT)
        url = f"/dossiers/{case[0]}"
        browser.get(url)
        with counting() as few:
            browser.get(url)
        with here() as session:
            dossier = session.get_one(Dossier, case[2])
            for _ in range(8):
                build.betrokkene(session, dossier, at=NOW, van=TODAY)
                document(session, dossier)
                task(session, dossier)

        with counting() as many:
            page = browser.get(url)

        assert page.get_data(as_text=True).count("Mantelzorger") == 8
        assert many["database"] == few["database"]
        assert many["keys"] <= 1


def document(session, dossier):
    return operations.store_document(
        session,
        actor(Role.CONSULENT),
        NOW,
        dossier_id=dossier.id,
        soort=DocumentSoort.INGEKOMEN,
        inhoud=b"%PDF",
    )


def task(session, dossier, rol=Role.ADMINISTRATIE, onderwerp=None):
    return operations.set_taak(
        session,
        actor(Role.CONSULENT),
        NOW,
        dossier_id=dossier.id,
        soort=TaakSoort.BRIEF_VERZENDEN,
        uiterlijk=TODAY,
        voor_rol=rol,
        onderwerp_id=onderwerp,
    )


def hidden(page, name):
    return re.search(rf'name="{name}" value="([^"]*)"', page.text)[1]


class TestCorrectInwoner:
    TYPED = {
        "achternaam": "Helmgras",
        "straat": "Zeeweg",
        "huisnummer": "9",
        "postcode": "1234CD",
        "woonplaats": "Duinstede",
        "geboortedatum": "17-5-1948",
    }

    def test_changes_the_data_and_keeps_the_bsn(self, seat, case, here):
        browser, url = seat(Role.FRONTOFFICE), f"/dossiers/{case[0]}/inwoner"
        began = {"_versie": html.unescape(hidden(browser.get(url), "_versie"))}

        answer = browser.post(url, data=self.TYPED | began)

        assert answer.location == f"/dossiers/{case[0]}"
        with here() as session:
            client = get_client(session, case[2])
            assert (client.achternaam, client.bsn) == ("Helmgras", case[1])
            assert client.telefoon is None

    def test_the_page_does_not_show_the_bsn(self, seat, case):
        page = seat(Role.FRONTOFFICE).get(f"/dossiers/{case[0]}/inwoner")

        assert case[1] not in page.get_data(as_text=True)
        assert kort(date(1948, 5, 17)) in page.get_data(as_text=True)

    def test_bad_input_keeps_what_was_typed(self, seat, case):
        typed = self.TYPED | {"achternaam": "", "geboortedatum": "31-2-1948"}

        page = seat(Role.FRONTOFFICE).post(f"/dossiers/{case[0]}/inwoner", data=typed)

        shown = page.get_data(as_text=True)
        assert page.status_code == 422
        assert "data-error-summary" in shown
        assert 'value="31-2-1948"' in shown
        assert 'value="Zeeweg"' in shown


class TestOtherDeeds:
    def test_somebody_is_put_around_the_client(self, seat, case):
        browser = seat(Role.CONSULENT)
        url = f"/dossiers/{case[0]}/betrokkenen/nieuw"
        typed = {
            "achternaam": "Strandhaver",
            "rol": "mantelzorger",
            "bevoegdheid": "geen",
            "van": kort(TODAY),
        }

        assert browser.get(url).status_code == 200
        answer = browser.post(url, data=typed)

        shown = browser.get(answer.location).get_data(as_text=True)
        assert "Strandhaver" in shown
        assert "Mantelzorger" in shown

    def test_a_mentor_without_address_is_refused_and_not_kept(self, seat, case, here):
        typed = {
            "achternaam": "Strandhaver",
            "rol": "vertegenwoordiger",
            "bevoegdheid": "mentor",
            "van": kort(TODAY),
        }

        page = seat(Role.CONSULENT).post(
            f"/dossiers/{case[0]}/betrokkenen/nieuw", data=typed
        )

        assert page.status_code == 422
        assert "Vul daarom het adres in" in page.get_data(as_text=True)
        with here() as session:
            assert len(session.scalars(select(Inwoner)).all()) == 1

    def test_a_contact_stands_on_the_page(self, seat, case):
        browser = seat(Role.CONSULENT)
        url = f"/dossiers/{case[0]}/contactmomenten/nieuw"
        typed = {"kanaal": "telefoon", "uitkomst": "informatie", "tekst": "Belde terug"}

        assert browser.get(url).status_code == 200
        answer = browser.post(url, data=typed)

        assert "Belde terug" in browser.get(answer.location).get_data(as_text=True)

    def test_a_death_is_confirmed_first(self, seat, case, here):
        browser = seat(Role.ADMINISTRATIE)
        url = f"/dossiers/{case[0]}/overlijden"

        asked = browser.get(url).get_data(as_text=True)
        late = browser.post(url, data={"overleden_op": kort(TODAY + timedelta(days=1))})
        answer = browser.post(url, data={"overleden_op": kort(TODAY)})

        assert "Wat er dan gebeurt" in asked
        assert late.status_code == 422
        assert "Overleden op" in browser.get(answer.location).get_data(as_text=True)
        assert actions(here).count("inwoner.death_recorded") == 1

    def test_a_letter_is_noted_as_sent_and_its_task_is_done(self, seat, case, here):
        with here() as session:
            dossier = session.get_one(Dossier, case[2])
            letter = document(session, dossier)
            task(session, dossier, onderwerp=letter.id)
            referentie = letter.referentie
        browser = seat(Role.ADMINISTRATIE)
        url = f"/documenten/{referentie}/verzonden"

        assert browser.get(url).status_code == 200
        answer = browser.post(url, data={"verzonden_op": kort(TODAY)})

        assert answer.location == f"/dossiers/{case[0]}"
        with here() as session:
            assert session.scalars(select(Document)).one().verzonden_op == TODAY
            assert session.scalars(select(Taak)).one().done_at

    def test_a_task_is_ticked_off_by_whom_it_is_for(self, seat, case, here):
        with here() as session:
            taak_id = task(session, session.get_one(Dossier, case[2])).id
        url = f"/dossiers/{case[0]}/taken/{taak_id}/klaar"

        refused = seat(Role.CONSULENT).post(url)
        done = seat(Role.ADMINISTRATIE).post(url)

        assert refused.status_code == 403
        assert done.location == f"/dossiers/{case[0]}"

    def test_the_teamleider_shields_through_a_page(self, seat, staff, case):
        browser = seat(Role.TEAMLEIDER)
        url = f"/dossiers/{case[0]}/afschermen"
        named = str(staff[Role.ADMINISTRATIE].id)

        assert browser.get(url).status_code == 200
        browser.post(url, data={"personen": [named]})

        assert seat(Role.CONSULENT).get(f"/dossiers/{case[0]}").status_code == 404
        assert seat(Role.ADMINISTRATIE).get(f"/dossiers/{case[0]}").status_code == 200

    def test_a_document_of_a_shielded_dossier_is_not_there(
        self, seat, staff, case, here
    ):
        with here() as session:
            referentie = document(session, session.get_one(Dossier, case[2])).referentie
        shield(here, staff, case)

        page = seat(Role.CONSULENT).get(f"/documenten/{referentie}.pdf")

        assert page.status_code == 404


def test_somebody_of_another_gemeente_gets_the_same_answer_as_for_nothing(seat):
    unknown = seat(Role.CONSULENT).get("/dossiers/ABCD-EFGH")

    assert unknown.status_code == 404
    assert CODE not in unknown.get_data(as_text=True)
