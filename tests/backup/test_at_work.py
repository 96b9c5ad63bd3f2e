"""A copy is made while the office works, by itself, and the drill proves it."""

import base64
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from click.testing import CliRunner
from pyrage.x25519 import Identity
from sqlalchemy import select, text

from backup.conftest import PUBLIC, SECRET, House, house_on
from backup.test_round_trip import people_of
from build.dossier import inwoner
from build.gemeente import gemeente
from conftest import KEK, SECRET_KEY
from loket import backup_cli
from loket.audit.action import Action
from loket.audit.record import AuditRecord
from loket.backup import chain
from loket.backup.drill import Report, drill
from loket.backup.envelope import new_pair
from loket.backup.proof import Proof
from loket.backup.restoring import put_back
from loket.backup.trail import note, standing
from loket.backup_cli import is_due
from loket.beheer.reservekopie import Normen, Stand
from loket.cases.dossier.inwoner import Inwoner
from loket.cli import main
from loket.db import Scope
from loket.doctor import check_copies
from loket.outside import connection_to
from loket.processes import StartProblem

CODE = "0396"
WRITERS = 3


@pytest.fixture
def office(stock, servers, tmp_path_factory) -> Iterator[House]:
    """A gemeente of this test alone, empty."""
    with stock.copies() as urls:
        for house in house_on(urls, servers, tmp_path_factory.mktemp("office")):
            with house.database.transaction(Scope.of(CODE)) as session:
                gemeente(session, CODE)
            yield house


def drills_left() -> list[Path]:
    return list(Path(tempfile.gettempdir()).glob("loket-proef-*"))


class Writers:
    """People who register and correct all the time; they note what was acknowledged."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.stopping = threading.Event()
        self.acknowledged: list[tuple[datetime, UUID, str]] = []
        self.failed: list[BaseException] = []

    def work(self, number: int) -> None:
        turn = 0
        try:
            while not self.stopping.is_set():
                turn += 1
                name = f"Schrijver-{number}-{turn}"
                with self.house.database.transaction(Scope.of(CODE)) as session:
                    made = inwoner(session, achternaam=name).id
                self.acknowledged.append((datetime.now(UTC), made, name))
        except BaseException as error:
            self.failed.append(error)

    @contextmanager
    def at_work(self) -> Iterator[None]:
        threads = [
            threading.Thread(target=self.work, args=(number,))
            for number in range(WRITERS)
        ]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self.stopping.set()
            for thread in threads:
                thread.join(20)


class TestWhileTheOfficeWorks:
    def test_everything_acknowledged_before_is_there_and_opens(self, office, lost):
        writers = Writers(office)
        with writers.at_work():
            self.wait_for(lambda: len(writers.acknowledged) > 15)
            made = office.copy()
            self.wait_for(lambda: len(writers.acknowledged) > 30)
        assert writers.failed == []
        taken = datetime.fromisoformat(made.data.taken_at)
        before = {row: name for at, row, name in writers.acknowledged if at < taken}
        assert len(before) > 10

        done = put_back(
            lost,
            office.newest(),
            office.newest(chain.KEYS),
            office.identities,
            all_cells=True,
        )

        # no row of the copy has a key that is not in the copy of the keys
        assert done.proof.faults == []
        there = self.names_in(lost)
        assert {row: there.get(row) for row in before} == before
        assert len(there) < len(writers.acknowledged)

    def names_in(self, config) -> dict[UUID, str]:
        with people_of(config) as session:
            return {
                each.id: str(each.achternaam)
                for each in session.scalars(select(Inwoner))
            }

    def wait_for(self, happened) -> None:
        deadline = time.monotonic() + 30
        while not happened():
            assert time.monotonic() < deadline
            time.sleep(0.01)


class TestCommand:
    @pytest.fixture
    def run(self, office, monkeypatch, tmp_path):
        """Run the command as the beheerder does."""
        config = office.config
        key = tmp_path / "reservesleutel"
        key.write_text(f"# bewaar mij\n{SECRET}\n")
        for name, value in {
            "LOKET_HOME": str(config.home),
            "LOKET_BACKUP_DIR": str(config.backup_dir),
            "LOKET_BACKUP_RECIPIENTS": PUBLIC,
            "LOKET_DATABASE_URL": config.database_url,
            "LOKET_DATABASE_OWNER_URL": config.database_owner_url,
            "LOKET_KEYSTORE_URL": config.keystore_url,
            "LOKET_KEYSTORE_OWNER_URL": config.keystore_owner_url,
            "LOKET_REDIS_URL": config.redis_url,
            "LOKET_SECRET_KEY": SECRET_KEY,
            "LOKET_KEK": base64.b64encode(KEK).decode(),
            "LOKET_BACKUP_IDENTITY_FILE": str(key),
        }.items():
            monkeypatch.setenv(name, value)

        def run(*words: str, ends: int = 0) -> str:
            done = CliRunner().invoke(main, words)
            assert done.exit_code == ends, done.output
            return done.output

        return run

    def trail(self, house: House) -> list[str]:
        with house.database.transaction(Scope.of(CODE)) as session:
            lines = session.scalars(
                select(AuditRecord)
                .where(AuditRecord.action.like("reservekopie.%"))
                .order_by(AuditRecord.recorded_at)
            )
            return [f"{each.action} {each.grond}" for each in lines]

    def test_makes_lists_and_drills(self, office, run, monkeypatch):
        with office.database.transaction(Scope.of(CODE)) as session:
            inwoner(session)
        made = run("backup", "make")
        name = office.newest().name

        assert f"Reservekopie {name}" in made
        assert run("backup", "list").count(name) == 2
        told = run("restore", "--drill", "--full")
        assert "Alles klopt." in told
        assert "norm 60 minuten" in told
        assert self.trail(office) == [
            f"reservekopie.made {name}",
            f"reservekopie.drilled {name}",
        ]
        assert drills_left() == []

    def test_a_drill_says_that_the_copy_is_too_old_and_is_not_counted(
        self, office, run, monkeypatch
    ):
        run("backup", "make")
        report = self.report(office, timedelta(hours=3))
        monkeypatch.setattr(backup_cli, "drill", lambda *_, **__: report)

        told = run("restore", "--drill", ends=1)

        assert "Zou nu verloren gaan: 180 minuten (norm 60 minuten)" in told
        assert "de nieuwste kopie is ouder dan de norm" in told
        assert len(self.trail(office)) == 1

    def report(self, office, lost: timedelta):
        name = office.newest().name
        return Report(name, name, lost, 1.0, Proof(), 0, name)

    def test_restores_over_what_is_there_and_notes_it(self, office, run):
        run("backup", "make")
        with office.database.transaction(Scope.of(CODE)) as session:
            late = inwoner(session).id
        office.hang_up()

        assert "is niet leeg" in run("restore", ends=1)
        told = run("restore", "--overwrite", "--keystore", "nieuwste")

        assert "Opnieuw vernietigd: 0 sleutels." in told
        assert self.trail(office)[-1].startswith("reservekopie.restored")
        with connection_to(office.config.database_owner_url) as connection:
            people = connection.scalars(text("SELECT id FROM inwoner")).all()
        assert late not in people

    def test_a_failure_is_noted_as_well(self, office, run, monkeypatch):
        monkeypatch.setattr("loket.backup.making.SPARE", 10**18)

        told = run("backup", "make", ends=1)

        assert "Te weinig ruimte" in told
        assert self.trail(office) == ["reservekopie.failed reservekopie_mislukt"]

    def test_makes_a_key_that_is_kept_apart(self, run, tmp_path):
        file = tmp_path / "nieuw"

        told = run("backup", "sleutel", str(file))

        assert "LOKET_BACKUP_RECIPIENTS=age1" in told
        assert "AGE-SECRET" not in told
        assert "AGE-SECRET-KEY-1" in file.read_text()
        assert file.stat().st_mode & 0o077 == 0
        assert "bestaat al" in run("backup", "sleutel", str(file), ends=1)


class TestNorm:
    def test_the_next_copy_is_due_before_the_norm_has_passed(self, office):
        config, now = office.config, datetime.now(UTC)
        assert is_due(config, now)

        note(config, Action.RESERVEKOPIE_MADE, now, "x")

        assert not is_due(config, now + timedelta(minutes=29))
        assert is_due(config, now + timedelta(minutes=31))
        office.hang_up()

    def test_doctor_warns_when_too_much_could_be_lost(self, office):
        config, now = office.config, datetime.now(UTC)
        with pytest.raises(StartProblem, match="te oud: nooit"):
            check_copies(config)

        note(config, Action.RESERVEKOPIE_MADE, now - timedelta(minutes=61), "x")
        with pytest.raises(StartProblem, match="reservekopie is te oud"):
            check_copies(config)

        note(config, Action.RESERVEKOPIE_MADE, now, "x")
        assert "te lang geleden geoefend" in check_copies(config)
        note(config, Action.RESERVEKOPIE_DRILLED, now, "x")
        assert "te lang geleden" not in check_copies(config)

    def test_without_a_key_on_a_trial_it_says_that_there_are_none(self, office):
        config = replace(office.config, backup_recipients=())

        assert "er is geen reservekopie" in check_copies(config)
        with pytest.raises(StartProblem):
            check_copies(replace(config, env="production"))

    def test_a_failure_after_the_last_copy_is_seen(self, office):
        config, now = office.config, datetime.now(UTC)
        note(config, Action.RESERVEKOPIE_FAILED, now - timedelta(minutes=9), "x")
        assert standing(config, now).is_laatste_mislukt

        note(config, Action.RESERVEKOPIE_MADE, now, "x")

        assert not standing(config, now).is_laatste_mislukt

    @pytest.mark.parametrize(("days", "late"), [(91, False), (93, True), (None, True)])
    def test_a_drill_is_due_after_its_norm(self, days, late):
        now = datetime(2026, 11, 28, tzinfo=UTC)
        drilled = None if days is None else now - timedelta(days=days)
        normen = Normen(timedelta(minutes=60), 365, 30, 92)
        stand = Stand(now, None, drilled, None, normen)

        assert stand.is_oefening_te_oud(now) is late


def test_a_drill_that_fails_leaves_nothing_behind(office):
    office.copy()
    other = [Identity.from_str(new_pair()[0])]

    with pytest.raises(StartProblem, match="past niet"):
        drill(office.config, office.config.backup_dir, other)

    assert drills_left() == []
