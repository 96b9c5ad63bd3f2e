"""A database of its own, folders of its own, and the official schemas."""

from dataclasses import replace

import pytest

from build.iwmo import SAMPLE, XSD, town
from loket.iwmo.xml import Schemas


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
