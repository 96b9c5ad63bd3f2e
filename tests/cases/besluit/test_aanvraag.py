"""The aanvraag and its clock, with the worked cases of the domain."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select

from build import besluit as build
from build.besluit import NieuwItem
from build.gemeente import NOW, TODAY, actor, gemeente
from loket.audit.record import AuditRecord
from loket.authz import Role
from loket.cases.besluit import queries
from loket.cases.besluit.aanvraag import AanvraagVorm, Opschortgrond
from loket.cases.besluit.operations_aanvraag import (
    register_aanvraag,
    resume_aanvraag,
    suspend_aanvraag,
    withdraw_aanvraag,
)
from loket.cases.besluit.overzicht import aanvraag_kaart
from loket.cases.besluit.volgende import next_step
from loket.cases.dossier.dossier import Dossier, Fase, Werkvoorraad
from loket.errors import RuleViolation

CONSULENT = actor(Role.CONSULENT)


@pytest.fixture(autouse=True)
def here(session):
    return gemeente(session)


def trail(session, action):
    session.flush()
    return session.scalar(
        select(func.count())
        .where(AuditRecord.action == action)
        .select_from(AuditRecord)
    )


def at(day):
    return datetime(day.year, day.month, day.day, 10, tzinfo=UTC)


def aanvraag_on(session, melding_op, ontvangen_op, **differs):
    of = build.dossier(session, ontvangen_op=melding_op)
    return build.aanvraag(session, of=of, ontvangen_op=ontvangen_op, **differs)


class TestRegister:
    def test_starts_two_weeks_that_roll_past_liberation_day(self, session):
        """C01: aanvraag 21 April, two weeks end on 5 May."""
        asked = aanvraag_on(session, date(2026, 3, 1), date(2026, 4, 21))

        assert asked.besluit_tot == date(2026, 5, 6)

    def test_after_six_weeks_needs_no_onderzoek(self, session):
        """C05: melding 24 March, applied on 7 May under art. 2.3.2 lid 9."""
        asked = aanvraag_on(session, date(2026, 3, 24), date(2026, 5, 7))

        assert asked.besluit_tot == date(2026, 5, 21)

    def test_is_refused_on_the_last_day_of_the_six_weeks(self, session):
        with pytest.raises(RuleViolation, match=r"artikel 2\.3\.2 lid 9") as refused:
            aanvraag_on(session, date(2026, 3, 24), date(2026, 5, 6))

        assert refused.value.field == "ontvangen_op"

    def test_leaves_one_line_in_the_trail_and_moves_the_worklist(self, session):
        asked = build.aanvraag(session)

        line = session.get_one(Werkvoorraad, asked.dossier_id)
        assert trail(session, "aanvraag.registered") == 1
        assert (line.fase, line.termijn_soort) == (Fase.AANVRAAG, "besluit")
        assert line.uiterste_datum == asked.besluit_tot

    @pytest.mark.parametrize(
        ("differs", "says"),
        [
            ({"items": ()}, "minstens één"),
            ({"items": (NieuwItem("99Z99"),)}, "product"),
            ({"ontvangen_op": date(2026, 12, 1)}, "toekomst"),
        ],
    )
    def test_refuses_what_cannot_be(self, session, differs, says):
        of = build.dossier(session)

        with pytest.raises(RuleViolation, match=says):
            build.aanvraag(session, of=of, **differs)

    def test_refuses_a_dossier_without_onderzoek_or_melding(self, session):
        from build.dossier import dossier

        of = dossier(session)

        with pytest.raises(RuleViolation, match="onderzoek"):
            build.aanvraag(session, of=of)


class TestSuspend:
    def test_adds_the_days_before_it_rolls_once(self, session):
        """C02: asked on 15 April, completed on 26 April: ten days."""
        asked = aanvraag_on(session, date(2026, 2, 1), date(2026, 4, 13))
        assert asked.besluit_tot == date(2026, 4, 28)

        opschorting = suspend_aanvraag(
            session,
            CONSULENT,
            at(date(2026, 4, 15)),
            aanvraag=asked,
            grond=Opschortgrond.AANVULLING,
            gevraagd_op=date(2026, 4, 15),
            uiterlijk=date(2026, 4, 29),
        )
        resume_aanvraag(
            session,
            CONSULENT,
            at(date(2026, 4, 26)),
            opschorting=opschorting,
            aangevuld_op=date(2026, 4, 26),
        )

        assert len(set(opschorting.stilstand().days())) == 10
        assert asked.besluit_tot == date(2026, 5, 7)
        assert trail(session, "aanvraag.suspended") == 1
        assert trail(session, "aanvraag.resumed") == 1

    def test_says_until_when_it_stands_still_and_that_deciding_may(self, session):
        asked = aanvraag_on(session, date(2026, 3, 24), date(2026, 5, 7))
        self.consent(session, asked, date(2026, 5, 14), date(2026, 6, 4))
        session.refresh(asked, ["items", "opschortingen"])

        def shown(day):
            card = aanvraag_kaart(asked, {}, day)
            step = next_step(session.get_one(Dossier, asked.dossier_id), [card], [], [])
            return card.staat[0], step

        state, step = shown(date(2026, 6, 4))
        assert state == "Termijn staat stil"
        assert "tot en met 04-06-2026, maar u mag eerder besluiten" in step.tekst
        assert step.deur == "beschikking.draw_up"
        state, step = shown(date(2026, 6, 5))
        assert (state, step.tekst[:16]) == ("Open", "De cliënt wacht ")

    def test_with_consent_adds_the_agreed_days(self, session):
        """C05: 21 days of consent from 15 May."""
        asked = aanvraag_on(session, date(2026, 3, 24), date(2026, 5, 7))

        self.consent(session, asked, date(2026, 5, 14), date(2026, 6, 4))

        line = session.get_one(Werkvoorraad, asked.dossier_id)
        assert asked.besluit_tot == date(2026, 6, 11)
        assert line.uiterste_datum == date(2026, 6, 11)

    def test_counts_a_day_in_two_of_them_once(self, session):
        asked = aanvraag_on(session, date(2026, 3, 24), date(2026, 5, 7))

        self.consent(session, asked, date(2026, 5, 14), date(2026, 6, 4))
        self.consent(session, asked, date(2026, 5, 18), date(2026, 5, 28))

        assert asked.besluit_tot == date(2026, 6, 11)

    @pytest.mark.parametrize(
        ("van", "tot", "says"),
        [
            (date(2026, 5, 1), date(2026, 6, 4), "vóór de aanvraag"),
            (date(2026, 5, 21), date(2026, 6, 4), "liep al af"),
            (date(2026, 5, 14), date(2026, 5, 14), "niet na het begin"),
        ],
    )
    def test_refuses_days_that_cannot_be(self, session, van, tot, says):
        asked = aanvraag_on(session, date(2026, 3, 24), date(2026, 5, 7))

        with pytest.raises(RuleViolation, match=says):
            self.consent(session, asked, van, tot)

    def test_ends_once(self, session):
        asked = aanvraag_on(session, date(2026, 3, 24), date(2026, 5, 7))
        opschorting = self.consent(session, asked, date(2026, 5, 14), date(2026, 6, 4))
        deed = {"opschorting": opschorting, "aangevuld_op": date(2026, 5, 20)}
        resume_aanvraag(session, CONSULENT, NOW, **deed)

        with pytest.raises(RuleViolation, match="al beëindigd"):
            resume_aanvraag(session, CONSULENT, NOW, **deed)

    def consent(self, session, asked, van, tot):
        return suspend_aanvraag(
            session,
            CONSULENT,
            NOW,
            aanvraag=asked,
            grond=Opschortgrond.INSTEMMING,
            gevraagd_op=van,
            uiterlijk=tot,
        )


class TestWithdraw:
    def test_stops_the_clock(self, session):
        asked = build.aanvraag(session)

        withdraw_aanvraag(session, CONSULENT, NOW, aanvraag=asked)

        session.flush()
        session.refresh(asked)
        line = session.get_one(Werkvoorraad, asked.dossier_id)
        assert asked.status == "ingetrokken"
        assert line.uiterste_datum is None
        assert trail(session, "aanvraag.withdrawn") == 1

    def test_happens_once(self, session):
        asked = build.aanvraag(session)
        withdraw_aanvraag(session, CONSULENT, NOW, aanvraag=asked)

        with pytest.raises(RuleViolation, match="al afgehandeld"):
            withdraw_aanvraag(session, CONSULENT, NOW, aanvraag=asked)

    def test_waits_until_the_concept_lets_go(self, session):
        asked = build.aanvraag(session)
        made = build.concept(session, about=asked)
        build.regel(session, made, aanvraag_item=build.items_of(session, asked)[0])

        with pytest.raises(RuleViolation, match="concept"):
            withdraw_aanvraag(session, CONSULENT, NOW, aanvraag=asked)


class TestClocks:
    def test_of_two_aanvragen_the_first_to_end_shows(self, session):
        of = build.dossier(session)
        first = build.aanvraag(session, of=of, ontvangen_op=date(2026, 11, 10))
        build.aanvraag(session, of=of, ontvangen_op=TODAY)

        line = session.get_one(Werkvoorraad, of.id)

        assert line.uiterste_datum == first.besluit_tot

    def test_nobody_else_finds_it(self, session):
        from loket.errors import NotFound

        asked = build.aanvraag(session)

        with pytest.raises(NotFound):
            queries.get_aanvraag(session, actor(gemeente="0400"), asked.id)


def test_a_verslag_of_another_dossier_is_no_ground(session):
    from loket.cases.onderzoek.verslag import Verslag

    mine = build.dossier(session, ontvangen_op=TODAY)
    other = build.dossier(session)
    verslag = Verslag(gemeente_code="0396", dossier_id=other.id)

    with pytest.raises(RuleViolation, match="ander dossier"):
        register_aanvraag(
            session,
            CONSULENT,
            NOW,
            dossier=mine,
            vorm=AanvraagVorm.ONDERTEKEND_VERSLAG,
            ontvangen_op=TODAY,
            items=[NieuwItem(build.HUISHOUDEN)],
            verslag=verslag,
        )
