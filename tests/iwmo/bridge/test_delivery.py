"""After the toewijzing: starts, stops, changes, answers and refusals."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from build.iwmo import (
    AGB,
    CODE,
    NOW,
    SAMPLE,
    berichten,
    clerk,
    drop,
    drop_bericht,
    files,
    fill_address,
    honour,
    verzoeken,
)
from loket.authz import Actor
from loket.cases.dossier.taak import Taak, TaakSoort
from loket.db import Scope
from loket.iwmo.berichten.inhoud import make_header, read_315, read_bericht
from loket.iwmo.berichten.levering import (
    Bericht305,
    Bericht307,
    Client305,
    Client307,
    StartProduct,
    StopProduct,
)
from loket.iwmo.berichten.onderdelen import Header, RetourHeader
from loket.iwmo.berichten.toewijzing import Bericht302
from loket.iwmo.codes import (
    RedenAfwijzingVerzoek,
    RedenBeeindiging,
    RedenWijziging,
    StatusAanlevering,
)
from loket.iwmo.jobs import take_in
from loket.iwmo.operations import reject_verzoek
from loket.outbox.promise import Promise
from loket.providers.operations import end_toewijzing
from loket.providers.toewijzing import Toewijzing
from loket.schedule import keep_all

pytestmark = pytest.mark.usefixtures("town_0384")
BEGIN = date(2023, 6, 5)


@pytest.fixture
def nummer(database, config, town_0384):
    """The number of a toewijzing from the sample, of which the aanbieder was told."""
    drop(config, SAMPLE.read_bytes())
    take_in(database, config, NOW)
    with database.transaction(Scope.of(CODE)) as session:
        first = verzoeken(session)[0]
        fill_address(session, first)
        made = honour(session, first).nummer
    keep_all(database, config, NOW)
    return made


def parts(soort, identificatie):
    """Who sends, and about whom."""
    client = read_315(SAMPLE.read_bytes()).client
    about = {
        "bsn": client.bsn,
        "geboortedatum": client.geboortedatum,
        "geslacht": client.geslacht,
        "naam": client.naam,
    }
    header = make_header(
        soort,
        afzender=AGB,
        ontvanger=CODE,
        identificatie=identificatie,
        dagtekening=date(2026, 11, 23),
    )
    return header, about


def start(nummer, identificatie="S1", begindatum=BEGIN, **about):
    header, known = parts("305", identificatie)
    product = StartProduct(
        toewijzing_nummer=nummer,
        begindatum=begindatum,
        status_aanlevering=StatusAanlevering.EERSTE,
    )
    client = Client305(**known | about, start_producten=(product,))
    return Bericht305(header=header, client=client)


def stop(nummer, identificatie="E1"):
    header, known = parts("307", identificatie)
    product = StopProduct(
        toewijzing_nummer=nummer,
        begindatum=BEGIN,
        reden_beeindiging=RedenBeeindiging.VOLGENS_PLAN,
        einddatum=date(2023, 6, 20),
        status_aanlevering=StatusAanlevering.EERSTE,
    )
    client = Client307(**known, stop_producten=(product,))
    return Bericht307(header=header, client=client)


def deliver(database, config, *messages):
    """Let the mailbox bring messages one by one, and the worker do its work."""
    for message in messages:
        drop_bericht(config, message)
        take_in(database, config, NOW)
    keep_all(database, config, NOW)


def sent(config, schemas, soort):
    """The messages of a kind in the folder, held against the official schema."""
    paths = [p for p in files(config, "out") if p.name.startswith(f"WMO{soort}")]
    return [read_bericht(path.read_bytes(), schemas) for path in paths]


def the_toewijzing(session):
    return session.scalars(select(Toewijzing)).one()


class TestStart:
    def test_is_the_verb_of_the_screens_and_gets_a_306(
        self, database, config, schemas, nummer
    ):
        deliver(database, config, start(nummer))

        with database.transaction(Scope.of(CODE)) as session:
            assert the_toewijzing(session).gestart_op == BEGIN
        (answer,) = sent(config, schemas, "306")
        assert answer.header.retour_codes == ()

    @pytest.mark.parametrize(
        ("message", "code"),
        [
            (lambda n: start(n + 90), "9019"),
            (lambda n: start(n, bsn="999900018"), "9019"),
        ],
        ids=["number", "person"],
    )
    def test_of_something_that_was_not_assigned_is_refused(
        self, database, config, schemas, nummer, message, code
    ):
        deliver(database, config, message(nummer))

        (answer,) = sent(config, schemas, "306")
        assert answer.client.start_producten[0].retour_codes == (code,)
        with database.transaction(Scope.of(CODE)) as session:
            assert the_toewijzing(session).gestart_op is None

    def test_that_was_reported_before_is_refused(
        self, database, config, schemas, nummer
    ):
        deliver(database, config, start(nummer), start(nummer, "S2"))

        answers = sent(config, schemas, "306")
        assert sorted(
            a.client.start_producten[0].retour_codes if a.client else ()
            for a in answers
        ) == [(), ("9074",)]

    def test_that_our_rules_refuse_becomes_a_task(
        self, database, config, schemas, nummer
    ):
        deliver(database, config, start(nummer, begindatum=date(2023, 5, 1)))

        with database.transaction(Scope.of(CODE)) as session:
            kept = berichten(session, "305")[0]
            asked = session.scalars(select(Taak).where(Taak.onderwerp_id == kept.id))
            assert [taak.soort for taak in asked] == [TaakSoort.BERICHT_BEOORDELEN]
            assert "vóór de ingang" in kept.retourcodes[0]["tekst"]
        assert len(sent(config, schemas, "306")) == 1


class TestStop:
    def test_is_the_verb_of_the_screens_and_gets_a_308(
        self, database, config, schemas, nummer
    ):
        deliver(database, config, start(nummer), stop(nummer))

        with database.transaction(Scope.of(CODE)) as session:
            assert the_toewijzing(session).gestopt_op == date(2023, 6, 20)
        (answer,) = sent(config, schemas, "308")
        assert answer.header.retour_codes == ()

    def test_without_a_start_is_refused(self, database, config, schemas, nummer):
        deliver(database, config, stop(nummer))

        (answer,) = sent(config, schemas, "308")
        assert answer.client.stop_producten[0].retour_codes == ("9069",)


class TestChange:
    def test_an_end_is_told_with_the_same_number_and_a_reason(
        self, database, config, schemas, nummer
    ):
        with database.transaction(Scope.of(CODE)) as session:
            end_toewijzing(
                session,
                Actor.system(CODE),
                NOW.replace(hour=11),
                toewijzing=the_toewijzing(session),
                geeindigd_op=date(2023, 6, 15),
            )
        keep_all(database, config, NOW.replace(hour=12))

        first, second = sent(config, schemas, "301")
        before, after = (
            each.client.toegewezen_producten[0] for each in (first, second)
        )
        assert before.toewijzing_nummer == after.toewijzing_nummer == nummer
        assert (before.einddatum, after.einddatum) == (
            date(2023, 6, 30),
            date(2023, 6, 15),
        )
        assert after.reden_wijziging is RedenWijziging.VERKORTING
        assert after.referentie_aanbieder is None

    def test_a_toewijzing_taken_back_before_it_held_is_removed(
        self, database, config, schemas, nummer
    ):
        with database.transaction(Scope.of(CODE)) as session:
            end_toewijzing(
                session,
                Actor.system(CODE),
                NOW.replace(hour=11),
                toewijzing=the_toewijzing(session),
                geeindigd_op=date(2023, 5, 31),
            )
        keep_all(database, config, NOW.replace(hour=12))

        last = sent(config, schemas, "301")[-1].client.toegewezen_producten[0]
        assert last.is_verwijderd


class TestAnswers:
    def answer(self, config, schemas, *codes):
        """Answer the 301 as the aanbieder does."""
        ours = sent(config, schemas, "301")[0].header
        copied = {name: getattr(ours, name) for name in Header.__dataclass_fields__}
        header = RetourHeader(
            **copied | {"bericht_code": "415"},
            identificatie_retour="A1",
            dagtekening_retour=date(2026, 11, 24),
            retour_codes=codes,
        )
        return Bericht302(header=header)

    @pytest.mark.parametrize(("codes", "tasks"), [((), 0), (("0001",), 1)])
    def test_a_302_is_kept_and_a_refusal_becomes_a_task(
        self, database, config, schemas, nummer, codes, tasks
    ):
        deliver(database, config, self.answer(config, schemas, *codes))

        with database.transaction(Scope.of(CODE)) as session:
            kept = berichten(session, "302")[0]
            asked = session.scalars(select(Taak).where(Taak.onderwerp_id == kept.id))
            assert len(asked.all()) == tasks
            assert kept.dossier_id == the_toewijzing(session).dossier_id

    def test_a_302_on_nothing_is_put_aside(self, database, config, schemas, nummer):
        known = self.answer(config, schemas)
        own = replace(known.header.bericht_identificatie, identificatie="ONBEKEND")
        header = replace(known.header, bericht_identificatie=own)

        deliver(database, config, replace(known, header=header))

        assert "niet kent" in files(config, "failed")[1].read_text("utf-8")

    def test_a_refused_verzoek_gets_a_319_with_the_reason(
        self, database, config, schemas, nummer
    ):
        with database.transaction(Scope.of(CODE)) as session:
            reject_verzoek(
                session,
                clerk(),
                NOW,
                verzoek=verzoeken(session)[1],
                reden=RedenAfwijzingVerzoek.GEEN_CONTRACT,
            )
        keep_all(database, config, NOW)

        (answer,) = sent(config, schemas, "319")
        assert answer.antwoord.referentie_aanbieder == "42420002"
        assert (
            answer.antwoord.reden_afwijzing_verzoek
            is RedenAfwijzingVerzoek.GEEN_CONTRACT
        )


class TestWaiting:
    def test_promises_wait_without_schemas_and_go_on_later(
        self, database, config, schemas, town_0384
    ):
        drop(config, SAMPLE.read_bytes())
        take_in(database, config, NOW)
        keep_all(database, replace(config, iwmo_xsd_dir=None), NOW)

        with database.transaction(Scope.of(CODE)) as session:
            (waiting,) = session.scalars(
                select(Promise).where(Promise.topic == "iwmo.316")
            )
            assert "schema" in waiting.waits_for
            assert waiting.attempts == 0
        keep_all(database, config, NOW.replace(hour=10))
        assert len(sent(config, schemas, "316")) == 1

    def test_messages_wait_while_the_folder_is_away(
        self, database, config, schemas, town_0384, tmp_path
    ):
        drop(config, SAMPLE.read_bytes())
        take_in(database, config, NOW)
        (tmp_path / "in-the-way").write_text("")
        keep_all(database, replace(config, iwmo_dir=tmp_path / "in-the-way"), NOW)

        assert sent(config, schemas, "316") == []
        keep_all(database, config, NOW.replace(hour=10))
        assert len(sent(config, schemas, "316")) == 1

    def test_a_301_waits_for_what_is_missing_about_the_client(
        self, database, config, schemas, nummer
    ):
        with database.transaction(Scope.of(CODE)) as session:
            first, second = verzoeken(session)
            honour(session, second, "07001")
            fill_address(session, first, huisnummer=None)
        keep_all(database, config, NOW)

        assert len(sent(config, schemas, "301")) == 1
        with database.transaction(Scope.of(CODE)) as session:
            fill_address(session, verzoeken(session)[0])
        keep_all(database, config, NOW.replace(hour=10))
        assert len(sent(config, schemas, "301")) == 2
