"""A signal before a result that was agreed must be measured."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from build import onderzoek as build
from build.gemeente import actor_of, gemeente, user
from loket.authz import Role
from loket.cases.dossier.dossier import Dossier
from loket.cases.dossier.taak import Taak, TaakSoort
from loket.cases.onderzoek.operations_behoefte import score_resultaat
from loket.cases.onderzoek.queries import name_resultaten
from loket.cases.onderzoek.resultaatafspraak import Beoordelaar, Resultaatafspraak
from loket.cases.onderzoek.signalen import signal_meetmomenten
from loket.db import Scope
from loket.termijnen import dag_van

NOW = datetime.now(UTC)
TODAY = dag_van(NOW)


class Results:
    """Agreed results, to be measured in so many days."""

    def __init__(self, database, config):
        self.database, self.config = database, config
        with self.open() as session:
            gemeente(session)
            self.person = user(session, Role.CONSULENT)
            self.by = actor_of(self.person, Role.CONSULENT)

    def open(self):
        return self.database.transaction(Scope.of("0396"))

    def agree(self, days):
        with self.open() as session:
            of = build.onderzoek(session, self.by, NOW, ontvangen_op=TODAY)
            session.get_one(Dossier, of.dossier_id).assign(
                self.person.id, self.person.id, NOW
            )
            due = TODAY + timedelta(days=days)
            return build.afspraak(session, of, self.by, NOW, meetdatum=due).id

    def measure(self, afspraak_id, at):
        with self.open() as session:
            score_resultaat(
                session,
                self.by,
                at,
                afspraak=session.get_one(Resultaatafspraak, afspraak_id),
                beoordelaar=Beoordelaar.CLIENT,
                score=3,
                gemeten_op=dag_van(at),
            )

    def run(self, at=NOW):
        return signal_meetmomenten(self.database, self.config, at)

    def signals(self):
        with self.open() as session:
            return session.scalars(
                select(Taak).where(Taak.soort == TaakSoort.MEETMOMENT_NADERT)
            ).all()


@pytest.fixture
def results(database, config):
    return Results(database, config)


class TestMeetmoment:
    def test_within_a_week_makes_one_signal_for_the_consulent(self, results):
        near = results.agree(7)
        results.agree(8)

        assert (results.run(), results.run()) == (1, 0)

        (made,) = results.signals()
        assert made.onderwerp_id == near
        assert made.voor_user_id == results.person.id
        assert made.uiterlijk == TODAY + timedelta(days=7)

    def test_is_named_to_who_may_read_the_dossier_and_to_nobody_else(self, results):
        near = results.agree(7)

        elsewhere_by = replace(results.by, gemeenten=("0375",))
        with results.open() as session:
            mine = name_resultaten(session, results.by, [near])
            elsewhere = name_resultaten(session, elsewhere_by, [near])
            clerk = actor_of(results.person, Role.BEHEERDER)

            assert mine == {near: "Het huis is schoon en leefbaar."}
            assert elsewhere == {}
            assert name_resultaten(session, clerk, [near]) == {}

    def test_that_was_measured_on_its_day_takes_its_signal_away(self, results):
        afspraak = results.agree(3)
        results.run()
        day = NOW + timedelta(days=3)

        results.measure(afspraak, day)

        assert results.run(day) == 1
        (done,) = results.signals()
        assert done.done_at == day

    def test_that_was_measured_before_its_day_still_is_to_be_measured(self, results):
        afspraak = results.agree(3)
        results.run()

        results.measure(afspraak, NOW + timedelta(days=1))

        assert results.run(NOW + timedelta(days=1)) == 0
        assert not results.signals()[0].done_at

    def test_that_was_missed_stays(self, results):
        results.agree(3)

        assert results.run(NOW + timedelta(days=20)) == 1
        assert results.run(NOW + timedelta(days=21)) == 0
        assert not results.signals()[0].done_at
