"""Roof: `loket start`: prepares everything, then watches the processes."""

import errno
import fcntl
import http.client
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import FrameType

import click
from sqlalchemy import make_url

from loket.app import open_vault, refuse_foreign_keys
from loket.config import Config, address_of
from loket.embedded import EmbeddedPair
from loket.home import prepare_home
from loket.migrating import migrate
from loket.outside import check_postgres, check_redis, check_runtime_role, is_empty
from loket.processes import Child, StartProblem, launch
from loket.surroundings import Surroundings
from loket.vault import keystore

Login = tuple[str, str, str, str]
"""Login name, password, role, gemeente."""

ROOT = Path(__file__).parent.parent
"""Where `loket` and `wsgi` are importable: the checkout, or site-packages."""
COPIES = (
    "import sys; from loket.cli import run; sys.argv[1:] = ['backup', 'watch']; run()"
)
OWN = frozenset({"web", "worker", "reservekopie"})
"""Our own processes; the servers stop after them."""
LOOK = 0.5
READY_WITHIN = 60.0
STABLE_AFTER = 60.0
STOP_WITHIN = 15.0
SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)

TRYING_OUT = (
    "Let op: de ingebouwde PostgreSQL en Valkey zijn om Loket uit te proberen.\n"
    "Voor echt werk: eigen servers en LOKET_ENV=production (zie README.md)."
)


class StopAsked(BaseException):
    """Somebody asked us to stop (SIGTERM, Ctrl-C, terminal closed)."""


@dataclass(frozen=True)
class Demo:
    """The fictional municipality: how it is loaded, and who may log in."""

    load: Callable[[Config], object]
    logins: Callable[[], list[Login]]


@dataclass
class Start:
    """One run of `loket start`."""

    surroundings: Surroundings
    demo: Demo | None
    say: Callable[[str], object] = click.echo
    children: list[Child] = field(default_factory=list)

    def run(self) -> None:
        """Prepare, start, watch; whatever happens, nothing of ours stays behind."""
        with _stopping_on_signals(), suppress(StopAsked), ExitStack() as stack:
            config = self.prepare(stack)
            stack.callback(self.stop)
            self.children = self.start_web_and_worker(config)
            self.wait_until_ready(config)
            self.tell(config)
            self.watch()

    def prepare(self, stack: ExitStack) -> Config:
        """Bring home, secrets, servers, tables and demo to where work can begin."""
        ours = self.surroundings
        config_before = ours.environ()
        check_port(*_host_and_port(config_before))
        prepare_home(ours.home)
        pair = self.embedded_pair(stack)
        ours.make_secrets()
        if pair is not None:
            self.start_embedded(pair, stack)
        config = Config.from_env(ours.environ())
        self.prepare_databases(config)
        self.load_demo(config)
        return config

    def embedded_pair(self, stack: ExitStack) -> EmbeddedPair | None:
        """Claim the home for the servers that are not configured."""
        ours = self.surroundings
        if not ours.embeds_postgres and not ours.embeds_valkey:
            return None
        stack.enter_context(only_one(ours.home))
        return EmbeddedPair(
            ours.home,
            with_postgres=ours.embeds_postgres,
            with_valkey=ours.embeds_valkey,
        )

    def start_embedded(self, pair: EmbeddedPair, stack: ExitStack) -> None:
        """Start the embedded servers; they stop when we do."""
        self.say("Ingebouwde servers starten …")
        stack.callback(pair.stop)
        pair.start()
        self.children = pair.children

    def prepare_databases(self, config: Config) -> None:
        """Check the servers and bring both databases up to date."""
        check_redis(config.redis_url)
        check_postgres(config.database_url)
        check_postgres(config.keystore_url)
        self.say("Database bijwerken …")
        migrate_both(config)
        check_runtime_role(config.database_url)
        check_kek(config)

    def load_demo(self, config: Config) -> None:
        """Load the demo at the first start; half a demo is said, not mended."""
        if self.demo is None or config.is_production:
            return
        busy = config.home / "demo.busy"
        if busy.exists():
            raise StartProblem(
                "De vorige keer is de demo niet helemaal geladen.\n"
                f"Wat u kunt doen: verwijder {config.home} en start opnieuw, of start"
                f" met --no-demo en verwijder {busy}."
            )
        if not is_empty(config.database_url):
            return
        self.say("Demo laden …")
        busy.touch()
        self.demo.load(config)
        busy.unlink()

    def start_web_and_worker(self, config: Config) -> list[Child]:
        """Start our own two processes; in production they log to our output."""
        logs = None if config.is_production else config.home / "log"
        environ = self.surroundings.child_environ()
        commands = {
            "web": [sys.executable, "-m", "gunicorn", *gunicorn_options(config)],
            "worker": [sys.executable, "-m", "loket.worker"],
        }
        if config.backup_recipients and self.surroundings.embeds_postgres:
            # for servers of their own the beheerder decides when, and on which machine
            commands["reservekopie"] = [sys.executable, "-c", COPIES]
        children = list(self.children)
        for name, command in commands.items():
            log = logs / f"{name}.log" if logs else None
            own = environ if name != "reservekopie" else self.surroundings.environ()
            begin = partial(launch, command, log=log, cwd=ROOT, environ=own)
            child = Child(name, begin, patience=STOP_WITHIN, log=log)
            child.start()
            children.append(child)
            self.children = children
        return children

    def wait_until_ready(self, config: Config) -> None:
        """Wait for the first answer of the web."""
        deadline = time.monotonic() + READY_WITHIN
        web = next(child for child in self.children if child.name == "web")
        while not answers(config.host, config.port):
            if web.has_died() or time.monotonic() > deadline:
                where = f"Het logboek is {web.log}" if web.log else "Zie hierboven"
                raise StartProblem(
                    f"Het web start niet. {where}; daarin staat de oorzaak.\n"
                    "Wat u kunt doen: voer 'loket doctor' uit."
                )
            time.sleep(0.1)

    def tell(self, config: Config) -> None:
        """Tell where Loket is, who may log in, and what this is for."""
        self.say("")
        self.say(f"Loket draait op {address_of(config.host, config.port)}")
        self.say("Stoppen: Ctrl-C")
        if self.demo is not None and not config.is_production:
            self.say("\nInloggen in de demo (verzonnen personen):")
            for login, password, rol, gemeente in self.demo.logins():
                self.say(f"  {login:<24} {password:<24} {rol}, {gemeente}")
        if self.surroundings.embeds_postgres or self.surroundings.embeds_valkey:
            self.say(f"\n{TRYING_OUT}")
        if config.is_production:
            self.say("Logboeken: hieronder, een regel JSON per gebeurtenis")
            return
        self.say(f"Gegevens en logboeken: {config.home}")

    def watch(self) -> None:
        """Start again what dies, until somebody asks us to stop."""
        while True:
            time.sleep(LOOK)
            now = time.monotonic()
            for child in self.children:
                if child.revive(now, STABLE_AFTER):
                    self.say(f"{child.name} was gestopt en is opnieuw gestart.")

    def stop(self) -> None:
        """Stop web and worker at the same time; the servers come after them."""
        own = [child for child in self.children if child.name in OWN]
        for child in own:
            child.ask_to_stop()
        for child in own:
            child.stop()


def migrate_both(config: Config) -> None:
    """Bring the database and the key store up to date, as their owners."""
    if not config.database_owner_url:
        raise StartProblem(
            "LOKET_DATABASE_OWNER_URL ontbreekt.\nWat u kunt doen: geef het adres van"
            " de eigenaar van de tabellen op; alleen daarmee werkt Loket de database"
            " bij."
        )
    migrate(config.database_owner_url)
    keystore.migrate(config.keystore_owner_url, make_url(config.keystore_url).username)


def check_kek(config: Config) -> None:
    """Do not start with a key-encryption key that opens nothing."""
    refuse_foreign_keys(open_vault(config))


def gunicorn_options(config: Config) -> list[str]:
    """Return how gunicorn serves: few processes, threads for what waits."""
    host = f"[{config.host}]" if ":" in config.host else config.host
    return [
        "--worker-class=gthread",
        "--logger-class=loket.logs.GunicornLogs",
        "--workers=2",
        "--threads=8",
        "--timeout=60",
        "--graceful-timeout=10",
        "--max-requests=5000",
        "--max-requests-jitter=500",
        f"--bind={host}:{config.port}",
        "wsgi:app",
    ]


def check_port(host: str, port: int) -> None:
    """Refuse a port that is taken before anything is started."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        family, kind, _, _, address = found[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except socket.gaierror as error:
        raise StartProblem(
            f"Het adres {host} bestaat niet op dit systeem.\n"
            "Wat u kunt doen: gebruik --host 127.0.0.1."
        ) from error
    except OSError as error:
        raise StartProblem(_port_problem(host, port, error)) from error


def _port_problem(host: str, port: int, error: OSError) -> str:
    other = f"Wat u kunt doen: kies een andere met --port {max(port, 1024) + 1}."
    if error.errno == errno.EADDRINUSE:
        return f"Poort {port} is bezet: er draait al iets. {other}"
    if error.errno == errno.EACCES:
        return f"Poort {port} is alleen voor root. {other}"
    return (
        f"Loket kan niet luisteren op {host}, poort {port}: {error.strerror}.\n"
        "Wat u kunt doen: gebruik --host 127.0.0.1."
    )


def _host_and_port(environ: dict[str, str]) -> tuple[str, int]:
    port = environ.get("LOKET_PORT", "8000")
    if not port.isdecimal() or not 0 < int(port) < 65536:
        raise StartProblem(
            f"'{port}' is geen poort.\n"
            "Wat u kunt doen: geef een getal van 1 tot en met 65535 op."
        )
    return environ.get("LOKET_HOST") or "127.0.0.1", int(port)


def answers(host: str, port: int) -> bool:
    """Whether the web answers here."""
    near = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 -- read
    connection = http.client.HTTPConnection(near, port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


@contextmanager
def only_one(home: Path) -> Iterator[None]:
    """Hold the home, so that two starts never share one set of data."""
    descriptor = os.open(home / "loket.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise StartProblem(
            f"Loket draait al vanuit {home}.\n"
            "Wat u kunt doen: stop de andere, of kies een andere map met --home."
        ) from error
    finally:
        os.close(descriptor)


@contextmanager
def _stopping_on_signals() -> Iterator[None]:
    before = {number: signal.signal(number, _ask_to_stop) for number in SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _ask_to_stop(_number: int, _frame: FrameType | None) -> None:
    # once: a second Ctrl-C must not leave a server behind
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    raise StopAsked
