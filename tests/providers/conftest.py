"""What the tests of this room start from."""

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from build import gemeente
from build import providers as build
from build.gemeente import actor
from build.town import Street, Town, make_town, open_street, send_verzoek
from loket.authz import Actor, Role
from loket.cases.besluit.voorziening import Voorziening
from loket.db import Database
from loket.providers.contract import Contractregel


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


@pytest.fixture
def verzoek(street: Street) -> str:
    """An open verzoek to the aanbieder of the street."""
    return send_verzoek(street)


@pytest.fixture
def toewijzing(street: Street) -> str:
    """A toewijzing that runs, with its deling."""
    town = street.town
    with town.database.transaction(town.staff()) as session:
        contract = session.get_one(Contractregel, town.contractregel_id)
        session.execute(text("UPDATE contract SET plaatsingsverzoek = false"))
        session.expire_all()
        return build.toewijzing(
            session,
            recht=session.get_one(Voorziening, town.voorziening_id),
            regel=contract,
        ).referentie
