"""How PostgreSQL finds the first page in a heap: never by reading every line in it.

The plans are those of the runtime role, with row security on, for a heap large enough
for PostgreSQL to prefer an index where there is one. Nothing is timed.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import create_engine, event, select, text
from sqlalchemy.orm import Session

from build.dossier import inwoner
from build.gemeente import CODE, NOW, TODAY, actor, gemeente, user
from build.heap import heap
from loket.authz import Actor, Role
from loket.cases.dossier.dossier import Fase, Werkvoorraad
from loket.cases.producten.product import Domein
from loket.cases.werkvoorraad.queries import list_werkvoorraad
from loket.cases.werkvoorraad.queries_caseload import werkverdeling
from loket.cases.werkvoorraad.vandaag import show_parts
from loket.cases.werkvoorraad.werkvraag import (
    Filter,
    Leeftijd,
    Resterend,
    Sorteer,
    Wiens,
)
from loket.db import Database, Scope

LINES = 20_000
READ_TABLE = Werkvoorraad.__tablename__
ASKED: list[dict[str, Any]] = [
    {},
    *({"fase": each} for each in Fase),
    *({"wiens": each} for each in Wiens if each is not Wiens.VERVANGING),
    *({"domein": each} for each in Domein),
    *({"leeftijd": each} for each in Leeftijd),
    *({"resterend": each} for each in Resterend),
    {"pc4": "1950"},
    {"pc4": "19"},
    {"te_laat": True},
    {"spoed": True},
]


@pytest.fixture
def people(database: Database, database_urls: Any) -> dict[Role, Actor]:
    """A teamleider and a consulent in a gemeente with a heap of dossiers."""
    with database.transaction(Scope.of(CODE)) as session:
        gemeente(session)
        clients = [inwoner(session, at=NOW).id for _ in range(5)]
        staff = [user(session, Role.CONSULENT) for _ in range(10)]
        leads = user(session, Role.TEAMLEIDER)
        heap(
            session,
            CODE,
            many=LINES,
            clients=clients,
            consulenten=[each.id for each in staff],
            today=TODAY,
        )
    owner = create_engine(database_urls.database_owner_url)
    with owner.begin() as connection:
        for table in (READ_TABLE, "dossier"):
            connection.execute(text(f"ANALYZE {table}"))
    owner.dispose()
    return {
        Role.TEAMLEIDER: actor(Role.TEAMLEIDER, id=leads.id),
        Role.CONSULENT: actor(Role.CONSULENT, id=staff[0].id),
    }


@contextmanager
def plans(session: Session) -> Iterator[list[Any]]:
    """Keep the plan of every statement about the read table."""
    found: list[Any] = []
    connection = session.connection()

    def explain(
        _connection: Any, _cursor: Any, statement: str, values: Any, *_: Any
    ) -> None:
        if READ_TABLE not in statement or not statement.startswith("SELECT"):
            return
        driver = connection.connection.driver_connection
        assert driver is not None
        with driver.cursor() as cursor:
            cursor.execute(f"EXPLAIN (FORMAT JSON) {statement}", values)
            found.append(cursor.fetchone()[0][0]["Plan"])

    event.listen(connection, "before_cursor_execute", explain)
    yield found
    event.remove(connection, "before_cursor_execute", explain)


def reads_everything(plan: Any) -> bool:
    """Whether this plan, or a part of it, walks past every line of the gemeente."""
    is_table = plan["Node Type"] == "Seq Scan" and plan["Relation Name"] == READ_TABLE
    is_gemeente = plan.get("Index Name") == "ix_werkvoorraad_gemeente_code"
    return (
        is_table
        or is_gemeente
        or any(reads_everything(each) for each in plan.get("Plans", []))
    )


class TestFirstPage:
    @pytest.mark.timeout(120)
    def test_no_filter_and_no_order_reads_every_line(
        self, database: Database, people: dict[Role, Actor]
    ) -> None:
        bad: list[str] = []
        for rol, by in people.items():
            asked = [
                (f"{given} {order}", Filter(sorteer=order, **given))
                for given in ASKED
                for order in Sorteer
            ]
            pages: dict[str, Callable[[Session], object]] = {
                said: lambda session, by=by, wanted=wanted: list_werkvoorraad(
                    session, by, NOW, wanted
                )
                for said, wanted in asked
            }
            pages["vandaag"] = lambda session, by=by: list(show_parts(session, by, NOW))
            pages["caseload"] = lambda session, by=by: werkverdeling(session, by, NOW)
            with database.session(Scope.of(CODE)) as session:
                for said, look in pages.items():
                    with plans(session) as found:
                        look(session)
                    assert found, said
                    if any(map(reads_everything, found)):
                        bad.append(f"{rol} {said}")

        assert bad == []
        # the same eyes see it where there is no index
        with database.session(Scope.of(CODE)) as session, plans(session) as found:
            session.scalars(
                select(Werkvoorraad).where(Werkvoorraad.termijn_soort == "besluit")
            ).all()
        assert [reads_everything(each) for each in found] == [True]
