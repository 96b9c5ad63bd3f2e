"""Deeds around a behoefte: leefgebieden, solutions, agreed results, scores."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from build import onderzoek as build
from build.gemeente import NOW, TODAY, gemeente
from loket.audit.action import Action
from loket.audit.record import AuditRecord
from loket.cases.onderzoek import operations_behoefte as operations
from loket.cases.onderzoek import queries
from loket.cases.onderzoek.onderwerp import LeefgebiedSoort
from loket.cases.onderzoek.oplossing import OplossingSoort
from loket.cases.onderzoek.resultaatafspraak import Beoordelaar
from loket.errors import RuleViolation


@pytest.fixture(autouse=True)
def place(session):
    gemeente(session)


@pytest.fixture
def by():
    return build.consulent()


@pytest.fixture
def onderzoek(session, by):
    return build.onderzoek(session, by)


def trail(session, action):
    return session.scalars(
        select(AuditRecord).where(AuditRecord.action == action.value)
    ).all()


def open_wonen(session, by, onderzoek, behoefte_id=None):
    return operations.open_leefgebied(
        session,
        by,
        NOW,
        onderzoek=onderzoek,
        soort=LeefgebiedSoort.HUISVESTING,
        behoefte_id=behoefte_id or build.behoefte(session, onderzoek).id,
        reden="De trap is te steil voor haar knie.",
    )


class TestOpenLeefgebied:
    def test_of_a_new_onderzoek_there_is_none(self, session, onderzoek):
        assert queries.list_leefgebieden(session, onderzoek.id) == {}

    def test_has_a_need_and_a_reason(self, session, by, onderzoek):
        opened = open_wonen(session, by, onderzoek)

        assert opened.behoefte_id == build.behoefte(session, onderzoek).id
        assert opened.reden == "De trap is te steil voor haar knie."
        (row,) = trail(session, Action.LEEFGEBIED_OPENED)
        assert row.dossier_id == onderzoek.dossier_id

    def test_is_refused_for_a_need_of_another_dossier(self, session, by, onderzoek):
        other = build.behoefte(session, build.onderzoek(session, by))

        with pytest.raises(RuleViolation, match="van deze cliënt") as refusal:
            open_wonen(session, by, onderzoek, other.id)

        assert refusal.value.field == "behoefte_id"
        assert queries.list_leefgebieden(session, onderzoek.id) == {}

    def test_happens_once(self, session, by, onderzoek):
        open_wonen(session, by, onderzoek)

        with pytest.raises(RuleViolation, match="al open"):
            open_wonen(session, by, onderzoek)


class TestRecordLeefgebied:
    def test_keeps_words_and_assessment_apart(self, session, by, onderzoek):
        open_wonen(session, by, onderzoek)

        found = operations.record_leefgebied(
            session,
            by,
            NOW,
            onderzoek=onderzoek,
            soort=LeefgebiedSoort.HUISVESTING,
            woorden_client="Ik durf de trap niet meer op.",
            beoordeling="De slaapkamer is boven.",
        )

        assert found.woorden_client == "Ik durf de trap niet meer op."
        assert found.beoordeling == "De slaapkamer is boven."
        assert len(trail(session, Action.LEEFGEBIED_RECORDED)) == 1

    def test_is_refused_while_it_is_closed(self, session, by, onderzoek):
        with pytest.raises(RuleViolation, match="Open eerst"):
            operations.record_leefgebied(
                session,
                by,
                NOW,
                onderzoek=onderzoek,
                soort=LeefgebiedSoort.FINANCIEN,
                woorden_client="Ik kom rond.",
                beoordeling="",
            )


class TestProposeOplossing:
    def test_of_maatwerk_names_product_volume_and_form(self, session, by, onderzoek):
        made = build.maatwerk(session, onderzoek, by)

        assert (made.product_code, made.volume) == ("01A01", 120)
        assert len(trail(session, Action.OPLOSSING_PROPOSED)) == 1

    def test_of_another_kind_needs_words_only(self, session, by, onderzoek):
        made = operations.propose_oplossing(
            session,
            by,
            NOW,
            onderzoek=onderzoek,
            behoefte_id=build.behoefte(session, onderzoek).id,
            soort=OplossingSoort.NETWERK,
            toelichting="De zus doet de boodschappen.",
        )

        session.flush()
        assert made.product_code is None

    @pytest.mark.parametrize(
        "field", ["product_code", "volume", "frequentie", "gewenste_vorm"]
    )
    def test_of_maatwerk_is_complete(self, session, by, onderzoek, field):
        with pytest.raises(RuleViolation, match="hoort bij maatwerk") as refusal:
            build.maatwerk(session, onderzoek, by, **{field: None})

        assert refusal.value.field == field

    def test_of_another_kind_has_no_product(self, session, by, onderzoek):
        with pytest.raises(RuleViolation, match="alleen bij maatwerk"):
            build.maatwerk(session, onderzoek, by, soort=OplossingSoort.NETWERK)

    def test_names_a_product_of_the_gemeente(self, session, by, onderzoek):
        with pytest.raises(RuleViolation, match="product"):
            build.maatwerk(session, onderzoek, by, product_code="99Z99")

    def test_is_refused_for_a_need_of_another_dossier(self, session, by, onderzoek):
        other = build.behoefte(session, build.onderzoek(session, by))

        with pytest.raises(RuleViolation, match="van deze cliënt"):
            build.maatwerk(session, onderzoek, by, behoefte_id=other.id)


class TestWithdrawOplossing:
    def test_takes_it_away_and_tells_so(self, session, by, onderzoek):
        made = build.maatwerk(session, onderzoek, by)

        operations.withdraw_oplossing(
            session, by, NOW, onderzoek=onderzoek, oplossing=made
        )

        assert queries.list_oplossingen(session, onderzoek.id) == []
        assert len(trail(session, Action.OPLOSSING_WITHDRAWN)) == 1


class TestMakeResultaatafspraak:
    def test_goes_from_a_baseline_to_a_target(self, session, by, onderzoek):
        made = build.afspraak(session, onderzoek, by)

        session.flush()
        assert (made.nulmeting, made.doel) == (2, 4)
        assert len(trail(session, Action.RESULTAATAFSPRAAK_MADE)) == 1

    def test_does_not_aim_lower_than_now(self, session, by, onderzoek):
        with pytest.raises(RuleViolation, match="niet lager"):
            build.afspraak(session, onderzoek, by, nulmeting=4, doel=2)

    def test_is_measured_in_the_future(self, session, by, onderzoek):
        with pytest.raises(RuleViolation, match="toekomst"):
            build.afspraak(session, onderzoek, by, meetdatum=TODAY)

    def test_is_refused_for_a_need_of_another_dossier(self, session, by, onderzoek):
        other = build.behoefte(session, build.onderzoek(session, by))

        with pytest.raises(RuleViolation, match="van deze cliënt"):
            build.afspraak(session, onderzoek, by, behoefte_id=other.id)

    def test_can_be_taken_back(self, session, by, onderzoek):
        made = build.afspraak(session, onderzoek, by)

        operations.withdraw_resultaatafspraak(
            session, by, NOW, onderzoek=onderzoek, afspraak=made
        )

        assert queries.list_resultaatafspraken(session, onderzoek.dossier_id) == []
        assert len(trail(session, Action.RESULTAATAFSPRAAK_WITHDRAWN)) == 1


class TestScoreResultaat:
    @pytest.mark.parametrize("beoordelaar", Beoordelaar)
    def test_is_done_by_each_of_the_three(self, session, by, onderzoek, beoordelaar):
        made = build.afspraak(session, onderzoek, by)
        session.flush()

        operations.score_resultaat(
            session,
            by,
            NOW,
            afspraak=made,
            beoordelaar=beoordelaar,
            score=3,
            gemeten_op=TODAY,
        )

        (found,) = queries.list_resultaatafspraken(session, onderzoek.dossier_id)
        assert [each.score for each in found.scores] == [3]
        assert len(trail(session, Action.RESULTAAT_SCORED)) == 1

    @pytest.mark.parametrize(("days", "reason"), [(1, "toekomst"), (-1, "vóór")])
    def test_lies_between_the_agreement_and_today(
        self, session, by, onderzoek, days, reason
    ):
        made = build.afspraak(session, onderzoek, by)

        with pytest.raises(RuleViolation, match=reason):
            operations.score_resultaat(
                session,
                by,
                NOW,
                afspraak=made,
                beoordelaar=Beoordelaar.CLIENT,
                score=3,
                gemeten_op=TODAY + timedelta(days=days),
            )
