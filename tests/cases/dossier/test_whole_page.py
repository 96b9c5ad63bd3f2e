"""The page of a dossier with something in every part of it."""

import pytest

from build.full import add_more, full_dossier
from build.gemeente import actor_of
from loket.authz import Role
from loket.cases.dossier.dossier import Dossier

MOST = 30
"""Statements of a page with something in every part, the frame's own included."""


@pytest.fixture
def by(staff):
    return actor_of(staff[Role.CONSULENT], Role.CONSULENT)


@pytest.fixture
def dossier(here, by):
    with here() as session:
        return full_dossier(session, by)


class TestCost:
    def test_does_not_grow_with_the_rows_of_any_part(
        self, here, by, dossier, seat, counting
    ):
        browser = seat(Role.CONSULENT)
        url = f"/dossiers/{dossier.referentie}"
        browser.get(url)
        with counting() as few:
            small = browser.get(url).text
        with here() as session:
            file = session.get_one(Dossier, dossier.id)
            add_more(session, by, file)
            add_more(session, by, file)
        browser.get(url)

        with counting() as many:
            large = browser.get(url).text

        for one_row in ROWS:
            assert large.count(one_row) > small.count(one_row) > 0, one_row
        assert many == few
        assert few["database"] <= MOST


ROWS = (
    "Zelf naar de winkel kunnen",
    "De buurvrouw rijdt mee.",
    "Rolstoel</h3>",
    "Verzoek aan Zorg aan Zee",
    "Zorg aan Zee, toewijzing",
    "Pgb van",
    "Aanvraag van",
    "Bezwaar van",
    "Ingekomen stuk",
    "Verteld hoe het verder gaat.",
    "De sleutel ligt bij de buren.",
    "Huisgenoot",
    "Cliënt bellen",
    "belt terug",
    "Over het verzoek",
    "Werk eerlijker verdelen",
)
"""A word of one row in every part of the page."""
