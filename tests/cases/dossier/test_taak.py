"""What people do with a task, and what they may not."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from build.gemeente import actor_of, gemeente, login, user
from build.melding import melding
from loket import termijnen
from loket.accounts.operations_team import register_vervanging
from loket.audit.record import AuditRecord
from loket.authz import Role
from loket.cases.dossier import operations
from loket.cases.dossier.dossier import Dossier
from loket.cases.dossier.taak import Taak, TaakSoort
from loket.datum import kort
from loket.db import Scope

NOW = datetime.now(UTC)
TODAY = termijnen.dag_van(NOW)
NEXT_WEEK = TODAY + timedelta(days=7)


class File:
    """A dossier with one task, really committed."""

    def __init__(self, here, by, **whose):
        with here() as session:
            made = melding(session, at=NOW, ontvangen_op=TODAY)
            dossier = session.get_one(Dossier, made.dossier_id)
            taak = operations.set_taak(
                session,
                by,
                NOW,
                dossier_id=dossier.id,
                soort=TaakSoort.CLIENT_BELLEN,
                uiterlijk=NEXT_WEEK,
                **whose,
            )
            self.ref, self.id = dossier.referentie, taak.id
        self.here = here
        self.url = f"/dossiers/{self.ref}/taken/{self.id}"

    @property
    def taak(self):
        with self.here() as session:
            return session.get_one(Taak, self.id)

    def shield(self):
        with self.here() as session:
            session.scalars(
                select(Dossier).where(Dossier.referentie == self.ref)
            ).one().afgeschermd = True


@pytest.fixture
def file(here, staff):
    by = actor_of(staff[Role.ADMINISTRATIE], Role.ADMINISTRATIE)
    return lambda **whose: File(here, by, **(whose or {"voor_rol": Role.CONSULENT}))


class TestTakeOver:
    def test_makes_a_task_of_the_role_mine(self, seat, staff, file):
        one = file()
        browser = seat(Role.CONSULENT)

        answer = browser.post(f"{one.url}/overnemen")

        assert answer.location == one.url
        assert one.taak.voor_user_id == staff[Role.CONSULENT].id
        assert one.taak.voor_rol is None
        assert "voor=mij" in browser.get("/taken").text
        assert one.ref in browser.get("/taken?voor=mij").text

    def test_twice_is_refused(self, seat, file):
        one = file()
        browser = seat(Role.CONSULENT)

        browser.post(f"{one.url}/overnemen")
        again = browser.post(f"{one.url}/overnemen")

        assert again.status_code == 422
        assert "Deze taak is al van u." in again.text

    def test_of_another_role_is_refused_but_not_to_who_divides_the_work(
        self, seat, file
    ):
        one = file()

        assert seat(Role.FRONTOFFICE).post(f"{one.url}/overnemen").status_code == 403
        assert seat(Role.TEAMLEIDER).post(f"{one.url}/overnemen").status_code == 303

    def test_of_a_shielded_dossier_is_not_found(self, seat, file):
        one = file()
        one.shield()

        assert seat(Role.CONSULENT).post(f"{one.url}/overnemen").status_code == 404
        assert seat(Role.CONSULENT).get(one.url).status_code == 404

    def test_of_another_gemeente_is_not_found(self, app, database, file):
        one = file()
        with database.transaction(Scope.of("0375")) as session:
            gemeente(session, "0375", "Elders")
            stranger = user(session, Role.CONSULENT, gemeente="0375")
        browser = login(app, stranger, "0375")

        assert browser.get(one.url).status_code == 404
        for deed in ("klaar", "overnemen", "overdragen", "uitstellen"):
            assert browser.post(f"{one.url}/{deed}").status_code == 404

    def test_is_not_for_who_reads_no_dossier(self, seat, file):
        one = file()

        assert seat(Role.BELEIDSMEDEWERKER).get(one.url).status_code == 403
        assert (
            seat(Role.BELEIDSMEDEWERKER).post(f"{one.url}/overnemen").status_code == 403
        )

    def test_through_another_dossier_is_not_found(self, seat, file):
        one, other = file(), file()

        answer = seat(Role.CONSULENT).get(f"/dossiers/{other.ref}/taken/{one.id}")

        assert answer.status_code == 404


class TestHandOver:
    def test_gives_it_to_a_colleague_with_a_reason(self, seat, staff, file):
        one = file(voor_user_id=staff[Role.CONSULENT].id)
        other = staff[Role.TEAMLEIDER]

        answer = seat(Role.CONSULENT).post(
            f"{one.url}/overdragen",
            data={"user_id": str(other.id), "reden": "Ik ben met verlof."},
        )

        assert answer.location == "/taken"
        assert one.taak.voor_user_id == other.id
        assert one.taak.uiterlijk == NEXT_WEEK
        assert "Ik ben met verlof." in seat(Role.TEAMLEIDER).get(one.url).text

    def test_asks_who_and_why(self, seat, file):
        one = file()

        answer = seat(Role.CONSULENT).post(f"{one.url}/overdragen", data={})

        assert answer.status_code == 422
        assert "Geef de reden." in answer.text

    def test_to_who_reads_no_dossier_is_refused(self, seat, staff, file):
        one = file()

        answer = seat(Role.CONSULENT).post(
            f"{one.url}/overdragen",
            data={"user_id": str(staff[Role.BELEIDSMEDEWERKER].id), "reden": "Druk."},
        )

        assert answer.status_code == 422
        assert "Kies een collega die dit dossier mag zien." in answer.text
        assert one.taak.voor_rol is Role.CONSULENT

    def test_of_somebody_else_is_refused(self, seat, staff, file):
        one = file(voor_user_id=staff[Role.CONSULENT].id)

        answer = seat(Role.ADMINISTRATIE).post(
            f"{one.url}/overdragen",
            data={"user_id": str(staff[Role.ADMINISTRATIE].id), "reden": "Ik kan."},
        )

        assert answer.status_code == 403


class TestPostpone:
    def test_hides_it_until_that_day_and_keeps_the_last_day(self, seat, file):
        one = file()
        browser = seat(Role.CONSULENT)

        later = kort(TODAY + timedelta(days=3))
        answer = browser.post(f"{one.url}/uitstellen", data={"tot": later})

        assert answer.status_code == 303
        assert one.ref not in browser.get("/taken").text
        assert one.ref in browser.get("/taken?uitgesteld=ja").text
        assert one.taak.uiterlijk == NEXT_WEEK

    @pytest.mark.parametrize("days", [-1, 0, 8])
    def test_to_today_or_past_the_last_day_is_refused(self, seat, file, days):
        one = file()

        answer = seat(Role.CONSULENT).post(
            f"{one.url}/uitstellen",
            data={"tot": kort(TODAY + timedelta(days=days))},
        )

        assert answer.status_code == 422
        assert one.taak.herinneren_op is None

    def test_of_somebody_else_is_refused(self, seat, file):
        answer = seat(Role.TEAMLEIDER).post(
            f"{file().url}/uitstellen", data={"tot": kort(NEXT_WEEK)}
        )

        assert answer.status_code == 403


class TestFinish:
    def test_twice_is_refused(self, seat, file):
        one = file()
        browser = seat(Role.CONSULENT)

        first = browser.post(f"{one.url}/klaar", data={"_verzending": "a"})
        second = browser.post(f"{one.url}/klaar", data={"_verzending": "b"})

        assert first.status_code == 303
        assert "Deze taak is al klaar." in browser.get(second.location).text
        assert one.taak.done_at
        for deed in ("overnemen", "uitstellen"):
            data = {"tot": kort(NEXT_WEEK)}
            assert browser.post(f"{one.url}/{deed}", data=data).status_code == 422

    def test_is_for_who_replaces_an_absent_colleague_too(self, app, here, staff, file):
        one = file(voor_user_id=staff[Role.CONSULENT].id)
        with here() as session:
            stand_in = user(session, Role.CONSULENT)
        browser = login(app, stand_in)
        assert browser.post(f"{one.url}/klaar").status_code == 403
        with here() as session:
            register_vervanging(
                session,
                actor_of(staff[Role.TEAMLEIDER], Role.TEAMLEIDER),
                NOW,
                user_id=staff[Role.CONSULENT].id,
                vervanger_id=stand_in.id,
                van=TODAY,
                tot=None,
            )

        assert one.ref in browser.get("/taken").text
        assert browser.post(f"{one.url}/klaar").status_code == 303


class TestAsk:
    def answers(self, **differs):
        return {
            "soort": "client_bellen",
            "voor": "administratie",
            "uiterlijk": kort(NEXT_WEEK),
            "notitie": "Zij hoort slecht, bel twee keer.",
        } | differs

    def test_of_a_role_shows_there_and_seals_the_note(self, seat, file, here):
        one = file()

        answer = seat(Role.CONSULENT).post(
            f"/dossiers/{one.ref}/taken/nieuw", data=self.answers()
        )

        assert answer.location == f"/dossiers/{one.ref}"
        page = seat(Role.ADMINISTRATIE).get("/taken").text
        assert one.ref in page
        assert "hoort slecht" not in page
        with here() as session:
            made = session.scalars(
                select(Taak).where(Taak.voor_rol == Role.ADMINISTRATIE)
            ).first()
            seen = seat(Role.ADMINISTRATIE).get(f"/dossiers/{one.ref}/taken/{made.id}")
        assert "hoort slecht" in seen.text

    def test_a_look_at_the_note_is_recorded(self, seat, file, here):
        one = file()

        seat(Role.CONSULENT).get(one.url)

        with here() as session:
            assert session.scalars(
                select(AuditRecord).where(
                    AuditRecord.action == "taak.read", AuditRecord.subject_id == one.id
                )
            ).one()

    @pytest.mark.parametrize(
        ("differs", "said"),
        [
            ({"soort": "pgb_eindigt"}, "Deze taak komt vanzelf."),
            ({"uiterlijk": "01-01-2020"}, "Kies vandaag of een dag in de toekomst."),
            ({"voor": "iemand"}, "Kies een van de antwoorden."),
            ({"voor": "00000000-0000-7000-8000-00000000abcd"}, "Kies een collega"),
            ({"uiterlijk": ""}, "Vul"),
        ],
    )
    def test_what_cannot_be_asked_is_refused_and_nothing_is_lost(
        self, seat, file, differs, said
    ):
        one = file()

        page = seat(Role.CONSULENT).post(
            f"/dossiers/{one.ref}/taken/nieuw", data=self.answers(**differs)
        )

        assert page.status_code == 422
        assert said in page.text
        assert "Zij hoort slecht" in page.text

    def test_sent_twice_is_asked_once(self, seat, file, here):
        one = file()
        browser, data = seat(Role.CONSULENT), self.answers(_verzending="eens")

        for _ in range(2):
            browser.post(f"/dossiers/{one.ref}/taken/nieuw", data=data)

        with here() as session:
            asked = session.scalars(
                select(Taak).where(Taak.voor_rol == Role.ADMINISTRATIE)
            ).all()
            assert len([each for each in asked if each.notitie]) == 1

    def test_in_a_shielded_dossier_is_not_found(self, seat, file):
        one = file()
        one.shield()

        answer = seat(Role.CONSULENT).post(
            f"/dossiers/{one.ref}/taken/nieuw", data=self.answers()
        )

        assert answer.status_code == 404


class TestFilter:
    def test_by_kind_and_late_and_everybody(self, seat, staff, file):
        one = file(voor_user_id=staff[Role.FRONTOFFICE].id)
        lead, front = seat(Role.TEAMLEIDER), seat(Role.FRONTOFFICE)

        assert one.ref in front.get("/taken?soort=client_bellen").text
        assert one.ref not in front.get("/taken?soort=pgb_eindigt").text
        assert one.ref not in front.get("/taken?te_laat=ja").text
        assert one.ref not in lead.get("/taken").text
        assert one.ref in lead.get("/taken?voor=alle").text
        assert one.ref not in seat(Role.CONSULENT).get("/taken?voor=alle").text
        assert front.get("/taken?soort=onzin").status_code == 200
