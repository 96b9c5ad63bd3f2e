"""A town behind the doors of the API."""

from types import SimpleNamespace

import pytest

from build import dossier as people
from build import gemeente
from build.machine import machine
from loket.authz import Role
from loket.db import Scope
from loket.frame import office

HERE = "0396"


@pytest.fixture
def town(app):
    """A gemeente with one dossier of a consulent, and machines of its people."""
    database = office(app).database
    roles = (Role.CONSULENT, Role.FRONTOFFICE, Role.TEAMLEIDER)
    with database.transaction(Scope.of(HERE)) as session:
        gemeente.gemeente(session)
        users = {rol: gemeente.user(session, rol) for rol in roles}
        file = people.dossier(
            session, gemeente.actor_of(users[Role.CONSULENT], Role.CONSULENT)
        )
    return SimpleNamespace(
        app=app,
        database=database,
        users=users,
        dossier=file,
        at=f"/dossiers/{file.referentie}",
        consulent=machine(app, users[Role.CONSULENT]),
        frontoffice=machine(app, users[Role.FRONTOFFICE]),
        teamleider=machine(app, users[Role.TEAMLEIDER]),
    )


@pytest.fixture
def melding():
    """A melding about somebody new, valid."""
    return {
        "persoon": {
            "achternaam": "Duinroos",
            "geboortedatum": "1948-01-01",
            "straat": "Strandweg",
            "huisnummer": "1",
            "postcode": "1234AB",
            "woonplaats": "Duinstede",
        },
        "kanaal": "telefoon",
        "ontvangen_op": "2026-11-20",
        "verwijzer": "huisarts",
        "huishoudtype": "alleenstaand",
        "hulpvraag": "Ik red het huishouden niet meer alleen.",
        "behoeften": [
            {"omschrijving": "Een schoon huis", "domeinen": ["huishoudelijke_hulp"]}
        ],
        "clientondersteuning_verteld": True,
    }
