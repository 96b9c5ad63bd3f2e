"""Meldingen, dossiers and contacts through the API, as the pages have them."""

import pytest
from sqlalchemy import event

from api.test_frame import CONTACT, refused
from build import gemeente
from build import melding as meldingen
from build.machine import machine
from loket.authz import Role
from loket.cases.dossier.dossier import Dossier
from loket.cases.dossier.operations import shield_dossier
from loket.db import Scope

HERE = "0396"


class TestMelding:
    def test_opens_a_dossier(self, town, melding):
        answer = town.frontoffice.post("/meldingen", melding)

        assert answer.status_code == 201, answer.json
        shown = town.frontoffice.get(answer.headers["Location"])
        assert shown.json == answer.json
        assert shown.json["behoeften"][0]["omschrijving"] == "Een schoon huis"
        dossier = town.frontoffice.get(f"/dossiers/{answer.json['dossier']}")
        assert dossier.json["client"]["naam"].endswith("Duinroos")

    def test_of_somebody_known_asks_who(self, town, melding):
        first = town.frontoffice.post("/meldingen", melding).json

        found = refused(town.frontoffice.post("/meldingen", melding), 409)

        assert found["errors"][0]["field"] == "persoon"
        dossier = town.frontoffice.get(f"/dossiers/{first['dossier']}").json
        del melding["persoon"]
        known = melding | {"inwoner_id": dossier["client"]["id"]}
        assert town.frontoffice.post("/meldingen", known).status_code == 201

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"persoon": {"achternaam": "Duinroos"}}, "persoon.geboortedatum"),
            ({"persoon": {"achternaam": "D", "bsn": "123456789"}}, "persoon.bsn"),
            ({"spoed": True}, "spoed_toelichting"),
            ({"spoed": "ja"}, "spoed"),
            ({"ontvangen_op": "20-11-2026"}, "ontvangen_op"),
            ({"behoeften": []}, "behoeften"),
            (
                {"behoeften": [{"omschrijving": "Iets", "domeinen": ["x"]}]},
                "behoeften.0.domeinen.0",
            ),
            ({"inwoner_id": "00000000-0000-7000-8000-000000000001"}, "persoon"),
        ],
    )
    def test_says_what_is_missing(self, town, melding, change, field):
        found = refused(town.frontoffice.post("/meldingen", melding | change), 422)

        assert field in [each["field"] for each in found["errors"]]

    def test_takes_in_the_persoonlijk_plan_as_it_was_seen(self, town, melding):
        made = town.frontoffice.post("/meldingen", melding)
        where = made.headers["Location"]
        plan = {"ontvangen_op": "2026-11-21"}

        refused(town.frontoffice.post(f"{where}/persoonlijk-plan", plan), 428)
        answer = town.frontoffice.post(
            f"{where}/persoonlijk-plan", plan, If_Match=made.headers["ETag"]
        )

        assert answer.json["plan_ontvangen_op"] == "2026-11-21"

    def test_list_holds_nothing_that_was_told(self, town, melding):
        town.frontoffice.post("/meldingen", melding)

        answer = town.frontoffice.get("/meldingen")

        assert len(answer.json["resultaten"]) == 1
        assert "huishouden niet meer" not in answer.get_data(as_text=True)


class TestShielded:
    @pytest.fixture
    def shielded(self, town):
        with town.database.transaction(Scope.of(HERE)) as session:
            melding = meldingen.melding(session)
            dossier = session.get_one(Dossier, melding.dossier_id)
            by = gemeente.actor_of(town.users[Role.TEAMLEIDER], Role.TEAMLEIDER)
            shield_dossier(session, by, gemeente.NOW, dossier=dossier, user_ids=[])
        town.hidden = dossier.referentie
        town.melding_id = melding.id
        return town

    def test_is_not_there_for_others(self, shielded):
        refused(shielded.consulent.get(f"/dossiers/{shielded.hidden}"), 404)
        refused(shielded.consulent.get(f"/meldingen/{shielded.melding_id}"), 404)
        for path in ("/dossiers", "/meldingen"):
            body = shielded.consulent.get(path).get_data(as_text=True)
            assert shielded.hidden not in body

    def test_is_there_for_who_was_named(self, shielded):
        where = f"/dossiers/{shielded.hidden}"

        assert shielded.teamleider.get(where).status_code == 200


class TestContactmoment:
    def test_is_recorded_and_listed(self, town):
        made = town.consulent.post(f"{town.at}/contactmomenten", CONTACT)

        assert made.status_code == 201
        assert town.consulent.get(made.headers["Location"]).json == made.json
        listed = town.consulent.get(f"{town.at}/contactmomenten").json["resultaten"]
        assert [each["id"] for each in listed] == [made.json["id"]]
        assert "tekst" not in listed[0]

    def test_is_not_for_who_may_not_change(self, town):
        refused(town.teamleider.post(f"{town.at}/contactmomenten", CONTACT), 403)


class TestQueries:
    @pytest.mark.parametrize("path", ["/dossiers", "/meldingen"])
    def test_of_a_list_do_not_grow_with_the_rows(self, town, path):
        def asked():
            seen = []
            engine = town.database.engine
            from_app = town.app.extensions["loket"].database.engine
            assert engine is from_app

            def note(*args):
                seen.append(args[2])

            event.listen(engine, "before_cursor_execute", note)
            assert town.frontoffice.get(path).status_code == 200
            event.remove(engine, "before_cursor_execute", note)
            return len(seen)

        self.add(town, 2)
        few = asked()
        self.add(town, 6)

        assert asked() == few

    def add(self, town, number):
        with town.database.transaction(Scope.of(HERE)) as session:
            for _ in range(number):
                meldingen.melding(session)


class TestOwnWork:
    def test_of_a_consulent_leaves_out_what_another_has(self, town):
        with town.database.transaction(Scope.of(HERE)) as session:
            other = gemeente.user(session, Role.CONSULENT)
            melding = meldingen.melding(session)
            dossier = session.get_one(Dossier, melding.dossier_id)
        lead = town.teamleider
        where = f"/dossiers/{dossier.referentie}"
        lead.send(
            "PATCH", where, {"consulent_id": str(other.id)}, If_Match=lead.seen(where)
        )

        mine = town.consulent.get("/dossiers").get_data(as_text=True)
        theirs = machine(town.app, other).get("/dossiers").get_data(as_text=True)

        assert dossier.referentie not in mine
        assert dossier.referentie in theirs
