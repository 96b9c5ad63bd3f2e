"""The page where everybody starts: what it says to whom, and what it records."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from build.gemeente import actor_of, login, user
from build.melding import melding
from loket import termijnen
from loket.accounts.operations import set_instelling
from loket.audit.record import AuditRecord, AuditSubject
from loket.authz import Actor, Role
from loket.cases.dossier import operations
from loket.cases.dossier.dossier import Dossier, Fase, Werkvoorraad
from loket.cases.dossier.taak import TaakSoort
from loket.outbox.promise import Promise
from loket.vandaag import MOST_SHOWN

NOW = datetime.now(UTC)
TODAY = termijnen.dag_van(NOW)


@pytest.fixture
def case(staff, here):
    """Register a melding, for a consulent or for nobody, with a last day."""

    def make(consulent=None, days=3, **line):
        with here() as session:
            made = melding(session, at=NOW, ontvangen_op=TODAY)
            dossier = session.get_one(Dossier, made.dossier_id)
            if consulent is not None:
                operations.assign_dossier(
                    session,
                    actor_of(staff[Role.TEAMLEIDER], Role.TEAMLEIDER),
                    NOW,
                    dossier=dossier,
                    consulent_id=consulent.id,
                )
            session.execute(
                update(Werkvoorraad)
                .where(Werkvoorraad.dossier_id == dossier.id)
                .values(uiterste_datum=TODAY + timedelta(days=days), **line)
            )
            return dossier.referentie

    return make


def hide(here, referentie: str) -> None:
    """Shield a dossier from everybody, in both places where a page looks."""
    with here() as session:
        for table in (Dossier, Werkvoorraad):
            session.execute(
                update(table)
                .where(table.referentie == referentie)
                .values(afgeschermd=True)
            )


class TestStart:
    @pytest.mark.parametrize(
        "rol", [Role.FRONTOFFICE, Role.CONSULENT, Role.TEAMLEIDER, Role.ADMINISTRATIE]
    )
    def test_leads_here_and_the_navigation_begins_with_it(self, seat, rol):
        browser = seat(rol)

        assert browser.get("/").location == "/vandaag"
        page = browser.get("/vandaag")
        assert page.status_code == 200
        nav = page.text[page.text.index("<nav") :]
        assert nav.index("Vandaag") < nav.index("Werkvoorraad")

    def test_asks_a_stranger_to_log_in(self, client):
        answer = client.get("/vandaag", headers={"Accept": "text/html"})

        assert answer.location.startswith("/login")


class TestConsulent:
    def test_sees_own_terms_what_is_late_first(self, seat, staff, case):
        me = staff[Role.CONSULENT]
        soon = case(me, 3, fase=Fase.ONDERZOEK)
        late = case(me, -2, fase=Fase.ONDERZOEK)
        far = case(me, 100, fase=Fase.ONDERZOEK)

        page = seat(Role.CONSULENT).get("/vandaag").text

        assert page.index(late) < page.index(soon)
        assert "2 dagen te laat" in page
        assert far not in page

    def test_sees_no_term_of_a_colleague(self, seat, staff, here, case):
        with here() as session:
            colleague = user(session, Role.CONSULENT)
        other = case(colleague)

        assert other not in seat(Role.CONSULENT).get("/vandaag").text

    def test_sees_as_far_ahead_as_the_gemeente_says(self, seat, staff, here, case):
        far = case(staff[Role.CONSULENT], 100, fase=Fase.ONDERZOEK)
        with here() as session:
            set_instelling(
                session,
                Actor.system("0396"),
                NOW,
                sleutel="signaal_termijn_dagen",
                waarde=120,
                van=TODAY,
            )

        assert far in seat(Role.CONSULENT).get("/vandaag").text

    def test_does_not_see_a_shielded_dossier(self, seat, staff, here, case):
        ref = case(staff[Role.CONSULENT])
        hide(here, ref)

        assert ref not in seat(Role.CONSULENT).get("/vandaag").text

    def test_whose_names_were_shown_is_recorded(self, seat, staff, here, case):
        case(staff[Role.CONSULENT])

        seat(Role.CONSULENT).get("/vandaag")

        with here() as session:
            client = session.scalars(select(Werkvoorraad.client_id)).one()
            assert session.scalar(
                select(func.count())
                .select_from(AuditSubject)
                .join(AuditRecord, AuditRecord.id == AuditSubject.record_id)
                .where(
                    AuditRecord.grond == "vandaag", AuditSubject.subject_id == client
                )
            )

    def test_is_told_what_it_means_that_there_is_nothing(self, seat):
        page = seat(Role.CONSULENT).get("/vandaag").text

        assert "Geen termijn van uw dossiers loopt binnenkort af." in page
        assert "U heeft geen open taken." in page


class TestTeamleider:
    def test_sees_what_nobody_has_and_who_is_late(self, seat, staff, case):
        unassigned = case()
        case(staff[Role.CONSULENT], -1)

        page = seat(Role.TEAMLEIDER).get("/vandaag").text

        assert unassigned in page
        assert "1 dossier, 1 te laat" in page

    def test_counts_no_dossier_that_is_shielded_from_the_reader(
        self, seat, staff, here, case
    ):
        case(staff[Role.CONSULENT], -1)
        hidden = case(staff[Role.CONSULENT], -1)
        hide(here, hidden)

        page = seat(Role.TEAMLEIDER).get("/vandaag").text

        assert "1 dossier, 1 te laat" in page

    def test_sees_who_has_more_than_the_norm(self, seat, staff, here, case):
        case(staff[Role.CONSULENT])
        case(staff[Role.CONSULENT])
        with here() as session:
            set_instelling(
                session,
                Actor.system("0396"),
                NOW,
                sleutel="caseload_norm",
                waarde=1,
                van=TODAY,
            )

        page = seat(Role.TEAMLEIDER).get("/vandaag").text

        assert "2 dossiers, na weging meer dan de norm van 1" in page


class TestOthers:
    def test_administratie_sees_what_must_be_made_known(self, seat, case):
        ref = case(fase=Fase.BEKENDMAKEN)

        assert ref in seat(Role.ADMINISTRATIE).get("/vandaag").text
        assert ref not in seat(Role.KWALITEITSMEDEWERKER).get("/vandaag").text

    def test_frontoffice_sees_meldingen_without_confirmation(self, seat, case):
        ref = case()

        page = seat(Role.FRONTOFFICE).get("/vandaag").text

        assert "Meldingen zonder ontvangstbevestiging" in page
        assert ref in page

    def test_beheerder_sees_dead_letters_and_no_name(self, app, here, staff, case):
        case(staff[Role.CONSULENT])
        with here() as session:
            boss = user(session, Role.BEHEERDER)
            session.execute(
                update(Promise).values(dead_at=NOW, last_error="ValueError")
            )

        page = login(app, boss).get("/vandaag").text

        assert "Staat stil: ValueError" in page
        assert "Ontvangstbevestiging maken" in page
        assert "letters.ontvangst" not in page
        assert "De eigen bijdrage per maand" in page
        assert "/beheer/instellingen/eigen_bijdrage_cent" in page
        assert "/beheer/inrichten" in page
        assert "Cliënt" not in page

    def test_leads_who_may_register_to_a_new_melding(self, seat):
        button = ">Nieuwe melding<"

        assert button in seat(Role.FRONTOFFICE).get("/vandaag").text
        assert button not in seat(Role.BELEIDSMEDEWERKER).get("/vandaag").text

    def test_privacy_officer_sees_who_was_refused_today(self, app, here, seat):
        assert seat(Role.BELEIDSMEDEWERKER).get("/werkvoorraad").status_code == 403
        with here() as session:
            officer = user(session, Role.PRIVACY_OFFICER)

        page = login(app, officer).get("/vandaag").text

        assert f"Kustlicht {Role.BELEIDSMEDEWERKER}" in page
        assert "Geen toegang: Werkvoorraad" in page

    def test_beleid_is_led_to_the_figures(self, seat):
        page = seat(Role.BELEIDSMEDEWERKER).get("/vandaag").text

        assert f"/beleid?jaar={TODAY.year}" in page


class TestCost:
    def test_does_not_grow_with_the_rows(self, seat, staff, here, case, counting):
        def more():
            case(staff[Role.CONSULENT], fase=Fase.NIEUW)
            with here() as session:
                file = session.scalars(
                    select(Dossier).order_by(Dossier.opened_at.desc())
                ).first()
                operations.set_taak(
                    session,
                    actor_of(staff[Role.ADMINISTRATIE], Role.ADMINISTRATIE),
                    NOW,
                    dossier_id=file.id,
                    soort=TaakSoort.OPNIEUW_PLAATSEN,
                    uiterlijk=TODAY,
                    voor_rol=Role.CONSULENT,
                )

        browser = seat(Role.CONSULENT)
        more()
        browser.get("/vandaag")
        with counting() as few:
            browser.get("/vandaag")
        for _ in range(MOST_SHOWN + 2):
            more()
        with counting() as many:
            page = browser.get("/vandaag").text

        assert many["database"] == few["database"]
        assert f"Dit zijn de eerste {MOST_SHOWN}." in page
