"""A gemeente with its staff, really committed, and a counter of statements."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import event

from build.gemeente import CODE, actor_of, gemeente, login, user
from loket import termijnen
from loket.authz import Role
from loket.cases.dossier import operations_contact
from loket.cases.dossier.terugbelverzoek import Geadresseerde
from loket.db import Scope
from loket.frame import office
from loket.vault.broadcast import Broadcast

NOW = datetime.now(UTC)
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
    herald = built.vault.herald
    if isinstance(herald, Broadcast):
        # from when it hears it asks all keys anew: that must not come in the middle
        herald.listen(built.vault)
        assert herald.subscribed.wait(10)

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


@pytest.fixture
def ask_call(staff, here):
    """Ask somebody to call back; return the id of the request."""

    told = {
        "telefoon": "06 12 34 56 78",
        "notitie": "Wil weten hoe lang het duurt.",
    }

    def make(days=0, **differs) -> UUID:
        to = {n: differs.pop(n) for n in ("user_id", "team_id", "rol") if n in differs}
        with here() as session:
            verzoek = operations_contact.make_terugbelverzoek(
                session,
                actor_of(staff[Role.FRONTOFFICE], Role.FRONTOFFICE),
                NOW,
                voor=Geadresseerde(**to or {"user_id": staff[Role.CONSULENT].id}),
                **told | differs,
            )
            if days:
                verzoek.uiterlijk = termijnen.dag_van(NOW) + timedelta(days=days)
            return verzoek.id

    return make
