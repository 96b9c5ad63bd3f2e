"""The frame of the API: who comes in, what is said when it goes wrong, once is once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from sqlalchemy import func, select, text

from build import dossier as people
from build import gemeente
from build.machine import Machine, machine, new_key, token
from loket.accounts.user import ApiToken, User
from loket.audit.record import AuditRecord
from loket.authz import SYSTEM_ID, Role
from loket.cases.dossier.contactmoment import Contactmoment
from loket.db import Scope

HERE, ELSEWHERE = "0396", "0375"
PROBLEM = "application/problem+json"
CONTACT = {"kanaal": "telefoon", "uitkomst": "informatie", "tekst": "Belde over hulp."}


def refused(answer, status):
    """Check that this is a problem of this status, and return it."""
    assert answer.status_code == status, answer.get_data(as_text=True)
    assert answer.mimetype == PROBLEM
    assert answer.json["status"] == status
    assert "Set-Cookie" not in answer.headers
    return answer.json


def count(town, what):
    with town.database.transaction(Scope.of(HERE)) as session:
        return session.scalar(select(func.count()).select_from(what))


class TestToken:
    def test_opens_what_the_person_may_see(self, town):
        answer = town.consulent.get(town.at)

        assert answer.status_code == 200
        assert answer.json["referentie"] == town.dossier.referentie
        assert "Set-Cookie" not in answer.headers

    def test_is_asked_for_whatever_is_sent_along(self, town):
        browser = gemeente.login(town.app, town.users[Role.CONSULENT])
        for headers in ({}, {"Accept": "text/html"}, {"Authorization": "Basic eDp5"}):
            answer = browser.get(f"/api/v1{town.at}", headers=headers)
            refused(answer, 401)
            assert answer.headers["WWW-Authenticate"].startswith("Bearer")

    def test_that_nobody_made_is_refused(self, town):
        refused(Machine(town.app, "loket_niets").get(town.at), 401)

    def test_that_expired_is_refused(self, town):
        person = town.users[Role.CONSULENT]
        _, secret = token(town.app, person, geldig_tot=date(2020, 1, 1))

        refused(Machine(town.app, secret).get(town.at), 401)

    def test_that_was_revoked_is_refused(self, town):
        made, secret = token(town.app, town.users[Role.CONSULENT])
        with town.database.transaction(Scope.of(HERE)) as session:
            row = session.get_one(ApiToken, made.id)
            row.revoked_at, row.revoked_by_id = gemeente.NOW, SYSTEM_ID

        refused(Machine(town.app, secret).get(town.at), 401)

    def test_of_somebody_out_of_service_is_refused(self, town):
        with town.database.transaction(Scope.of(HERE)) as session:
            person = session.get_one(User, town.users[Role.CONSULENT].id)
            person.deactivate(SYSTEM_ID, gemeente.NOW)

        refused(town.consulent.get(town.at), 401)

    def test_does_no_more_than_its_scopes(self, town):
        narrow = machine(town.app, town.users[Role.CONSULENT], "werkvoorraad:read")

        assert narrow.get("/dossiers").status_code == 200
        refused(narrow.get(town.at), 403)

    def test_does_no_more_than_the_roles(self, town, melding):
        refused(town.teamleider.post("/meldingen", melding), 403)

    def test_with_scopes_that_mean_nothing_opens_nothing(self, town):
        odd = machine(town.app, town.users[Role.CONSULENT], "alles dossier:*")

        refused(odd.get("/dossiers"), 403)

    def test_of_somebody_with_two_desks_says_which(self, town):
        with town.database.transaction(Scope.of(ELSEWHERE)) as session:
            gemeente.gemeente(session, ELSEWHERE, "Elders")
        with town.database.transaction(Scope.of(HERE)) as session:
            person = gemeente.user(session, Role.CONSULENT)
            people_at = gemeente.Aanstelling(
                user_id=person.id,
                rol=Role.CONSULENT,
                gemeente_code=ELSEWHERE,
                van=gemeente.START,
            )
            session.add(people_at)
        both = machine(town.app, person)

        refused(both.get(town.at), 401)
        refused(both.get(town.at, Loket_Werkplek="9999"), 401)
        refused(both.get(town.at, Loket_Werkplek=ELSEWHERE), 404)
        assert both.get(town.at, Loket_Werkplek=HERE).status_code == 200

    def test_is_named_in_the_trail(self, town):
        town.consulent.get(town.at)

        with town.database.transaction(Scope.of(HERE)) as session:
            line = session.scalars(
                select(AuditRecord)
                .where(AuditRecord.action == "dossier.read")
                .order_by(AuditRecord.id.desc())
            ).first()
        assert (line.via, line.authenticatie) == ("api", "token")
        assert line.user_id == town.users[Role.CONSULENT].id

    def test_calls_so_often_and_no_more(self, town):
        town.app.config["API_RATE"] = "2/minute"
        busy = machine(town.app, town.users[Role.CONSULENT])
        other = machine(town.app, town.users[Role.CONSULENT])

        statuses = [busy.get("/dossiers").status_code for _ in range(4)]

        assert statuses[:2] == [200, 200]
        answer = busy.get("/dossiers")
        refused(answer, 429)
        assert int(answer.headers["Retry-After"]) > 0
        assert other.get("/dossiers").status_code == 200


class TestProblem:
    def test_of_an_unknown_address(self, town):
        refused(town.consulent.get("/bestaatniet"), 404)

    def test_of_an_unknown_method(self, town):
        answer = town.consulent.send("DELETE", town.at)

        refused(answer, 405)
        assert "GET" in answer.headers["Allow"]

    def test_of_another_kind_of_answer(self, town):
        refused(town.consulent.get(town.at, Accept="text/csv"), 406)

    def test_of_something_that_is_no_json(self, town):
        where, client = f"/api/v1{town.at}/contactmomenten", town.consulent.client
        headers = town.consulent.headers

        form = client.post(where, data={"tekst": "a"}, headers=headers)
        refused(form, 415)
        endless = f'{{"tekst": {"9" * 5000}}}'
        for broken in ("{", "[" * 100_000, endless, b'{"tekst": "\xff"}'):
            json = headers | {"Content-Type": "application/json"}
            refused(client.post(where, data=broken, headers=json), 400)

    def test_of_far_too_much(self, town):
        town.app.config["MAX_CONTENT_LENGTH"] = 1000
        long = CONTACT | {"tekst": "a" * 2000}

        refused(town.consulent.post(f"{town.at}/contactmomenten", long), 413)

    def test_says_per_field_what_is_wrong_and_not_what_was_sent(self, town):
        wrong = {"kanaal": "duif-kanarie", "tekst": "", "kanarie piet": 1}

        found = refused(town.consulent.post(f"{town.at}/contactmomenten", wrong), 422)

        codes = {(each["field"], each["code"]) for each in found["errors"]}
        assert codes == {
            ("kanaal", "onbekende_keuze"),
            ("uitkomst", "verplicht"),
            ("tekst", "verplicht"),
            ("", "ongeldig"),
        }
        assert "kanarie" not in str(found)

    def test_of_a_bug_says_nothing_of_it(self, town, monkeypatch):
        town.app.testing = False
        town.app.config["PROPAGATE_EXCEPTIONS"] = False
        monkeypatch.setattr(
            "loket.cases.dossier.queries.list_betrokkenen",
            lambda *_: 1 / 0,
        )

        found = refused(town.consulent.get(town.at), 500)

        assert "zero" not in str(found)

    def test_of_a_rule_names_its_field(self, town):
        seen = town.teamleider.seen(town.at)
        body = {"consulent_id": str(town.users[Role.FRONTOFFICE].id)}

        found = refused(
            town.teamleider.send("PATCH", town.at, body, If_Match=seen), 409
        )

        assert [e["field"] for e in found["errors"]] == ["consulent_id"]


class TestEtag:
    def assign(self, town, **headers):
        body = {"consulent_id": str(town.users[Role.CONSULENT].id)}
        return town.teamleider.send("PATCH", town.at, body, **headers)

    def test_is_asked_for_at_a_change(self, town):
        refused(self.assign(town), 428)

    def test_of_any_state_says_nothing_about_what_was_seen(self, town):
        refused(self.assign(town, If_Match="*"), 428)

    @pytest.mark.parametrize("sent", ["", "W/{}", '"x"', "W/{}, *", '{}x"'])
    def test_of_nothing_that_was_seen_is_refused(self, town, sent):
        seen = town.teamleider.seen(town.at)

        refused(self.assign(town, If_Match=sent.format(seen)), 412)

    def test_in_a_list_is_found(self, town):
        seen = town.teamleider.seen(town.at)

        assert self.assign(town, If_Match=f'"x", {seen}').status_code == 200

    def test_of_an_earlier_state_is_refused(self, town):
        seen = town.teamleider.seen(town.at)
        assert self.assign(town, If_Match=seen).status_code == 200

        refused(self.assign(town, If_Match=seen), 412)

    def test_of_the_new_state_comes_with_the_answer(self, town):
        changed = self.assign(town, If_Match=town.teamleider.seen(town.at))

        assert changed.headers["ETag"] == town.teamleider.seen(town.at)
        assert changed.json["consulent_id"] == str(town.users[Role.CONSULENT].id)

    def test_that_is_known_already_costs_no_body(self, town):
        seen = town.consulent.seen(town.at)

        answer = town.consulent.get(town.at, If_None_Match=seen)

        assert (answer.status_code, answer.get_data()) == (304, b"")


class TestIdempotencyKey:
    def test_carries_out_once_and_answers_the_same(self, town):
        key = new_key()
        send = [
            town.consulent.post(
                f"{town.at}/contactmomenten", CONTACT, Idempotency_Key=key
            )
            for _ in range(2)
        ]

        assert [answer.status_code for answer in send] == [201, 201]
        assert send[0].json == send[1].json
        assert send[0].headers["Location"] == send[1].headers["Location"]
        assert count(town, Contactmoment) == 1

    def test_with_another_body_is_refused(self, town):
        key, where = new_key(), f"{town.at}/contactmomenten"
        town.consulent.post(where, CONTACT, Idempotency_Key=key)
        other = CONTACT | {"tekst": "Iets anders."}

        refused(town.consulent.post(where, other, Idempotency_Key=key), 409)

        assert count(town, Contactmoment) == 1

    def test_of_a_call_that_failed_is_free(self, town):
        key, where = new_key(), f"{town.at}/contactmomenten"
        refused(town.consulent.post(where, {}, Idempotency_Key=key), 422)

        answer = town.consulent.post(where, CONTACT, Idempotency_Key=key)

        assert answer.status_code == 201

    def test_lets_twins_wait_for_each_other(self, town):
        key, where = new_key(), f"{town.at}/contactmomenten"
        secrets = town.consulent.headers["Authorization"].partition(" ")[2]

        def call(_):
            return Machine(town.app, secrets).post(where, CONTACT, Idempotency_Key=key)

        with ThreadPoolExecutor(4) as pool:
            answers = list(pool.map(call, range(4)))

        assert {answer.status_code for answer in answers} == {201}
        assert len({answer.json["id"] for answer in answers}) == 1
        assert count(town, Contactmoment) == 1

    def test_belongs_to_one_person(self, town):
        key, where = new_key(), f"{town.at}/contactmomenten"
        town.consulent.post(where, CONTACT, Idempotency_Key=key)

        answer = town.frontoffice.post(where, CONTACT, Idempotency_Key=key)

        assert answer.status_code == 201
        assert count(town, Contactmoment) == 2

    def test_is_forgotten_after_the_days_of_the_gemeente(self, town):
        key, where = new_key(), f"{town.at}/contactmomenten"
        town.consulent.post(where, CONTACT, Idempotency_Key=key)
        with town.database.transaction(Scope.of(HERE)) as session:
            session.execute(text("UPDATE aanroep SET at = at - interval '8 days'"))

        again = town.consulent.post(where, CONTACT, Idempotency_Key=key)

        assert again.status_code == 201
        assert count(town, Contactmoment) == 2

    def test_keeps_no_content(self, town):
        town.consulent.post(
            f"{town.at}/contactmomenten", CONTACT, Idempotency_Key=new_key()
        )

        with town.database.transaction(Scope.of(HERE)) as session:
            (row,) = session.execute(text("SELECT aanroep::text FROM aanroep")).all()
        assert "Belde" not in row[0]


class TestPaging:
    @pytest.fixture
    def many(self, town):
        with town.database.transaction(Scope.of(HERE)) as session:
            by = gemeente.actor_of(town.users[Role.CONSULENT], Role.CONSULENT)
            for _ in range(4):
                people.dossier(session, by)
        return town

    def test_shows_each_thing_once(self, many):
        found, where = [], "/api/v1/dossiers?limit=2"
        while where:
            answer = many.frontoffice.get(where)
            found += [each["id"] for each in answer.json["resultaten"]]
            where = answer.json["volgende"]
            assert bool(where) == ("Link" in answer.headers)

        assert len(found) == len(set(found)) == 5
        assert found == sorted(found, reverse=True)

    @pytest.mark.parametrize("query", ["limit=0", "limit=101", "limit=a", "na=niets"])
    def test_refuses_odd_bounds(self, many, query):
        found = refused(many.frontoffice.get(f"/dossiers?{query}"), 422)

        assert found["errors"][0]["field"] == query.partition("=")[0]

    def test_takes_no_cursor_of_another_list(self, many):
        following = many.frontoffice.get("/dossiers?limit=1").json["volgende"]
        na = following.partition("&")[2]

        refused(many.frontoffice.get(f"/meldingen?{na}"), 422)
