"""The persoonlijk plan through its door."""

from datetime import timedelta

import pytest

from build.gemeente import CODE, TODAY, gemeente, login, user
from build.melding import melding
from loket.authz import Role
from loket.cases.dossier.dossier import Dossier
from loket.cases.melding.melding import Melding
from loket.datum import kort
from loket.db import Scope

HERE = Scope.of(CODE)


@pytest.fixture
def case(app, database):
    with database.transaction(HERE) as session:
        gemeente(session)
        made = melding(session, ontvangen_op=TODAY - timedelta(days=3))
        people = {
            rol: user(session, rol) for rol in (Role.FRONTOFFICE, Role.TEAMLEIDER)
        }
        dossier = session.get_one(Dossier, made.dossier_id)
    return made, f"/dossiers/{dossier.referentie}", people


class TestPlan:
    def test_is_noted_and_shown_on_the_dossier(self, app, database, case):
        made, page, people = case
        browser = login(app, people[Role.FRONTOFFICE])

        answer = browser.post(
            f"{page}/persoonlijk-plan", data={"ontvangen_op": kort(TODAY)}
        )

        assert answer.status_code == 303
        assert "Persoonlijk plan ontvangen" in browser.get(page).text
        with database.transaction(HERE) as session:
            assert session.get_one(Melding, made.id).plan_ontvangen_op == TODAY

    def test_with_a_wrong_day_comes_back_with_what_was_typed(self, app, case):
        _, page, people = case

        answer = login(app, people[Role.FRONTOFFICE]).post(
            f"{page}/persoonlijk-plan", data={"ontvangen_op": "gisteren"}
        )

        assert answer.status_code == 422
        assert 'value="gisteren"' in answer.text

    def test_is_not_for_the_teamleider(self, app, case):
        _, page, people = case

        answer = login(app, people[Role.TEAMLEIDER]).get(f"{page}/persoonlijk-plan")

        assert answer.status_code == 403
