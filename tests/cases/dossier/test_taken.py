"""The page of tasks: mine and those of my role, and the letter at hand."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from build.gemeente import actor_of
from build.melding import melding
from loket import termijnen
from loket.audit.record import AuditRecord, AuditSubject
from loket.authz import Role
from loket.cases.dossier import operations
from loket.cases.dossier.document import DocumentSoort
from loket.cases.dossier.dossier import Dossier
from loket.cases.dossier.queries_taken import MOST_SHOWN
from loket.cases.dossier.taak import TaakSoort
from loket.datum import kort

NOW = datetime.now(UTC)
TODAY = termijnen.dag_van(NOW)


@pytest.fixture
def ask(staff, here):
    """Set a task in a new dossier; return the reference of the dossier."""

    def set_one(soort, days=1, letter=False, **whose):
        with here() as session:
            made = melding(session, at=NOW, ontvangen_op=TODAY)
            dossier = session.get_one(Dossier, made.dossier_id)
            by = actor_of(staff[Role.ADMINISTRATIE], Role.ADMINISTRATIE)
            about = (
                operations.store_document(
                    session,
                    by,
                    NOW,
                    dossier_id=dossier.id,
                    soort=DocumentSoort.ONTVANGSTBEVESTIGING,
                    inhoud=b"%PDF-1.7",
                )
                if letter
                else None
            )
            operations.set_taak(
                session,
                by,
                NOW,
                dossier_id=dossier.id,
                soort=soort,
                uiterlijk=TODAY + timedelta(days=days),
                onderwerp_id=about.id if about else None,
                **whose,
            )
            return dossier.referentie, about.referentie if about else None

    return set_one


class TestTaken:
    def test_show_mine_and_those_of_my_role_the_first_day_first(self, seat, staff, ask):
        later, _ = ask(
            TaakSoort.VERSLAG_REACTIE, 5, voor_user_id=staff[Role.CONSULENT].id
        )
        sooner, _ = ask(TaakSoort.OPNIEUW_PLAATSEN, -2, voor_rol=Role.CONSULENT)
        other, _ = ask(TaakSoort.BRIEF_VERZENDEN, voor_rol=Role.ADMINISTRATIE)

        page = seat(Role.CONSULENT).get("/taken").text

        assert page.index(sooner) < page.index(later)
        assert other not in page
        assert "Opnieuw plaatsen" in page
        assert "2 dagen te laat" in page

    def test_record_whose_names_were_shown(self, seat, ask, here):
        ask(TaakSoort.OPNIEUW_PLAATSEN, voor_rol=Role.CONSULENT)

        seat(Role.CONSULENT).get("/taken")

        with here() as session:
            line = session.scalars(
                select(AuditRecord).where(AuditRecord.grond == "taken")
            ).one()
            assert session.scalars(
                select(AuditSubject.subject_id).where(AuditSubject.record_id == line.id)
            ).one()

    def test_bring_a_letter_out_of_the_door_and_come_back(self, seat, ask):
        referentie, letter = ask(
            TaakSoort.BRIEF_VERZENDEN, letter=True, voor_rol=Role.ADMINISTRATIE
        )
        browser = seat(Role.ADMINISTRATIE)
        url = f"/documenten/{letter}/verzonden?van=taken"

        assert url in browser.get("/taken").text
        answer = browser.post(url, data={"verzonden_op": kort(TODAY)})

        assert answer.location == "/taken"
        assert referentie not in browser.get("/taken").text

    def test_of_a_shielded_dossier_stay_out_of_sight(self, seat, ask, here):
        referentie, _ = ask(TaakSoort.OPNIEUW_PLAATSEN, voor_rol=Role.CONSULENT)
        with here() as session:
            session.scalars(
                select(Dossier).where(Dossier.referentie == referentie)
            ).one().afgeschermd = True

        assert referentie not in seat(Role.CONSULENT).get("/taken").text

    def test_say_when_there_are_more_than_fit(self, seat, ask):
        for _ in range(MOST_SHOWN + 1):
            ask(TaakSoort.OPNIEUW_PLAATSEN, voor_rol=Role.CONSULENT)

        page = seat(Role.CONSULENT).get("/taken").text

        assert f"De eerste {MOST_SHOWN} taken" in page

    def test_cost_as_many_statements_for_many_as_for_one(
        self, seat, staff, ask, counting
    ):
        browser, lead = seat(Role.CONSULENT), staff[Role.TEAMLEIDER]

        def add():
            ask(TaakSoort.OPNIEUW_PLAATSEN, voor_rol=Role.CONSULENT)
            ask(TaakSoort.CLIENT_BELLEN, voor_user_id=staff[Role.CONSULENT].id)
            ask(TaakSoort.BRIEF_VERZENDEN, letter=True, voor_rol=Role.CONSULENT)
            ask(TaakSoort.CLIENT_BELLEN, voor_user_id=lead.id)

        def cost(page):
            browser.get(page)  # keys that were never read are fetched here
            with counting() as seen:
                browser.get(page)
            return seen

        add()
        one = cost("/taken"), cost("/vandaag")
        for _ in range(3):
            add()

        assert (cost("/taken"), cost("/vandaag")) == one

    def test_that_are_not_there_are_explained(self, seat):
        page = seat(Role.FRONTOFFICE).get("/taken").text

        assert "Er zijn geen taken voor u" in page


class TestChips:
    @pytest.mark.parametrize(
        ("rol", "own"),
        [
            (Role.ADMINISTRATIE, "Bekend te maken"),
            (Role.KWALITEITSMEDEWERKER, "Te besluiten"),
            (Role.CONSULENT, "Te plaatsen"),
        ],
    )
    def test_lead_each_role_to_its_own_work(self, seat, rol, own):
        assert own in seat(rol).get("/werkvoorraad").text
        assert "Te plaatsen" not in seat(Role.FRONTOFFICE).get("/werkvoorraad").text
