"""The onderzoek through the API: from start to the end, and what is refused."""

from datetime import UTC, datetime, timedelta

import pytest

from api.test_frame import refused
from build import gemeente
from build import onderzoek as onderzoeken
from build.machine import machine, new_key
from loket.authz import Role
from loket.cases.dossier.dossier import Dossier
from loket.cases.dossier.operations import shield_dossier
from loket.cases.onderzoek.onderzoek import Onderzoek
from loket.db import Scope
from loket.termijnen import dag_van, vandaag

HERE = "0396"
TALK = {
    "vorm": "thuis",
    "gevoerd_op": gemeente.TODAY.isoformat(),
    "aanwezigen": "De cliënt",
    "woorden_client": "Ik wil hier blijven wonen.",
}


@pytest.fixture
def begun(town, melding):
    """The address of an onderzoek of a new melding, just begun."""
    made = town.frontoffice.post("/meldingen", melding).json
    started = town.consulent.post(f"/dossiers/{made['dossier']}/onderzoek")
    assert started.status_code == 201, started.json
    town.file = made["dossier"]
    town.need = started.json["behoeften"][0]["id"]
    town.onderzoek_id = started.json["id"]
    return started.headers["Location"]


def do(by, where, deed, body=None, method="POST", **headers):
    """Do something with the onderzoek as it was seen."""
    seen = {"If_Match": by.seen(where)} | headers
    return by.send(method, f"{where}/{deed}", body, **seen)


class TestOnderzoek:
    def test_starts_once(self, town, begun):
        assert town.consulent.get(begun).json["status"] == "bezig"

        refused(town.consulent.post(f"/dossiers/{town.file}/onderzoek"), 409)

    def test_is_listed_without_what_was_told(self, town, begun):
        do(town.consulent, begun, "gesprekken", TALK)

        answer = town.consulent.get("/onderzoeken")

        (line,) = answer.json["resultaten"]
        assert (line["dossier"], line["status"]) == (town.file, "bezig")
        assert "blijven wonen" not in answer.get_data(as_text=True)

    def test_is_completed_when_everything_is_there(self, town, begun):
        by = town.consulent
        early = refused(do(by, begun, "afronden"), 409)
        assert "een gesprek" in early["detail"]

        told = {"woorden_client": "Zo is het.", "beoordeling": "Dat zien wij ook."}
        letters = [{"letter": letter} | told for letter in "abcdefg"]
        text = {"samenvatting": "Kort.", "conclusie": "Hulp past."}
        help_at_home = {
            "behoefte_id": town.need,
            "soort": "maatwerk",
            "toelichting": "Het zware werk lukt niet.",
            "product_code": "01A01",
            "volume": 120,
            "frequentie": "2",
            "gewenste_vorm": "natura",
        }
        for deed, body, method in (
            ("identiteit", {"bewijs": "paspoort"}, "POST"),
            ("huishouden", {"leden": [{"naam": "Piet", "hulp": "Kookt"}]}, "POST"),
            ("gesprekken", TALK, "POST"),
            ("onderwerpen", {"onderwerpen": letters}, "PATCH"),
            ("oplossingen", help_at_home, "POST"),
            ("pgb-informatie", None, "POST"),
            ("verslag", text, "POST"),
        ):
            answer = do(by, begun, deed, body, method)
            assert answer.status_code == 200, (deed, answer.json)
        assert answer.json["ontbreekt"] == []

        done = do(by, begun, "afronden").json

        assert done["status"] == "afgerond"
        assert done["huishouden"][0]["naam"] == "Piet"
        assert done["onderwerpen"][0]["beoordeling"] == "Dat zien wij ook."
        refused(do(by, begun, "gesprekken", TALK), 409)

    def test_keeps_of_an_onderwerp_what_is_not_sent(self, town, begun):
        for part in ({"woorden_client": "Moe."}, {"beoordeling": "Zien wij."}):
            body = {"onderwerpen": [{"letter": "a"} | part]}
            answer = do(town.consulent, begun, "onderwerpen", body, "PATCH")

        (told,) = answer.json["onderwerpen"]
        assert (told["woorden_client"], told["beoordeling"]) == ("Moe.", "Zien wij.")

    @pytest.mark.parametrize(
        ("body", "field"),
        [
            ({"onderwerpen": [{"letter": "a"}]}, "onderwerpen.0.woorden_client"),
            ({"onderwerpen": [{"letter": "z"}]}, "onderwerpen.0.letter"),
            ({"onderwerpen": []}, "onderwerpen"),
        ],
    )
    def test_says_what_is_missing(self, town, begun, body, field):
        answer = do(town.consulent, begun, "onderwerpen", body, "PATCH")

        assert field in [e["field"] for e in refused(answer, 422)["errors"]]

    def test_changes_only_as_it_was_seen(self, town, begun):
        seen = town.consulent.seen(begun)
        do(town.consulent, begun, "gesprekken", TALK)

        where = f"{begun}/gesprekken"
        refused(town.consulent.post(where, TALK), 428)
        refused(town.consulent.post(where, TALK, If_Match=seen), 412)

    def test_hears_the_same_talk_once(self, town, begun):
        key, seen = new_key(), town.consulent.seen(begun)
        for _ in range(2):
            answer = town.consulent.post(
                f"{begun}/gesprekken", TALK, If_Match=seen, Idempotency_Key=key
            )

        assert len(answer.json["gesprekken"]) == 1
        other = TALK | {"woorden_client": "Iets anders."}
        answer = town.consulent.post(
            f"{begun}/gesprekken", other, If_Match=seen, Idempotency_Key=key
        )
        refused(answer, 409)

    def test_is_not_for_another_role_or_scope(self, town, begun):
        narrow = machine(town.app, town.users[Role.CONSULENT], "dossier:read")
        for by in (town.frontoffice, narrow):
            refused(do(by, begun, "gesprekken", TALK), 403)


class TestLeefgebied:
    @pytest.fixture
    def opened(self, town, begun):
        body = {"soort": "financien", "behoefte_id": town.need, "reden": "Schulden."}
        answer = do(town.consulent, begun, "leefgebieden", body)
        assert answer.status_code == 200, answer.json
        town.body = body
        return begun

    def test_is_opened_for_a_need_and_then_written_in(self, town, opened):
        for part in ({"woorden_client": "Krap."}, {"beoordeling": "Zien wij."}):
            body = {"leefgebieden": [{"soort": "financien"} | part]}
            answer = do(town.consulent, opened, "leefgebieden", body, "PATCH")

        (told,) = answer.json["leefgebieden"]
        assert (told["woorden_client"], told["beoordeling"]) == ("Krap.", "Zien wij.")
        assert told["reden"] == "Schulden."
        again = do(town.consulent, opened, "leefgebieden", town.body)
        assert refused(again, 409)["errors"][0]["field"] == "soort"

    def test_stays_shut_without_a_need_of_this_client(self, town, begun):
        body = {"soort": "financien", "behoefte_id": town.onderzoek_id, "reden": "x"}

        answer = do(town.consulent, begun, "leefgebieden", body)

        assert refused(answer, 409)["errors"][0]["field"] == "behoefte_id"
        told = {"leefgebieden": [{"soort": "financien", "beoordeling": "x"}]}
        refused(do(town.consulent, begun, "leefgebieden", told, "PATCH"), 409)


class TestVerslag:
    TEXT = {"samenvatting": "Kort.", "conclusie": "Hulp past."}

    def test_is_answered_by_the_client(self, town, begun):
        early = do(town.consulent, begun, "reactie", {"reactie": "akkoord"})
        assert "nog geen verslag" in refused(early, 409)["detail"]
        do(town.consulent, begun, "verslag", self.TEXT)
        seen, where = town.consulent.seen(begun), f"{begun}/reactie"
        signed = {"reactie": "akkoord", "ondertekend_op": vandaag().isoformat()}

        no_words = {"reactie": "akkoord_met_opmerkingen"}
        answer = do(town.consulent, begun, "reactie", no_words)
        assert refused(answer, 409)["errors"][0]["field"] == "opmerkingen"
        refused(do(town.frontoffice, begun, "reactie", signed), 403)
        (told,) = do(town.consulent, begun, "reactie", signed).json["verslagen"]

        assert (told["reactie"], told["ondertekend_op"]) == tuple(signed.values())
        refused(town.consulent.post(where, signed, If_Match=seen), 412)
        refused(town.consulent.post(where, signed), 428)

    def test_may_come_later_when_the_client_agrees(self, town, begun):
        past = do(town.consulent, begun, "later", {"tot": "2026-11-01"})
        assert refused(past, 409)["errors"][0]["field"] == "tot"

        answer = do(town.consulent, begun, "later", {"tot": "2099-01-01"})

        assert answer.json["afgesproken_tot"] == "2099-01-01"

    def test_is_not_needed_where_no_aanvraag_comes(self, town, begun):
        need = {"omschrijving": "Onder de mensen komen", "domeinen": ["dagbesteding"]}
        added = do(town.consulent, begun, "behoeften", need).json["behoeften"]
        assert added[-1]["domeinen"] == ["dagbesteding"]
        never = do(town.consulent, begun, "sluiten", {"reden": "besluit_uitgevoerd"})
        assert refused(never, 409)["errors"][0]["field"] == "reden"

        answer = do(town.consulent, begun, "sluiten", {"reden": "netwerk"})

        assert answer.json["afsluitreden"] == "netwerk"
        shown = town.consulent.get(f"/dossiers/{town.file}").json
        assert shown["afsluitreden"] == "netwerk"
        refused(do(town.consulent, begun, "behoeften", need), 409)


class TestElsewhere:
    def test_is_not_there(self, town):
        with town.database.transaction(Scope.of("0375")) as session:
            gemeente.gemeente(session, "0375", "Elders")
            by = gemeente.actor(Role.CONSULENT, gemeente="0375")
            other = onderzoeken.onderzoek(session, by)

        refused(town.consulent.get(f"/onderzoeken/{other.id}"), 404)

    def test_afgeschermd_is_not_there(self, town, begun):
        with town.database.transaction(Scope.of(HERE)) as session:
            onderzoek = session.get_one(Onderzoek, town.onderzoek_id)
            dossier = session.get_one(Dossier, onderzoek.dossier_id)
            made = onderzoeken.afspraak(session, onderzoek)
            by = gemeente.actor_of(town.users[Role.TEAMLEIDER], Role.TEAMLEIDER)
            shield_dossier(session, by, gemeente.NOW, dossier=dossier, user_ids=[])

        refused(town.consulent.get(begun), 404)
        refused(town.consulent.get(f"/resultaatafspraken/{made.id}"), 404)
        assert town.consulent.get("/onderzoeken").json["resultaten"] == []


class TestAfspraak:
    @pytest.fixture
    def agreed(self, town, begun):
        body = {
            "behoefte_id": town.need,
            "resultaat": "Het huis is schoon.",
            "meetwijze": "Wij kijken samen rond.",
            "nulmeting": 2,
            "doel": 4,
            "meetdatum": (gemeente.TODAY + timedelta(days=2000)).isoformat(),
        }
        made = town.consulent.post(f"{begun}/resultaatafspraken", body)
        assert made.status_code == 201, made.json
        return made.headers["Location"], begun, body

    def test_is_agreed_and_scored(self, town, agreed):
        where, begun, _ = agreed
        today = dag_van(datetime.now(UTC)).isoformat()
        score = {"beoordelaar": "client", "score": 3, "gemeten_op": today}

        scored = do(town.consulent, where, "scores", score)

        assert [each["score"] for each in scored.json["scores"]] == [3]
        listed = town.consulent.get(begun).json["resultaatafspraken"]
        assert [each["resultaat"] for each in listed] == ["Het huis is schoon."]
        (line,) = town.consulent.get(f"{begun}/resultaatafspraken").json["resultaten"]
        assert line == listed[0]

    def test_follows_the_rules(self, town, agreed):
        _, begun, body = agreed
        wrong = {"doel": 1, "behoefte_id": town.onderzoek_id}

        for field, value in wrong.items():
            answer = town.consulent.post(
                f"{begun}/resultaatafspraken", body | {field: value}
            )
            assert [e["field"] for e in refused(answer, 409)["errors"]] == [field]
