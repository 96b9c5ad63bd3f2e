"""The whole timeline, who looked, and paper."""

import re

import pytest
from sqlalchemy import select

from build.gemeente import NOW, actor_of, gemeente, login, user
from build.melding import melding
from loket.audit.action import Action
from loket.audit.record import AuditRecord
from loket.authz import Role
from loket.cases.dossier import operations
from loket.cases.dossier.contactmoment import Kanaal, Uitkomst
from loket.cases.dossier.document import DocumentSoort
from loket.cases.dossier.dossier import Dossier
from loket.cases.dossier.notitie import NotitieSoort
from loket.cases.dossier.operations_contact import record_contactmoment
from loket.cases.dossier.operations_notitie import write_notitie
from loket.db import Scope
from loket.termijnen import dag_van


@pytest.fixture
def dossier(staff, here):
    by = actor_of(staff[Role.CONSULENT], Role.CONSULENT)
    with here() as session:
        made = melding(session, by)
        return session.get_one(Dossier, made.dossier_id)


@pytest.fixture
def url(dossier):
    return f"/dossiers/{dossier.referentie}"


def letters(here, staff, dossier, number):
    """Put letters in the dossier, each sent: a step in the timeline."""
    by = actor_of(staff[Role.CONSULENT], Role.CONSULENT)
    with here() as session:
        for _ in range(number):
            made = operations.store_document(
                session,
                by,
                NOW,
                dossier_id=dossier.id,
                soort=DocumentSoort.INGEKOMEN,
                inhoud=b"%PDF-1.7",
            )
            operations.send_document(
                session, by, NOW, document=made, verzonden_op=dag_van(NOW)
            )


class TestTijdlijn:
    def test_shows_what_is_done_and_why_a_date_holds(self, seat, url):
        page = seat(Role.CONSULENT).get(f"{url}/tijdlijn")

        assert "Waarom deze datum?" in page.text
        assert re.search(r'id="stap-[0-9a-f]{12}"', page.text)

    def test_a_step_keeps_its_place_from_look_to_look(self, seat, url):
        browser = seat(Role.CONSULENT)
        places = [
            re.findall(r'id="(stap-\w+)"', browser.get(f"{url}/tijdlijn").text)
            for _ in "ab"
        ]

        assert places[0]
        assert places[0] == places[1]

    def test_is_of_one_kind_when_asked(self, seat, staff, here, dossier, url):
        letters(here, staff, dossier, 1)
        browser = seat(Role.CONSULENT)

        assert "Brief verzonden" in browser.get(f"{url}/tijdlijn?soort=Dossier").text
        other = browser.get(f"{url}/tijdlijn?soort=Melding").text
        assert "Melding" in other
        assert "Brief verzonden" not in other
        assert browser.get(f"{url}/tijdlijn?soort=nee&pagina=x").status_code == 200

    def test_goes_by_page_and_costs_the_same_for_more_steps(
        self, seat, staff, here, dossier, url, counting
    ):
        browser = seat(Role.CONSULENT)
        letters(here, staff, dossier, 1)
        browser.get(f"{url}/tijdlijn")
        with counting() as one:
            browser.get(f"{url}/tijdlijn")
        letters(here, staff, dossier, 55)
        browser.get(f"{url}/tijdlijn")

        with counting() as many:
            first = browser.get(f"{url}/tijdlijn").text

        assert many == one
        assert first.count("Brief verzonden") <= 50
        assert "Brief verzonden" in browser.get(f"{url}/tijdlijn?pagina=2").text


class TestInzage:
    def test_tells_who_opened_what_and_who_saw_it_in_a_list(self, seat, url):
        reader = seat(Role.CONSULENT)
        reader.get(url)
        reader.get(f"{url}/tijdlijn")
        reader.get("/werkvoorraad")

        page = seat(Role.TEAMLEIDER).get(f"{url}/inzage").text

        opened, lists = page.split('id="lijsten"')
        assert "Kustlicht consulent" in opened
        assert "Dossier bekeken" in opened
        assert "tijdlijn" in opened
        assert "Werkvoorraad bekeken" not in opened
        assert "Werkvoorraad bekeken" in lists

    def test_leaves_a_record_of_its_own(self, seat, url, here):
        seat(Role.TEAMLEIDER).get(f"{url}/inzage")

        with here() as session:
            left = session.scalars(
                select(AuditRecord).where(
                    AuditRecord.action == Action.INZAGE_READ.value
                )
            ).all()
        assert len(left) == 1

    @pytest.mark.parametrize(
        "rol", [Role.CONSULENT, Role.FRONTOFFICE, Role.BELEIDSMEDEWERKER]
    )
    def test_is_not_for_every_role(self, seat, url, rol):
        assert seat(rol).get(f"{url}/inzage").status_code == 403

    def test_of_another_gemeente_does_not_exist(self, database, app, url):
        with database.transaction(Scope.of("0394")) as session:
            gemeente(session, "0394", "Elders")
            stranger = user(session, Role.TEAMLEIDER, gemeente="0394")
        browser = login(app, stranger, "0394")

        for rest in ("/inzage", "/tijdlijn", "/afdrukken"):
            assert browser.get(url + rest).status_code == 404

    def test_of_a_shielded_dossier_only_for_who_is_named(
        self, seat, staff, here, dossier, url
    ):
        other = staff[Role.KWALITEITSMEDEWERKER]
        with here() as session:
            operations.shield_dossier(
                session,
                actor_of(other, Role.KWALITEITSMEDEWERKER),
                NOW,
                dossier=session.get_one(Dossier, dossier.id),
                user_ids=[],
            )

        assert seat(Role.TEAMLEIDER).get(f"{url}/inzage").status_code == 404
        assert seat(Role.KWALITEITSMEDEWERKER).get(f"{url}/inzage").status_code == 200

    def test_goes_by_page_and_costs_the_same_for_more_looks(self, seat, url, counting):
        browser = seat(Role.TEAMLEIDER)
        browser.get(f"{url}/inzage")
        with counting() as one:
            browser.get(f"{url}/inzage")
        for _ in range(52):
            browser.get(f"{url}/inzage")

        with counting() as many:
            page = browser.get(f"{url}/inzage").text

        assert many == one
        older = re.search(r'href="([^"]*inzage\?voor=[^"]+)"', page)[1]
        assert browser.get(older).status_code == 200


class TestAfdrukken:
    @pytest.fixture
    def full(self, staff, here, dossier):
        by = actor_of(staff[Role.CONSULENT], Role.CONSULENT)
        with here() as session:
            same = session.get_one(Dossier, dossier.id)
            write_notitie(
                session,
                by,
                NOW,
                dossier=same,
                soort=NotitieSoort.OVERLEG,
                tekst="Overlegd met de wijkverpleegkundige.",
            )
            record_contactmoment(
                session,
                by,
                NOW,
                dossier=same,
                kanaal=Kanaal.TELEFOON,
                uitkomst=Uitkomst.INFORMATIE,
                tekst="Belde over de traplift.",
            )

    def test_shows_only_the_parts_that_were_chosen_without_navigation(
        self, seat, url, full
    ):
        page = seat(Role.CONSULENT).post(
            f"{url}/afdrukken", data={"delen": ["contact"]}
        )

        assert page.status_code == 200
        assert "Belde over de traplift." in page.text
        assert "wijkverpleegkundige" not in page.text
        assert "<nav" not in page.text

    def test_shows_everything_when_everything_was_chosen(self, seat, url, full):
        every = ["gegevens", "termijnen", "stand", "verloop"]
        every += ["documenten", "contact", "notities"]

        page = seat(Role.CONSULENT).post(f"{url}/afdrukken", data={"delen": every})

        assert "Overlegd met de wijkverpleegkundige." in page.text
        assert "Veilig contact" in page.text

    def test_leaves_a_record_of_what_was_printed(self, seat, url, here):
        seat(Role.CONSULENT).post(
            f"{url}/afdrukken", data={"delen": ["contact", "verloop"]}
        )

        with here() as session:
            left = session.scalars(
                select(AuditRecord).where(
                    AuditRecord.action == Action.DOSSIER_PRINTED.value
                )
            ).one()
        assert left.grond == "contact,verloop"

    @pytest.mark.parametrize("typed", [{}, {"delen": ["alles"]}])
    def test_nothing_or_something_else_prints_nothing(self, seat, url, here, typed):
        page = seat(Role.CONSULENT).post(f"{url}/afdrukken", data=typed)

        assert page.status_code == 422
        with here() as session:
            printed = AuditRecord.action == Action.DOSSIER_PRINTED.value
            assert session.scalars(select(AuditRecord).where(printed)).all() == []

    def test_a_role_without_the_task_is_refused(self, seat, url):
        assert seat(Role.BELEIDSMEDEWERKER).get(f"{url}/afdrukken").status_code == 403
