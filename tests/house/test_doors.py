"""Every door names its permission, and is shut to strangers."""

import re
from uuid import UUID

import pytest
from flask import Blueprint

from loket import app as roof
from loket.accounts.guards import API, requires
from loket.authz import Permission

PUBLIC = {
    "accounts.choose_password",
    "accounts.login",
    "accounts.second_step",
    "api-docs.openapi_json",
    "healthz",
    "hulp_toetsen",
    "readyz",
    "static",
}
"""Doors that strangers may use; a new one is added here on purpose."""

BROWSER = {"Accept": "text/html,application/xhtml+xml"}
PROGRAM = {"Accept": "application/json"}
EXAMPLES = {"uuid": str(UUID(int=7)), "int": "7", "default": "AAAA-2222"}


def doors(app):
    """Every door with each of its methods and an address that fits its rule."""
    for rule in app.url_map.iter_rules():
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
            yield rule.endpoint, method, address(rule)


def address(rule) -> str:
    """Fill in the rule with values that fit and mean nothing."""

    def example(part: re.Match[str]) -> str:
        kind, _, _name = part[1].rpartition(":")
        return EXAMPLES.get(kind or "default", EXAMPLES["default"])

    return re.sub(r"<([^>]+)>", example, rule.rule)


def asked(client, method, where, headers) -> int:
    return client.open(where, method=method, headers=headers).status_code


class TestPermission:
    def test_is_named_by_every_door(self, app):
        nameless = [
            name
            for name, view in app.view_functions.items()
            if "permission" not in vars(view)
        ]

        assert nameless == []

    def test_is_missing_only_where_strangers_may_come(self, app):
        public = {
            name
            for name, view in app.view_functions.items()
            if vars(view)["permission"] is None
        }

        assert public == PUBLIC

    def test_without_it_the_app_does_not_start(self, config, monkeypatch):
        added = Blueprint("added", __name__)
        added.add_url_rule("/open", "unlocked", lambda: "in")
        monkeypatch.setattr(roof, "BLUEPRINTS", (*roof.BLUEPRINTS, added))

        with pytest.raises(RuntimeError, match=r"added\.unlocked"):
            roof.create_app(config)

    def test_with_it_the_app_starts(self, config, monkeypatch):
        added = Blueprint("added", __name__)
        locked = requires(Permission.START_READ)(lambda: "in")
        added.add_url_rule("/open", "locked", locked)
        monkeypatch.setattr(roof, "BLUEPRINTS", (*roof.BLUEPRINTS, added))

        app = roof.create_app(config)

        assert "added.locked" in app.view_functions


class TestStranger:
    @pytest.fixture(autouse=True)
    def _without_csrf(self, app):
        # a stranger has no token either; the lock itself must answer
        app.config["WTF_CSRF_ENABLED"] = False

    def shut(self, app):
        found = [door for door in doors(app) if door[0] not in PUBLIC]
        assert len(found) > 10
        return found

    def test_is_sent_to_the_login_from_every_page(self, app, client):
        pages = [
            door
            for door in self.shut(app)
            if door[1] == "GET" and not door[2].startswith(API)
        ]

        answers = {
            (name, where): client.get(where, headers=BROWSER)
            for name, _, where in pages
        }

        wrong = {
            door: (answer.status_code, answer.headers.get("Location"))
            for door, answer in answers.items()
            if answer.status_code != 303
            or not answer.headers["Location"].startswith("/login?verder=")
        }
        assert wrong == {}

    def test_gets_401_from_every_deed(self, app, client):
        deeds = [door for door in self.shut(app) if door[1] != "GET"]

        wrong = {
            (name, method): status
            for name, method, where in deeds
            if (
                status := client.open(where, method=method, headers=BROWSER).status_code
            )
            != 401
        }

        assert deeds
        assert wrong == {}

    def test_gets_401_from_everything_that_is_not_asked_as_a_page(self, app, client):
        wrong = {
            (name, method): status
            for name, method, where in self.shut(app)
            if (status := asked(client, method, where, PROGRAM)) != 401
        }

        assert wrong == {}

    def test_comes_back_after_the_login_to_the_page_that_was_asked(self, client):
        answer = client.get("/account?x=1", headers=BROWSER)

        assert answer.headers["Location"].endswith("verder=/account?x%3D1")
