"""A dossier closes when nothing runs in it any more."""

import pytest

from build import besluit as build
from build.case import HERE, Case
from build.gemeente import NOW, TODAY, actor, gemeente
from build.trail import trail_of
from loket.authz import Role
from loket.cases.besluit.beschikking import BesluitSoort
from loket.cases.besluit.operations_aanvraag import withdraw_aanvraag
from loket.cases.besluit.operations_sluiten import finish_dossier
from loket.cases.besluit.operations_voorziening import end_voorziening
from loket.cases.besluit.voorziening import Eindreden
from loket.cases.dossier.dossier import Afsluitreden, Dossier, Fase, Werkvoorraad
from loket.errors import RuleViolation

DONE = Afsluitreden.BESLUIT_UITGEVOERD


@pytest.fixture
def by(session):
    gemeente(session)
    return actor(Role.CONSULENT)


class TestFinishDossier:
    def test_takes_it_out_of_the_worklist_once(self, session, by):
        asked = build.aanvraag(session, by)
        withdraw_aanvraag(session, by, NOW, aanvraag=asked)
        dossier = session.get_one(Dossier, asked.dossier_id)

        finish_dossier(
            session, by, NOW, dossier=dossier, reden=Afsluitreden.INGETROKKEN
        )

        line = session.get_one(Werkvoorraad, dossier.id)
        assert line.fase is Fase.GESLOTEN
        assert line.uiterste_datum is None
        assert trail_of(session, dossier.id)[-1] == "dossier.closed"
        with pytest.raises(RuleViolation, match="al gesloten"):
            finish_dossier(session, by, NOW, dossier=dossier, reden=DONE)

    def test_names_an_aanvraag_that_runs(self, session, by):
        asked = build.aanvraag(session, by)
        dossier = session.get_one(Dossier, asked.dossier_id)

        with pytest.raises(RuleViolation, match="er loopt een aanvraag"):
            finish_dossier(session, by, NOW, dossier=dossier, reden=DONE)

    def test_names_a_decision_nobody_was_told_and_a_right_that_runs(self, session, by):
        made = build.besloten(session, by)
        dossier = session.get_one(Dossier, made.dossier_id)

        with pytest.raises(RuleViolation) as refusal:
            finish_dossier(session, by, NOW, dossier=dossier, reden=DONE)

        assert "nog niet bekendgemaakt" in refusal.value.message
        assert "er loopt een voorziening" in refusal.value.message

    def test_closes_after_the_right_ended(self, session, by):
        made = build.bekendgemaakt(session, by)
        dossier = session.get_one(Dossier, made.dossier_id)
        right = build.queries.list_voorzieningen(session, dossier.id)[0]
        end_voorziening(
            session,
            by,
            NOW,
            voorziening=right,
            geeindigd_op=TODAY,
            reden=Eindreden.DOEL_BEREIKT,
        )

        finish_dossier(session, by, NOW, dossier=dossier, reden=DONE)

        assert dossier.afsluitreden is DONE


class TestRefusedBesluit:
    def test_waits_to_be_closed_once_it_was_made_known(self, session, by):
        made = build.bekendgemaakt(
            session,
            by,
            soort=BesluitSoort.WEIGEREN,
            weigeringsgrond_code="eigen_kracht",
            leveringsvorm=None,
            volume=None,
            frequentie=None,
            ingangsdatum=None,
            einddatum=None,
            bedrag_cent=None,
        )

        line = session.get_one(Werkvoorraad, made.dossier_id)

        assert line.fase is Fase.BESLOTEN
        assert line.uiterste_datum is None


class TestPage:
    def test_says_what_runs_and_keeps_the_dossier_open(self, app, database):
        case = Case(app, database)

        answer = case.browser().post(
            f"/dossiers/{case.ref}/sluiten", data={"reden": DONE.value}
        )

        assert answer.status_code == 422
        assert "er loopt een aanvraag" in answer.text
        with database.transaction(HERE) as session:
            assert session.get_one(Dossier, case.dossier.id).closed_at is None

    def test_is_shut_to_the_frontoffice(self, app, database):
        case = Case(app, database)

        answer = case.browser(Role.FRONTOFFICE).get(f"/dossiers/{case.ref}/sluiten")

        assert answer.status_code == 403
