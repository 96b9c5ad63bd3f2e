"""The three tests of a pgb, its amount, and how it follows the right."""

from datetime import date

import pytest
from sqlalchemy import select

from build import besluit as build
from build.besluit import NieuwItem
from build.gemeente import NOW, actor, gemeente
from loket.audit.record import AuditRecord
from loket.authz import Actor, Role
from loket.cases.besluit import queries as besluit_queries
from loket.cases.besluit.operations_beschikking import (
    decide_beschikking,
    remove_besluitregel,
)
from loket.cases.besluit.operations_voorziening import end_voorziening
from loket.cases.besluit.voorziening import Eindreden
from loket.cases.onderzoek.oplossing import Leveringsvorm
from loket.errors import RuleViolation
from loket.pgb import jobs, queries
from loket.pgb.operations import (
    NieuweBudgetregel,
    Oordeel,
    assess_pgb,
    create_pgb_tarief,
)
from loket.pgb.pgb import HelperSoort, Pgb, PgbToets

CONSULENT = actor(Role.CONSULENT)
BEHEER = Actor.system("0396")
YES = Oordeel(True, "Dat blijkt uit het gesprek.")
NO = Oordeel(False, "Dat lukt ook met hulp niet.")


def rate(session, helper, cents, van=date(2026, 1, 1)):
    return create_pgb_tarief(
        session,
        BEHEER,
        NOW,
        product_code=build.HUISHOUDEN,
        helper=helper,
        tarief_cent=cents,
        van=van,
    )


@pytest.fixture(autouse=True)
def here(session):
    gemeente(session)
    rate(session, HelperSoort.FORMEEL, 60)
    rate(session, HelperSoort.INFORMEEL, 35)


@pytest.fixture
def asked(session):
    """A concept in which a pgb is asked, not tested yet."""
    aanvraag = build.aanvraag(
        session, items=[NieuwItem(build.HUISHOUDEN, Leveringsvorm.PGB)]
    )
    made = build.concept(session, about=aanvraag)
    regel = build.regel(
        session,
        made,
        aanvraag_item=build.items_of(session, aanvraag)[0],
        leveringsvorm=Leveringsvorm.PGB,
    )
    return made, regel


def assess(session, asked, **differs):
    made, regel = asked
    answers = {
        "vaardig": YES,
        "gemotiveerd": YES,
        "kwaliteit": YES,
        "budgetregels": [
            NieuweBudgetregel(HelperSoort.FORMEEL, 90),
            NieuweBudgetregel(HelperSoort.INFORMEEL, 30),
        ],
        "eisen": "De hulp heeft een VOG.",
    }
    return assess_pgb(
        session,
        CONSULENT,
        NOW,
        beschikking=made,
        besluitregel=regel,
        **answers | differs,
    )


def trail(session, action):
    session.flush()
    found = select(AuditRecord.id).where(AuditRecord.action == action)
    return len(session.scalars(found).all())


class TestAssess:
    def test_adds_up_the_lines_at_the_rates_of_the_first_day(self, session, asked):
        rate(session, HelperSoort.FORMEEL, 99, van=date(2027, 1, 1))

        assess(session, asked)

        assert asked[1].bedrag_cent == 90 * 60 * 52 + 30 * 35 * 52
        assert "hulp van iemand uit uw omgeving" in asked[1].pgb_berekening
        assert trail(session, "pgb.assessed") == 1

    @pytest.mark.parametrize("test", ["vaardig", "gemotiveerd", "kwaliteit"])
    def test_does_not_grant_when_one_test_fails(self, session, asked, test):
        with pytest.raises(RuleViolation, match="alle drie") as refused:
            assess(session, asked, **{test: NO})

        assert refused.value.field == "weigeringsgrond_code"

    def test_refused_leaves_the_right_in_natura(self, session, asked):
        assess(
            session,
            asked,
            vaardig=NO,
            weigeringsgrond_code="pgb_vaardig",
            natura_cent=300_000,
        )

        regel = asked[1]
        assert regel.leveringsvorm is Leveringsvorm.NATURA
        assert regel.gewenste_vorm is Leveringsvorm.PGB
        assert regel.pgb_weigeringsgrond_code == "pgb_vaardig"
        decide_beschikking(session, CONSULENT, NOW, beschikking=asked[0])
        [right] = besluit_queries.list_voorzieningen(session, regel.dossier_id)
        assert right.regels[0].leveringsvorm is Leveringsvorm.NATURA

    @pytest.mark.parametrize(
        ("differs", "says"),
        [
            ({"vaardig": Oordeel(True, " ")}, "Leg uit"),
            ({"budgetregels": []}, "welke hulp"),
            (
                {"budgetregels": [NieuweBudgetregel(HelperSoort.FORMEEL, 60)]},
                "samen moet 120",
            ),
            ({"eisen": " "}, "eisen"),
            ({"weigeringsgrond_code": "eigen_kracht"}, "niet weigeren"),
        ],
    )
    def test_refuses_what_is_not_complete(self, session, asked, differs, says):
        with pytest.raises(RuleViolation, match=says):
            assess(session, asked, **differs)

    def test_counts_the_last_time_it_was_done(self, session, asked):
        assess(session, asked, vaardig=NO, weigeringsgrond_code="pgb_vaardig")
        assess(session, asked)

        assert len(session.scalars(select(PgbToets)).all()) == 1
        assert asked[1].leveringsvorm is Leveringsvorm.PGB

    def test_goes_with_the_regel_that_is_removed(self, session, asked):
        assess(session, asked)
        session.flush()

        remove_besluitregel(
            session, CONSULENT, NOW, beschikking=asked[0], regel=asked[1]
        )

        assert session.scalars(select(PgbToets.id)).all() == []

    def test_needs_a_pgb_that_was_asked(self, session):
        made = build.concept(session, of=build.dossier(session))
        regel = build.regel(session, made)

        with pytest.raises(RuleViolation, match="geen pgb gevraagd"):
            assess(session, (made, regel))

    def test_is_over_when_the_decision_is_taken(self, session, asked):
        assess(session, asked)
        decide_beschikking(session, CONSULENT, NOW, beschikking=asked[0])

        with pytest.raises(RuleViolation, match="al besloten"):
            assess(session, asked)


class TestPgb:
    @pytest.fixture
    def granted(self, session, asked):
        assess(session, asked)
        decide_beschikking(session, CONSULENT, NOW, beschikking=asked[0])
        return asked[1]

    def test_starts_once_after_the_decision(self, session, granted):
        build.keep(session, "pgb.start", handlers=jobs.HANDLERS)

        [pgb] = queries.list_pgbs(session, granted.dossier_id)
        assert pgb.jaarbedrag_cent == granted.bedrag_cent
        assert (pgb.van, pgb.tot) == (date(2026, 12, 1), date(2028, 11, 30))
        assert trail(session, "pgb.started") == 1

    def test_ends_with_its_right(self, session, granted):
        build.keep(session, "pgb.start", handlers=jobs.HANDLERS)
        [right] = besluit_queries.list_voorzieningen(session, granted.dossier_id)
        end_voorziening(
            session,
            CONSULENT,
            NOW,
            voorziening=right,
            geeindigd_op=date(2027, 4, 30),
            reden=Eindreden.VERHUISD,
        )

        build.keep(session, "pgb.einde", handlers=jobs.HANDLERS)

        [pgb] = session.scalars(select(Pgb))
        assert pgb.tot == date(2027, 4, 30)


class TestTarief:
    def test_closes_the_one_before(self, session):
        newer = rate(session, HelperSoort.FORMEEL, 70, van=date(2027, 1, 1))

        older, found = queries.list_tarieven(session, CONSULENT)[:2]
        assert older.tot == date(2026, 12, 31)
        assert found is newer

    @pytest.mark.parametrize(
        ("cents", "van"), [(0, date(2027, 1, 1)), (70, date(2026, 1, 1))]
    )
    def test_refuses_nothing_and_the_past(self, session, cents, van):
        with pytest.raises(RuleViolation):
            rate(session, HelperSoort.FORMEEL, cents, van=van)
