"""What may happen once, done by two people at the same moment on two connections."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from build import besluit as build
from build.gemeente import NOW, TODAY, actor, gemeente
from build.race import meet
from loket.audit.action import Action
from loket.audit.record import AuditRecord
from loket.authz import Role
from loket.cases.besluit import operations_aanvraag
from loket.cases.besluit import operations_beschikking as operations
from loket.cases.besluit.aanvraag import Aanvraag
from loket.cases.besluit.beschikking import Beschikking, Besluitregel
from loket.cases.besluit.operations_sluiten import finish_dossier
from loket.cases.besluit.operations_voorziening import end_voorziening
from loket.cases.besluit.voorziening import Eindreden, Voorziening
from loket.cases.dossier.dossier import Afsluitreden, Dossier
from loket.db import Scope
from loket.errors import NotFound, RuleViolation

HERE = Scope.of("0396")
CONSULENT, COLLEAGUE = actor(Role.CONSULENT), actor(Role.CONSULENT)


class Race:
    """One deed while another one is not stored yet."""

    def __init__(self, database):
        self.database = database

    def between(self, kind, row_id, first, second):
        """Do both on the same row; the second had looked at it before the first."""

        def other():
            with self.database.transaction(HERE) as session:
                return second(session, session.get_one(kind, row_id))

        return meet(
            self.database, HERE, lambda s: first(s, s.get_one(kind, row_id)), other
        )

    def count(self, what, *where):
        with self.database.transaction(HERE) as session:
            return session.scalar(select(func.count()).select_from(what).where(*where))

    def trail(self, action):
        return self.count(AuditRecord, AuditRecord.action == action.value)


@pytest.fixture
def race(database):
    with database.transaction(HERE) as session:
        gemeente(session)
    return Race(database)


class TestBeschikking:
    @pytest.fixture
    def concept(self, race):
        with race.database.transaction(HERE) as session:
            asked = build.aanvraag(session, CONSULENT)
            made = build.concept(session, CONSULENT, about=asked)
            about = build.items_of(session, asked)[0]
            self.regel = build.regel(session, made, CONSULENT, aanvraag_item=about).id
            return made.id

    def decide(self, session, made):
        operations.decide_beschikking(session, COLLEAGUE, NOW, beschikking=made)

    def add(self, session, made):
        build.regel(session, made, CONSULENT, product_code=build.TRAPLIFT, volume=1)

    def remove(self, session, made):
        operations.remove_besluitregel(
            session,
            CONSULENT,
            NOW,
            beschikking=made,
            regel=session.get_one(Besluitregel, self.regel),
        )

    def test_that_is_being_decided_takes_no_regel_more(self, race, concept):
        with pytest.raises(RuleViolation, match="al besloten"):
            race.between(Beschikking, concept, self.decide, self.add)

        assert race.count(Besluitregel) == 1

    def test_that_is_being_decided_loses_no_regel(self, race, concept):
        with pytest.raises(RuleViolation, match="al besloten"):
            race.between(Beschikking, concept, self.decide, self.remove)

        assert race.count(Besluitregel) == 1

    def test_is_decided_once(self, race, concept):
        with pytest.raises(RuleViolation, match="al besloten"):
            race.between(Beschikking, concept, self.decide, self.decide)

        assert race.trail(Action.BESCHIKKING_DECIDED) == 1

    def test_loses_a_regel_once(self, race, concept):
        with pytest.raises(NotFound):
            race.between(Beschikking, concept, self.remove, self.remove)

        assert race.trail(Action.BESLUITREGEL_REMOVED) == 1

    def test_that_is_being_changed_is_not_looked_over(self, race, concept):
        def review(session, made):
            operations.review_beschikking(session, COLLEAGUE, NOW, beschikking=made)

        race.between(Beschikking, concept, review, self.add)

        assert not race.count(Beschikking, Beschikking.reviewed_at.is_not(None))

    def test_is_made_known_on_one_day(self, race):
        with race.database.transaction(HERE) as session:
            made = build.besloten(session, CONSULENT)
            build.keep(session, "letters.beschikking")

        def make_known(day):
            def deed(session, row):
                operations.make_known_beschikking(
                    session, COLLEAGUE, NOW, beschikking=row, bekendgemaakt_op=day
                )

            return deed

        with race.database.transaction(HERE) as session:
            session.get_one(Beschikking, made.id).besloten_op = TODAY - timedelta(1)
        with pytest.raises(RuleViolation, match="al bekendgemaakt"):
            race.between(
                Beschikking,
                made.id,
                make_known(TODAY - timedelta(1)),
                make_known(TODAY),
            )

        assert race.trail(Action.BESCHIKKING_MADE_KNOWN) == 1


class TestAanvraag:
    def withdraw(self, session, asked):
        operations_aanvraag.withdraw_aanvraag(session, CONSULENT, NOW, aanvraag=asked)

    def test_is_taken_back_once(self, race):
        with race.database.transaction(HERE) as session:
            asked = build.aanvraag(session).id

        with pytest.raises(RuleViolation, match="al afgehandeld"):
            race.between(Aanvraag, asked, self.withdraw, self.withdraw)

        assert race.trail(Action.AANVRAAG_WITHDRAWN) == 1


class TestVoorziening:
    def test_ends_once(self, race):
        with race.database.transaction(HERE) as session:
            right = build.voorziening(session).id

        def end(session, row):
            end_voorziening(
                session,
                CONSULENT,
                NOW,
                voorziening=row,
                geeindigd_op=TODAY,
                reden=Eindreden.VERHUISD,
            )

        with pytest.raises(RuleViolation, match="al geëindigd"):
            race.between(Voorziening, right, end, end)

        assert race.trail(Action.VOORZIENING_ENDED) == 1


class TestDossier:
    def close(self, session, file):
        finish_dossier(
            session, CONSULENT, NOW, dossier=file, reden=Afsluitreden.INGETROKKEN
        )

    def draw_up(self, session, file):
        build.concept(session, of=file)

    def ask(self, session, file):
        build.aanvraag(session, of=file)

    @pytest.mark.parametrize("what", ["draw_up", "ask", "close"])
    def test_that_is_being_closed_takes_nothing_more(self, race, what):
        with race.database.transaction(HERE) as session:
            file = build.dossier(session).id

        with pytest.raises(RuleViolation, match="gesloten"):
            race.between(Dossier, file, self.close, getattr(self, what))

        assert race.count(Beschikking) == race.count(Aanvraag) == 0

    def test_in_which_something_begins_is_not_closed(self, race):
        with race.database.transaction(HERE) as session:
            file = build.dossier(session).id

        with pytest.raises(RuleViolation, match="nog niet dicht"):
            race.between(Dossier, file, self.ask, self.close)
