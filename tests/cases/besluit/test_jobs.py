"""What follows a deed: the aanvraag of a verslag, the letter, a death."""

import subprocess
from datetime import date

import pytest
from sqlalchemy import select

from build import besluit as build
from build.besluit import NieuwItem
from build.dossier import inwoner
from build.gemeente import NOW, TODAY, actor, gemeente
from loket.authz import Role
from loket.cases.besluit import queries
from loket.cases.besluit.beschikking import BesluitSoort
from loket.cases.besluit.operations_beschikking import decide_beschikking
from loket.cases.besluit.voorziening import Eindreden
from loket.cases.dossier.document import Document
from loket.cases.dossier.huishouden import SoortHuishouden
from loket.cases.dossier.operations_inwoner import record_death, record_huishouden
from loket.cases.dossier.queries import get_client
from loket.cases.dossier.taak import Taak, TaakSoort
from loket.cases.melding.queries import list_behoeften
from loket.cases.onderzoek.onderzoek import Onderzoek
from loket.cases.onderzoek.oplossing import Oplossing, OplossingSoort
from loket.cases.onderzoek.verslag import Reactie, Verslag
from loket.outbox.operations import promise

CONSULENT = actor(Role.CONSULENT)


@pytest.fixture(autouse=True)
def here(session):
    return gemeente(session)


def signed_verslag(session, *, soort=OplossingSoort.MAATWERK, reactie=Reactie.AKKOORD):
    of = build.dossier(session, ontvangen_op=TODAY)
    base = {"gemeente_code": "0396", "dossier_id": of.id}
    onderzoek = Onderzoek(**base, started_at=NOW, started_by_id=CONSULENT.id)
    session.add(onderzoek)
    session.flush()
    behoefte = list_behoeften(session, of.id)[0]
    maatwerk = soort is OplossingSoort.MAATWERK
    session.add(
        Oplossing(
            **base,
            onderzoek_id=onderzoek.id,
            behoefte_id=behoefte.id,
            soort=soort,
            product_code=build.HUISHOUDEN if maatwerk else None,
            proposed_at=NOW,
            proposed_by_id=CONSULENT.id,
        )
    )
    verslag = Verslag(
        **base,
        onderzoek_id=onderzoek.id,
        versie=1,
        made_at=NOW,
        made_by_id=CONSULENT.id,
    )
    verslag.answer(reactie, "", TODAY, CONSULENT.id, NOW)
    session.add(verslag)
    session.flush()
    promise(session, "besluit.aanvraag", verslag.id, gemeente_code="0396", at=NOW)
    return verslag


class TestSignedVerslag:
    def test_becomes_an_aanvraag_for_its_maatwerk(self, session):
        verslag = signed_verslag(session)

        build.keep(session, "besluit.aanvraag")

        asked = queries.aanvraag_of_verslag(session, verslag.id)
        assert asked.ontvangen_op == TODAY
        [item] = build.items_of(session, asked)
        assert item.product_code == build.HUISHOUDEN
        assert item.behoefte_id == list_behoeften(session, verslag.dossier_id)[0].id

    def test_becomes_one_aanvraag_when_the_promise_is_kept_twice(self, session):
        verslag = signed_verslag(session)
        build.keep(session, "besluit.aanvraag")
        promise(
            session,
            "besluit.aanvraag",
            verslag.id,
            gemeente_code="0396",
            at=NOW,
            key="2",
        )

        assert build.keep(session, "besluit.aanvraag") == 1

        assert len(queries.list_aanvragen(session, verslag.dossier_id)) == 1

    @pytest.mark.parametrize(
        ("reactie", "tasks"),
        [(Reactie.AKKOORD, 0), (Reactie.AKKOORD_MET_OPMERKINGEN, 1)],
    )
    def test_without_maatwerk_is_looked_at_when_the_client_has_remarks(
        self, session, reactie, tasks
    ):
        verslag = signed_verslag(session, soort=OplossingSoort.NETWERK, reactie=reactie)

        build.keep(session, "besluit.aanvraag")

        assert queries.aanvraag_of_verslag(session, verslag.id) is None
        assert len(session.scalars(select(Taak)).all()) == tasks


def letter_text(session, made):
    build.keep(session, "letters.beschikking")
    document = session.get_one(Document, made.document_id)
    read = subprocess.run(
        ["pdftotext", "-layout", "-", "-"],
        input=document.inhoud,
        capture_output=True,
        check=True,
        timeout=30,
    )
    return " ".join(read.stdout.decode().split())


class TestLetter:
    def test_says_how_much_how_long_why_and_how_to_object(self, session):
        made = build.besloten(session)

        text = letter_text(session, made)

        for part in (
            "U krijgt hulp bij het huishouden",
            "120 minuten per week (2 uur)",
            "van 1 december 2026 tot en met 30 november 2028",
            "in natura",
            "U kunt het zware werk niet zelf.",
            "Uw dochter helpt met de was.",
            "€ 21,80 per maand",
            "artikel 2.3.8",
            "binnen zes weken na de dag waarop wij deze brief",
            "namens het college",
            "Op 23 november 2026 hebben wij uw aanvraag",
        ):
            assert part in text

    def test_names_the_ground_and_the_article_of_a_refusal(self, session):
        made = build.besloten(
            session,
            soort=BesluitSoort.WEIGEREN,
            weigeringsgrond_code="eigen_kracht",
            motivering="Uw dochter maakt elke week schoon.",
        )

        text = letter_text(session, made)

        assert "U krijgt geen hulp bij het huishouden" in text
        assert "U kunt dit zelf oplossen." in text
        assert "Dit staat in Wmo 2015 art. 2.3.5 lid 3" in text
        assert "Uw dochter maakt elke week schoon." in text
        assert "eigen bijdrage" not in text

    def test_of_an_ambtshalve_change_speaks_of_no_aanvraag(self, session):
        right = build.voorziening(session)
        of = queries.dossier_queries.dossier_of(session, CONSULENT, right.dossier_id)
        made = build.concept(session, of=of)
        build.regel(
            session,
            made,
            soort=BesluitSoort.WIJZIGEN,
            voorziening=right,
            volume=90,
            ingangsdatum=date(2027, 2, 1),
        )
        build.regel(
            session,
            made,
            soort=BesluitSoort.INTREKKEN,
            voorziening=right,
            herzieningsgrond="b",
            ingangsdatum=date(2027, 6, 1),
        )
        decide_beschikking(session, CONSULENT, NOW, beschikking=made)

        text = letter_text(session, made)

        assert "Wij veranderen uw ondersteuning" in text
        assert "90 minuten per week (1 uur en 30 minuten)" in text
        assert "De ondersteuning stopt op 1 juni 2027" in text
        assert "artikel 2.3.10, eerste lid, onder b" in text
        assert "uw aanvraag" not in text

    def test_is_made_once_and_never_changes(self, session):
        made = build.besloten(session)
        build.keep(session, "letters.beschikking")
        first = made.document_id
        promise(
            session,
            "letters.beschikking",
            made.id,
            gemeente_code="0396",
            at=NOW,
            key="2",
        )

        build.keep(session, "letters.beschikking")

        assert made.document_id == first
        assert len(session.scalars(select(Document)).all()) == 1


class TestDeath:
    def test_ends_the_right_and_sends_somebody_to_the_partner(self, session):
        of = build.dossier(session)
        husband = get_client(session, of.id)
        wife = inwoner(session)
        record_huishouden(
            session,
            CONSULENT,
            NOW,
            soort=SoortHuishouden.LEEFEENHEID,
            leden=[husband, wife],
            van=date(2020, 1, 1),
        )
        right = build.voorziening(session, of=of, ingangsdatum=date(2026, 11, 1))
        record_death(session, CONSULENT, NOW, inwoner=husband, overleden_op=TODAY)

        build.keep(session, "besluit.overleden")

        [fresh] = queries.list_voorzieningen(session, of.id)
        assert (fresh.geeindigd_op, fresh.eindreden) == (TODAY, Eindreden.OVERLEDEN)
        assert [regel.tot for regel in fresh.regels] == [TODAY]
        [task] = session.scalars(select(Taak)).all()
        assert (task.soort, task.onderwerp_id) == (TaakSoort.PARTNER_BENADEREN, wife.id)
        assert task.uiterlijk == date(2026, 11, 24)
        assert queries.list_medegerechtigden(session, right.id)[0].tot == TODAY

    def test_of_someone_without_rights_ends_nothing(self, session):
        alone = inwoner(session)
        record_death(session, CONSULENT, NOW, inwoner=alone, overleden_op=TODAY)

        assert build.keep(session, "besluit.overleden") == 1
        assert session.scalars(select(Taak)).all() == []


def test_two_items_in_one_letter_stand_side_by_side(session):
    asked = build.aanvraag(
        session, items=[NieuwItem(build.HUISHOUDEN), NieuwItem(build.ROLSTOEL)]
    )
    made = build.concept(session, about=asked)
    help_item, chair = build.items_of(session, asked)
    build.regel(session, made, aanvraag_item=help_item)
    build.regel(
        session,
        made,
        soort=BesluitSoort.WEIGEREN,
        aanvraag_item=chair,
        weigeringsgrond_code="algemeen",
    )
    decide_beschikking(session, CONSULENT, NOW, beschikking=made)

    text = letter_text(session, made)

    assert text.index("U krijgt hulp bij het huishouden") < text.index(
        "U krijgt geen rolstoel"
    )
