"""A gemeente, a right to place and an aanbieder, really committed."""

from dataclasses import dataclass
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient

from build import dossier as people
from build import gemeente
from build import providers as build
from build.gemeente import actor
from loket.accounts.user import User
from loket.authz import Actor, Role
from loket.cases.besluit.voorziening import Voorziening
from loket.db import Database, Scope
from loket.frame import office
from loket.providers.contract import Contractregel

HERE = "0396"


@dataclass(frozen=True)
class Town:
    """A gemeente with one right to place and one aanbieder, really committed."""

    database: Database
    dossier: str
    voorziening_id: UUID
    contractregel_id: UUID
    aanbieder_id: UUID
    consulent_id: UUID
    medewerker: Actor
    """Somebody of the aanbieder."""

    def staff(self) -> Scope:
        """Scope of people of the gemeente."""
        return Scope.of(HERE)

    def theirs(self) -> Scope:
        """Scope of the aanbieder."""
        return Scope((HERE,), self.aanbieder_id)

    @property
    def consulent(self) -> Actor:
        """The consulent who asks."""
        return actor(Role.CONSULENT, id=self.consulent_id)


def make_town(database: Database) -> Town:
    """Commit a gemeente, a dossier with a right, and an aanbieder with a login."""
    with database.transaction(Scope.of(HERE)) as session:
        gemeente.gemeente(session)
        person = gemeente.user(session, Role.CONSULENT)
        file = people.dossier(session, gemeente.actor_of(person, Role.CONSULENT))
        recht = build.voorziening(session, dossier=file)
        regel = build.contractregel(session)
        worker = build.medewerker(regel.contract.aanbieder)
        return Town(
            database,
            file.referentie,
            recht.id,
            regel.id,
            regel.aanbieder_id,
            person.id,
            worker,
        )


@dataclass(frozen=True)
class Street:
    """The same town behind the doors of the application."""

    app: Flask
    town: Town
    consulent: FlaskClient
    aanbieder: FlaskClient


def open_street(app: Flask) -> Street:
    """Commit the town and log in on both sides."""
    database = office(app).database
    town = make_town(database)
    with database.transaction(town.staff()) as session:
        worker = gemeente.user(session, Role.AANBIEDER, aanbieder_id=town.aanbieder_id)
        person = session.get_one(User, town.consulent_id)
    return Street(
        app,
        town,
        gemeente.login(app, person),
        gemeente.login(app, worker, str(town.aanbieder_id)),
    )


def stranger(street: Street) -> FlaskClient:
    """Somebody of another aanbieder."""
    town = street.town
    with town.database.transaction(town.staff()) as session:
        other = build.aanbieder(session)
        person = gemeente.user(session, Role.AANBIEDER, aanbieder_id=other.id)
    return gemeente.login(street.app, person, str(other.id))


def send_verzoek(street: Street) -> str:
    """Ask the aanbieder of the street; return the reference of the open verzoek."""
    town = street.town
    with town.database.transaction(town.staff()) as session:
        return build.plaatsingsverzoek(
            session,
            recht=session.get_one(Voorziening, town.voorziening_id),
            regel=session.get_one(Contractregel, town.contractregel_id),
        ).referentie
