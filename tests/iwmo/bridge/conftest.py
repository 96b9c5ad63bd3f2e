"""A database of its own, folders of its own, and the official schemas."""

from dataclasses import replace

import pytest

from build.gemeente import login, user
from build.iwmo import (
    CODE,
    NOW,
    SAMPLE,
    XSD,
    berichten,
    drop,
    fill_address,
    town,
    verzoeken,
)
from loket.db import Scope
from loket.iwmo.jobs import take_in
from loket.iwmo.xml import Schemas
from loket.schedule import keep_all


@pytest.fixture(scope="session")
def xsd():
    """The folder with the official schemas; without it these tests are skipped."""
    if not XSD.is_dir() or not SAMPLE.is_file():
        pytest.skip("no iWmo schemas and samples: set LOKET_SHARED to their folder")
    return XSD


@pytest.fixture(scope="session")
def schemas(xsd):
    """The schemas of iWmo 3.2, compiled once."""
    return Schemas(xsd)


@pytest.fixture
def config(config, xsd, tmp_path):
    """The configuration, with folders for messages."""
    return replace(config, iwmo_dir=tmp_path / "berichten", iwmo_xsd_dir=xsd)


@pytest.fixture
def town_0384(database):
    """The gemeente and the aanbieder that the sample names."""
    town(database)


@pytest.fixture
def taken_in(database, config, town_0384):
    """The sample has been taken in and answered."""
    drop(config, SAMPLE.read_bytes())
    take_in(database, config, NOW)
    keep_all(database, config, NOW)


@pytest.fixture
def desk(app, database):
    """Give a browser to somebody in a role."""

    def sit(*rollen, code=CODE):
        with database.transaction(Scope.of(code)) as session:
            person = user(session, *rollen, gemeente=code)
        return login(app, person, code)

    return sit


@pytest.fixture
def asked(database, taken_in):
    """The references of message and verzoeken, with the address filled in."""
    with database.transaction(Scope.of(CODE)) as session:
        first, second = verzoeken(session)
        fill_address(session, first)
        return (
            berichten(session, "315")[0].referentie,
            first.referentie,
            second.referentie,
        )
