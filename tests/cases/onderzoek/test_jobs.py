"""What the worker makes of an onderzoek: the verslag and the closing letter."""

import subprocess

import pytest
from sqlalchemy import select

from build import onderzoek as build
from build.gemeente import CODE, NOW, actor_of, gemeente, user
from loket.authz import Actor, Role
from loket.cases.dossier.document import Document, DocumentSoort
from loket.cases.dossier.dossier import Afsluitreden
from loket.cases.dossier.taak import Taak, TaakSoort
from loket.cases.onderzoek import operations, queries
from loket.cases.onderzoek.jobs import HANDLERS
from loket.cases.onderzoek.verslag import Reactie
from loket.outbox.promise import Promise
from loket.outbox.work import Work


@pytest.fixture(autouse=True)
def place(session):
    gemeente(session)


@pytest.fixture
def by(session):
    return actor_of(user(session, Role.CONSULENT), Role.CONSULENT)


def keep(session, topic):
    """Keep every promise of this topic, as the worker does."""
    session.flush()
    work = Work(session, Actor.system(CODE), NOW, None)
    for each in session.scalars(select(Promise).where(Promise.topic == topic)).all():
        HANDLERS[topic](work, each)
    session.flush()


def documents(session, soort):
    return session.scalars(select(Document).where(Document.soort == soort)).all()


def words(document):
    """Read the PDF as a screen reader would: its text in one line."""
    done = subprocess.run(
        ["pdftotext", "-layout", "-", "-"],
        input=document.inhoud,
        capture_output=True,
        check=True,
        timeout=30,
    )
    return " ".join(done.stdout.decode().split())


class TestWriteVerslag:
    def test_puts_words_of_the_client_and_assessment_apart(self, session, by):
        build.volledig(session, by)

        keep(session, "letters.verslag")

        (made,) = documents(session, DocumentSoort.ONDERZOEKSVERSLAG)
        text = words(made)
        assert "Ik red het huishouden niet meer alleen." in text
        assert "Wat u zegt: Zo zie ik mantelzorg en netwerk." in text
        assert "Wat wij vinden: Zo zien wij mantelzorg en netwerk." in text

    def test_holds_solutions_agreements_conclusion_and_room_to_sign(self, session, by):
        build.volledig(session, by)

        keep(session, "letters.verslag")

        (made,) = documents(session, DocumentSoort.ONDERZOEKSVERSLAG)
        text = words(made)
        assert "Hulp bij het huishouden, 120 minuten per week" in text
        assert "Het huis is schoon en leefbaar." in text
        assert "Hulp bij het huishouden past." in text
        assert "Klopt het verslag?" in text
        assert "Handtekening" in text

    def test_run_twice_makes_one_document(self, session, by):
        onderzoek = build.volledig(session, by)

        keep(session, "letters.verslag")
        keep(session, "letters.verslag")

        (made,) = documents(session, DocumentSoort.ONDERZOEKSVERSLAG)
        verslag = queries.last_verslag(session, onderzoek.id)
        assert verslag.document_id == made.id
        assert made.bron_id == verslag.id

    def test_asks_for_it_to_be_sent(self, session, by):
        build.volledig(session, by)

        keep(session, "letters.verslag")

        (taak,) = session.scalars(select(Taak)).all()
        assert taak.soort is TaakSoort.BRIEF_VERZENDEN
        assert taak.voor_rol is Role.ADMINISTRATIE

    def test_of_a_next_version_holds_the_remarks_to_the_first(self, session, by):
        onderzoek = build.volledig(session, by)
        operations.answer_verslag(
            session,
            by,
            NOW,
            verslag=queries.last_verslag(session, onderzoek.id),
            reactie=Reactie.AKKOORD_MET_OPMERKINGEN,
            opmerkingen="Mijn zus komt op woensdag.",
        )
        second = build.verslag(session, onderzoek, by)

        keep(session, "letters.verslag")

        found = documents(session, DocumentSoort.ONDERZOEKSVERSLAG)
        text = words(next(each for each in found if each.bron_id == second.id))
        assert "Uw opmerkingen bij versie 1 Mijn zus komt op woensdag." in text

    def test_of_a_heronderzoek_does_not_speak_of_a_melding(self, session, by):
        onderzoek = build.heronderzoek(session, by)
        build.volledig(session, by, of=onderzoek)

        keep(session, "letters.verslag")

        (made,) = documents(session, DocumentSoort.ONDERZOEKSVERSLAG)
        assert "Wij hebben opnieuw met u gesproken" in words(made)
        assert "heeft u gemeld" not in words(made)


class TestWriteAfsluiting:
    def close(self, session, by, reden=Afsluitreden.NETWERK):
        onderzoek = build.onderzoek(session, by)
        operations.close_onderzoek(session, by, NOW, onderzoek=onderzoek, reden=reden)
        return onderzoek

    def test_tells_why_and_that_an_aanvraag_may_still_come(self, session, by):
        self.close(session, by)

        keep(session, "letters.afsluiting")

        (made,) = documents(session, DocumentSoort.AFSLUITBRIEF)
        text = words(made)
        assert "mensen om u heen u kunnen helpen" in text
        assert "U kunt nog steeds een aanvraag doen" in text

    @pytest.mark.parametrize(
        "reden",
        [
            reden
            for reden in Afsluitreden
            if reden not in {Afsluitreden.OVERLEDEN, Afsluitreden.BESLUIT_UITGEVOERD}
        ],
    )
    def test_has_words_for_every_reason(self, session, by, reden):
        self.close(session, by, reden)

        keep(session, "letters.afsluiting")

        assert len(documents(session, DocumentSoort.AFSLUITBRIEF)) == 1

    def test_run_twice_makes_one_document(self, session, by):
        self.close(session, by)

        keep(session, "letters.afsluiting")
        keep(session, "letters.afsluiting")

        assert len(documents(session, DocumentSoort.AFSLUITBRIEF)) == 1
