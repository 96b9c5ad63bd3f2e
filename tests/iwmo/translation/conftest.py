"""Where the official schemas and samples are; without them their tests are skipped."""

import os
from pathlib import Path

import pytest

from loket.iwmo.xml import Schemas

SHARED = Path(os.environ.get("LOKET_SHARED", Path(__file__).parents[4] / "shared"))


@pytest.fixture(scope="session")
def iwmo_shared() -> Path:
    """The folder with schemas and samples of the standard."""
    folder = SHARED / "iwmo"
    if not folder.is_dir():
        pytest.skip("no iWmo schemas and samples: set LOKET_SHARED to their folder")
    return folder


@pytest.fixture(scope="session")
def schemas(iwmo_shared: Path) -> Schemas:
    """The schemas of iWmo 3.2, compiled once."""
    return Schemas(iwmo_shared / "xsd")
