from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from sqlalchemy import select

from loket.audit.action import Action
from loket.audit.record import AuditRecord
from loket.authz import Actor, Role
from loket.errors import NotConfigured, RuleViolation
from loket.letters.operations import set_brieftekst
from loket.letters.queries import list_brieftekst, tekst_op
from loket.letters.tekst import TextError

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def by():
    return Actor(uuid4(), "Beheer", frozenset({Role.BEHEERDER}), ("0396",))


class TestSetBrieftekst:
    def test_holds_from_its_first_day(self, letters_session, by):
        set_brieftekst(
            letters_session,
            by,
            AT,
            sleutel="afsluitbrief",
            tekst="Oud {reden}",
            van=date(2026, 1, 1),
        )
        set_brieftekst(
            letters_session,
            by,
            AT,
            sleutel="afsluitbrief",
            tekst="Nieuw {reden}\r\n\r\nEinde",
            van=date(2026, 4, 1),
        )

        read = [
            tekst_op(letters_session, "0396", "afsluitbrief", dag)
            for dag in (date(2026, 3, 31), date(2026, 4, 1), date(2030, 1, 1))
        ]
        assert read == ["Oud {reden}", *["Nieuw {reden}\n\nEinde"] * 2]
        assert [each.tot for each in list_brieftekst(letters_session, by)] == [
            date(2026, 3, 31),
            None,
        ]

    def test_leaves_one_trail_line(self, letters_session, by):
        row = set_brieftekst(
            letters_session,
            by,
            AT,
            sleutel="afsluitbrief",
            tekst="Tekst",
            van=date(2026, 1, 1),
        )

        trail = letters_session.scalars(select(AuditRecord)).all()
        assert [(each.action, each.subject_id, each.grond) for each in trail] == [
            (Action.BRIEFTEKST_SET.value, row.id, "afsluitbrief")
        ]

    @pytest.mark.parametrize("van", [date(2026, 4, 1), date(2026, 3, 1)])
    def test_never_rewrites_the_past(self, letters_session, by, van):
        set_brieftekst(
            letters_session,
            by,
            AT,
            sleutel="afsluitbrief",
            tekst="Tekst",
            van=date(2026, 4, 1),
        )

        with pytest.raises(RuleViolation, match="vanaf 01-04-2026"):
            set_brieftekst(
                letters_session,
                by,
                AT,
                sleutel="afsluitbrief",
                tekst="Anders",
                van=van,
            )

    def test_refuses_a_text_that_cannot_be_filled(self, letters_session, by):
        with pytest.raises(TextError, match="hobby"):
            set_brieftekst(
                letters_session,
                by,
                AT,
                sleutel="afsluitbrief",
                tekst="Uw {hobby}",
                van=date(2026, 4, 1),
            )


class TestTekstOp:
    def test_says_which_text_is_missing(self, letters_session):
        with pytest.raises(NotConfigured, match="afsluitbrief is er niet op 1 mei"):
            tekst_op(letters_session, "0396", "afsluitbrief", date(2026, 5, 1))

    def test_does_not_look_at_a_neighbour(self, letters_session, by):
        set_brieftekst(
            letters_session,
            by,
            AT,
            sleutel="afsluitbrief",
            tekst="Tekst",
            van=date(2026, 1, 1),
        )

        with pytest.raises(NotConfigured):
            tekst_op(letters_session, "0375", "afsluitbrief", date(2026, 5, 1))
