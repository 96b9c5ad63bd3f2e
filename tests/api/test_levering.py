"""Placing and delivery through the API, on both sides, and what is refused."""

from types import SimpleNamespace

import pytest

from api.test_frame import refused
from api.test_onderzoek import do
from build import gemeente
from build import providers as build
from build.besluit import keep
from build.machine import machine
from build.town import make_town
from loket.accounts.user import User
from loket.authz import Role
from loket.cases.besluit.voorziening import Voorziening
from loket.cases.dossier.inwoner import Inwoner
from loket.db import Scope
from loket.frame import office
from loket.providers import jobs

HERE = "0396"
TODAY = gemeente.TODAY.isoformat()


@pytest.fixture
def street(app):
    """A right to place, with machines of the gemeente and of two aanbieders."""
    database = office(app).database
    town = make_town(database)
    with database.transaction(town.staff()) as session:
        theirs = gemeente.user(session, Role.AANBIEDER, aanbieder_id=town.aanbieder_id)
        strange = build.contractregel(session)
        other = gemeente.user(
            session, Role.AANBIEDER, aanbieder_id=strange.aanbieder_id
        )
        person = session.get_one(User, town.consulent_id)
        right = session.get_one(Voorziening, town.voorziening_id)
        client = session.get_one(Inwoner, right.gerechtigde_id)
        name = client.achternaam
    return SimpleNamespace(
        database=database,
        town=town,
        app=app,
        name=name,
        person=person,
        right=f"/voorzieningen/{town.voorziening_id}",
        file=f"/dossiers/{town.dossier}",
        consulent=machine(app, person),
        aanbieder=machine(app, theirs),
        other=machine(app, other),
        ask={
            "contractregel_id": str(town.contractregel_id),
            "motief": "De cliënt kent deze aanbieder.",
            "gewenste_start": TODAY,
            "dagen": ["maandag"],
            "omschrijving": "Hulp bij zwaar werk.",
        },
    )


@pytest.fixture
def asked(street):
    """The reference of a verzoek that waits for an answer."""
    made = street.consulent.post(f"{street.right}/plaatsingsverzoeken", street.ask)
    assert made.status_code == 201, made.json
    return made.json["referentie"]


@pytest.fixture
def given(street, asked):
    """The reference of the toewijzing that came of an accepted verzoek."""
    where = f"/aanbieder/plaatsingsverzoeken/{asked}"
    answer = do(street.aanbieder, where, "accepteren", {"startdatum": TODAY})
    assert answer.json["status"] == "aanvaard", answer.json
    with street.database.transaction(Scope.of(HERE)) as session:
        assert keep(session, "providers.toewijzen", handlers=jobs.HANDLERS)
    (line,) = street.aanbieder.get("/aanbieder/toewijzingen").json["resultaten"]
    return line["referentie"]


class TestAanbieders:
    def test_says_who_fits_and_why_not(self, street):
        with street.database.transaction(Scope.of(HERE)) as session:
            build.contractregel(session, product_code="13A01")

        found = street.consulent.get(f"{street.right}/aanbieders").json["aanbieders"]

        assert found[0]["past"] is True
        assert found[-1]["past"] is False
        (reason, *_) = found[-1]["redenen"]
        assert reason["code"] == "product_niet_in_contract"
        assert reason["sluit_uit"] is True

    def test_shows_contracts_to_the_gemeente_only(self, street):
        listed = street.consulent.get("/contracten").json["resultaten"]
        shown = street.consulent.get(f"/contracten/{listed[0]['id']}").json

        assert len(listed) == 2
        assert shown == listed[0]
        refused(street.aanbieder.get("/contracten"), 403)


class TestVerzoek:
    def test_says_no_name(self, street, asked):
        where = f"/aanbieder/plaatsingsverzoeken/{asked}"

        shown = street.aanbieder.get(where)

        assert shown.json["omschrijving"] == "Hulp bij zwaar werk."
        body = shown.get_data(as_text=True)
        for secret in (street.name, "motief", "kandidaten", "dossier", "kent deze"):
            assert secret not in body
        (line,) = street.aanbieder.get("/aanbieder/plaatsingsverzoeken").json[
            "resultaten"
        ]
        assert line["referentie"] == asked

    def test_is_not_there_for_another_aanbieder(self, street, asked):
        where = f"/aanbieder/plaatsingsverzoeken/{asked}"

        refused(street.other.get(where), 404)
        refused(street.other.post(f"{where}/accepteren", {"startdatum": TODAY}), 404)
        listed = street.other.get("/aanbieder/plaatsingsverzoeken").json
        assert listed["resultaten"] == []

    def test_is_answered_once(self, street, asked):
        where = f"/aanbieder/plaatsingsverzoeken/{asked}"
        seen = street.aanbieder.seen(where)
        no = {"grond": "niet_passend"}

        refused(street.aanbieder.post(f"{where}/weigeren", no), 428)
        answer = street.aanbieder.post(f"{where}/weigeren", no, If_Match=seen)
        assert answer.json["status"] == "geweigerd"
        refused(street.aanbieder.post(f"{where}/weigeren", no, If_Match=seen), 412)
        refused(do(street.aanbieder, where, "accepteren", {"startdatum": TODAY}), 409)

    def test_follows_the_rules(self, street, asked):
        again = street.consulent.post(f"{street.right}/plaatsingsverzoeken", street.ask)
        refused(again, 409)
        where = f"/aanbieder/plaatsingsverzoeken/{asked}"
        early = {"startdatum": "2020-01-01"}
        answer = do(street.aanbieder, where, "accepteren", early)
        assert refused(answer, 409)["errors"][0]["field"] == "startdatum"

    def test_is_asked_and_answered_by_the_right_side(self, street, asked):
        refused(street.aanbieder.get(f"/plaatsingsverzoeken/{asked}"), 403)
        refused(street.consulent.get(f"/aanbieder/plaatsingsverzoeken/{asked}"), 403)
        narrow = machine(street.app, street.person, "plaatsing:read")
        answer = narrow.post(f"{street.right}/plaatsingsverzoeken", street.ask)
        refused(answer, 403)

    def test_is_taken_back_by_the_gemeente(self, street, asked):
        where = f"/plaatsingsverzoeken/{asked}"

        gone = do(street.consulent, where, "intrekken")

        assert gone.json["status"] == "ingetrokken"
        listed = street.consulent.get(f"{street.file}/plaatsingsverzoeken").json
        assert [each["status"] for each in listed["resultaten"]] == ["ingetrokken"]


class TestToewijzing:
    def test_opens_the_shared_part_and_starts_and_stops(self, street, given):
        where = f"/aanbieder/toewijzingen/{given}"
        assert (
            street.name in street.aanbieder.get(where).json["gedeeld"]["client"]["naam"]
        )
        ending = {"stopdatum": TODAY, "reden": "19"}
        refused(do(street.aanbieder, where, "stop", ending), 409)

        begun = do(street.aanbieder, where, "start", {"startdatum": TODAY})
        assert begun.json["status"] == "gestart", begun.json
        refused(do(street.aanbieder, where, "start", {"startdatum": TODAY}), 409)

        assert do(street.aanbieder, where, "stop", ending).json["stopreden"] == "19"

    def test_is_seen_by_the_gemeente(self, street, given):
        shown = street.consulent.get(f"/toewijzingen/{given}").json
        listed = street.consulent.get(f"{street.file}/toewijzingen").json["resultaten"]

        assert [each["referentie"] for each in listed] == [shown["referentie"]]

    def test_is_ended_by_the_gemeente(self, street, given):
        where, last = f"/toewijzingen/{given}", {"geeindigd_op": TODAY}
        refused(do(street.aanbieder, f"/aanbieder{where}", "beeindigen", last), 404)
        refused(street.aanbieder.post(f"{where}/beeindigen", last), 403)

        ended = do(street.consulent, where, "beeindigen", last)

        assert ended.json["geeindigd_op"] == TODAY, ended.json
        refused(do(street.consulent, where, "beeindigen", last), 409)

    def test_is_not_there_for_another_aanbieder(self, street, given):
        where = f"/aanbieder/toewijzingen/{given}"

        refused(street.other.get(where), 404)
        refused(street.other.post(f"{where}/start", {"startdatum": TODAY}), 404)

    def test_is_made_at_once_only_where_the_contract_says_so(self, street):
        body = {"contractregel_id": street.ask["contractregel_id"], "van": TODAY}
        where = f"{street.right}/toewijzingen"
        refused(street.consulent.post(where, body), 409)
        with street.database.transaction(Scope.of(HERE)) as session:
            direct = build.contractregel(session, plaatsingsverzoek=False)

        made = street.consulent.post(
            where, {**body, "contractregel_id": str(direct.id)}
        )

        assert made.status_code == 201, made.json
        assert street.consulent.get(made.headers["Location"]).json == made.json
