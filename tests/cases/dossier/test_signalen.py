"""Signals: made once, gone when it is done, safe to run twice."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from build import dossier as people
from build import providers
from build.gemeente import actor_of
from build.melding import melding
from loket import termijnen
from loket.accounts.operations import set_instelling
from loket.audit.record import AuditRecord
from loket.authz import Actor, Role
from loket.cases.besluit.signalen import signal_voorzieningen
from loket.cases.besluit.voorziening import VoorzieningRegel
from loket.cases.dossier import signalen
from loket.cases.dossier.dossier import Dossier, Werkvoorraad
from loket.cases.dossier.jobs import signal_terms
from loket.cases.dossier.taak import Taak, TaakSoort

NOW = datetime.now(UTC)
TODAY = termijnen.dag_van(NOW)


@pytest.fixture
def term(staff, here):
    """A dossier whose term ends in so many days."""

    def make(days):
        with here() as session:
            made = melding(session, at=NOW, ontvangen_op=TODAY)
            session.execute(
                update(Werkvoorraad)
                .where(Werkvoorraad.dossier_id == made.dossier_id)
                .values(uiterste_datum=TODAY + timedelta(days=days))
            )
            return made.dossier_id

    return make


@pytest.fixture
def tasks(here):
    """The signals of terms, open and done."""

    def find(soort=TaakSoort.TERMIJN_NADERT):
        with here() as session:
            return session.scalars(
                select(Taak).where(Taak.soort == soort).order_by(Taak.id)
            ).all()

    return find


class TestTerm:
    def test_that_is_near_makes_one_signal_however_often_it_runs(
        self, database, config, term, tasks
    ):
        near, _far = term(5), term(60)

        first = signal_terms(database, config, NOW)
        second = signal_terms(database, config, NOW)

        (made,) = tasks()
        assert (first, second) == (1, 0)
        assert made.dossier_id == near
        assert made.uiterlijk == TODAY + timedelta(days=5)
        assert made.voor_rol is Role.CONSULENT

    def test_that_was_met_takes_its_signal_away(
        self, database, config, term, tasks, here
    ):
        case = term(5)
        signal_terms(database, config, NOW)
        with here() as session:
            session.execute(
                update(Werkvoorraad)
                .where(Werkvoorraad.dossier_id == case)
                .values(uiterste_datum=None)
            )

        assert signal_terms(database, config, NOW) == 1

        (done,) = tasks()
        assert done.done_at == NOW
        with here() as session:
            assert session.scalars(
                select(AuditRecord).where(
                    AuditRecord.action == "taak.done",
                    AuditRecord.subject_id == done.id,
                )
            ).one()

    def test_that_somebody_ticked_off_does_not_come_back(
        self, database, config, term, tasks, here, seat
    ):
        case = term(5)
        signal_terms(database, config, NOW)
        with here() as session:
            ref = session.get_one(Dossier, case).referentie
        (one,) = tasks()
        seat(Role.CONSULENT).post(f"/dossiers/{ref}/taken/{one.id}/klaar")

        assert signal_terms(database, config, NOW) == 0
        assert len(tasks()) == 1

    def test_that_moved_makes_a_new_one(self, database, config, term, tasks, here):
        case = term(5)
        signal_terms(database, config, NOW)
        with here() as session:
            session.execute(
                update(Werkvoorraad)
                .where(Werkvoorraad.dossier_id == case)
                .values(uiterste_datum=TODAY + timedelta(days=9))
            )

        signal_terms(database, config, NOW)

        old, new = tasks()
        assert old.done_at
        assert not new.done_at
        assert new.uiterlijk == TODAY + timedelta(days=9)

    def test_is_looked_at_as_far_as_the_gemeente_says(
        self, database, config, term, tasks, here
    ):
        term(60)
        with here() as session:
            set_instelling(
                session,
                Actor.system("0396"),
                NOW,
                sleutel="signaal_termijn_dagen",
                waarde=90,
                van=TODAY,
            )

        signal_terms(database, config, NOW)

        assert len(tasks()) == 1

    def test_more_than_fit_in_one_transaction_are_all_made(
        self, database, config, term, tasks, monkeypatch
    ):
        monkeypatch.setattr(signalen, "BATCH", 2)
        for days in range(5):
            term(days)

        assert signal_terms(database, config, NOW) == 5
        assert len(tasks()) == 5

    def test_of_a_killed_run_is_made_up_for(
        self, database, config, term, tasks, monkeypatch
    ):
        for days in range(3):
            term(days)
        monkeypatch.setattr(signalen, "BATCH", 1)
        monkeypatch.setattr(signalen, "MOST_BATCHES", 2)
        signal_terms(database, config, NOW)
        assert len(tasks()) == 2

        signal_terms(database, config, NOW)

        assert len(tasks()) == 3


class TestVoorziening:
    def test_that_ends_makes_a_signal_and_an_open_one_does_not(
        self, database, config, staff, here, tasks
    ):
        with here() as session:
            by = actor_of(staff[Role.CONSULENT], Role.CONSULENT)
            file = people.dossier(session, by)
            right = providers.voorziening(session, dossier=file)
            rows = update(VoorzieningRegel).where(
                VoorzieningRegel.voorziening_id == right.id
            )
            session.execute(rows.values(tot=None))
        assert signal_voorzieningen(database, config, NOW) == 0

        with here() as session:
            session.execute(
                rows.values(
                    van=TODAY - timedelta(days=9), tot=TODAY + timedelta(days=30)
                )
            )
        signal_voorzieningen(database, config, NOW)

        (made,) = tasks(TaakSoort.VOORZIENING_EINDIGT)
        assert made.onderwerp_id == right.id
        assert made.uiterlijk == TODAY + timedelta(days=30)
