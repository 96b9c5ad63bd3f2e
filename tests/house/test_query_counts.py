"""Every page costs as many questions to the database, however much there is.

The pages come from the URL map and the rows from every table there is, so a new page
takes part without a word here; the lists of the API have a test of their own.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError

from build.gemeente import login, user
from build.rows import fill_more, mappers
from house.test_every_door import BROWSER, HERE, STAFF, Door, House
from loket.authz import AANBIEDER_ROLLEN
from loket.db import Scope

MORE = 3
ONCE = {"gemeente", "user_account"}
"""Not grown: who logs in, and where."""


@contextmanager
def counting(house: House) -> Iterator[list[str]]:
    """Note what is asked of the database."""
    engine, seen = house.database.engine, []

    def note(*told):
        seen.append(told[2])

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


class Pages:
    """The pages of a house that fills, and what each asks."""

    def __init__(self, app) -> None:
        self.house = House(app)
        rows = self.house.rows[HERE]
        own = rows["aanbieder"].id
        with self.house.database.transaction(Scope.of(HERE)) as session:
            staff = user(session, *STAFF)
            theirs = user(session, *AANBIEDER_ROLLEN, aanbieder_id=own)
        self.staff = login(app, staff, HERE)
        self.theirs = login(app, theirs, str(own))

    def grow(self) -> None:
        """Add rows to every table, tied to what is there."""
        for name in [mapper.local_table.name for mapper in mappers()]:
            for _ in range(0 if name in ONCE else MORE):
                # where only one may be: it stays one
                with (
                    suppress(DBAPIError),
                    self.house.database.transaction(Scope.of(HERE)) as session,
                ):
                    fill_more(session, self.house.rows[HERE], name)

    def ask(self, door: Door) -> tuple[int, list[str]]:
        """Return how a page answers, and what it asked."""
        browser = self.theirs if door.rule.startswith("/aanbieder") else self.staff
        with counting(self.house) as seen:
            answer = browser.get(door.at(self.house.rows[HERE]), headers=BROWSER)
        answer.close()
        return answer.status_code, seen

    def costs(self) -> dict[str, list[str]]:
        """What every page asks that can be shown."""
        doors = [d for d in self.house.doors if d.method == "GET" and not d.is_api]
        asked = {door.rule: self.ask(door) for door in doors}
        return {rule: seen for rule, (status, seen) in asked.items() if status == 200}


@pytest.fixture
def pages(app):
    return Pages(app)


def test_no_page_asks_more_for_more_rows(pages):
    pages.grow()
    before = pages.costs()
    pages.grow()
    after = pages.costs()

    assert len(before) > 60
    grown = {
        rule: (len(before[rule]), len(after[rule]))
        for rule in before.keys() & after.keys()
        if len(after[rule]) > len(before[rule])
    }
    assert grown == {}
