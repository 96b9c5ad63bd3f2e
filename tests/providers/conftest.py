"""What the tests of this room start from."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from build import gemeente
from build.gemeente import actor
from build.town import Street, Town, make_town, open_street
from loket.authz import Actor, Role
from loket.db import Database


@pytest.fixture
def place(session: Session) -> Session:
    """The session of a gemeente with products."""
    gemeente.gemeente(session)
    return session


@pytest.fixture
def consulent() -> Actor:
    """A consulent of that gemeente."""
    return actor(Role.CONSULENT)


@pytest.fixture
def town(database: Database) -> Town:
    """The town on a database of this test."""
    return make_town(database)


@pytest.fixture
def street(app: Flask) -> Street:
    """The same town behind the doors of the application."""
    return open_street(app)
