"""Every page there is, with a destroyed dossier and person in it: none falls over."""

import base64

import pytest
from sqlalchemy import delete, update

from build.gemeente import login, user
from build.machine import token
from build.rows import canary
from conftest import KEK, SECRET_KEY
from house.test_every_door import BROWSER, HERE, PROGRAM, STAFF, House, with_token
from loket.app import create_app
from loket.authz import AANBIEDER_ROLLEN
from loket.cases.dossier.dossier import Dossier, Werkvoorraad
from loket.cases.dossier.inwoner import Inwoner
from loket.config import Config
from loket.db import Scope
from loket.frame import office

SEALED = (
    ("inwoner", "achternaam"),
    ("inwoner", "telefoon"),
    ("melding", "hulpvraag"),
    ("bezwaar", "gronden"),
    ("notitie_versie", "tekst"),
    ("taak", "notitie"),
)


@pytest.fixture(scope="module")
def house(stock, servers, tmp_path_factory):
    with stock.copies() as urls:
        app = create_app(
            Config.from_env(
                {
                    "LOKET_HOME": str(tmp_path_factory.mktemp("home")),
                    "LOKET_DATABASE_URL": urls.database_url,
                    "LOKET_KEYSTORE_URL": urls.keystore_url,
                    "LOKET_REDIS_URL": servers.redis_url,
                    "LOKET_SECRET_KEY": SECRET_KEY,
                    "LOKET_KEK": base64.b64encode(KEK).decode(),
                }
            )
        )
        yield House(app)
        office(app).close()


@pytest.fixture(scope="module")
def destroyed(house):
    """The keys are gone; the rows are as they were, as after an old data backup."""
    rows, vault = house.rows[HERE], office(house.app).vault
    vault.shred(rows["dossier"].id, "bewaartermijn")
    vault.shred(rows["inwoner"].id, "bewaartermijn")
    return house


@pytest.fixture(scope="module")
def people(house):
    own = house.rows[HERE]["aanbieder"].id
    with house.database.transaction(Scope.of(HERE)) as session:
        staff = user(session, *STAFF)
        theirs = user(session, *AANBIEDER_ROLLEN, aanbieder_id=own)
    return {
        False: with_token(login(house.app, staff), token(house.app, staff)[1]),
        True: with_token(
            login(house.app, theirs, str(own)), token(house.app, theirs)[1]
        ),
    }


def walk(
    house, people, asked=lambda door: not door.rule.startswith("/beheer")
) -> dict[str, int]:
    """Open every page and every list of the API; nothing sealed is in any."""
    answers = {}
    for door in [d for d in house.doors if d.method == "GET" and asked(d)]:
        browser = people["/aanbieder/" in f"{door.rule}/"]
        answer = browser.get(
            door.at(house.rows[HERE]), headers=PROGRAM if door.is_api else BROWSER
        )
        body = answer.get_data(as_text=True)
        answer.close()
        shown = [each for each in SEALED if canary(HERE, *each) in body]
        assert shown == [], f"{door!r} shows what was destroyed"
        answers[repr(door)] = answer.status_code
    return answers


def test_no_page_falls_over_a_key_that_is_gone(destroyed, people):
    answers = walk(destroyed, people)

    assert len(answers) > 100
    assert {door: status for door, status in answers.items() if status >= 500} == {}
    assert sum(status == 200 for status in answers.values()) > 70


def test_nor_over_a_dossier_that_is_known_to_be_destroyed(destroyed, people):
    rows = destroyed.rows[HERE]
    with destroyed.database.transaction(Scope.of(HERE)) as session:
        session.execute(
            update(Dossier)
            .where(Dossier.id == rows["dossier"].id)
            .values(vernietigd_op=rows["dossier"].opened_at, vernietigingsgrond="oud")
        )
        session.execute(
            update(Inwoner)
            .where(Inwoner.id == rows["inwoner"].id)
            .values(vernietigd_op=rows["inwoner"].registered_at)
        )

        session.execute(
            delete(Werkvoorraad).where(Werkvoorraad.dossier_id == rows["dossier"].id)
        )

    answers = walk(
        destroyed,
        people,
        lambda door: door.rule.startswith(("/dossiers", "/vandaag", "/werkvoorraad")),
    )

    assert len(answers) > 20
    assert {door: status for door, status in answers.items() if status >= 500} == {}
    for door, status in answers.items():
        if "/dossiers/<referentie>" in door:
            assert status in (410, 403), door
