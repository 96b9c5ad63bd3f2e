"""A request to see: who may ask, how long it takes, what is decided and handed over."""

import io
import json
import zipfile
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select

from build import dossier as people
from build.gemeente import NOW, TODAY, actor, user
from loket.audit.action import Action
from loket.audit.record import AuditRecord
from loket.authz import Role
from loket.cases.dossier.dossier import BetrokkeneRol, DossierToegang
from loket.cases.dossier.operations_samenvoegen import (
    merge_inwoners,
    rematch_dossier,
    undo_merge,
)
from loket.cases.dossier.queries import read_dossier, search_inwoners
from loket.cases.dossier.samenvoeging import SamenvoegReden
from loket.cases.dossier.taak import Taak, TaakSoort
from loket.db import uuid7
from loket.errors import NotFound, RuleViolation
from loket.outbox.promise import Promise
from loket.rechten import operations, queries
from loket.rechten.inzageverzoek import (
    Aanvrager,
    Uitreiking,
    Weglaatgrond,
    Weigergrond,
)
from loket.rechten.leesbaar import zeg
from rechten.conftest import CONSULENT, LOKET, OFFICER, child, make_all, make_step, part

MOTHER = {"aanvrager": Aanvrager.OUDER, "naam_aanvrager": "M. Duinzand"}


def born(years: int) -> date:
    return TODAY.replace(year=TODAY.year - years)


class TestAsk:
    def test_gets_a_month(self, quiet):
        assert quiet.ask(ontvangen_op=date(2026, 10, 30)).uiterlijk == date(
            2026, 11, 30
        )

    def test_takes_two_months_more_once_with_a_reason(self, quiet):
        asked = quiet.ask()
        operations.extend(quiet.session, OFFICER, NOW, verzoek=asked, reden="Veel.")

        assert asked.uiterlijk == date(2027, 2, 23)
        with pytest.raises(RuleViolation, match="al verlengd"):
            operations.extend(quiet.session, OFFICER, NOW, verzoek=asked, reden="Meer.")

    def test_cannot_be_extended_after_the_last_day(self, quiet):
        asked = quiet.ask()

        late = NOW + timedelta(days=40)
        with pytest.raises(RuleViolation, match="voorbij"):
            operations.extend(quiet.session, OFFICER, late, verzoek=asked, reden="x")

    def test_is_work_for_who_decides(self, quiet):
        asked = quiet.ask()

        taak = quiet.session.scalars(
            select(Taak).where(Taak.onderwerp_id == asked.id)
        ).one()
        assert taak.soort is TaakSoort.INZAGEVERZOEK_BEOORDELEN
        assert (taak.voor_rol, taak.uiterlijk) == (
            Role.PRIVACY_OFFICER,
            asked.uiterlijk,
        )

    def test_of_a_child_under_twelve_is_for_the_parent(self, quiet):
        child(quiet, born(12) + timedelta(days=1))

        with pytest.raises(RuleViolation, match="onder de 12"):
            quiet.ask()
        assert quiet.ask(**MOTHER)

    def test_of_somebody_of_twelve_is_for_both(self, quiet):
        child(quiet, born(12))

        assert quiet.ask()
        assert quiet.ask(**MOTHER)

    def test_of_somebody_of_sixteen_is_not_for_the_parent(self, quiet):
        child(quiet, born(16))

        with pytest.raises(RuleViolation, match="Vanaf 16"):
            quiet.ask(**MOTHER)
        assert quiet.ask(aanvrager=Aanvrager.MENTOR, naam_aanvrager="B. Kustlicht")

    def test_for_somebody_else_says_who(self, quiet):
        child(quiet, born(10))

        with pytest.raises(RuleViolation, match="wie dit vraagt"):
            quiet.ask(aanvrager=Aanvrager.OUDER)

    def test_on_a_day_to_come_is_refused(self, quiet):
        with pytest.raises(RuleViolation):
            quiet.ask(ontvangen_op=TODAY + timedelta(days=1))

    def test_about_a_record_that_went_into_another_is_refused(self, quiet):
        gone = people.inwoner(quiet.session, LOKET, bsn=None)
        merge(quiet, gone)

        with pytest.raises(RuleViolation, match="samengevoegd"):
            quiet.ask(inwoner=gone)


def merge(resident, gone):
    merge_inwoners(
        resident.session,
        CONSULENT,
        NOW,
        weg=gone,
        blijft=resident.inwoner,
        reden=SamenvoegReden.DUBBEL_INGEVOERD,
    )


class TestDecide:
    def test_waits_for_the_check_of_who_asks(self, quiet):
        asked = quiet.ask(identificatie=None)

        with pytest.raises(RuleViolation, match="Controleer eerst"):
            operations.grant(quiet.session, OFFICER, NOW, verzoek=asked)

    def test_happens_once(self, quiet):
        asked = quiet.ask()
        operations.grant(quiet.session, OFFICER, NOW, verzoek=asked)

        with pytest.raises(RuleViolation, match="al besloten"):
            operations.grant(quiet.session, OFFICER, NOW, verzoek=asked)
        with pytest.raises(RuleViolation, match="al besloten"):
            refuse(quiet, asked)

    def test_promises_the_copy_and_the_letter(self, quiet):
        asked = quiet.ask()
        made = operations.grant(quiet.session, OFFICER, NOW, verzoek=asked)

        topics = set(
            quiet.session.scalars(
                select(Promise.topic).where(Promise.subject_id.in_([asked.id, made.id]))
            )
        )
        assert topics == {operations.TOPIC, operations.BRIEF}

    def test_to_refuse_gives_nothing(self, quiet):
        asked = quiet.ask()
        refuse(quiet, asked)

        assert asked.is_refused
        assert open_work(quiet, asked) == []
        assert queries.afschrift_of(quiet.session, asked.id) is None
        with pytest.raises(RuleViolation, match="nog niet klaar"):
            hand_over(quiet, asked)


def refuse(resident, asked):
    operations.refuse(
        resident.session,
        OFFICER,
        NOW,
        verzoek=asked,
        grond=Weigergrond.BUITENSPORIG,
        motivering="Dit is de tiende keer deze maand.",
    )


def hand_over(resident, asked):
    operations.deliver(
        resident.session, LOKET, NOW, verzoek=asked, uitreiking=Uitreiking.OPGEHAALD
    )


class TestLeaveOut:
    def leave(self, resident, asked, rijen, **differs):
        operations.leave_out(
            resident.session,
            OFFICER,
            NOW,
            **{
                "verzoek": asked,
                "onderdeel": "betrokkene",
                "rijen": rijen,
                "grond": Weglaatgrond.MELDER_ONBEKEND,
                "uitleg": "Wie dit meldde, wil onbekend blijven.",
            }
            | differs,
        )

    def test_of_one_row_says_so_and_hides_the_name(self, quiet):
        melder = people.betrokkene(
            quiet.session,
            quiet.dossier,
            CONSULENT,
            rol=BetrokkeneRol.MELDER,
            achternaam="Geheimzinnig",
        )
        asked = quiet.ask()
        self.leave(quiet, asked, [melder.id])
        told = quiet.copy(asked)

        assert "Geheimzinnig" not in json.dumps(told)
        assert [row["velden"]["rol"] for row in part(told, "betrokkene")] == ["client"]
        (said,) = told["weggelaten"]
        assert (said["aantal"], said["grond"]) == (1, "melder_onbekend")
        assert "onbekend blijven" in said["uitleg"]

    def test_of_a_whole_part_leaves_its_files_out_too(self, resident):
        asked = resident.ask()
        self.leave(resident, asked, [None], onderdeel="document")
        told = resident.copy(asked)

        assert part(told, "document") == []
        assert not [f for f in told["bestanden"] if f["onderdeel"] == "document"]
        assert told["weggelaten"][0]["alles"] is True

    def test_asks_a_ground_and_words(self, quiet):
        asked = quiet.ask()

        with pytest.raises(RuleViolation, match="Kies waarom"):
            self.leave(quiet, asked, [None], grond=None)
        with pytest.raises(RuleViolation, match="Leg uit"):
            self.leave(quiet, asked, [None], uitleg=None)

    def test_can_be_taken_back_until_the_decision(self, quiet):
        asked = quiet.ask()
        self.leave(quiet, asked, [None])
        self.leave(quiet, asked, [], grond=None, uitleg=None)

        assert quiet.copy(asked)["weggelaten"] == []
        operations.grant(quiet.session, OFFICER, NOW, verzoek=asked)
        with pytest.raises(RuleViolation, match="al besloten"):
            self.leave(quiet, asked, [None])


class TestCopy:
    def test_is_made_in_steps_that_are_kept_one_by_one(self, quiet):
        made = operations.grant(quiet.session, OFFICER, NOW, verzoek=quiet.ask())
        make_step(quiet.session, made)

        assert (made.stap, made.status) == (1, "bezig")
        assert made.voortgang == "Pdf maken"
        with pytest.raises(NotFound):
            made.content("json")

    def test_says_once_that_it_is_ready(self, quiet):
        made = operations.grant(quiet.session, OFFICER, NOW, verzoek=quiet.ask())
        make_all(quiet.session, made)
        quiet.session.refresh(made)
        make_step(quiet.session, made)

        assert made.stap == 3
        assert made.bewaren_tot == TODAY + timedelta(days=30)

    def test_is_a_tagged_pdf_and_a_bundle_with_the_files(self, resident):
        made = resident.make(resident.ask())

        pdf = made.content("pdf")
        assert pdf.startswith(b"%PDF")
        assert b"/MarkInfo" in pdf
        with zipfile.ZipFile(io.BytesIO(made.content("zip"))) as bundel:
            names = bundel.namelist()
            told = json.loads(bundel.read("gegevens.json"))
        assert {"LEESMIJ.txt", "gegevens.pdf", "gegevens.html"} < set(names)
        assert {each["naam"] for each in told["bestanden"]} <= set(names)
        assert resident.inwoner.achternaam not in " ".join(names)

    def test_prints_a_sign_without_a_shape_as_a_question_mark(self, quiet):
        asked = quiet.ask()
        asked.reden_verlenging = "Een kat: \U0001f408"
        made = quiet.make(asked)

        row = part(json.loads(made.content("json")), "inzageverzoek")[0]
        assert row["velden"]["reden_verlenging"].endswith("\U0001f408")
        assert made.content("pdf").startswith(b"%PDF")

    def test_holds_the_records_that_went_into_this_one(self, quiet):
        gone = people.inwoner(
            quiet.session, LOKET, bsn=None, achternaam="Duinzand-Vroeger"
        )
        merge(quiet, gone)

        names = [each["velden"]["achternaam"] for each in part(quiet.copy(), "inwoner")]
        assert sorted(names) == ["Duinzand", "Duinzand-Vroeger"]

    def test_of_somebody_elses_dossier_holds_only_what_is_about_them(self, quiet):
        other = people.dossier(quiet.session, CONSULENT)
        helper = people.betrokkene(
            quiet.session, other, CONSULENT, achternaam="Helpgraag"
        )
        asked = quiet.ask(
            inwoner=quiet.session.get(type(quiet.inwoner), helper.inwoner_id)
        )
        told = quiet.copy(asked)

        (row,) = part(told, "betrokkene")
        assert row["elders"] is True
        assert row["dossier"] is None
        assert row["velden"]["rol"] == "mantelzorger"
        assert other.referentie not in json.dumps(told)
        assert part(told, "dossier") == []

    def test_goes_when_its_last_day_has_passed(self, quiet):
        asked = quiet.ask()
        made = quiet.make(asked)
        made.drop(NOW)
        quiet.session.flush()

        assert (made.status, made.gegevens, made.bundel) == ("vervallen", None, None)
        with pytest.raises(NotFound):
            operations.fetch_afschrift(
                quiet.session, LOKET, NOW, verzoek=asked, vorm="pdf"
            )

    def test_is_not_fetched_after_its_last_day_though_nobody_dropped_it_yet(
        self, quiet
    ):
        asked = quiet.ask()
        made = quiet.make(asked)
        last = datetime.combine(made.bewaren_tot, time(12), UTC)

        def fetch(at: datetime) -> bytes:
            return operations.fetch_afschrift(
                quiet.session, LOKET, at, verzoek=asked, vorm="pdf"
            )

        assert fetch(last).startswith(b"%PDF")
        with pytest.raises(NotFound):
            fetch(last + timedelta(days=1))


class TestDestroyed:
    def destroy(self, resident):
        resident.session.flush()
        resident.session.info["vault"].shred(resident.dossier.id, "test")
        resident.dossier.vernietigd_op = TODAY
        resident.dossier.vernietigingsgrond = "test"
        resident.session.flush()
        resident.session.expire_all()

    def test_leaves_of_a_dossier_only_that_it_was_there(self, resident):
        self.destroy(resident)
        told = resident.copy()

        (row,) = [
            each
            for each in part(told, "dossier")
            if each["dossier"] == resident.dossier.referentie
        ]
        assert row["velden"]["vernietigd_op"] == TODAY.isoformat()
        assert part(told, "melding") == part(told, "notitie") == []
        assert told["bestanden"] == []

    def test_takes_a_copy_away_that_held_it(self, quiet):
        asked = quiet.ask()
        quiet.make(asked)
        self.destroy(quiet)

        assert queries.is_spoilt(
            quiet.session, queries.afschrift_of(quiet.session, asked.id)
        )
        with pytest.raises(NotFound):
            operations.fetch_afschrift(
                quiet.session, LOKET, NOW, verzoek=asked, vorm="json"
            )

    def test_gathers_anew_what_lay_half_made(self, quiet):
        asked = quiet.ask()
        made = operations.grant(quiet.session, OFFICER, NOW, verzoek=asked)
        make_step(quiet.session, made)
        later = NOW + timedelta(days=1)
        self.destroy(quiet)
        quiet.dossier.vernietigd_op = later.date()
        for step in range(3):
            make_step(quiet.session, made, later + timedelta(days=1))
            assert made.stap == step + 1

        told = operations.fetch_afschrift(
            quiet.session,
            LOKET,
            later + timedelta(days=1),
            verzoek=asked,
            vorm="json",
        )
        assert [
            row["velden"].get("vernietigd_op")
            for row in part(json.loads(told), "dossier")
        ] == [later.date().isoformat()]

    def test_sets_no_task_in_a_dossier_that_is_gone(self, quiet):
        self.destroy(quiet)
        asked = quiet.ask()

        assert not queries.open_work(quiet.session, asked.id)


class TestOfAnother:
    """What stood with one person turns out to be of somebody else."""

    def fetch(self, person, asked):
        return operations.fetch_afschrift(
            person.session, LOKET, NOW + timedelta(hours=2), verzoek=asked, vorm="json"
        )

    def test_takes_a_copy_away_when_a_dossier_was_of_another(self, quiet):
        other = people.inwoner(quiet.session, achternaam="Anders")
        asked, theirs = quiet.ask(), quiet.ask(inwoner=other)
        quiet.make(asked)
        quiet.make(theirs)
        rematch_dossier(
            quiet.session,
            CONSULENT,
            NOW + timedelta(hours=1),
            dossier=quiet.dossier,
            client=people.inwoner(quiet.session, achternaam="Juist"),
        )

        with pytest.raises(NotFound):
            self.fetch(quiet, asked)
        assert self.fetch(quiet, theirs)

    def test_takes_a_copy_away_when_two_people_are_parted(self, quiet):
        other = people.inwoner(quiet.session, achternaam="Anders", bsn=None)
        merged = merge_inwoners(
            quiet.session,
            CONSULENT,
            NOW,
            weg=other,
            blijft=quiet.inwoner,
            reden=SamenvoegReden.DUBBEL_INGEVOERD,
        )
        asked = quiet.ask()
        quiet.make(asked)
        undo_merge(
            quiet.session, CONSULENT, NOW + timedelta(hours=1), samenvoeging=merged
        )

        with pytest.raises(NotFound):
            self.fetch(quiet, asked)


class TestWhatOnlyLooksLikeADay:
    @pytest.mark.parametrize(
        "typed",
        [
            "2026-02-31",
            "2026-01-01T10:00 en toen",
            "2026-01-01T99:99",
            "9999-12-31T23:59:59-10:00",
        ],
    )
    def test_is_told_as_it_was_typed(self, typed):
        assert zeg("toelichting", typed) == typed

    def test_says_more_codes_one_by_one(self):
        assert zeg("geslacht", ["vrouw"]) == zeg("geslacht", "vrouw")


class TestWhoLooked:
    def test_is_told_by_function_and_not_by_name(self, quiet):
        read_dossier(quiet.session, CONSULENT, NOW, quiet.dossier.referentie)
        told = quiet.copy()

        (look,) = told["wie_keek"]["geopend"]
        assert (look["functie"], look["wat"]) == ("consulent", "Dossier bekeken")
        assert look["wie"].startswith("Medewerker ")
        assert CONSULENT.naam not in json.dumps(told)

    def test_tells_a_list_apart_from_opening(self, quiet):
        search_inwoners(quiet.session, LOKET, NOW, achternaam="Duinzand")
        keken = quiet.copy()["wie_keek"]

        assert "Inwoner gezocht" in [each["wat"] for each in keken["in_een_lijst"]]
        assert "Inwoner gezocht" not in [each["wat"] for each in keken["geopend"]]

    def test_includes_who_fetched_the_copy(self, quiet):
        asked = quiet.ask()
        quiet.make(asked)
        operations.fetch_afschrift(quiet.session, LOKET, NOW, verzoek=asked, vorm="pdf")

        looks = quiet.copy(quiet.ask())["wie_keek"]["geopend"]
        assert [each["wat"] for each in looks] == ["Afschrift geëxporteerd"]

    def test_is_recorded_as_a_download(self, quiet):
        asked = quiet.ask()
        quiet.make(asked)
        operations.fetch_afschrift(quiet.session, LOKET, NOW, verzoek=asked, vorm="zip")

        trail = quiet.session.scalars(
            select(AuditRecord).where(
                AuditRecord.action == Action.AFSCHRIFT_EXPORTED.value
            )
        ).one()
        assert (trail.subject_id, trail.grond) == (asked.id, "zip")


class TestScope:
    def test_of_a_shielded_dossier_is_not_for_everybody(self, quiet):
        asked = quiet.ask()
        quiet.dossier.afgeschermd = True
        quiet.session.add(
            DossierToegang(
                gemeente_code="0396",
                dossier_id=quiet.dossier.id,
                user_id=named_user(quiet),
                granted_at=NOW,
                granted_by_id=uuid7(),
            )
        )
        quiet.session.flush()

        with pytest.raises(NotFound):
            queries.get_inzageverzoek(quiet.session, LOKET, asked.referentie)
        assert queries.list_inzageverzoeken(quiet.session, LOKET, NOW) == []
        assert queries.get_inzageverzoek(quiet.session, OFFICER, asked.referentie)
        assert len(queries.list_inzageverzoeken(quiet.session, OFFICER, NOW)) == 1

    def test_of_another_gemeente_is_not_there(self, quiet):
        asked = quiet.ask()
        elsewhere = actor(Role.PRIVACY_OFFICER, gemeente="0375")

        with pytest.raises(NotFound):
            queries.get_inzageverzoek(quiet.session, elsewhere, asked.referentie)


def named_user(resident):
    return user(resident.session, Role.CONSULENT).id


def open_work(resident, asked):
    return list(
        resident.session.scalars(
            select(Taak.soort).where(
                Taak.onderwerp_id == asked.id, Taak.done_at.is_(None)
            )
        )
    )


class TestHandOver:
    def test_waits_for_the_copy_and_happens_once(self, quiet):
        asked = quiet.ask()
        made = operations.grant(quiet.session, OFFICER, NOW, verzoek=asked)
        with pytest.raises(RuleViolation, match="nog niet klaar"):
            hand_over(quiet, asked)
        make_all(quiet.session, made)
        assert open_work(quiet, asked) == [TaakSoort.AFSCHRIFT_UITREIKEN]
        hand_over(quiet, asked)
        assert open_work(quiet, asked) == []

        assert asked.uitreiking is Uitreiking.OPGEHAALD
        with pytest.raises(RuleViolation, match="al uitgereikt"):
            hand_over(quiet, asked)
