"""A session: its cookie, its end, and what a page carries with it."""

from datetime import datetime

import pytest

from accounts.conftest import LOGIN, PAGE, token_in
from loket.accounts import operations
from loket.accounts.views import BEGAN
from loket.app import create_app
from loket.config import Config
from loket.frame import LASTS_MOST, office


def is_in(browser) -> bool:
    return browser.get("/account", headers=PAGE).status_code == 200


def cookie_of(browser, name="loket"):
    return browser.get_cookie(name)


@pytest.fixture
def inside(people, enter, client):
    """A browser with somebody logged in."""
    people.hire()
    enter()
    assert is_in(client)
    return client


class TestEnd:
    def test_comes_when_somebody_logs_out(self, people, inside):
        inside.post("/uitloggen", headers=PAGE)

        assert not is_in(inside)
        assert people.trail()[-1] == "login.ended"

    def test_comes_everywhere_when_all_sessions_are_ended(
        self, app, people, enter, inside
    ):
        elsewhere = app.test_client()
        enter(browser=elsewhere)
        assert is_in(elsewhere)

        inside.post("/account/sessies-beeindigen", headers=PAGE)

        assert not is_in(inside)
        assert not is_in(elsewhere)

    def test_comes_at_the_next_page_of_somebody_put_out_of_service(
        self, people, inside
    ):
        people.change(operations.deactivate_user)

        assert not is_in(inside)

    def test_comes_after_a_long_day_however_often_it_is_prolonged(self, inside):
        with inside.session_transaction() as kept:
            began = datetime.fromisoformat(kept[BEGAN])
            kept[BEGAN] = (began - LASTS_MOST).isoformat()

        assert inside.post("/verleng", headers=PAGE).status_code == 401
        assert not is_in(inside)

    def test_leaves_no_cookie_that_still_opens(self, app, people, inside):
        kept = cookie_of(inside).value
        inside.post("/uitloggen", headers=PAGE)
        thief = app.test_client()
        thief.set_cookie("loket", kept)

        assert not is_in(thief)


class TestBeside:
    """A draft is kept while the form is sent, and its answer comes last."""

    @pytest.fixture
    def draft(self, app, inside):
        """A request that has read the session and has not answered yet."""
        sent = {"Cookie": f"loket={cookie_of(inside).value}"}
        with app.test_request_context("/account", headers=sent) as asked:
            read = app.session_interface.open_session(app, asked.request)
            assert read[BEGAN]

            def answer():
                answered = app.response_class()
                app.session_interface.save_session(app, read, answered)
                return answered

            yield answer

    def test_loses_nothing_that_another_request_kept(self, inside, draft):
        with inside.session_transaction() as kept:
            kept["told"] = "yes"
        draft()

        with inside.session_transaction() as kept:
            assert kept["told"] == "yes"

    def test_brings_no_session_back_that_was_ended(self, app, inside, draft):
        thief = app.test_client()
        thief.set_cookie("loket", cookie_of(inside).value)
        inside.post("/uitloggen", headers=PAGE)
        draft()

        assert not is_in(thief)

    def test_lets_the_session_last_from_now(self, app, inside, draft):
        redis = office(app).redis
        key = f"loket-session:{cookie_of(inside).value}"
        redis.expire(key, 60)
        answered = draft()

        assert redis.ttl(key) > 60
        assert answered.headers["Set-Cookie"].startswith("loket=")


class TestFixation:
    def test_a_session_from_before_the_login_is_worth_nothing(
        self, app, people, enter, client
    ):
        people.hire()
        client.get("/login", headers=PAGE)
        with client.session_transaction() as before:
            before["planted"] = "yes"
        planted = cookie_of(client).value
        enter()
        thief = app.test_client()
        thief.set_cookie("loket", planted)

        assert is_in(client)
        assert cookie_of(client).value != planted
        assert not is_in(thief)

    def test_nothing_of_the_old_session_stays(self, people, enter, client):
        people.hire()
        with client.session_transaction() as before:
            before["planted"] = "yes"
        enter()

        with client.session_transaction() as after:
            assert "planted" not in after


class TestCookie:
    def test_is_out_of_reach_of_scripts_and_other_sites(self, inside):
        cookie = cookie_of(inside)

        assert cookie.http_only
        assert cookie.same_site == "Lax"
        assert cookie.path == "/"

    def test_holds_no_content_only_a_number(self, inside):
        assert LOGIN not in cookie_of(inside).value
        assert len(cookie_of(inside).value) < 100

    def test_is_for_https_and_this_host_only_in_production(self, config):
        safe = create_app(
            Config(**vars(config) | {"secure_cookies": True, "env": "production"})
        )
        browser = safe.test_client()

        answer = browser.get("/login", headers=PAGE, base_url="https://loket.example")

        header = answer.headers["Set-Cookie"]
        assert header.startswith("__Host-loket=")
        assert "; Secure" in header
        assert "Domain" not in header
        assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
        built = office(safe)
        built.database.engine.dispose()
        built.vault.engine.dispose()
        built.redis.close()


class TestCsrf:
    @pytest.fixture
    def guarded(self, app, inside):
        app.config["WTF_CSRF_ENABLED"] = True
        return inside

    def test_refuses_a_deed_without_its_token(self, guarded):
        answer = guarded.post("/account/sessies-beeindigen", headers=PAGE)

        assert answer.status_code == 400
        assert is_in(guarded)

    def test_refuses_the_token_of_another_session(self, app, guarded):
        stranger = app.test_client()
        foreign = token_in(stranger.get("/login", headers=PAGE).text)

        answer = guarded.post("/uitloggen", data={"csrf_token": foreign}, headers=PAGE)

        assert answer.status_code == 400
        assert is_in(guarded)

    def test_lets_a_form_of_our_own_page_through(self, guarded):
        token = token_in(guarded.get("/account", headers=PAGE).text)

        answer = guarded.post("/uitloggen", data={"csrf_token": token}, headers=PAGE)

        assert answer.status_code == 303
        assert not is_in(guarded)

    def test_guards_the_login_itself(self, app, people, enter):
        people.hire()
        app.config["WTF_CSRF_ENABLED"] = True

        assert enter().status_code == 400

    def test_changes_nothing_on_a_get(self, inside):
        answer = inside.get("/uitloggen", headers=PAGE)

        assert answer.status_code == 405
        assert is_in(inside)


class TestHeaders:
    EXPECTED = {
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "no-store",
    }

    @pytest.mark.parametrize("where", ["/account", "/bestaat-niet", "/uitloggen"])
    def test_stand_on_every_answer(self, inside, where):
        answer = inside.get(where, headers=PAGE)

        found = {name: answer.headers.get(name) for name in self.EXPECTED}
        assert found == self.EXPECTED

    def test_let_nothing_inline_or_foreign_run(self, client):
        policy = dict(
            part.strip().split(" ", 1)
            for part in client.get("/login")
            .headers["Content-Security-Policy"]
            .split(";")
        )

        assert policy["default-src"] == "'none'"
        assert policy["script-src"] == "'self'"
        assert policy["style-src"] == "'self'"
        assert policy["frame-ancestors"] == "'none'"
        assert policy["form-action"] == "'self'"
        assert not any("unsafe" in value for value in policy.values())

    def test_let_assets_be_kept_because_their_name_holds_their_hash(self, client):
        page = client.get("/login", headers=PAGE)
        sheet = page.text.split('rel="stylesheet" href="')[1].split('"')[0]

        answer = client.get(sheet)

        assert answer.status_code == 200
        assert "immutable" in answer.headers["Cache-Control"]
        answer.close()


class TestUnknown:
    def test_session_is_a_stranger_and_not_an_error(self, app):
        browser = app.test_client()
        with browser.session_transaction() as kept:
            kept["_user_id"] = "00000000-0000-7000-8000-00000000dead:1"

        answer = browser.get("/account", headers=PAGE)

        assert answer.status_code == 303

    def test_session_of_another_shape_is_a_stranger_too(self, app):
        browser = app.test_client()
        with browser.session_transaction() as kept:
            kept["_user_id"] = "geen nummer"

        assert browser.get("/account", headers=PAGE).status_code == 303
