"""The pages about messages and verzoeken, as the administration uses them."""

from datetime import date

import pytest
from sqlalchemy import select, text

from build.iwmo import (
    CODE,
    SAMPLE,
    regel,
    verzoeken,
)
from loket.audit.action import Action
from loket.audit.record import AuditRecord
from loket.authz import Role
from loket.db import Scope
from loket.providers.contract import Contractregel


@pytest.mark.usefixtures("taken_in")
class TestReading:
    def test_the_list_shows_in_and_out_without_a_name(self, desk):
        page = desk(Role.ADMINISTRATIE).get("/berichten").text

        assert "Verzoek om toewijzing" in page
        assert "Antwoord op verzoek" in page
        assert "Wit" not in page

    @pytest.mark.parametrize(
        ("query", "shown"),
        [("soort=316", False), ("richting=in", True), ("dag=1-1-2020", False)],
    )
    def test_the_list_can_be_narrowed(self, desk, query, shown):
        page = desk(Role.ADMINISTRATIE).get(f"/berichten?{query}").text

        assert ("315 Verzoek om toewijzing</td>" in page) is shown

    def test_an_address_that_was_tampered_with_shows_the_whole_list(self, desk):
        answer = desk(Role.ADMINISTRATIE).get("/berichten?na=x&aanbieder=y&dag=z")

        assert answer.status_code == 200

    def test_a_message_reads_as_plain_words(self, desk, asked):
        page = desk(Role.CONSULENT).get(f"/berichten/{asked[0]}").text

        assert "4 etmalen per maand" in page
        assert "Commentaar Aangevraagd Product" in page

    def test_the_original_can_be_downloaded_and_that_is_recorded(
        self, desk, asked, database
    ):
        answer = desk(Role.CONSULENT).get(f"/berichten/{asked[0]}.xml")

        assert answer.data == SAMPLE.read_bytes()
        with database.transaction(Scope.of(CODE)) as session:
            looks = session.scalars(
                select(AuditRecord).where(
                    AuditRecord.action == Action.BERICHT_READ.value
                )
            ).all()
            assert [look.grond for look in looks] == ["315"]

    def test_another_gemeente_finds_nothing(self, desk, asked, database):
        with database.transaction(Scope.of("0396")) as session:
            session.execute(
                text("INSERT INTO gemeente VALUES ('0396','Duinstede','','','','')")
            )
        other = desk(Role.ADMINISTRATIE, code="0396")

        for path in (f"/berichten/{asked[0]}", f"/verzoeken/{asked[1]}"):
            assert other.get(path).status_code == 404

    @pytest.mark.parametrize(
        ("rol", "path"),
        [
            (Role.FRONTOFFICE, "/berichten"),
            (Role.BEHEERDER, "/berichten"),
            (Role.CONSULENT, "/verzoeken"),
        ],
    )
    def test_other_roles_may_not(self, desk, rol, path):
        assert desk(rol).get(path).status_code == 403


@pytest.mark.usefixtures("taken_in")
class TestAnswering:
    def test_the_page_says_what_is_missing_and_leads_to_it(self, desk, database):
        with database.transaction(Scope.of(CODE)) as session:
            referentie = verzoeken(session)[0].referentie

        page = desk(Role.ADMINISTRATIE).get(f"/verzoeken/{referentie}").text

        assert "postcode, huisnummer" in page
        assert "/inwoner" in page
        assert "overnemen" not in page

    def test_taking_over_starts_from_what_was_asked_and_assigns(
        self, desk, asked, database
    ):
        browser = desk(Role.ADMINISTRATIE)
        path = f"/verzoeken/{asked[1]}/overnemen"
        with database.transaction(Scope.of(CODE)) as session:
            chosen = regel(session, "04001").id

        page = browser.get(path).text
        answer = browser.post(
            path,
            data={
                "extern_nummer": "1234",
                "besloten_op": "15-5-2023",
                "contractregel_id": str(chosen),
                "volume": "4",
                "frequentie": "4",
                "van": "1-6-2023",
                "tot": "30-6-2023",
            },
        )

        assert 'value="1234"' in page
        assert 'value="01-06-2023"' in page
        assert answer.status_code == 303
        assert "toegewezen" in browser.get(answer.location).text

    def test_a_form_that_is_not_filled_in_comes_back(self, desk, asked):
        answer = desk(Role.ADMINISTRATIE).post(f"/verzoeken/{asked[1]}/overnemen")

        assert answer.status_code == 422

    def test_rejecting_gives_a_reason_of_the_list(self, desk, asked, database):
        browser = desk(Role.ADMINISTRATIE)
        path = f"/verzoeken/{asked[1]}/afwijzen"

        assert "Geen contract" in browser.get(path).text
        answer = browser.post(path, data={"reden": "3"})

        assert answer.status_code == 303
        page = browser.get(answer.location).text
        assert "afgewezen" in page
        assert "Geen contract" in page

    def test_the_open_list_holds_what_waits(self, desk, asked):
        page = desk(Role.ADMINISTRATIE).get("/verzoeken").text

        assert asked[1] in page
        assert asked[2] in page

    def test_without_a_contract_only_a_refusal_is_offered(self, desk, database, asked):
        with database.transaction(Scope.of(CODE)) as session:
            for line in session.scalars(select(Contractregel)):
                line.tot = date(2023, 2, 1)

        page = desk(Role.ADMINISTRATIE).get(f"/verzoeken/{asked[1]}").text

        assert "geen contract" in page
        assert "/overnemen" not in page
        assert "/afwijzen" in page

    def test_a_contract_that_began_later_is_offered_from_its_first_day(
        self, desk, database, asked
    ):
        with database.transaction(Scope.of(CODE)) as session:
            for line in session.scalars(select(Contractregel)):
                line.van = date(2026, 1, 1)

        page = desk(Role.ADMINISTRATIE).get(f"/verzoeken/{asked[1]}/overnemen").text

        assert 'value="01-01-2026"' in page
        assert 'value="30-06-2023"' not in page
