"""Coming in: password, lockout, second factor, desk; and getting no further."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from accounts.conftest import CODE, LOGIN, PAGE, PASSWORD, code_of
from loket.accounts import operations, passwords
from loket.accounts.user import LOCKOUT, MAX_FAILURES

WRONG = "De gebruikersnaam of het wachtwoord klopt niet."


def is_in(client) -> bool:
    return client.get("/account", headers=PAGE).status_code == 200


class TestLogin:
    def test_lets_in_who_knows_the_password(self, people, enter, client):
        people.hire()

        answer = enter()

        assert answer.status_code == 303
        assert is_in(client)
        assert people.trail()[-1] == "login.succeeded"

    @pytest.mark.parametrize("typed", ["S.Kustlicht", " s.kustlicht "])
    def test_forgives_capitals_and_spaces_in_the_name(
        self, people, enter, client, typed
    ):
        people.hire()

        enter(typed)

        assert is_in(client)

    def test_says_the_same_of_a_wrong_name_and_a_wrong_password(self, people, enter):
        people.hire()

        answers = [enter("niemand"), enter(wachtwoord="iets anders dan dat")]

        assert [a.status_code for a in answers] == [422, 422]
        assert all(WRONG in a.text for a in answers)

    def test_never_shows_the_password_again(self, people, enter):
        people.hire()

        answer = enter(wachtwoord="iets anders dan dat")

        assert "iets anders dan dat" not in answer.text

    def test_that_failed_is_in_the_trail(self, people, enter):
        people.hire()

        enter(wachtwoord="iets anders dan dat")

        assert people.trail()[-1] == "login.failed"

    def test_of_somebody_out_of_service_fails_in_the_same_words(
        self, people, enter, client
    ):
        people.hire()
        people.change(operations.deactivate_user)

        answer = enter()

        assert WRONG in answer.text
        assert not is_in(client)

    def test_of_loket_itself_is_impossible(self, people, enter):
        assert WRONG in enter("systeem", "").text or enter("systeem").status_code == 422


class TestLockout:
    def fail(self, enter, times):
        return [enter(wachtwoord="iets anders dan dat") for _ in range(times)]

    def test_comes_after_the_fifth_failure_in_the_same_words(
        self, people, enter, client
    ):
        people.hire()

        stranger = enter("niemand")
        *_, last = self.fail(enter, MAX_FAILURES)
        right = enter()

        told = [
            re.search(r"De gebruikersnaam of [^<]*", answer.text)[0]
            for answer in (stranger, last, right)
        ]
        assert len(set(told)) == 1
        assert "15 minuten" in told[0]
        assert not is_in(client)
        assert people.trail()[-1] == "login.locked"

    def test_does_not_come_after_the_fourth(self, people, enter, client):
        people.hire()
        self.fail(enter, MAX_FAILURES - 1)

        enter()

        assert is_in(client)

    def test_counts_from_nothing_after_a_right_password(self, people, enter, client):
        people.hire()
        for _ in range(2):
            self.fail(enter, MAX_FAILURES - 1)
            enter()

        assert is_in(client)

    def test_ends_after_a_quarter_of_an_hour(self, people, enter, client):
        people.hire()
        self.fail(enter, MAX_FAILURES)
        people.set(locked_until=datetime.now(UTC) - timedelta(seconds=1))

        enter()

        assert timedelta(minutes=15) == LOCKOUT
        assert is_in(client)

    def test_counts_wrong_codes_of_the_second_factor_too(self, people, enter, client):
        people.hire()
        people.secret()
        enter()
        for _ in range(MAX_FAILURES):
            client.post("/tweede-stap", data={"code": "000000"}, headers=PAGE)

        assert enter().status_code == 422
        assert people.trail()[-1] == "login.locked"


class TestRateLimit:
    def test_slows_down_who_tries_many_passwords(self, people, enter):
        statuses = {enter("niemand").status_code for _ in range(31)}

        assert statuses == {422, 429}

    def test_leaves_the_page_itself_open(self, people, client):
        statuses = {client.get("/login", headers=PAGE).status_code for _ in range(35)}

        assert statuses == {200}


class TestSecondFactor:
    def test_is_asked_before_anything_opens(self, people, enter, client):
        people.hire()
        people.secret()

        answer = enter()

        assert answer.headers["Location"].startswith("/tweede-stap")
        assert not is_in(client)

    def test_with_the_right_code_opens(self, people, enter, client):
        people.hire()
        secret = people.secret()
        enter()

        client.post("/tweede-stap", data={"code": code_of(secret)}, headers=PAGE)

        assert is_in(client)

    def test_works_once_per_code(self, people, enter, app):
        people.hire()
        secret = people.secret()
        code = code_of(secret)
        first, second = app.test_client(), app.test_client()
        for browser in (first, second):
            enter(browser=browser)
            browser.post("/tweede-stap", data={"code": code}, headers=PAGE)

        assert is_in(first)
        assert not is_in(second)

    def test_with_a_wrong_code_stays_shut(self, people, enter, client):
        people.hire()
        people.secret()
        enter()

        answer = client.post("/tweede-stap", data={"code": "000000"}, headers=PAGE)

        assert answer.status_code == 422
        assert "Deze code klopt niet" in answer.text
        assert not is_in(client)

    @pytest.mark.parametrize("code", ["١٢٣٤٥٦", "é", ""])
    def test_counts_what_is_no_code_as_a_wrong_one(self, people, enter, client, code):
        people.hire()
        people.secret()
        enter()

        answer = client.post("/tweede-stap", data={"code": code or "x"}, headers=PAGE)

        assert answer.status_code == 422
        assert people.trail()[-1] == "login.failed"

    def test_half_taken_ends_when_all_sessions_are_ended(self, people, enter, client):
        people.hire()
        secret = people.secret()
        enter()
        people.change(operations.revoke_sessions)

        client.post("/tweede-stap", data={"code": code_of(secret)}, headers=PAGE)

        assert not is_in(client)

    def test_is_not_reached_without_the_password(self, people, client):
        people.hire()
        people.secret()

        answer = client.get("/tweede-stap", headers=PAGE)

        assert answer.headers["Location"] == "/login"

    def test_shows_its_secret_only_until_it_was_confirmed(self, people, enter, client):
        people.hire()
        people.secret()
        enter()

        answer = client.get("/tweede-stap", headers=PAGE)

        assert "data:image/svg" not in answer.text

    def test_that_is_renewed_ends_the_session_until_it_is_confirmed(
        self, people, enter, client
    ):
        people.hire()
        enter()

        answer = client.post(
            "/account/tweede-stap", data={"wachtwoord": PASSWORD}, headers=PAGE
        )
        page = client.get("/tweede-stap", headers=PAGE)

        assert answer.headers["Location"] == "/tweede-stap"
        assert "data:image/svg" in page.text
        assert not is_in(client)

    @pytest.mark.parametrize("typed", ["", "een-ander-wachtwoord"])
    def test_is_not_renewed_with_a_stolen_session_alone(
        self, people, enter, client, typed
    ):
        people.hire()
        enter()

        answer = client.post(
            "/account/tweede-stap", data={"wachtwoord": typed}, headers=PAGE
        )

        assert answer.status_code == 422
        assert is_in(client)
        assert "data:image/svg" not in client.get("/tweede-stap", headers=PAGE).text

    def test_accepts_the_step_before_and_after_for_a_clock_that_is_off(self):
        secret = passwords.new_totp_secret()
        at = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
        code = passwords.pyotp.TOTP(secret).at(at)

        steps = [
            passwords.matching_step(secret, code, at + timedelta(seconds=s), None)
            for s in (-60, -30, 0, 30, 60)
        ]

        assert [step is not None for step in steps] == [False, True, True, True, False]


class TestWerkplek:
    def test_is_taken_at_once_by_who_has_one(self, people, enter, client):
        people.hire()

        assert enter().headers["Location"] == "/"
        assert "Duinstede" in client.get("/account", headers=PAGE).text

    def test_is_chosen_by_who_has_two(self, people, enter, client):
        people.hire(LOGIN, CODE, "0375")

        answer = enter()
        client.post("/werkplek", data={"werkplek": "0375"}, headers=PAGE)

        assert answer.headers["Location"].startswith("/werkplek")
        assert "Polderveen" in client.get("/account", headers=PAGE).text
        assert "aanstelling.chosen" in people.trail()

    def test_of_a_gemeente_without_appointment_is_refused(self, people, enter, client):
        people.hire()
        enter()

        answer = client.post("/werkplek", data={"werkplek": "0375"}, headers=PAGE)

        assert answer.status_code == 403

    def test_is_gone_when_the_appointment_ended(self, people, enter, client):
        user = people.hire()
        enter()
        with people.transaction() as session:
            session.connection().exec_driver_sql(
                "UPDATE aanstelling SET tot = '2020-02-01' WHERE user_id = %s",
                (user.id,),
            )

        answer = client.get("/", headers=PAGE)

        assert answer.headers["Location"] == "/werkplek"


class TestNextPage:
    def test_is_the_one_that_was_asked(self, people, enter):
        people.hire()

        assert enter(verder="/account").headers["Location"] == "/account"

    @pytest.mark.parametrize(
        "elsewhere",
        [
            "https://elders.example/",
            "//elders.example/",
            "/\\elders.example/",
            "javascript:alert(1)",
            "\\\\elders.example",
            "/%5Celders.example/",
            "%2F%2Felders.example",
            "/%09/elders.example",
            "/%0A/elders.example",
        ],
    )
    def test_is_never_elsewhere(self, people, enter, elsewhere):
        people.hire()

        target = enter(verder=elsewhere).headers["Location"]

        assert target == "/" or (target.startswith("/") and target[1] not in "/\\\t\n")


class TestPassword:
    def test_is_kept_as_argon2id_only(self, people):
        user = people.hire()

        assert user.password_hash.startswith("$argon2id$")
        assert PASSWORD not in user.password_hash

    def test_that_is_too_short_is_refused(self, people):
        with pytest.raises(operations.LoketError, match="minstens 12 tekens"):
            passwords.hash_password("elf tekens!")
