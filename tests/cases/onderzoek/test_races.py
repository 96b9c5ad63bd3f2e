"""An onderzoek that ends on one connection while another one works on it."""

import pytest
from sqlalchemy import func, select

from build import onderzoek as build
from build.gemeente import NOW, actor, gemeente
from build.race import meet
from loket.audit.action import Action
from loket.audit.record import AuditRecord
from loket.authz import Role
from loket.cases.dossier.dossier import Afsluitreden
from loket.cases.onderzoek import operations
from loket.cases.onderzoek.onderwerp import Letter, Onderwerp
from loket.cases.onderzoek.onderzoek import Onderzoek
from loket.cases.onderzoek.verslag import Reactie, Verslag
from loket.db import Scope
from loket.errors import RuleViolation

HERE = Scope.of("0396")
BY = actor(Role.CONSULENT)


@pytest.fixture
def begun(database):
    """The id of an onderzoek that runs."""
    with database.transaction(HERE) as session:
        gemeente(session)
        return build.onderzoek(session).id


def close(session, onderzoek):
    operations.close_onderzoek(
        session, BY, NOW, onderzoek=onderzoek, reden=Afsluitreden.INGETROKKEN
    )


def write(session, onderzoek):
    operations.record_onderwerp(
        session,
        BY,
        NOW,
        onderzoek=onderzoek,
        letter=Letter.BEHOEFTEN,
        woorden_client="Zo is het.",
        beoordeling="Dat zien wij ook.",
    )


def draw_up(session, onderzoek):
    operations.make_verslag(
        session, BY, NOW, onderzoek=onderzoek, samenvatting="Kort.", conclusie="Past."
    )


def between(database, kind, row_id, first, second):
    def other():
        with database.transaction(HERE) as session:
            second(session, session.get_one(kind, row_id))

    meet(database, HERE, lambda s: first(s, s.get_one(kind, row_id)), other)


def count(database, what, *where):
    with database.transaction(HERE) as session:
        return session.scalar(select(func.count()).select_from(what).where(*where))


@pytest.mark.parametrize("deed", [close, write, draw_up])
def test_that_is_ending_takes_nothing_more(database, begun, deed):
    with pytest.raises(RuleViolation, match="afgerond"):
        between(database, Onderzoek, begun, close, deed)

    assert count(database, Onderwerp) == count(database, Verslag) == 0
    closed = AuditRecord.action == Action.ONDERZOEK_CLOSED.value
    assert count(database, AuditRecord, closed) == 1


def test_a_verslag_is_answered_once(database, begun):
    with database.transaction(HERE) as session:
        draw_up(session, session.get_one(Onderzoek, begun))
        verslag = session.scalars(select(Verslag.id)).one()

    def answer(reactie):
        def deed(session, row):
            operations.answer_verslag(session, BY, NOW, verslag=row, reactie=reactie)

        return deed

    with pytest.raises(RuleViolation, match="al vastgelegd"):
        between(
            database,
            Verslag,
            verslag,
            answer(Reactie.AKKOORD),
            answer(Reactie.NIET_AKKOORD),
        )

    assert count(database, Verslag, Verslag.reactie == Reactie.AKKOORD) == 1
