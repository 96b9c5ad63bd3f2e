"""A gemeente with its staff, really committed, and a counter of statements."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from build.gemeente import CODE, gemeente, login, user
from loket.authz import Role
from loket.db import Scope
from loket.frame import office

ROLES = (
    Role.FRONTOFFICE,
    Role.CONSULENT,
    Role.TEAMLEIDER,
    Role.ADMINISTRATIE,
    Role.KWALITEITSMEDEWERKER,
    Role.BELEIDSMEDEWERKER,
)


@pytest.fixture
def here(database):
    """Open a transaction in the gemeente: `with here() as session`."""
    return lambda: database.transaction(Scope.of(CODE))


@pytest.fixture
def staff(app, here):
    """Users by role; each is called S. Kustlicht of its role."""
    with here() as session:
        gemeente(session)
        return {rol: user(session, rol, naam=f"Kustlicht {rol}") for rol in ROLES}


@pytest.fixture
def seat(app, staff):
    """A browser in which somebody with this role is logged in."""
    return lambda rol: login(app, staff[rol])


@pytest.fixture
def counting(app):
    """Count the statements the application sends: to the database, to the keys."""
    built = office(app)

    @contextmanager
    def count() -> Iterator[dict[str, int]]:
        seen = {"database": 0, "keys": 0}

        def data(*_):
            seen["database"] += 1

        def keys(*_):
            seen["keys"] += 1

        event.listen(built.database.engine, "before_cursor_execute", data)
        event.listen(built.vault.engine, "before_cursor_execute", keys)
        yield seen
        event.remove(built.database.engine, "before_cursor_execute", data)
        event.remove(built.vault.engine, "before_cursor_execute", keys)

    return count
