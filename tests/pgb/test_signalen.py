"""A signal before a pgb ends, once, and not when another one follows it."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from build import dossier as people
from build import providers
from build.gemeente import actor_of, gemeente, user
from loket.accounts.operations import set_instelling
from loket.authz import Actor, Role
from loket.cases.besluit.beschikking import Beschikking, Besluitregel
from loket.cases.besluit.voorziening import Voorziening
from loket.cases.dossier.taak import Taak, TaakSoort
from loket.db import Scope
from loket.pgb.pgb import Pgb
from loket.pgb.signalen import signal_pgb
from loket.termijnen import dag_van

NOW = datetime.now(UTC)
TODAY = dag_van(NOW)


class Budgets:
    """Budgets that end in so many days, each of a right of its own."""

    def __init__(self, database, config):
        self.database, self.config = database, config
        with self.open() as session:
            gemeente(session)
            self.by = actor_of(user(session, Role.CONSULENT), Role.CONSULENT)

    def open(self):
        return self.database.transaction(Scope.of("0396"))

    def grant(self, days, van=-100, of=None):
        """Grant a budget, or the next one of the same right; return its ids."""
        with self.open() as session:
            if of is None:
                file = people.dossier(session, self.by, NOW)
                right = providers.voorziening(session, dossier=file)
            else:
                before = session.get_one(Pgb, of)
                right = session.get_one(Voorziening, before.voorziening_id)
                extra = providers.voorziening(
                    session, dossier=people.dossier(session, self.by, NOW)
                )
            regel = session.scalars(
                select(Besluitregel.id)
                .join(Beschikking, Beschikking.id == Besluitregel.beschikking_id)
                .where(
                    Beschikking.dossier_id
                    == (right.dossier_id if of is None else extra.dossier_id)
                )
            ).first()
            budget = Pgb(
                gemeente_code="0396",
                dossier_id=right.dossier_id,
                voorziening_id=right.id,
                besluitregel_id=regel,
                jaarbedrag_cent=520_000,
                van=TODAY + timedelta(days=van),
                tot=None if days is None else TODAY + timedelta(days=days),
                granted_at=NOW,
            )
            session.add(budget)
            session.flush()
            return budget.id

    def run(self, at=NOW):
        return signal_pgb(self.database, self.config, at)

    def signals(self):
        with self.open() as session:
            return session.scalars(
                select(Taak)
                .where(Taak.soort == TaakSoort.PGB_EINDIGT)
                .order_by(Taak.uiterlijk)
            ).all()


@pytest.fixture
def budgets(database, config):
    return Budgets(database, config)


class TestPgb:
    def test_that_ends_within_eight_weeks_makes_one_signal(self, budgets):
        near = budgets.grant(56)
        budgets.grant(57)
        budgets.grant(None)

        assert (budgets.run(), budgets.run()) == (1, 0)

        (made,) = budgets.signals()
        assert made.onderwerp_id == near
        assert made.uiterlijk == TODAY + timedelta(days=56)

    def test_that_ended_already_makes_none(self, budgets):
        budgets.grant(-1)

        assert budgets.run() == 0

    def test_that_is_followed_by_another_needs_no_signal_any_more(self, budgets):
        first = budgets.grant(30)
        budgets.run()

        budgets.grant(400, van=31, of=first)

        assert budgets.run() == 1
        (done,) = budgets.signals()
        assert done.done_at == NOW

    def test_is_looked_at_as_far_as_the_gemeente_says(self, budgets):
        budgets.grant(90)
        with budgets.open() as session:
            set_instelling(
                session,
                Actor.system("0396"),
                NOW,
                sleutel="signaal_pgb_dagen",
                waarde=100,
                van=TODAY,
            )

        assert budgets.run() == 1
