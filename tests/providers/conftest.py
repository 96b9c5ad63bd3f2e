"""What the tests of this room start from."""

import pytest
from sqlalchemy.orm import Session

from build import gemeente
from build.gemeente import NOW, actor
from loket.authz import Actor, Role


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
def now() -> object:
    """The moment of every deed."""
    return NOW
