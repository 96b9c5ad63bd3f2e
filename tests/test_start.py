"""`loket start` and `loket doctor`, as the person at the terminal meets them."""

import base64
import os
import re
import signal
import socket
import stat
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from loket.config import Config
from loket.processes import StartProblem, living_in
from loket.provision import addresses
from loket.start import Demo, Start, answers, check_port, only_one
from loket.surroundings import Surroundings
from servers import temporary_home

CHECKOUT = Path(__file__).parent.parent
COMMAND = [sys.executable, "-c", "from loket.cli import main; main()"]
PATIENCE = 90
READY = ("Gegevens en logboeken", "Logboeken:")


@dataclass
class Loket:
    """A `loket start` that runs beside the tests."""

    process: "subprocess.Popen[str]"
    home: Path
    port: int
    output: list[str]

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        self.output += self.process.communicate(timeout=PATIENCE)[0].splitlines()
        return self.process.returncode


def environ_with(**settings: str) -> dict[str, str]:
    ours = {n: v for n, v in os.environ.items() if not n.startswith("LOKET_")}
    return ours | settings


def loket(*arguments: str, **settings: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [*COMMAND, *arguments],
        cwd=CHECKOUT,
        env=environ_with(**settings),
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def begin(home: Path, *arguments: str, **settings: str) -> Loket:
    port = free_port()
    process = subprocess.Popen(
        [*COMMAND, "start", "--home", str(home), "--port", str(port), *arguments],
        cwd=CHECKOUT,
        env=environ_with(**settings),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    output = []
    for line in process.stdout:
        output.append(line.rstrip())
        if line.startswith(READY):
            return Loket(process, home, port, output)
    process.wait(PATIENCE)
    raise AssertionError("\n".join(output))


def processes_of(home: Path) -> list[int]:
    """Everything that has this home in its command line or its environment."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            known = (entry / "cmdline").read_bytes() + (entry / "environ").read_bytes()
        except OSError:
            continue
        if os.fsencode(home) in known and int(entry.name) != os.getpid():
            found.append(int(entry.name))
    return found


def wait_for(condition, what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.1)


def page(port: int, path: str) -> int:
    with urllib.request.urlopen(f"http://localhost:{port}{path}", timeout=10) as answer:
        return int(answer.status)


@pytest.fixture
def home() -> Iterator[Path]:
    with temporary_home() as home:
        yield home


@pytest.fixture(scope="module")
def running() -> Iterator[Loket]:
    with temporary_home() as home:
        loket = begin(home, "--no-demo")
        yield loket
        assert loket.stop() == 0


class TestFirstStart:
    def test_address_and_warning_are_said(self, running):
        said = "\n".join(running.output)

        assert f"http://localhost:{running.port}" in said
        assert "om Loket uit te proberen" in said
        assert page(running.port, "/healthz") == 200
        assert page(running.port, "/readyz") == 200

    def test_the_secrets_are_made_for_us_alone(self, running):
        kek = running.home / "secrets" / "kek"

        assert len(base64.b64decode(kek.read_text())) == 32
        for file in kek.parent.iterdir():
            assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert stat.S_IMODE(kek.parent.stat().st_mode) == 0o700

    def test_web_and_worker_do_not_know_the_owner(self, running):
        for log in ("web", "worker"):
            assert (running.home / "log" / f"{log}.log").exists()
        looked_at = set()
        for pid in processes_of(running.home):
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
            if b"gunicorn" in command or b"loket.worker" in command:
                environ = Path(f"/proc/{pid}/environ").read_bytes()
                assert b"OWNER" not in environ
                looked_at.add(b"gunicorn" in command)
        assert looked_at == {True, False}

    def test_the_doctor_finds_all_well(self, running):
        outcome = loket("doctor", "--home", str(running.home))

        assert outcome.returncode == 0, outcome.stdout
        assert "FOUT" not in outcome.stdout
        assert "1 aan het werk" in outcome.stdout

    def test_the_same_port_is_refused_with_the_remedy(self, running, home):
        outcome = loket("start", "--home", str(home), "--port", str(running.port))

        assert outcome.returncode == 1
        assert f"Poort {running.port} is bezet" in outcome.stderr
        assert "--port" in outcome.stderr
        assert "Traceback" not in outcome.stderr

    def test_the_same_home_is_refused_with_the_remedy(self, running):
        outcome = loket(
            "start", "--home", str(running.home), "--port", str(free_port())
        )

        assert outcome.returncode == 1
        assert "draait al vanuit" in outcome.stderr
        assert page(running.port, "/healthz") == 200


class TestRestarting:
    @pytest.mark.parametrize("program", ["gunicorn", "loket.worker", "valkey-server"])
    def test_what_is_killed_comes_back(self, running, program):
        victims = [
            pid
            for pid in processes_of(running.home)
            if program.encode() in Path(f"/proc/{pid}/cmdline").read_bytes()
        ]
        assert victims

        for pid in victims:
            os.kill(pid, signal.SIGKILL)

        def healthy() -> bool:
            outcome = loket("doctor", "--home", str(running.home))
            return outcome.returncode == 0 and answers("127.0.0.1", running.port)

        wait_for(healthy, f"{program} did not come back")

    def test_a_killed_postgresql_comes_back_with_its_data(self, running):
        victims = living_in(running.home / "postgres" / "data", "postgres")
        for pid in victims:
            os.kill(pid, signal.SIGKILL)

        def healthy() -> bool:
            outcome = loket("doctor", "--home", str(running.home))
            return outcome.returncode == 0

        wait_for(healthy, "PostgreSQL did not come back")
        assert page(running.port, "/readyz") == 200


class TestStopping:
    @pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
    def test_nothing_is_left_and_the_next_start_keeps_the_data(self, home, number):
        first = begin(home, "--no-demo")
        key = (home / "secrets" / "kek").read_text()
        engine = create_engine(addresses(home).database_owner_url)
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE kept AS SELECT 396 AS code"))
        engine.dispose()

        first.process.send_signal(number)
        first.process.communicate(timeout=PATIENCE)

        assert first.process.returncode == 0
        assert processes_of(home) == []
        second = begin(home, "--no-demo")
        with engine.connect() as connection:
            assert connection.scalar(text("SELECT code FROM kept")) == 396
        engine.dispose()
        assert (home / "secrets" / "kek").read_text() == key
        assert second.stop() == 0

    def test_a_killed_start_leaves_nothing_and_starts_again(self, home):
        first = begin(home, "--no-demo")

        first.process.kill()
        first.process.communicate(timeout=PATIENCE)

        wait_for(lambda: processes_of(home) == [], "a process was left behind")
        second = begin(home, "--no-demo")
        assert second.stop() == 0

    def test_a_stop_during_the_start_leaves_nothing(self, home):
        process = subprocess.Popen(
            [*COMMAND, "start", "--home", str(home), "--port", str(free_port())],
            cwd=CHECKOUT,
            env=environ_with(),
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        assert "servers starten" in process.stdout.readline()

        process.terminate()
        process.communicate(timeout=PATIENCE)

        assert process.returncode == 0
        assert processes_of(home) == []


class TestOwnServers:
    def test_they_are_used_and_nothing_is_embedded(self, home, config):
        ours = begin(
            home,
            "--no-demo",
            LOKET_DATABASE_URL=config.database_url,
            LOKET_DATABASE_OWNER_URL=config.database_owner_url,
            LOKET_KEYSTORE_URL=config.keystore_url,
            LOKET_KEYSTORE_OWNER_URL=config.keystore_owner_url,
            LOKET_REDIS_URL=config.redis_url,
            # the keys in this key store are wrapped by this one, not by a new one
            LOKET_KEK=base64.b64encode(config.keks[1]).decode(),
        )

        assert page(ours.port, "/readyz") == 200
        assert not (home / "postgres").exists()
        assert not (home / "valkey").exists()
        assert "uit te proberen" not in "\n".join(ours.output)
        assert ours.stop() == 0

    def test_a_server_that_is_away_is_named_without_its_password(self, home, config):
        away = "postgresql+psycopg://loket_app:Wachtwoord1@127.0.0.1:1/loket"

        outcome = loket(
            *("start", "--home", str(home), "--port", str(free_port())),
            LOKET_DATABASE_URL=away,
            LOKET_DATABASE_OWNER_URL=away,
            LOKET_KEYSTORE_URL=away,
            LOKET_REDIS_URL=config.redis_url,
        )

        assert outcome.returncode == 1
        assert "Geen verbinding met postgresql+psycopg://loket_app:***" in (
            outcome.stderr
        )
        assert "Wachtwoord1" not in outcome.stderr
        assert "Traceback" not in outcome.stderr

    def test_a_role_that_passes_row_security_is_refused(self, home, config, server_url):
        outcome = loket(
            *("start", "--home", str(home), "--port", str(free_port())),
            LOKET_DATABASE_URL=config.database_owner_url,
            LOKET_DATABASE_OWNER_URL=config.database_owner_url,
            LOKET_KEYSTORE_URL=config.keystore_url,
            LOKET_KEYSTORE_OWNER_URL=config.keystore_owner_url,
            LOKET_REDIS_URL=config.redis_url,
        )

        assert outcome.returncode == 1
        assert "gaat langs de beveiliging per rij" in outcome.stderr


class TestProduction:
    def test_nothing_is_generated_or_embedded(self, home):
        outcome = loket(
            *("start", "--home", str(home), "--port", str(free_port())),
            LOKET_ENV="production",
        )

        assert outcome.returncode == 1
        for name in ("LOKET_DATABASE_URL", "LOKET_REDIS_URL", "LOKET_KEK"):
            assert f"{name} ontbreekt" in outcome.stderr
        assert "Traceback" not in outcome.stderr
        assert not (home / "secrets").exists()
        assert not (home / "postgres").exists()

    def test_with_own_servers_it_starts_and_logs_to_our_output(self, home, config):
        ours = begin(
            home,
            LOKET_ENV="production",
            LOKET_BASE_URL="https://loket.gemeente.example",
            LOKET_DATABASE_URL=config.database_url,
            LOKET_DATABASE_OWNER_URL=config.database_owner_url,
            LOKET_KEYSTORE_URL=config.keystore_url,
            LOKET_KEYSTORE_OWNER_URL=config.keystore_owner_url,
            LOKET_REDIS_URL=config.redis_url,
            LOKET_SECRET_KEY=config.secret_key,
            LOKET_KEK=base64.b64encode(config.keks[1]).decode(),
        )

        assert page(ours.port, "/healthz") == 200
        assert ours.stop() == 0
        said = "\n".join(ours.output)
        assert "Inloggen in de demo" not in said
        assert "Listening at" in said
        assert not (home / "log").exists()
        assert not (home / "secrets").exists()


class TestDemo:
    @pytest.fixture
    def loads(self) -> list[Config]:
        return []

    @pytest.fixture
    def start(self, loads, home) -> Start:
        demo = Demo(loads.append, lambda: [("sanne", "geheim", "consulent", "0396")])
        return Start(Surroundings({"LOKET_HOME": str(home)}), demo)

    def test_it_is_loaded_into_an_empty_database_only(self, start, loads, config, home):
        config = replace(config, home=home)
        start.load_demo(config)
        assert loads == [config]
        add_gemeente(config)

        start.load_demo(config)

        assert loads == [config]

    def test_half_a_demo_is_said(self, start, loads, config, home):
        (home / "demo.busy").touch()

        with pytest.raises(StartProblem, match="niet helemaal geladen"):
            start.load_demo(replace(config, home=home))

        assert loads == []

    def test_production_never_loads_it(self, start, loads, config):
        start.load_demo(replace(config, env="production"))

        assert loads == []

    def test_the_logins_are_said(self, start, config):
        said: list[str] = []
        start.say = said.append

        start.tell(config)

        assert re.search(r"sanne +geheim +consulent, 0396", "\n".join(said))


def add_gemeente(config: Config) -> None:
    engine = create_engine(config.database_owner_url)
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO gemeente"
                " (code, naam, adres, postadres, telefoon, website)"
                " VALUES ('0396', 'Duinveld', 'a', 'b', 'c', 'd')"
            )
        )
    engine.dispose()


class TestRefusals:
    def test_a_lost_key_is_not_replaced(self, home):
        data = home / "postgres" / "data"
        data.mkdir(parents=True)
        (data / "PG_VERSION").write_text("18\n")

        with pytest.raises(StartProblem, match="zet de sleutel terug"):
            Surroundings({"LOKET_HOME": str(home)}).make_secrets()

    def test_a_host_that_is_not_here_is_refused(self):
        with pytest.raises(StartProblem, match="--host"):
            check_port("192.0.2.1", free_port())

    def test_a_name_that_does_not_exist_is_refused(self):
        with pytest.raises(StartProblem, match="--host"):
            check_port("bestaat-niet.invalid", free_port())

    def test_a_home_serves_one_start(self, home):
        with (
            only_one(home),
            pytest.raises(StartProblem, match="draait al"),
            only_one(home),
        ):
            pass

    def test_the_doctor_says_what_is_missing(self, home):
        outcome = loket("doctor", "--home", str(home))

        assert outcome.returncode == 1
        assert "LOKET_KEK ontbreekt" in outcome.stderr

    def test_a_wrong_port_in_the_environment_is_said(self, home):
        outcome = loket("start", LOKET_HOME=str(home), LOKET_PORT="acht")

        assert outcome.returncode == 1
        assert "'acht' is geen poort" in outcome.stderr
