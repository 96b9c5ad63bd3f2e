"""The official sample: from a file in the folder to a valid 301 in the folder."""

from dataclasses import replace
from hashlib import sha256

import pytest
from sqlalchemy import select

from build.iwmo import (
    AGB,
    CODE,
    NOW,
    SAMPLE,
    berichten,
    drop,
    files,
    fill_address,
    honour,
    verzoeken,
)
from loket.cases.besluit.beschikking import Beschikking, Herkomst
from loket.cases.dossier import queries as dossier_queries
from loket.cases.dossier.contactmoment import Kanaal
from loket.cases.dossier.taak import Taak, TaakSoort
from loket.cases.melding.melding import Melding
from loket.cases.melding.queries import list_behoeften
from loket.db import Scope
from loket.iwmo.berichten.inhoud import read_bericht
from loket.iwmo.berichten.toewijzing import Bericht301
from loket.iwmo.berichten.verzoek import Bericht316
from loket.iwmo.jobs import take_in
from loket.schedule import keep_all

pytestmark = pytest.mark.usefixtures("town_0384")


@pytest.fixture
def taken_in(database, config, town_0384):
    """The sample has been taken in and answered."""
    drop(config, SAMPLE.read_bytes(), "WMO315.xml")
    assert take_in(database, config, NOW) == 1
    keep_all(database, config, NOW)


@pytest.mark.usefixtures("taken_in")
class TestSample:
    def test_is_kept_unchanged_and_leaves_the_folder(self, database, config):
        with database.transaction(Scope.of(CODE)) as session:
            kept = berichten(session, "315")[0]

            assert kept.inhoud == SAMPLE.read_bytes()
            assert (kept.afzender, kept.ontvanger) == (AGB, CODE)
        assert files(config, "in") == files(config, "werk") == []
        (digest,) = files(config, "verwerkt")
        assert digest.read_text() == sha256(SAMPLE.read_bytes()).hexdigest()

    def test_is_answered_with_a_valid_316_without_complaints(self, config, schemas):
        answer = read_bericht(files(config, "out")[0].read_bytes(), schemas)

        assert isinstance(answer, Bericht316)
        assert answer.client is None
        assert answer.header.retour_codes == ()
        assert answer.header.bericht_identificatie.identificatie == "123456789012"

    def test_becomes_a_melding_through_the_aanbieder(self, database):
        with database.transaction(Scope.of(CODE)) as session:
            melding = session.scalars(select(Melding)).one()
            client = dossier_queries.get_client(session, melding.dossier_id)

            assert melding.kanaal is Kanaal.AANBIEDER
            assert (client.bsn, client.achternaam) == ("999900006", "Wit")
            assert len(list_behoeften(session, melding.dossier_id)) == 2
            assert {v.dossier_id for v in verzoeken(session)} == {melding.dossier_id}

    def test_asks_the_administration_for_the_address(self, database):
        with database.transaction(Scope.of(CODE)) as session:
            soorten = [taak.soort for taak in session.scalars(select(Taak))]

            assert soorten.count(TaakSoort.GEGEVENS_OPVRAGEN) == 1
            assert soorten.count(TaakSoort.BERICHT_BEOORDELEN) == 2

    def test_gives_a_valid_301_once_its_besluit_is_taken_over(
        self, database, config, schemas
    ):
        with database.transaction(Scope.of(CODE)) as session:
            first, second = verzoeken(session)
            fill_address(session, first)
            honour(session, first, "04001")
            honour(session, second, "07001")
        keep_all(database, config, NOW)

        sent = [p for p in files(config, "out") if p.name.startswith("WMO301")]
        made = [read_bericht(path.read_bytes(), schemas) for path in sent]
        assert len(made) == 1  # the first told of both (OP087)
        assert isinstance(made[0], Bericht301)
        assert (made[0].header.afzender, made[0].header.ontvanger) == (CODE, AGB)
        assert made[0].client.bsn == "999900006"
        producten = made[0].client.toegewezen_producten
        assert [p.referentie_aanbieder for p in producten] == ["42420001", "42420002"]
        assert [p.omvang.volume for p in producten] == [4, 4]
        assert [str(p.einddatum) for p in producten] == ["2023-06-30", "2023-06-30"]

    def test_enters_both_rights_under_the_one_number_it_cites(self, database):
        with database.transaction(Scope.of(CODE)) as session:
            first, second = verzoeken(session)
            fill_address(session, first)
            honour(session, first, "04001")
            honour(session, second, "07001")

            taken = session.scalars(select(Beschikking)).one()
            assert taken.herkomst is Herkomst.OVERGENOMEN
            assert taken.extern_nummer == "1234"
            open_taken = select(Taak).where(
                Taak.done_at.is_(None), Taak.soort != TaakSoort.BRIEF_VERZENDEN
            )
            assert session.scalars(open_taken).all() == []


class TestWaiting:
    def test_files_wait_without_schemas_and_nothing_dies(self, database, config):
        drop(config, SAMPLE.read_bytes())
        bare = replace(config, iwmo_xsd_dir=None)

        assert take_in(database, bare, NOW) == 0
        assert len(files(config, "in")) == 1
        assert take_in(database, config, NOW) == 1
