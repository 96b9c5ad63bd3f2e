"""Aanvraag, beschikking and right through the API, and what is refused."""

from datetime import timedelta

import pytest

from api.test_frame import refused
from api.test_onderzoek import do
from build import besluit as besluiten
from build import gemeente
from build.machine import Machine, machine
from loket.authz import Role
from loket.cases.besluit.beschikking import Beschikking
from loket.cases.dossier.dossier import Dossier
from loket.cases.dossier.operations import shield_dossier
from loket.db import Scope

HERE = "0396"
AANVRAAG = {
    "vorm": "formulier",
    "ontvangen_op": gemeente.TODAY.isoformat(),
    "items": [{"product_code": "01A01", "gewenste_vorm": "natura"}],
}
GRANT = {
    "soort": "toekennen",
    "motivering": "U kunt het zware werk niet zelf.",
    "leveringsvorm": "natura",
    "volume": 120,
    "frequentie": "2",
    "ingangsdatum": "2026-12-01",
    "einddatum": "2028-11-30",
    "bedrag_cent": 390_000,
}


@pytest.fixture
def asked(town):
    """An aanvraag in a dossier of which the six weeks have passed."""
    with town.database.transaction(Scope.of(HERE)) as session:
        file = besluiten.dossier(session)
    town.file = file
    town.where = f"/dossiers/{file.referentie}"
    answer = town.consulent.post(f"{town.where}/aanvragen", AANVRAAG)
    assert answer.status_code == 201, answer.json
    return answer.json


@pytest.fixture
def concept(town, asked):
    """The address of a concept that grants what was asked."""
    body = {
        "aanvragen": [asked["id"]],
        "motivering": "Uw dochter helpt met de was.",
        "regels": [GRANT | {"aanvraag_item_id": asked["items"][0]["id"]}],
    }
    made = town.consulent.post(f"{town.where}/beschikkingen", body)
    assert made.status_code == 201, made.json
    town.body = body
    return made.headers["Location"]


class TestAanvraag:
    def test_starts_its_clock_and_is_listed(self, town, asked):
        shown = town.consulent.get(f"/aanvragen/{asked['id']}").json
        listed = town.consulent.get(f"{town.where}/aanvragen").json["resultaten"]

        assert shown == asked == listed[0]
        assert shown["status"] == "open"

    def test_waits_for_the_onderzoek(self, town, melding):
        made = town.frontoffice.post("/meldingen", melding).json

        answer = town.consulent.post(f"/dossiers/{made['dossier']}/aanvragen", AANVRAAG)

        assert refused(answer, 409)["errors"][0]["field"] == "ontvangen_op"

    def test_is_not_for_another_role(self, town, asked):
        refused(town.teamleider.post(f"{town.where}/aanvragen", AANVRAAG), 403)


class TestClock:
    STOP = {
        "grond": "aanvulling",
        "gevraagd_op": gemeente.TODAY.isoformat(),
        "uiterlijk": (gemeente.TODAY + timedelta(days=10)).isoformat(),
    }

    def test_stands_still_and_runs_again(self, town, asked):
        by, where = town.consulent, f"/aanvragen/{asked['id']}"

        stopped = do(by, where, "opschorten", self.STOP).json

        assert stopped["besluit_tot"] > asked["besluit_tot"]
        (pause,) = stopped["opschortingen"]
        assert pause["laatste_dag"] is None
        again = {"opschorting_id": pause["id"], "aangevuld_op": self.STOP["uiterlijk"]}
        future = do(by, where, "hervatten", again | {"aangevuld_op": "2099-01-01"})
        assert refused(future, 409)["errors"][0]["field"] == "aangevuld_op"
        unknown = do(by, where, "hervatten", again | {"opschorting_id": asked["id"]})
        assert refused(unknown, 409)["errors"][0]["field"] == "opschorting_id"
        again["aangevuld_op"] = self.STOP["gevraagd_op"]
        resumed = do(by, where, "hervatten", again)
        assert resumed.json["opschortingen"][0]["laatste_dag"], resumed.json
        refused(do(by, where, "hervatten", again), 409)

    def test_stops_for_good_when_the_client_takes_it_back(self, town, asked):
        where = f"/aanvragen/{asked['id']}"
        seen = town.consulent.seen(where)
        backwards = self.STOP | {"uiterlijk": self.STOP["gevraagd_op"]}
        answer = do(town.consulent, where, "opschorten", backwards)
        assert refused(answer, 409)["errors"][0]["field"] == "uiterlijk"
        refused(do(town.teamleider, where, "opschorten", self.STOP), 403)
        do(town.consulent, where, "opschorten", self.STOP)
        refused(town.consulent.post(f"{where}/intrekken"), 428)
        refused(town.consulent.post(f"{where}/intrekken", If_Match=seen), 412)

        gone = do(town.consulent, where, "intrekken")

        assert gone.json["status"] == "ingetrokken", gone.json
        assert gone.json["items"] == asked["items"]
        refused(do(town.consulent, where, "intrekken"), 409)


class TestVoorziening:
    def test_ends_by_a_fact_and_not_by_a_decision(self, town, concept):
        do(town.consulent, concept, "besluit")
        (right,) = town.consulent.get(f"{town.where}/voorzieningen").json["resultaten"]
        by, where = town.consulent, f"/voorzieningen/{right['id']}"
        last = {"geeindigd_op": "2027-01-31"}
        no = do(by, where, "beeindigen", last | {"reden": "ingetrokken"})
        assert refused(no, 409)["errors"][0]["field"] == "reden"
        shut = do(by, town.where, "sluiten", {"reden": "besluit_uitgevoerd"})
        assert "er loopt een voorziening" in refused(shut, 409)["detail"]
        refused(do(town.teamleider, where, "beeindigen", last), 403)

        ended = do(by, where, "beeindigen", last | {"reden": "verhuisd"})

        assert ended.json["geeindigd_op"] == "2027-01-31", ended.json
        assert [each["tot"] for each in ended.json["regels"]] == ["2027-01-31"]

    def test_that_is_not_there_lets_a_dossier_close(self, town):
        closed = do(town.consulent, town.at, "sluiten", {"reden": "ingetrokken"})

        assert closed.json["afsluitreden"] == "ingetrokken", closed.json


class TestBeschikking:
    def test_is_decided_once_and_opens_a_right(self, town, concept):
        by = town.consulent
        early = by.get(f"{concept}/brief.pdf")
        refused(early, 409)
        seen = by.seen(concept)

        decided = by.post(f"{concept}/besluit", If_Match=seen)

        assert decided.json["status"] == "besloten", decided.json
        (right,) = by.get(f"{town.where}/voorzieningen").json["resultaten"]
        assert right == by.get(f"/voorzieningen/{right['id']}").json
        assert [each["volume"] for each in right["regels"]] == [120]
        refused(do(by, concept, "besluit"), 409)
        refused(by.post(f"{concept}/besluit", If_Match=seen), 412)
        refused(by.post(f"{concept}/besluit"), 428)

    def test_has_its_letter_when_the_worker_made_it(self, town, concept):
        do(town.consulent, concept, "besluit")
        waiting = town.consulent.get(f"{concept}/brief.pdf", Accept="application/pdf")
        assert (waiting.status_code, waiting.headers["Retry-After"]) == (202, "5")

        with town.database.transaction(Scope.of(HERE)) as session:
            besluiten.keep(session, "letters.beschikking")

        letter = town.consulent.get(f"{concept}/brief.pdf", Accept="application/pdf")
        assert letter.mimetype == "application/pdf"
        assert letter.get_data().startswith(b"%PDF")
        with town.database.transaction(Scope.of(HERE)) as session:
            admin = gemeente.user(session, Role.ADMINISTRATIE)
        clerk = machine(town.app, admin)
        today = town.consulent.get(concept).json["besloten_op"]
        sent = do(clerk, concept, "bekendmaking", {"bekendgemaakt_op": today})
        assert sent.json["status"] == "bekendgemaakt", sent.json
        assert sent.json["bezwaar_tot"] > today

        no = {"ontvangen_op": today, "gronden": "Het is te weinig."}
        unknown = no | {"besluitregel_id": sent.json["id"]}
        answer = do(town.consulent, concept, "bezwaar", unknown)
        assert refused(answer, 409)["errors"][0]["field"] == "besluitregel_id"
        regel = no | {"besluitregel_id": sent.json["regels"][0]["id"]}
        (heard,) = do(town.consulent, concept, "bezwaar", regel).json["bezwaren"]
        assert (heard["op_tijd"], heard["status"]) == (True, "open")
        assert "gronden" not in heard

    def test_is_not_made_known_before_it_is_decided(self, town, concept):
        with town.database.transaction(Scope.of(HERE)) as session:
            admin = gemeente.user(session, Role.ADMINISTRATIE)
        day = {"bekendgemaakt_op": gemeente.TODAY.isoformat()}

        refused(do(machine(town.app, admin), concept, "bekendmaking", day), 409)
        refused(do(town.consulent, concept, "bekendmaking", day), 403)

    @pytest.mark.parametrize(
        ("regel", "status", "field"),
        [
            ({"soort": "toekennen", "motivering": "x"}, 422, "regels.0.volume"),
            (GRANT, 422, "regels.0.aanvraag_item_id"),
            (
                GRANT | {"product_code": "01A01", "herzieningsgrond": "a"},
                422,
                "regels.0.herzieningsgrond",
            ),
            (
                GRANT | {"aanvraag_item_id": "00000000-0000-7000-8000-000000000001"},
                409,
                "regels.0.aanvraag_item_id",
            ),
            (
                GRANT | {"product_code": "01A01", "einddatum": "2026-11-01"},
                409,
                "regels.0.einddatum",
            ),
        ],
    )
    def test_says_at_which_field_it_is_wrong(self, town, asked, regel, status, field):
        body = {"aanvragen": [], "motivering": "x", "regels": [regel]}

        answer = town.consulent.post(f"{town.where}/beschikkingen", body)

        assert field in [e["field"] for e in refused(answer, status)["errors"]]

    def test_about_an_aanvraag_of_another_dossier_is_refused(self, town, concept):
        answer = town.consulent.post(f"{town.at}/beschikkingen", town.body)

        assert refused(answer, 409)["errors"][0]["field"] == "aanvragen"

    def test_takes_a_regel_more(self, town, concept):
        regel = {
            "soort": "weigeren",
            "motivering": "Een gewone zaak.",
            "product_code": "13A01",
            "weigeringsgrond_code": "bestaat_niet",
        }

        answer = do(town.consulent, concept, "regels", regel)

        assert refused(answer, 409)["errors"][0]["field"] == "weigeringsgrond_code"
        grant = GRANT | {"product_code": "13A01", "frequentie": "6", "volume": 1}
        added = do(town.consulent, concept, "regels", grant)
        assert [each["product_code"] for each in added.json["regels"]] == [
            "01A01",
            "13A01",
        ]

    def remove(self, by, concept, regel, **headers):
        headers = headers or {"If_Match": by.seen(concept)}
        return by.send("DELETE", f"{concept}/regels/{regel}", **headers)

    def test_gives_a_regel_back(self, town, concept):
        by = town.consulent
        grant = GRANT | {"product_code": "13A01", "frequentie": "6", "volume": 1}
        kept, other = do(by, concept, "regels", grant).json["regels"]

        gone = self.remove(by, concept, kept["id"])

        assert (gone.status_code, gone.json["regels"]) == (200, [other]), gone.json
        assert gone.headers["ETag"] == by.seen(concept)
        again = GRANT | {"aanvraag_item_id": town.body["regels"][0]["aanvraag_item_id"]}
        assert do(by, concept, "regels", again).status_code == 200

    def test_keeps_a_regel_that_was_not_seen_as_it_is(self, town, concept):
        by = town.consulent
        seen, regel = by.seen(concept), by.get(concept).json["regels"][0]["id"]
        elsewhere = by.seen(town.where)
        path = f"{concept}/regels/{regel}"
        refused(by.send("DELETE", path), 428)
        grant = GRANT | {"product_code": "13A01", "frequentie": "6", "volume": 1}
        do(by, concept, "regels", grant)

        refused(self.remove(by, concept, regel, If_Match=seen), 412)
        refused(self.remove(by, concept, regel, If_Match=elsewhere), 412)

        assert len(by.get(concept).json["regels"]) == 2

    def test_gives_no_regel_of_another_back(self, town, concept):
        by = town.consulent
        regel = by.get(concept).json["regels"][0]["id"]
        body = {"aanvragen": [], "motivering": "x"}
        other = by.post(f"{town.where}/beschikkingen", body).headers["Location"]

        refused(self.remove(by, other, regel), 404)
        refused(self.remove(by, concept, town.body["aanvragen"][0]), 404)
        refused(self.remove(by, concept, "geen-id", If_Match="x"), 404)

        assert len(by.get(concept).json["regels"]) == 1

    def test_gives_a_regel_back_to_who_draws_up_only(self, town, concept):
        seen = town.consulent.get(concept)
        regel, tag = seen.json["regels"][0]["id"], seen.headers["ETag"]
        narrow = machine(town.app, town.users[Role.CONSULENT], "dossier:read")

        refused(self.remove(Machine(town.app), concept, regel, If_Match=tag), 401)
        refused(self.remove(narrow, concept, regel), 403)
        refused(self.remove(town.teamleider, concept, regel), 403)
        with town.database.transaction(Scope.of("0375")) as session:
            gemeente.gemeente(session, "0375", "Elders")
            stranger = gemeente.user(session, Role.CONSULENT, gemeente="0375")
        elsewhere = machine(town.app, stranger)
        refused(self.remove(elsewhere, concept, regel, If_Match=tag), 404)

        assert town.consulent.get(concept).headers["ETag"] == tag

    def test_that_was_decided_keeps_its_regels(self, town, concept):
        do(town.consulent, concept, "besluit")
        regel = town.consulent.get(concept).json["regels"][0]["id"]

        answer = self.remove(town.consulent, concept, regel)

        assert "al besloten" in refused(answer, 409)["detail"]
        assert len(town.consulent.get(concept).json["regels"]) == 1

    def test_is_not_there_for_who_may_not_see_it(self, town, concept):
        right = town.consulent.get(concept).json
        narrow = machine(town.app, town.users[Role.CONSULENT], "dossier:read")
        refused(do(narrow, concept, "besluit"), 403)
        with town.database.transaction(Scope.of(HERE)) as session:
            row = session.get_one(Beschikking, right["id"])
            dossier = session.get_one(Dossier, row.dossier_id)
            by = gemeente.actor_of(town.users[Role.TEAMLEIDER], Role.TEAMLEIDER)
            shield_dossier(session, by, gemeente.NOW, dossier=dossier, user_ids=[])

        for path in (concept, f"{concept}/brief.pdf", f"{town.where}/aanvragen"):
            refused(town.consulent.get(path), 404)
