"""The doors of keeping and destroying, as the people behind them use them."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from build.archief import GO, old_dossier
from build.gemeente import actor_of, gemeente, login, user
from build.machine import token
from house.test_every_door import BROWSER, PROGRAM, with_token
from loket.archief import operations_lijst
from loket.archief.vernietigingslijst import Vernietigingslijst
from loket.archief.vernietigingsverzoek import Omvang, Vernietigingsverzoek
from loket.audit.record import AuditRecord
from loket.authz import Role
from loket.cases.dossier import queries
from loket.db import Scope
from loket.frame import office
from loket.schedule import keep_all
from loket.web import SUBMIT_FIELD

HERE = "0396"
STAFF = (
    Role.ADMINISTRATIE,
    Role.KWALITEITSMEDEWERKER,
    Role.TEAMLEIDER,
    Role.ARCHIVARIS,
    Role.CONSULENT,
)


class Town:
    def __init__(self, app, config) -> None:
        self.app, self.config = app, config
        self.database = office(app).database
        with self.here() as session:
            gemeente(session)
            self.people = {rol: user(session, rol) for rol in STAFF}
            made = old_dossier(session)
            self.dossier = made.referentie
            self.dossier_id = made.id
            self.client = queries.get_client(session, made.id).naam

    @contextmanager
    def here(self):
        with self.database.transaction(Scope.of(HERE)) as session:
            yield session

    def seat(self, rol):
        return login(self.app, self.people[rol])

    def by(self, rol):
        return actor_of(self.people[rol], rol)

    def one(self, model):
        with self.here() as session:
            return session.scalars(select(model)).one()


@pytest.fixture
def town(app, config):
    return Town(app, config)


def test_the_same_button_twice_makes_one_list(town):
    browser = town.seat(Role.ADMINISTRATIE)
    sent = {SUBMIT_FIELD: "een-keer"}

    answers = [browser.post("/vernietiging/voorstellen", data=sent) for _ in range(2)]

    assert [each.status_code for each in answers] == [303, 303]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    with town.here() as session:
        assert session.scalar(select(func.count()).select_from(Vernietigingslijst)) == 1


def test_nobody_does_two_of_the_three_steps(town):
    with town.here() as session:
        both = user(session, Role.ADMINISTRATIE, Role.TEAMLEIDER, Role.ARCHIVARIS)
    browser = login(town.app, both)
    where = browser.post("/vernietiging/voorstellen").headers["Location"]

    page = browser.get(where).text
    refused = browser.post(f"{where}/nakijken", data={"bekeken": "ja"})

    assert f"{where}/nakijken" not in page
    assert refused.status_code == 422
    assert "U deed al een andere stap van deze lijst" in refused.text
    assert town.one(Vernietigingslijst).status == "voorgesteld"


def test_each_of_the_three_sees_what_waits_and_may_stop_it(town):
    where = (
        town.seat(Role.ADMINISTRATIE)
        .post("/vernietiging/voorstellen")
        .headers["Location"]
    )
    checker, archivist = town.seat(Role.TEAMLEIDER), town.seat(Role.ARCHIVARIS)
    assert "om na te kijken" in checker.get("/vandaag").text
    checker.post(f"{where}/nakijken", data={"bekeken": "ja"})
    assert where in archivist.get("/vandaag").text
    archivist.post(f"{where}/goedkeuren")

    stranger = town.seat(Role.KWALITEITSMEDEWERKER).post(
        f"{where}/tegenhouden", data={"reden": "fout"}
    )
    stopped = checker.post(f"{where}/tegenhouden", data={"reden": "fout"})

    assert stranger.status_code == 422
    assert "Alleen wie een stap" in stranger.text
    assert stopped.status_code == 303
    assert "Deze lijst is tegengehouden" in checker.get(where).text


def carried_out(town):
    with town.here() as session:
        lijst = operations_lijst.propose_lijst(session, town.by(Role.ADMINISTRATIE), GO)
        operations_lijst.review_lijst(
            session, town.by(Role.TEAMLEIDER), GO, lijst=lijst
        )
        operations_lijst.approve_lijst(
            session, town.by(Role.ARCHIVARIS), GO, lijst=lijst
        )
        referentie = lijst.referentie
    keep_all(town.database, town.config, GO + timedelta(days=8))
    return f"/vernietiging/{referentie}"


def test_the_certificate_is_a_page_and_a_pdf(town):
    where = carried_out(town)
    browser = town.seat(Role.ARCHIVARIS)

    page = browser.get(f"{where}/verklaring").text
    pdf = browser.get(f"{where}/verklaring.pdf")

    assert f"Dossier {town.dossier}" in page
    assert "1 dossier vernietigd" in page
    assert town.client not in page
    assert pdf.mimetype == "application/pdf"
    assert pdf.data.startswith(b"%PDF")


def test_a_destroyed_dossier_says_so_to_people_and_programs(town):
    carried_out(town)
    person = town.people[Role.CONSULENT]
    browser = with_token(login(town.app, person), token(town.app, person)[1])

    page = browser.get(f"/dossiers/{town.dossier}", headers=BROWSER)
    program = browser.get(f"/api/v1/dossiers/{town.dossier}", headers=PROGRAM)

    assert page.status_code == program.status_code == 410
    assert f"Dossier {town.dossier} is vernietigd op 10 maart 2026" in page.text
    assert town.client not in page.text
    assert "is vernietigd" in program.get_json()["detail"]
    with town.here() as session:
        refused = session.scalars(
            select(AuditRecord.grond).where(AuditRecord.action == "access.refused")
        ).all()
        assert "dossier.show_dossier:410" in refused


def test_a_request_runs_from_the_desk_to_the_letter(town):
    desk, decider = town.seat(Role.CONSULENT), town.seat(Role.TEAMLEIDER)
    took = desk.post(
        f"/dossiers/{town.dossier}/vernietigingsverzoek",
        data={"omvang": "dossier", "ontvangen_op": "02-03-2026"},
    )
    assert took.status_code == 303
    made = town.one(Vernietigingsverzoek)
    assert made.omvang is Omvang.DOSSIER
    where = f"/vernietigingsverzoeken/{made.referentie}"

    today = decider.get("/vandaag").text
    assert "02-06-2026" in today
    assert where in today
    assert where in decider.get("/vernietiging/").text
    no = decider.post(where, data={"besluit": "weigeren"})
    assert no.status_code == 422
    assert "Kies een grond" in no.text
    decider.post(
        where,
        data={
            "besluit": "weigeren",
            "tegengrond": "archiefwet",
            "motivering": "De archivaris bewaart dit dossier.",
        },
    )
    keep_all(town.database, town.config)

    assert town.one(Vernietigingsverzoek).document_id
    page = desk.get(f"/dossiers/{town.dossier}/bewaren/").text
    assert "Geweigerd" in page
