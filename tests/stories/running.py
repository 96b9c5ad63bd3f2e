"""Loket as it runs for real: gunicorn, the worker and the command, on own databases."""

import base64
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from build.iwmo import XSD
from conftest import KEK, SECRET_KEY
from loket.config import Config
from loket.embedded import EmbeddedPair
from loket.start import answers, gunicorn_options
from servers import DatabaseUrls, temporary_home

CHECKOUT = Path(__file__).parents[2]
PASSWORD = "duinroos-helmgras-42"
PATIENCE = 40.0
"""Seconds that anything may take before the story fails."""


def wait_for(happened: Callable[[], object], what: str) -> None:
    """Wait until something happened, a bounded time."""
    deadline = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < deadline, f"not within {PATIENCE:.0f} s: {what}"
        time.sleep(0.1)


def free_port() -> int:
    """Find a port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def own_valkey() -> Iterator[str]:
    """A Valkey of this story alone, that may be emptied and searched."""
    with temporary_home() as home:
        pair = EmbeddedPair(home, with_postgres=False)
        addresses = pair.start()
        try:
            yield addresses.redis_url
        finally:
            pair.stop()


class Running:
    """The processes of one installation; they can be killed and started again."""

    def __init__(
        self, urls: DatabaseUrls, redis_url: str, home: Path, **settings: str
    ) -> None:
        self.urls = urls
        self.redis_url = redis_url
        self.home = home
        self.port = free_port()
        self.address = f"http://localhost:{self.port}"
        self.settings = {
            "LOKET_HOME": str(home),
            "LOKET_PORT": str(self.port),
            "LOKET_DATABASE_URL": urls.database_url,
            "LOKET_KEYSTORE_URL": urls.keystore_url,
            "LOKET_REDIS_URL": redis_url,
            "LOKET_SECRET_KEY": SECRET_KEY,
            "LOKET_KEK": base64.b64encode(KEK).decode(),
            "LOKET_LOG_LEVEL": "DEBUG",
            **settings,
        }
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.logs: dict[str, IO[bytes]] = {}

    @property
    def config(self) -> Config:
        """What the processes read from their environment."""
        return Config.from_env(self.settings)

    @property
    def environ(self) -> dict[str, str]:
        """The environment of the processes: ours, without our own settings."""
        ours = {k: v for k, v in os.environ.items() if not k.startswith("LOKET_")}
        return ours | self.settings

    def log(self, name: str) -> Path:
        """Where a process writes what it has to say."""
        return self.home / f"{name}.log"

    def start(self, name: str) -> None:
        """Start the web or the worker."""
        commands = {
            "web": ["-m", "gunicorn", *gunicorn_options(self.config)],
            "worker": ["-m", "loket.worker"],
        }
        if name not in self.logs:
            self.logs[name] = self.log(name).open("ab")
        self.processes[name] = subprocess.Popen(
            [sys.executable, *commands[name]],
            cwd=CHECKOUT,
            env=self.environ,
            stdin=subprocess.DEVNULL,
            stdout=self.logs[name],
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def kill(self, name: str) -> None:
        """End a process and its children at once, whatever they were doing."""
        process = self.processes.pop(name)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(timeout=10)

    def wait_until_ready(self) -> None:
        """Wait for the first answer of the web."""
        deadline = time.monotonic() + PATIENCE
        while not answers("127.0.0.1", self.port):
            died = self.processes["web"].poll() is not None
            last = self.log("web").read_text(errors="replace")[-2000:]
            assert not died, f"the web does not start:\n{last}"
            assert time.monotonic() < deadline, f"the web does not answer:\n{last}"
            time.sleep(0.1)

    def stop(self) -> None:
        """Leave nothing behind."""
        for name in list(self.processes):
            self.kill(name)
        for log in self.logs.values():
            log.close()

    def command(self, *words: str) -> str:
        """Run the `loket` command as the beheerder does, and return what it says."""
        done = subprocess.run(
            [sys.executable, "-c", "from loket.cli import main; main()", *words],
            cwd=CHECKOUT,
            env=self.environ | {"LOKET_WACHTWOORD": PASSWORD},
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@contextmanager
def installation(urls: DatabaseUrls, **settings: str) -> Iterator[Running]:
    """Web and worker as in production, on these databases."""
    with own_valkey() as redis_url, temporary_home() as home:
        schemas = {"LOKET_IWMO_XSD_DIR": str(XSD)} if XSD.is_dir() else {}
        running = Running(urls, redis_url, home, **schemas | settings)
        try:
            running.start("web")
            running.start("worker")
            running.wait_until_ready()
            yield running
        finally:
            running.stop()
