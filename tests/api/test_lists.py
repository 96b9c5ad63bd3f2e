"""Every list of the API costs as many questions to the database, however long it is.

The lists come from the URL map and the rows from every table there is, so a new list
takes part without a word here.
"""

import re
from contextlib import contextmanager, suppress

import pytest
from sqlalchemy import event, inspect
from sqlalchemy.exc import IntegrityError

from build import gemeente
from build.machine import machine
from build.rows import fill, fill_more
from loket.authz import AANBIEDER_ROLLEN, Role
from loket.db import Scope
from loket.frame import office

HERE = "0396"
MORE = 3
PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
STAFF = [rol for rol in Role if rol not in AANBIEDER_ROLLEN]


def lists(app):
    """The addresses of all lists, as their description knows them."""
    return {
        rule.rule
        for rule in app.url_map.iter_rules()
        for answers in [
            vars(app.view_functions[rule.endpoint])
            .get("_apidoc", {})
            .get("response", {})
            .get("responses", {})
        ]
        if "GET" in rule.methods
        and getattr(answers.get(200, [{}])[0].get("schema"), "__name__", "").endswith(
            "LijstSchema"
        )
    }


@contextmanager
def counting(app):
    """Count what is asked of the database."""
    engine, seen = office(app).database.engine, []

    def note(*_):
        seen.append(1)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


class Lists:
    """The lists of a gemeente with a row in every table, and who may read them."""

    def __init__(self, app) -> None:
        self.app = app
        self.database = office(app).database
        with self.database.transaction(Scope.of(HERE)) as session:
            self.rows = fill(session, HERE)
            own = self.rows["aanbieder"].id
            staff = gemeente.user(session, *STAFF)
            theirs = gemeente.user(session, Role.AANBIEDER, aanbieder_id=own)
        self.staff, self.theirs = machine(app, staff), machine(app, theirs)

    def ask(self, rule):
        """Return the lines of a list, and how many statements they took."""
        by = self.theirs if "/aanbieder/" in rule else self.staff
        where = PARAMETER.sub(self._reference, rule)
        with counting(self.app) as seen:
            answer = by.get(f"{where}?limit=100")
        assert answer.status_code == 200, (rule, answer.json)
        return answer.json["resultaten"], len(seen)

    def _reference(self, part) -> str:
        """What stands in an address: a dossier, or the row that is named."""
        if part[1] == "referentie":
            return self.rows["dossier"].referentie
        return str(self.rows[part[1].removesuffix("_id")].id)

    def grow(self, rule, shown) -> None:
        """Add rows to a list: as many as `MORE`, with all that hangs on them."""
        made = {str(getattr(row, "id", "")): row for row in self.rows.values()}
        row = next(made[line["id"]] for line in shown if line["id"] in made)
        with self.database.transaction(Scope.of(HERE)) as session:
            for _ in range(MORE):
                self._add(session, rule, row)

    def _add(self, session, rule, row) -> None:
        """One row more: with a new dossier, or in the dossier of the list."""
        table = inspect(type(row)).local_table
        if "<" not in rule:
            fill_more(session, self.rows, "dossier", table.name)
            return
        above = {key.column.table for key in table.foreign_keys}
        inside = sorted(each.name for each in above if "dossier_id" in each.c)
        # where only one may be open: each under something new in the dossier
        for first in ([], *([name] for name in inside)):
            with suppress(IntegrityError), session.begin_nested():
                fill_more(session, self.rows, table.name, *first)
                return


@pytest.fixture
def here(app):
    return Lists(app)


def test_no_list_asks_more_for_more_rows(here):
    found = lists(here.app)
    assert len(found) > 10
    costs = {}
    for rule in sorted(found):
        here.ask(rule)  # the keys of the vault are read once
        few, before = here.ask(rule)
        here.grow(rule, few)
        many, after = here.ask(rule)
        assert len(many) > len(few), rule
        costs[rule] = (before, after)

    assert {rule: cost for rule, cost in costs.items() if cost[1] > cost[0]} == {}
