"""Deeds of the onderzoek: good path with trail and promise, and each refusal."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from build import onderzoek as build
from build.dossier import inwoner
from build.gemeente import NOW, TODAY, gemeente
from loket.audit.action import Action
from loket.audit.record import AuditRecord, AuditSubject
from loket.cases.dossier.dossier import Afsluitreden, Dossier, Fase, Werkvoorraad
from loket.cases.onderzoek import operations, queries
from loket.cases.onderzoek.gesprek import GesprekDeelname, GesprekVorm
from loket.cases.onderzoek.onderwerp import Letter
from loket.cases.onderzoek.onderzoek import Identiteitsbewijs
from loket.cases.onderzoek.verslag import Reactie
from loket.errors import RuleViolation
from loket.outbox.promise import Promise

LATER = NOW + timedelta(days=7)


@pytest.fixture(autouse=True)
def place(session):
    gemeente(session)


@pytest.fixture
def by():
    return build.consulent()


def trail(session, action):
    return session.scalars(
        select(AuditRecord).where(AuditRecord.action == action.value)
    ).all()


def promised(session, topic):
    return session.scalars(
        select(Promise.subject_id).where(Promise.topic == topic)
    ).all()


def line(session, onderzoek):
    session.flush()
    return session.get_one(Werkvoorraad, onderzoek.dossier_id)


class TestStartOnderzoek:
    def test_takes_the_term_of_the_melding(self, session, by):
        onderzoek = build.onderzoek(session, by, ontvangen_op=date(2026, 3, 16))

        assert onderzoek.uiterste_datum == date(2026, 4, 28)
        assert line(session, onderzoek).fase is Fase.ONDERZOEK
        assert line(session, onderzoek).uiterste_datum == date(2026, 4, 28)
        assert len(trail(session, Action.ONDERZOEK_STARTED)) == 1

    def test_of_a_heronderzoek_has_no_term(self, session, by):
        onderzoek = build.heronderzoek(session, by)

        assert onderzoek.melding_id is None
        assert onderzoek.uiterste_datum is None

    def test_happens_once(self, session, by):
        onderzoek = build.onderzoek(session, by)
        dossier = session.get_one(Dossier, onderzoek.dossier_id)

        with pytest.raises(RuleViolation, match="al gestart"):
            operations.start_onderzoek(session, by, NOW, dossier=dossier)

    def test_is_refused_in_a_closed_dossier(self, session, by):
        onderzoek = build.onderzoek(session, by)
        operations.close_onderzoek(
            session, by, NOW, onderzoek=onderzoek, reden=Afsluitreden.INGETROKKEN
        )
        dossier = session.get_one(Dossier, onderzoek.dossier_id)

        with pytest.raises(RuleViolation, match="gesloten"):
            operations.start_onderzoek(session, by, NOW, dossier=dossier)


class TestSeeIdentiteit:
    def test_keeps_the_kind_of_document_only(self, session, by):
        onderzoek = build.onderzoek(session, by)

        operations.see_identiteit(
            session, by, NOW, onderzoek=onderzoek, bewijs=Identiteitsbewijs.RIJBEWIJS
        )

        assert onderzoek.identiteitsbewijs is Identiteitsbewijs.RIJBEWIJS
        assert onderzoek.identiteit_gezien_by_id == by.id
        assert len(trail(session, Action.IDENTITEIT_CHECKED)) == 1


class TestSnapshotHuishouden:
    def test_keeps_who_lives_there_now(self, session, by):
        onderzoek = build.onderzoek(session, by)
        lid = {"naam": "P. Duinzand", "leeftijd": "79", "relatie": "man", "hulp": ""}

        operations.snapshot_huishouden(
            session, by, NOW, onderzoek=onderzoek, leden=[lid]
        )
        session.flush()
        session.expire(onderzoek)

        assert onderzoek.huishouden["opgenomen_op"] == "2026-11-23"
        assert onderzoek.huishouden["leden"][0]["naam"] == "P. Duinzand"
        assert len(trail(session, Action.HUISHOUDEN_RECORDED)) == 1


class TestRecordGesprek:
    def test_leaves_one_record(self, session, by):
        onderzoek = build.onderzoek(session, by)

        build.gesprek(session, onderzoek, by=by)

        (row,) = trail(session, Action.GESPREK_RECORDED)
        assert row.dossier_id == onderzoek.dossier_id

    def test_of_a_couple_is_one_talk_sealed_in_two_dossiers(self, session, by):
        his = build.onderzoek(session, by, client=inwoner(session, achternaam="Zee"))
        hers = build.onderzoek(session, by, client=inwoner(session, achternaam="Zee"))

        build.gesprek(session, his, hers, by=by)

        session.flush()
        parts = session.scalars(select(GesprekDeelname)).all()
        assert {part.gesprek_id for part in parts} == {parts[0].gesprek_id}
        assert {part.dossier_id for part in parts} == {his.dossier_id, hers.dossier_id}
        for part in parts:
            session.expire(part)
            assert part.woorden_client == "Ik wil hier blijven wonen."
        (row,) = trail(session, Action.GESPREK_RECORDED)
        about = session.scalars(
            select(AuditSubject.subject_id).where(AuditSubject.record_id == row.id)
        ).all()
        assert set(about) == {his.dossier_id, hers.dossier_id}

    def test_in_the_future_is_refused(self, session, by):
        onderzoek = build.onderzoek(session, by)

        with pytest.raises(RuleViolation, match="toekomst"):
            build.gesprek(
                session, onderzoek, by=by, gevoerd_op=TODAY + timedelta(days=1)
            )

    def test_is_refused_when_one_of_the_two_has_ended(self, session, by):
        his = build.afgerond(session, by)
        hers = build.onderzoek(session, by)

        with pytest.raises(RuleViolation, match="afgerond"):
            build.gesprek(session, hers, his, by=by)

    def test_needs_somebody(self, session, by):
        with pytest.raises(RuleViolation, match="voor wie"):
            operations.record_gesprek(
                session,
                by,
                NOW,
                onderzoeken=[],
                vorm=GesprekVorm.THUIS,
                gevoerd_op=TODAY,
                aanwezigen="De cliënt",
                woorden_client="Ik ben moe.",
            )


class TestRecordOnderwerp:
    def test_keeps_words_and_assessment_apart(self, session, by):
        onderzoek = build.onderzoek(session, by)

        operations.record_onderwerp(
            session,
            by,
            NOW,
            onderzoek=onderzoek,
            letter=Letter.NETWERK,
            woorden_client="Mijn zus komt op dinsdag.",
            beoordeling="De zus kan niet vaker.",
        )

        session.flush()
        found = queries.list_onderwerpen(session, onderzoek.id)[Letter.NETWERK]
        assert found.woorden_client == "Mijn zus komt op dinsdag."
        assert found.beoordeling == "De zus kan niet vaker."
        assert len(trail(session, Action.ONDERWERP_RECORDED)) == 1

    def test_again_rewrites_the_same_subject(self, session, by):
        onderzoek = build.onderzoek(session, by)
        build.onderwerpen(session, onderzoek, by)

        operations.record_onderwerp(
            session,
            by,
            LATER,
            onderzoek=onderzoek,
            letter=Letter.BEHOEFTEN,
            woorden_client="Anders gezegd.",
            beoordeling="Anders gezien.",
        )

        found = queries.list_onderwerpen(session, onderzoek.id)
        assert len(found) == 7
        assert found[Letter.BEHOEFTEN].woorden_client == "Anders gezegd."
        assert found[Letter.BEHOEFTEN].recorded_at == LATER


class TestAgreeLater:
    def test_does_not_move_the_day_of_the_law(self, session, by):
        onderzoek = build.onderzoek(session, by)
        legal = onderzoek.uiterste_datum
        agreed = legal + timedelta(days=14)

        operations.agree_later(session, by, NOW, onderzoek=onderzoek, tot=agreed)

        assert onderzoek.uiterste_datum == legal
        assert onderzoek.afgesproken_tot == agreed
        assert line(session, onderzoek).uiterste_datum == legal
        assert len(trail(session, Action.ONDERZOEK_AGREED_LATER)) == 1

    @pytest.mark.parametrize("days", [-1, 0])
    def test_is_not_before_that_day(self, session, by, days):
        onderzoek = build.onderzoek(session, by)
        tot = onderzoek.uiterste_datum + timedelta(days=days)

        with pytest.raises(RuleViolation, match="na de uiterste datum"):
            operations.agree_later(session, by, NOW, onderzoek=onderzoek, tot=tot)

    def test_is_not_in_the_past(self, session, by):
        onderzoek = build.heronderzoek(session, by)

        with pytest.raises(RuleViolation, match="toekomst"):
            operations.agree_later(session, by, NOW, onderzoek=onderzoek, tot=TODAY)


class TestMakeVerslag:
    def test_promises_the_pdf_and_waits_for_the_client(self, session, by):
        onderzoek = build.onderzoek(session, by)

        verslag = build.verslag(session, onderzoek, by)

        assert verslag.versie == 1
        assert promised(session, "letters.verslag") == [verslag.id]
        assert line(session, onderzoek).fase is Fase.WACHT_OP_CLIENT
        assert len(trail(session, Action.VERSLAG_MADE)) == 1

    def test_again_is_a_next_version_and_the_earlier_one_stays(self, session, by):
        onderzoek = build.onderzoek(session, by)
        build.verslag(session, onderzoek, by)

        second = build.verslag(session, onderzoek, by)

        assert second.versie == 2
        versions = queries.list_verslagen(session, onderzoek.id)
        assert [each.versie for each in versions] == [2, 1]

    def test_is_refused_after_a_signature(self, session, by):
        onderzoek = build.onderzoek(session, by)
        build.ondertekend(session, build.verslag(session, onderzoek, by), by)

        with pytest.raises(RuleViolation, match="al ondertekend"):
            build.verslag(session, onderzoek, by)


class TestAnswerVerslag:
    def test_signed_after_the_end_promises_the_aanvraag(self, session, by):
        onderzoek = build.afgerond(session, by)
        verslag = queries.last_verslag(session, onderzoek.id)

        build.ondertekend(session, verslag, by)

        session.flush()
        session.refresh(verslag)
        assert verslag.status == "beantwoord"
        assert verslag.ondertekend_op == TODAY
        assert promised(session, "besluit.aanvraag") == [verslag.id]
        assert len(trail(session, Action.VERSLAG_ANSWERED)) == 1

    def test_signed_before_the_end_waits_for_it(self, session, by):
        onderzoek = build.volledig(session, by)
        verslag = queries.last_verslag(session, onderzoek.id)
        build.ondertekend(session, verslag, by)
        before = promised(session, "besluit.aanvraag")

        operations.complete_onderzoek(session, by, NOW, onderzoek=onderzoek)

        assert before == []
        assert promised(session, "besluit.aanvraag") == [verslag.id]

    def test_signed_after_the_term_does_not_wait(self, session, by):
        onderzoek = build.onderzoek(session, by, ontvangen_op=date(2026, 9, 1))
        verslag = build.verslag(session, onderzoek, by)

        build.ondertekend(session, verslag, by)

        assert promised(session, "besluit.aanvraag") == [verslag.id]

    def test_without_a_signature_is_no_aanvraag(self, session, by):
        onderzoek = build.afgerond(session, by)
        verslag = queries.last_verslag(session, onderzoek.id)

        operations.answer_verslag(
            session, by, NOW, verslag=verslag, reactie=Reactie.AKKOORD
        )

        assert promised(session, "besluit.aanvraag") == []

    def test_that_asks_for_more_brings_the_work_back(self, session, by):
        onderzoek = build.onderzoek(session, by)
        verslag = build.verslag(session, onderzoek, by)

        operations.answer_verslag(
            session,
            by,
            NOW,
            verslag=verslag,
            reactie=Reactie.NIET_AKKOORD,
            opmerkingen="Mijn zus komt niet meer.",
        )

        assert line(session, onderzoek).fase is Fase.ONDERZOEK

    def test_happens_once(self, session, by):
        verslag = build.verslag(session, build.onderzoek(session, by), by)
        build.ondertekend(session, verslag, by)

        with pytest.raises(RuleViolation, match="al vastgelegd"):
            build.ondertekend(session, verslag, by)

    def test_is_about_the_newest_version(self, session, by):
        onderzoek = build.onderzoek(session, by)
        first = build.verslag(session, onderzoek, by)
        build.verslag(session, onderzoek, by)

        with pytest.raises(RuleViolation, match="nieuwere versie"):
            build.ondertekend(session, first, by)

    def test_with_remarks_names_them(self, session, by):
        verslag = build.verslag(session, build.onderzoek(session, by), by)

        with pytest.raises(RuleViolation, match="opmerkingen"):
            operations.answer_verslag(
                session,
                by,
                NOW,
                verslag=verslag,
                reactie=Reactie.AKKOORD_MET_OPMERKINGEN,
            )

    @pytest.mark.parametrize(
        ("dag", "reason"),
        [
            (TODAY - timedelta(days=1), "er nog niet"),
            (TODAY + timedelta(days=1), "toekomst"),
        ],
    )
    def test_is_signed_between_the_verslag_and_today(self, session, by, dag, reason):
        verslag = build.verslag(session, build.onderzoek(session, by), by)

        with pytest.raises(RuleViolation, match=reason) as refusal:
            build.ondertekend(session, verslag, by, dag=dag)

        assert refusal.value.field == "ondertekend_op"


class TestCompleteOnderzoek:
    def test_ends_the_clock(self, session, by):
        onderzoek = build.volledig(session, by)

        operations.complete_onderzoek(session, by, NOW, onderzoek=onderzoek)

        session.flush()
        session.refresh(onderzoek)
        assert onderzoek.status == "afgerond"
        assert line(session, onderzoek).termijn_soort is None
        assert line(session, onderzoek).fase is Fase.WACHT_OP_CLIENT
        assert len(trail(session, Action.ONDERZOEK_COMPLETED)) == 1

    def test_tells_everything_that_is_missing(self, session, by):
        onderzoek = build.onderzoek(session, by)
        build.maatwerk(session, onderzoek, by)

        with pytest.raises(RuleViolation) as refusal:
            operations.complete_onderzoek(session, by, NOW, onderzoek=onderzoek)

        for each in ("identiteitsbewijs", "gesprek", "pgb", "verslag"):
            assert each in refusal.value.message
        for letter in Letter:
            assert f"onderwerp {letter.value} " in refusal.value.message
        assert onderzoek.completed_at is None

    def test_needs_pgb_information_only_for_maatwerk(self, session, by):
        onderzoek = build.heronderzoek(session, by)
        build.volledig(session, by, of=onderzoek)
        onderzoek.pgb_informatie_at = onderzoek.pgb_informatie_by_id = None

        operations.complete_onderzoek(session, by, NOW, onderzoek=onderzoek)

        assert onderzoek.completed_at == NOW

    def test_happens_once(self, session, by):
        onderzoek = build.afgerond(session, by)

        with pytest.raises(RuleViolation, match="afgerond"):
            operations.complete_onderzoek(session, by, NOW, onderzoek=onderzoek)


class TestCloseOnderzoek:
    def test_closes_the_dossier_and_promises_the_letter(self, session, by):
        onderzoek = build.onderzoek(session, by)

        operations.close_onderzoek(
            session, by, NOW, onderzoek=onderzoek, reden=Afsluitreden.NETWERK
        )

        session.flush()
        session.refresh(onderzoek)
        dossier = session.get_one(Dossier, onderzoek.dossier_id)
        assert onderzoek.status == "gesloten"
        assert dossier.afsluitreden is Afsluitreden.NETWERK
        assert line(session, onderzoek).fase is Fase.GESLOTEN
        assert line(session, onderzoek).uiterste_datum is None
        assert promised(session, "letters.afsluiting") == [onderzoek.id]
        assert len(trail(session, Action.ONDERZOEK_CLOSED)) == 1
        assert trail(session, Action.DOSSIER_CLOSED) == []

    def test_of_somebody_who_died_sends_no_letter(self, session, by):
        onderzoek = build.onderzoek(session, by)

        operations.close_onderzoek(
            session, by, NOW, onderzoek=onderzoek, reden=Afsluitreden.OVERLEDEN
        )

        assert promised(session, "letters.afsluiting") == []

    def test_has_a_reason_why_there_is_no_aanvraag(self, session, by):
        onderzoek = build.onderzoek(session, by)

        with pytest.raises(RuleViolation, match="geen aanvraag"):
            operations.close_onderzoek(
                session,
                by,
                NOW,
                onderzoek=onderzoek,
                reden=Afsluitreden.BESLUIT_UITGEVOERD,
            )

    def test_is_refused_after_completion(self, session, by):
        onderzoek = build.afgerond(session, by)

        with pytest.raises(RuleViolation, match="afgerond"):
            operations.close_onderzoek(
                session, by, NOW, onderzoek=onderzoek, reden=Afsluitreden.NETWERK
            )


def _identiteit(session, by, onderzoek):
    operations.see_identiteit(
        session, by, LATER, onderzoek=onderzoek, bewijs=Identiteitsbewijs.PASPOORT
    )


def _huishouden(session, by, onderzoek):
    operations.snapshot_huishouden(session, by, LATER, onderzoek=onderzoek, leden=[])


def _pgb(session, by, onderzoek):
    operations.give_pgb_informatie(session, by, LATER, onderzoek=onderzoek)


def _later(session, by, onderzoek):
    tot = onderzoek.uiterste_datum + timedelta(days=5)
    operations.agree_later(session, by, LATER, onderzoek=onderzoek, tot=tot)


AFTERWARDS = {
    "identiteit": _identiteit,
    "huishouden": _huishouden,
    "gesprek": lambda session, by, of: build.gesprek(session, of, by=by),
    "onderwerp": lambda session, by, of: build.onderwerpen(session, of, by),
    "pgb": _pgb,
    "later": _later,
    "oplossing": lambda session, by, of: build.maatwerk(session, of, by),
    "afspraak": lambda session, by, of: build.afspraak(session, of, by),
    "verslag": lambda session, by, of: build.verslag(session, of, by),
}


class TestAfterTheEnd:
    @pytest.mark.parametrize("deed", AFTERWARDS.values(), ids=AFTERWARDS)
    def test_nothing_changes(self, session, by, deed):
        onderzoek = build.afgerond(session, by)

        with pytest.raises(RuleViolation, match="afgerond"):
            deed(session, by, onderzoek)
