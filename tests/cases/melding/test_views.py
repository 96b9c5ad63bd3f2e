"""Registering a melding through its doors."""

import re
import subprocess
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from build.dossier import inwoner, new_bsn
from build.gemeente import CODE, actor, gemeente, login, user
from loket import termijnen
from loket.audit.record import AuditRecord
from loket.authz import Role
from loket.cases.dossier.document import Document
from loket.cases.dossier.dossier import Dossier
from loket.cases.dossier.inwoner import Inwoner
from loket.cases.dossier.taak import Taak
from loket.cases.melding.melding import Melding
from loket.datum import kort
from loket.db import Scope
from loket.schedule import keep_all

HERE = Scope.of(CODE)


@pytest.fixture
def desk(app, database):
    """A browser of the frontoffice in a gemeente that works."""
    with database.transaction(HERE) as session:
        gemeente(session)
        person = user(session, Role.FRONTOFFICE)
    return login(app, person)


def answers(**differs):
    typed = {
        "_verzending": "eenmalig",
        "bsn": new_bsn(),
        "voorletters": "A.",
        "achternaam": "Duinzand",
        "geboortedatum": "17-5-1948",
        "geslacht": "2",
        "straat": "Dorpsstraat",
        "huisnummer": "12",
        "postcode": "1234 ab",
        "woonplaats": "Duinstede",
        "contactwens": "Niet bellen na 17 uur",
        "kanaal": "telefoon",
        "ontvangen_op": kort(termijnen.vandaag()),
        "wie": "client",
        "hulpvraag": "Ik red het huis niet meer.",
        "behoefte_1": "Een schoon huis",
        "labels_1": ["huishoudelijke_hulp"],
        "behoefte_2": "Onder de mensen",
        "labels_2": ["dagbesteding", "vervoer"],
        "verwijzer": "huisarts",
        "huishoudtype": "alleenstaand",
        "clientondersteuning_verteld": "ja",
    }
    return typed | differs


def count(database, model):
    with database.transaction(HERE) as session:
        return len(session.scalars(select(model)).all())


class TestRegisterMelding:
    def test_leads_to_the_new_dossier_with_its_terms(self, desk, database):
        answer = desk.post("/meldingen/nieuw", data=answers())
        page = desk.get(answer.location)

        assert answer.status_code == 303
        assert re.fullmatch(r"/dossiers/[A-Z2-9]{4}-[A-Z2-9]{4}", answer.location)
        shown = page.get_data(as_text=True)
        assert "Een schoon huis" in shown
        assert "Niet bellen na 17 uur" in shown
        assert "Onderzoek afronden" in shown
        assert "Waarom deze datum?" in shown

    def test_sent_twice_is_one_melding(self, desk, database):
        typed = answers()

        first = desk.post("/meldingen/nieuw", data=typed)
        second = desk.post("/meldingen/nieuw", data=typed | {"inwoner": "nieuw"})

        assert second.location == first.location
        assert count(database, Melding) == 1
        assert count(database, Inwoner) == 1

    @pytest.mark.parametrize(
        ("differs", "message"),
        [
            ({"hulpvraag": ""}, "Vul de vraag van de inwoner in."),
            ({"behoefte_1": "", "labels_1": []}, "Vul ten minste één behoefte in."),
            ({"labels_1": []}, "Kies een of meer domeinen."),
            ({"bsn": "999900007"}, "BSN"),
            ({"bsn": "", "postcode": ""}, "Vul de postcode in, want er is geen BSN."),
            ({"bsn": "", "straat": ""}, "Vul de straat in, want er is geen BSN."),
            (
                {"ontvangen_op": kort(termijnen.vandaag() + timedelta(days=2))},
                "ligt in de toekomst",
            ),
            ({"spoed": "ja"}, "Vul in waarom er spoed is."),
            ({"wie": "ander"}, "Vul de naam in van wie dit meldt."),
            (
                {
                    "wie": "ander",
                    "melder_achternaam": "Helmgras",
                    "melder_rol": "vertegenwoordiger",
                    "bevoegdheid": "mentor",
                },
                "Vul de straat in van wie de brieven krijgt.",
            ),
        ],
    )
    def test_bad_input_keeps_what_was_typed_and_registers_nothing(
        self, desk, database, differs, message
    ):
        answer = desk.post("/meldingen/nieuw", data=answers(**differs))

        shown = answer.get_data(as_text=True)
        assert answer.status_code == 422
        assert message in shown
        assert "data-error-summary" in shown
        assert "Onder de mensen" in shown
        assert "Niet bellen na 17 uur" in shown
        assert count(database, Melding) == 0
        assert count(database, Inwoner) == 0

    def test_offers_a_known_person_before_a_double_is_made(self, desk, database):
        desk.post("/meldingen/nieuw", data=answers())
        again = answers(_verzending="tweede", bsn="")

        offered = desk.post("/meldingen/nieuw", data=again)
        with database.transaction(HERE) as session:
            known = session.scalars(select(Inwoner)).one()
        chosen = desk.post("/meldingen/nieuw", data=again | {"inwoner": str(known.id)})

        assert offered.status_code == 422
        assert "Is dit een van deze mensen?" in offered.get_data(as_text=True)
        assert chosen.status_code == 303
        assert count(database, Inwoner) == 1
        assert count(database, Dossier) == 2

    def test_somebody_else_with_the_same_name_can_be_registered(self, desk, database):
        desk.post("/meldingen/nieuw", data=answers())

        other = answers(_verzending="tweede", bsn="", inwoner="nieuw")
        answer = desk.post("/meldingen/nieuw", data=other)

        assert answer.status_code == 303
        assert count(database, Inwoner) == 2

    def test_a_double_bsn_is_refused(self, desk, database):
        typed = answers()
        desk.post("/meldingen/nieuw", data=typed)

        double = typed | {"_verzending": "tweede", "inwoner": "nieuw"}
        answer = desk.post("/meldingen/nieuw", data=double)

        assert answer.status_code == 422
        assert "Er is al een inwoner met dit BSN" in answer.get_data(as_text=True)
        assert count(database, Inwoner) == 1

    def test_a_person_of_another_gemeente_cannot_be_chosen(self, desk, database):
        with database.transaction(Scope.of("0405")) as session:
            gemeente(session, "0405", "Elders")
            by = actor(Role.FRONTOFFICE, gemeente="0405")
            stranger = inwoner(session, by).id

        answer = desk.post("/meldingen/nieuw", data=answers(inwoner=str(stranger)))

        assert answer.status_code == 404
        assert count(database, Melding) == 0

    def test_a_known_person_whose_contact_changed_is_corrected(self, desk, database):
        with database.transaction(HERE) as session:
            known = inwoner(session, email="oud@voorbeeld.example").id

        typed = answers(inwoner=str(known), telefoon="0611111111")
        desk.post("/meldingen/nieuw", data=typed)

        with database.transaction(HERE) as session:
            person = session.get_one(Inwoner, known)
            assert person.telefoon == "0611111111"
            assert person.email is None
            actions = session.scalars(select(AuditRecord.action)).all()
            assert "inwoner.corrected" in actions

    @pytest.mark.parametrize("rol", [Role.TEAMLEIDER, Role.ADMINISTRATIE])
    def test_a_role_without_the_permission_is_refused(self, app, desk, database, rol):
        with database.transaction(HERE) as session:
            other = user(session, rol)

        answer = login(app, other).post("/meldingen/nieuw", data=answers())

        assert answer.status_code == 403
        assert count(database, Melding) == 0


def pdf_text(content):
    made = subprocess.run(
        ["pdftotext", "-layout", "-", "-"],
        input=content,
        capture_output=True,
        check=True,
        timeout=30,
    )
    return " ".join(made.stdout.decode().split())


class TestReceipt:
    def test_the_letter_says_what_follows_and_is_sealed(self, desk, database, config):
        where = desk.post("/meldingen/nieuw", data=answers()).location

        kept = keep_all(database, config)

        assert kept == 1
        with database.transaction(HERE) as session:
            document = session.scalars(select(Document)).one()
            melding = session.scalars(select(Melding)).one()
            raw = session.execute(text("SELECT inhoud FROM document")).scalar_one()
            letter = pdf_text(document.inhoud)
            task = session.scalars(select(Taak)).one()
            assert melding.confirmed_at
            assert task.onderwerp_id == document.id
            assert b"%PDF" not in bytes(raw)
        assert "Mevrouw A. Duinzand" in letter
        assert "Geachte mevrouw Duinzand" in letter
        assert "heeft u bij ons gemeld" in letter
        assert where.split("/")[-1] in letter

    def test_kept_twice_makes_one_letter(self, desk, database, config):
        desk.post("/meldingen/nieuw", data=answers())
        keep_all(database, config)
        with database.transaction(HERE) as session:
            session.execute(
                text("UPDATE promise SET kept_at = NULL, handed_until = NULL")
            )

        keep_all(database, config)

        assert count(database, Document) == 1

    def test_goes_to_the_mentor_who_reads_for_whom(self, desk, database, config):
        mentor = {
            "wie": "ander",
            "melder_voorletters": "B.",
            "melder_achternaam": "Helmgras",
            "melder_rol": "vertegenwoordiger",
            "bevoegdheid": "mentor",
            "melder_straat": "Zeeweg",
            "melder_huisnummer": "3",
            "melder_postcode": "1234CD",
            "melder_woonplaats": "Duinstede",
        }
        desk.post("/meldingen/nieuw", data=answers(**mentor))

        keep_all(database, config)

        with database.transaction(HERE) as session:
            letter = pdf_text(session.scalars(select(Document)).one().inhoud)
        assert "B. Helmgras Zeeweg 3" in letter
        assert "omdat u A. Duinzand vertegenwoordigt" in letter
        assert "Dorpsstraat" not in letter

    def test_a_reader_opens_it_and_that_is_recorded(self, desk, database, config):
        desk.post("/meldingen/nieuw", data=answers())
        keep_all(database, config)
        with database.transaction(HERE) as session:
            referentie = session.scalars(select(Document.referentie)).one()

        answer = desk.get(f"/documenten/{referentie}.pdf")

        assert answer.data.startswith(b"%PDF")
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Duinzand" not in answer.headers["Content-Disposition"]
        with database.transaction(HERE) as session:
            actions = session.scalars(select(AuditRecord.action)).all()
        assert actions.count("document.read") == 1
