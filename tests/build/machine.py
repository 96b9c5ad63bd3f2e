"""A machine at the doors of the API: a token, and what it sends with each call."""

import secrets
from datetime import date
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from build.gemeente import CODE, NOW
from loket.accounts.operations import create_token
from loket.accounts.user import ApiToken, User
from loket.authz import Actor, Permission
from loket.db import Scope
from loket.frame import office

FAR = date(2199, 12, 31)
ALL = " ".join(Permission)


def token(
    app: Flask, person: User, scopes: str = ALL, geldig_tot: date = FAR
) -> tuple[ApiToken, str]:
    """Make a committed token for this person; return it with its secret."""
    with office(app).database.transaction(Scope.of(CODE)) as session:
        return create_token(
            session,
            Actor.system(CODE, via="cli"),
            NOW,
            user=person,
            naam="koppeling",
            scopes=scopes,
            geldig_tot=geldig_tot,
        )


class Machine:
    """A client that sends its token and speaks JSON."""

    def __init__(self, app: Flask, secret: str = "", prefix: str = "/api/v1") -> None:
        self.client = app.test_client()
        self.prefix = prefix
        self.headers = {"Accept": "application/json"}
        if secret:
            self.headers["Authorization"] = f"Bearer {secret}"

    def get(self, path: str, **headers: str) -> TestResponse:
        """Ask for something."""
        return self.send("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> TestResponse:
        """Do something."""
        return self.send("POST", path, body, **headers)

    def send(
        self, method: str, path: str, body: Any = None, **headers: str
    ) -> TestResponse:
        """Call a door; a header is named with underscores."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        where = path if path.startswith("/api") else f"{self.prefix}{path}"
        content = {} if body is None else {"json": body}
        return self.client.open(
            where, method=method, headers=self.headers | named, **content
        )

    def seen(self, path: str) -> str:
        """Look at a thing and return its ETag, to change it as it was seen."""
        return self.get(path).headers["ETag"]


def machine(app: Flask, person: User, scopes: str = ALL) -> Machine:
    """Let this person work through the API."""
    return Machine(app, token(app, person, scopes)[1])


def new_key() -> str:
    """Make an Idempotency-Key."""
    return secrets.token_hex(8)
