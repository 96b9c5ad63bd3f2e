"""The embedded servers: start, stop, survive, and stay shut to others."""

import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from loket.embedded import EmbeddedPair
from loket.home import account_for, prepare_home, run_folder, secure_run_folder
from loket.processes import OURSELVES, StartProblem, living_in
from loket.programs import find_postgres
from loket.provision import Addresses, addresses
from servers import temporary_home

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="the embedded servers are for Linux"
)

CHECKOUT = Path(__file__).parent.parent
START_AND_WAIT = """
import sys, time
from pathlib import Path
from loket.embedded import EmbeddedPair
EmbeddedPair(Path(sys.argv[1])).start()
print("started", flush=True)
time.sleep(600)
"""


@pytest.fixture
def home() -> Iterator[Path]:
    with temporary_home() as home:
        yield home


@pytest.fixture(scope="module")
def pair() -> Iterator[EmbeddedPair]:
    with temporary_home() as home:
        pair = EmbeddedPair(home, durable=False)
        pair.start()
        yield pair
        pair.stop()


def ask(url: str, question: str) -> object:
    engine = create_engine(url)
    try:
        with engine.begin() as connection:
            result = connection.execute(text(question))
            return result.scalar() if result.returns_rows else None
    finally:
        engine.dispose()


def wait_until_gone(folder: Path) -> None:
    deadline = time.monotonic() + 20
    while living_in(folder, "postgres"):
        assert time.monotonic() < deadline, "a server was left behind"
        time.sleep(0.05)


def start_elsewhere(home: Path) -> "subprocess.Popen[str]":
    process = subprocess.Popen(
        [sys.executable, "-c", START_AND_WAIT, str(home)],
        cwd=CHECKOUT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "started\n"
    return process


class TestRoles:
    def test_the_runtime_role_owns_nothing_and_may_nothing_special(self, pair):
        rights = (
            "SELECT rolsuper OR rolbypassrls OR rolcreatedb OR rolcreaterole"
            " FROM pg_roles WHERE rolname = current_user"
        )

        assert ask(addresses(pair.home).database_url, rights) is False
        assert ask(addresses(pair.home).database_owner_url, rights) is False

    def test_the_runtime_role_makes_no_tables(self, pair):
        with pytest.raises(Exception, match="permission denied"):
            ask(addresses(pair.home).database_url, "CREATE TABLE mine (id int)")

    def test_the_role_of_the_database_does_not_enter_the_key_store(self, pair):
        here = addresses(pair.home)
        elsewhere = here.database_url.replace("/loket?", "/loket_keystore?")

        with pytest.raises(OperationalError, match="permission denied"):
            ask(elsewhere, "SELECT 1")

    def test_the_owner_makes_the_extensions_of_the_migrations(self, pair):
        owner = addresses(pair.home).database_owner_url

        for extension in ("pg_trgm", "btree_gist"):
            ask(owner, f"CREATE EXTENSION {extension}")

        assert ask(owner, "SELECT similarity('loket', 'loket')") == 1


class TestClosed:
    def test_no_port_is_opened(self, pair):
        port = ask(pair.postgres.superuser_url, "SHOW listen_addresses")

        assert port == ""
        with redis.Redis(unix_socket_path=str(pair.valkey.socket)) as client:
            assert client.config_get("port") == {"port": "0"}

    def test_nobody_is_trusted(self, pair):
        methods = "SELECT string_agg(DISTINCT auth_method, ',') FROM pg_hba_file_rules"

        assert ask(pair.postgres.superuser_url, methods) == "peer"

    def test_the_sockets_and_the_data_are_closed_to_others(self, pair):
        for folder in (
            run_folder(pair.home),
            pair.postgres.data,
            pair.valkey.folder,
        ):
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700

    def test_a_run_folder_of_somebody_else_is_refused(self, home):
        home.mkdir(exist_ok=True)
        run = home / "run"
        run.symlink_to(home)

        with pytest.raises(StartProblem, match="van een ander"):
            secure_run_folder(run, OURSELVES)

    @pytest.mark.skipif(os.geteuid() != 0, reason="only root runs them as another")
    def test_root_runs_them_without_rights(self, pair):
        assert len(list(pair.children)) == 2
        for child in pair.children:
            owner = Path(f"/proc/{child.process.pid}").stat().st_uid
            assert owner not in (0, 65534)


class TestSurvival:
    def test_data_and_queue_are_there_after_a_restart(self, home):
        first = EmbeddedPair(home)
        here = first.start()
        remember(here)
        first.stop()
        wait_until_gone(first.postgres.data)

        second = EmbeddedPair(home)
        second.start()

        assert_remembered(here)
        second.stop()

    def test_data_and_queue_are_there_after_everything_was_killed(self, home):
        process = start_elsewhere(home)
        here = addresses(home)
        remember(here)
        data, queue = home / "postgres" / "data", home / "valkey"
        victims = living_in(data, "postgres") + living_in(queue, "valkey-server")
        for pid in (process.pid, *victims):
            os.kill(pid, signal.SIGKILL)
        process.wait()
        assert (data / "postmaster.pid").is_file()

        second = EmbeddedPair(home)
        second.start()

        assert_remembered(here)
        second.stop()
        process.stdout.close()

    def test_a_stale_pid_that_is_now_another_program_does_not_stop_it(self, home):
        first = EmbeddedPair(home)
        first.start()
        first.stop()
        stale = first.postgres.data / "postmaster.pid"
        stale.write_text(f"{os.getpid()}\n{first.postgres.data}\n0\n5432\n\n\n\n")
        if first.postgres.account.uid is not None:
            os.chown(stale, first.postgres.account.uid, first.postgres.account.gid)

        second = EmbeddedPair(home)
        here = second.start()

        assert ask(here.database_url, "SELECT 1") == 1
        second.stop()

    def test_the_servers_end_when_their_starter_is_killed(self, home):
        process = start_elsewhere(home)
        assert living_in(home / "postgres" / "data", "postgres")

        process.kill()
        process.wait()
        process.stdout.close()

        wait_until_gone(home / "postgres" / "data")

    def test_half_a_cluster_is_thrown_away(self, home):
        half = home / "postgres" / "arriving"
        half.mkdir(parents=True)
        (half / "base").write_text("half")

        pair = EmbeddedPair(home, durable=False)
        here = pair.start()

        assert ask(here.database_url, "SELECT 1") == 1
        assert not half.exists()
        pair.stop()


def remember(here: Addresses) -> None:
    ask(here.database_owner_url, "CREATE TABLE kept AS SELECT 396 AS code")
    with redis.Redis.from_url(here.redis_url) as client:
        client.set("kept", "396")
        # everysec: what is a second old is on disk
        client.execute_command("WAITAOF", 1, 0, 5000)


def assert_remembered(here: Addresses) -> None:
    assert ask(here.database_owner_url, "SELECT code FROM kept") == 396
    with redis.Redis.from_url(here.redis_url) as client:
        assert client.get("kept") == b"396"


class TestPlaces:
    def test_a_long_home_gets_a_short_run_folder(self, home):
        deep = home / ("a" * 60) / ("b" * 60)
        pair = EmbeddedPair(deep, durable=False)
        here = pair.start()

        assert ask(here.database_url, "SELECT 1") == 1
        assert not run_folder(deep).is_relative_to(deep)
        pair.stop()
        run_folder(deep).rmdir()

    def test_a_home_with_a_space_and_a_percent_sign_works(self, home):
        pair = EmbeddedPair(home / "mijn loket 100%", durable=False)
        here = pair.start()

        assert ask(here.keystore_url, "SELECT 1") == 1
        with redis.Redis.from_url(here.redis_url) as client:
            # what rq asks of it when a worker starts
            assert client.client_info()["db"] == 0
        pair.stop()
        run_folder(pair.home).rmdir()

    @pytest.mark.skipif(os.geteuid() != 0, reason="only root's servers are shut out")
    def test_a_closed_parent_is_refused_with_the_remedy(self, home):
        closed = home / "closed"
        closed.mkdir(mode=0o700)

        with pytest.raises(StartProblem, match="--home /var/lib/loket"):
            account_for(closed / "loket")

    def test_a_home_that_is_a_file_is_refused_with_the_remedy(self, home):
        (home / "file").write_text("")

        with pytest.raises(StartProblem, match="kies een andere map"):
            prepare_home(home / "file")

    def test_a_full_disk_is_said_before_anything_is_made(self, home, monkeypatch):
        monkeypatch.setattr("loket.home.NEEDED_SPACE", 10**18)

        with pytest.raises(StartProblem, match="De schijf is vol"):
            prepare_home(home)


class TestPrograms:
    def test_data_of_another_version_is_not_opened(self, home):
        data = home / "data"
        data.mkdir()
        (data / "PG_VERSION").write_text("12\n")

        with pytest.raises(StartProblem, match="gemaakt met PostgreSQL 12"):
            find_postgres(home / "programs", data)

    def test_without_wheel_and_installation_the_remedy_is_said(self, home, monkeypatch):
        monkeypatch.setattr("loket.programs._postgres_folders", lambda _: iter(()))

        with pytest.raises(StartProblem, match="apt install postgresql"):
            find_postgres(home / "programs", home / "data")

    def test_an_old_postgresql_is_refused(self, home, monkeypatch):
        old = home / "bin"
        old.mkdir()
        program = old / "postgres"
        program.write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 14.9'\n")
        program.chmod(0o755)
        monkeypatch.setattr("loket.programs._postgres_folders", lambda _: iter([old]))

        with pytest.raises(StartProblem, match="PostgreSQL 14 is te oud"):
            find_postgres(home / "programs", home / "data")

    def test_an_installed_postgresql_serves_where_there_is_no_wheel(
        self, home, monkeypatch
    ):
        installed = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
        if not installed:
            pytest.skip("no PostgreSQL installed (apt install postgresql)")
        monkeypatch.setattr(
            "loket.programs._postgres_folders", lambda _: iter(installed[-1:])
        )

        pair = EmbeddedPair(home, durable=False)
        here = pair.start()

        assert ask(here.database_url, "SELECT 1") == 1
        pair.stop()


def test_a_socket_path_always_fits():
    longest = Path("/" + "a" * 200)

    path = str(run_folder(longest) / ".s.PGSQL.5432.lock")

    assert len(path) <= 107
