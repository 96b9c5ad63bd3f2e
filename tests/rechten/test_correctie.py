"""Correction: a fact is corrected, a text gets an addition, every older value stays."""

from datetime import date

import pytest
from sqlalchemy import select

from build import providers
from build.full import right_of
from build.gemeente import CODE, NOW, TODAY, actor
from loket.authz import Actor, Role
from loket.cases.dossier.document import Document, DocumentSoort
from loket.cases.dossier.notitie import NotitieSoort
from loket.cases.dossier.operations_inwoner import correct_inwoner
from loket.cases.dossier.operations_notitie import write_notitie
from loket.cases.dossier.taak import Taak, TaakSoort
from loket.db import uuid7
from loket.errors import NotFound, RuleViolation
from loket.outbox.promise import Promise
from loket.outbox.work import Work
from loket.rechten import jobs, queries, queries_correctie
from loket.rechten import operations_correctie as operations
from loket.rechten.correctieverzoek import Correctiegrond, Onderwerp, Uitkomst
from rechten.conftest import CONSULENT, LOKET, part


def ask(resident, **differs):
    return operations.register_correctieverzoek(
        resident.session,
        LOKET,
        NOW,
        **{
            "dossier": resident.dossier,
            "onderwerp": Onderwerp.GEGEVENS,
            "ontvangen_op": TODAY,
            "gevraagd": "Mijn huisnummer is 14.",
        }
        | differs,
    )


def note(resident):
    return write_notitie(
        resident.session,
        CONSULENT,
        NOW,
        dossier=resident.dossier,
        soort=NotitieSoort.WERKNOTITIE,
        tekst="Mevrouw is vergeetachtig.",
    )


def correct(resident, verzoek, **changes):
    operations.correct_gegevens(
        resident.session,
        CONSULENT,
        NOW,
        verzoek=verzoek,
        changes=changes or {"huisnummer": "14"},
    )


def tasks(resident, soort):
    return resident.session.scalars(select(Taak).where(Taak.soort == soort)).all()


class TestGegevens:
    def test_are_corrected_and_what_it_was_stays_to_be_read(self, quiet):
        asked = ask(quiet)
        correct(quiet, asked)
        quiet.session.flush()

        assert quiet.inwoner.huisnummer == "14"
        (line,) = queries_correctie.read_history(
            quiet.session, CONSULENT, NOW, quiet.dossier
        )
        assert line.velden == (("Huisnummer", "12", "14"),)
        assert line.op_verzoek
        (row,) = part(quiet.copy(), "gegevenswijziging")
        assert row["velden"]["waarden"] == {"huisnummer": {"was": "12", "is": "14"}}

    def test_corrected_without_a_request_keep_their_history_too(self, quiet):
        correct_inwoner(
            quiet.session,
            CONSULENT,
            NOW,
            inwoner=quiet.inwoner,
            geboortedatum=date(1949, 5, 17),
            geheimhouding=True,
        )
        quiet.session.flush()

        (line,) = queries_correctie.read_history(
            quiet.session, CONSULENT, NOW, quiet.dossier
        )
        assert line.velden == (
            ("Geboortedatum", "17-05-1948", "17-05-1949"),
            ("Het adres is geheim", "Nee", "Ja"),
        )
        assert not line.op_verzoek

    def test_that_are_as_asked_already_are_no_correction(self, quiet):
        with pytest.raises(RuleViolation, match="niets gewijzigd"):
            correct(quiet, ask(quiet), huisnummer="12")

    def test_are_not_answered_with_an_addition(self, quiet):
        with pytest.raises(RuleViolation, match="Verbeter de gegevens"):
            operations.add_verklaring(
                quiet.session, CONSULENT, NOW, verzoek=ask(quiet), tekst="Nee."
            )

    def test_that_an_aanbieder_has_are_told_to_it(self, quiet):
        providers.toewijzing(
            quiet.session,
            recht=right_of(quiet.session, quiet.dossier),
            regel=providers.contractregel(
                quiet.session, product_code="11A01", plaatsingsverzoek=False
            ),
            by=CONSULENT,
        )
        correct(quiet, ask(quiet))

        (taak,) = tasks(quiet, TaakSoort.AANBIEDER_INLICHTEN)
        assert taak.dossier_id == quiet.dossier.id

    def test_that_no_aanbieder_has_ask_no_work(self, quiet):
        correct(quiet, ask(quiet))

        assert tasks(quiet, TaakSoort.AANBIEDER_INLICHTEN) == []


class TestText:
    def test_gets_what_the_resident_says_and_stays_as_it_was(self, quiet):
        notitie = note(quiet)
        asked = ask(quiet, onderwerp=Onderwerp.NOTITIE, onderwerp_id=notitie.id)
        operations.add_verklaring(
            quiet.session, CONSULENT, NOW, verzoek=asked, tekst="Ik vergeet niets."
        )
        quiet.session.flush()

        (added,) = queries_correctie.list_verklaringen(quiet.session, quiet.dossier.id)
        assert (added.onderwerp_id, added.tekst) == (notitie.id, "Ik vergeet niets.")
        told = quiet.copy()
        assert part(told, "verklaring")[0]["velden"]["tekst"] == "Ik vergeet niets."
        (kept,) = part(told, "notitie_versie")
        assert kept["velden"]["tekst"] == "Mevrouw is vergeetachtig."

    def test_is_not_overwritten(self, quiet):
        asked = ask(quiet, onderwerp=Onderwerp.NOTITIE, onderwerp_id=note(quiet).id)

        with pytest.raises(RuleViolation, match="niet overschreven"):
            correct(quiet, asked)

    @pytest.mark.parametrize("missing", [None, uuid7()])
    def test_that_is_not_in_the_dossier_is_refused(self, quiet, missing):
        with pytest.raises(RuleViolation, match="welke tekst"):
            ask(quiet, onderwerp=Onderwerp.VERSLAG, onderwerp_id=missing)


class TestAnswer:
    def refuse(self, resident, asked):
        operations.refuse_correctie(
            resident.session,
            CONSULENT,
            NOW,
            verzoek=asked,
            grond=Correctiegrond.KLOPT_AL,
            motivering="Dit staat zo in de basisregistratie.",
        )

    def test_is_given_once(self, quiet):
        asked = ask(quiet)
        self.refuse(quiet, asked)

        assert asked.uitkomst is Uitkomst.GEWEIGERD
        with pytest.raises(RuleViolation, match="al afgehandeld"):
            self.refuse(quiet, asked)
        with pytest.raises(RuleViolation, match="al afgehandeld"):
            correct(quiet, asked)

    def test_ends_the_task_of_who_judges_it(self, quiet):
        asked = ask(quiet)
        (taak,) = tasks(quiet, TaakSoort.CORRECTIE_BEOORDELEN)
        assert taak.done_at is None
        self.refuse(quiet, asked)

        assert taak.done_at

    def test_is_told_in_a_letter(self, quiet):
        asked = ask(quiet)
        self.refuse(quiet, asked)
        (promised,) = quiet.session.scalars(
            select(Promise).where(Promise.topic == operations.ANTWOORD)
        )
        jobs.answer_correctie(
            Work(quiet.session, Actor.system(CODE), NOW, None), promised
        )

        letter = quiet.session.scalars(
            select(Document).where(Document.soort == DocumentSoort.CORRECTIEBRIEF)
        ).one()
        assert letter.inhoud.startswith(b"%PDF")
        assert len(tasks(quiet, TaakSoort.BRIEF_VERZENDEN)) == 1

    def test_of_another_gemeente_is_not_there(self, quiet):
        asked = ask(quiet)

        with pytest.raises(NotFound):
            queries.get_correctieverzoek(
                quiet.session, actor(Role.CONSULENT, gemeente="0375"), asked.referentie
            )

    def test_of_a_shielded_dossier_is_not_there(self, quiet):
        asked = ask(quiet)
        quiet.dossier.afgeschermd = True
        quiet.session.flush()

        with pytest.raises(NotFound):
            queries.get_correctieverzoek(quiet.session, CONSULENT, asked.referentie)
        assert queries.list_correctieverzoeken(quiet.session, CONSULENT) == []
