"""`loket demo`: exactly so many cases, only in the demo, and only once."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from build.demo import TOLD_ON
from loket.app import open_database, open_vault
from loket.bsn import is_bsn
from loket.cases.besluit.beschikking import Beschikking
from loket.cases.dossier.document import Document
from loket.cases.dossier.dossier import Dossier, Fase, Werkvoorraad
from loket.cases.dossier.inwoner import Inwoner
from loket.cases.dossier.teller import TellerSoort, next_number
from loket.cases.melding.melding import Melding
from loket.config import Config
from loket.db import Database, Scope
from loket.demo import sized
from loket.demo.load import found
from loket.demo.sized import load_town, number_of_models
from loket.demo.town import modellen
from loket.errors import RuleViolation
from loket.outbox.promise import Promise
from loket.providers.aanbieder import Aanbieder
from loket.termijnen import dag_van

pytestmark = pytest.mark.timeout(300)
BOTH = Scope.of("0396", "0375")


@pytest.fixture(scope="module")
def town(two_homes: tuple[Config, Config]) -> Iterator[tuple[Config, Database]]:
    """A small town without the told cases: twelve models and their twins."""
    config = two_homes[0]
    vault = open_vault(config)
    database = open_database(config, vault)
    found(database, TOLD_ON)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sized, "FEWEST_MODELS", 12)
        load_town(config, 120, TOLD_ON, lambda _said: None)
    yield config, database
    database.engine.dispose()
    vault.engine.dispose()


class TestLoadTown:
    def test_exactly_so_many_dossiers_are_there(
        self, town: tuple[Config, Database]
    ) -> None:
        with town[1].session(BOTH) as session:
            assert session.scalar(select(func.count()).select_from(Dossier)) == 120

    def test_every_case_is_in_the_worklist(self, town: tuple[Config, Database]) -> None:
        with town[1].session(BOTH) as session:
            lines = session.scalar(select(func.count()).select_from(Werkvoorraad))

        assert lines == 120

    def test_twins_are_found_by_their_own_bsn(
        self, town: tuple[Config, Database]
    ) -> None:
        with town[1].session(BOTH) as session:
            people = session.scalars(select(Inwoner)).all()
            held = [str(each.bsn) for each in people if each.bsn]
            last = max((p for p in people if p.bsn), key=lambda each: each.id)
            again = session.scalars(
                select(Inwoner).where(Inwoner.bsn == str(last.bsn))
            ).one()

        assert len(held) == len(set(held))
        assert all(is_bsn(bsn) and bsn >= "999900006" for bsn in held)
        assert again.id == last.id

    def test_no_promise_of_a_twin_waits_for_the_worker(
        self, town: tuple[Config, Database]
    ) -> None:
        with town[1].session(BOTH) as session:
            open_ = session.scalars(
                select(Promise).where(Promise.kept_at.is_(None))
            ).all()

        assert all(each.waits_for for each in open_)
        assert len(open_) < 30

    def test_a_letter_of_a_twin_is_a_blank_leaf(
        self, town: tuple[Config, Database]
    ) -> None:
        with town[1].session(BOTH) as session:
            newest = session.scalars(select(Document).order_by(Document.id.desc()))
            leaf = next(iter(newest))
            content = bytes(leaf.inhoud or b"")

        assert content.startswith(b"%PDF-")
        assert leaf.omvang == len(content) < 1000

    def test_nothing_came_in_after_today(self, town: tuple[Config, Database]) -> None:
        with town[1].session(BOTH) as session:
            days = session.scalars(select(Melding.ontvangen_op)).all()

        assert max(days) < dag_van(TOLD_ON)

    def test_numbers_count_on_from_the_last_twin(
        self, town: tuple[Config, Database]
    ) -> None:
        most = select(func.max(Beschikking.nummer))
        for code in BOTH.gemeenten:
            with town[1].session(Scope.of(code)) as session:
                given = session.scalar(most.where(Beschikking.gemeente_code == code))
                assert next_number(session, code, TellerSoort.BESCHIKKING) == (
                    (given or 0) + 1
                )

    def test_a_second_time_is_refused(self, town: tuple[Config, Database]) -> None:
        with pytest.raises(RuleViolation, match="staan al 120 zaken"):
            load_town(town[0], 400, TOLD_ON)

    def test_fewer_than_there_are_is_refused(
        self, two_homes: tuple[Config, Config], town: tuple[Config, Database]
    ) -> None:
        with pytest.raises(RuleViolation, match="staan al"):
            load_town(town[0], 50, TOLD_ON)

    def test_production_is_refused(self, two_homes: tuple[Config, Config]) -> None:
        with pytest.raises(RuleViolation, match="productie"):
            load_town(replace(two_homes[1], env="production"), 400, TOLD_ON)

    def test_a_real_aanbieder_is_not_mixed_with_the_demo(
        self, town: tuple[Config, Database]
    ) -> None:
        with town[1].transaction(Scope()) as session:
            session.add(
                Aanbieder(
                    naam="Echt",
                    agb="98009999",
                    telefoon="0251 000 999",
                    created_at=TOLD_ON,
                )
            )

        with pytest.raises(RuleViolation, match="echte gegevens"):
            load_town(town[0], 400, TOLD_ON)


class TestModels:
    def test_a_bigger_town_has_more_models(self) -> None:
        assert number_of_models(360) == 60
        assert number_of_models(10_000) == 200
        assert number_of_models(99_960) == 400

    def test_the_same_day_gives_the_same_town(self) -> None:
        today = dag_van(TOLD_ON)

        one, other = modellen(50, today, 1), modellen(50, today, 1)

        assert [(z.rij, z.personen) for z in one] == [
            (z.rij, z.personen) for z in other
        ]

    @pytest.mark.parametrize("seed", range(3))
    def test_no_step_is_in_the_future_and_two_years_are_filled(self, seed: int) -> None:
        today = dag_van(TOLD_ON)
        days = [zaak.plan[0][0].date() for zaak in modellen(400, today, seed)]

        assert max(days) < today
        assert min(days) < today - timedelta(days=600)

    def test_every_phase_and_domain_can_occur(self) -> None:
        kinds = {
            z.rij["keuze"].partition(":")[0] for z in modellen(400, dag_van(TOLD_ON))
        }

        assert {"spoed", "overname", "pgb", "weigeren", "afsluiten"} <= kinds
        assert len(Fase) >= 8
