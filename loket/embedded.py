"""Roof: starts the embedded PostgreSQL and Valkey when no server is configured.

Our own launcher around their programs. Both answer on a socket only, in a folder that
is closed to others; PostgreSQL recognises people by their account (peer), never by
trust. Root runs them under a user of their own.
"""

import os
import pwd
import shutil
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import redis
from sqlalchemy import create_engine
from sqlalchemy.exc import OperationalError

from loket.home import (
    account_for,
    hand_over,
    named_account,
    prepare_home,
    run_folder,
    secure_run_folder,
)
from loket.processes import (
    Account,
    Child,
    StartProblem,
    end_living_in,
    launch,
)
from loket.programs import find_postgres, find_valkey
from loket.provision import (
    ROLES,
    SUPERUSER,
    Addresses,
    addresses,
    provision,
    server_url,
)

PATIENCE = 60.0

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "max_connections": "100",
    # a log line never holds a statement or a value: those may be about a person
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length_on_error": "0",
    "log_parameter_max_length": "0",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    # the first line of an error may quote a value; the program tells its class
    "log_min_messages": "log",
}

FLEETING = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}
"""For data that may be lost at a crash: a server that lives for one test run."""


class EmbeddedPostgres:
    """PostgreSQL in the home, on a socket."""

    def __init__(self, home: Path, account: Account, *, durable: bool = True) -> None:
        self.folder = home.resolve() / "postgres"
        self.data = self.folder / "data"
        self.run = run_folder(home)
        self.log = home.resolve() / "log" / "postgres.log"
        self.account = account
        self.durable = durable
        self.programs = home.resolve() / "programs"
        self.child = Child("PostgreSQL", self._launch, signal.SIGINT, log=self.log)

    @property
    def superuser_url(self) -> str:
        """Address for making databases and roles, nothing else."""
        return server_url(self.run, SUPERUSER, "postgres")

    def start(self) -> None:
        """Start, the first time with a new and empty cluster, and wait for it."""
        self.postgres = find_postgres(self.programs, self.data)
        if not (self.data / "PG_VERSION").is_file():
            self._make_cluster()
        self.child.start()
        self._wait()

    def stop(self) -> None:
        """Stop; transactions that run are rolled back, what was committed is kept."""
        self.child.stop()

    def _launch(self) -> "subprocess.Popen[bytes]":
        end_living_in(self.data, "postgres", signal.SIGINT)
        self._forget_stale_pid()
        self._write_access()
        settings = SETTINGS | {"unix_socket_directories": str(self.run)}
        if not self.durable:
            settings |= FLEETING
        options = [f"--{name}={value}" for name, value in settings.items()]
        return launch(
            [self.postgres.bin / "postgres", "-D", self.data, *options],
            log=self.log,
            cwd=self.data,
            account=self.account,
            environ=_own_environ(),
            last_signal=signal.SIGINT,
        )

    def _make_cluster(self) -> None:
        """Make the cluster beside its place, so that half a cluster is never used."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o711 if os.geteuid() == 0 else 0o700)
        arriving = self.folder / "arriving"
        shutil.rmtree(arriving, ignore_errors=True)
        maker = named_account()
        maker.own(arriving)
        outcome = subprocess.run(  # noqa: S603 -- PostgreSQL's own program
            [
                self.postgres.bin / "initdb",
                f"--pgdata={arriving}",
                f"--username={SUPERUSER}",
                "--auth=peer",
                "--encoding=UTF8",
                "--data-checksums",
                "--no-instructions",
                *([] if self.durable else ["--no-sync"]),
                *self.postgres.locale,
            ],
            capture_output=True,
            text=True,
            check=False,
            cwd=self.folder,
            env=_own_environ(),
            user=maker.uid,
            group=maker.gid,
            extra_groups=None if maker.uid is None else [],
        )
        if outcome.returncode:
            raise StartProblem(
                "PostgreSQL kan zijn gegevens niet aanmaken:\n"
                f"{outcome.stderr.strip()[-600:]}\n"
                "Wat u kunt doen: kijk of de schijf vol is of kies een andere --home."
            )
        hand_over(arriving, self.account)
        shutil.rmtree(self.data, ignore_errors=True)
        arriving.rename(self.data)

    def _write_access(self) -> None:
        """Write who may enter: this account, on the socket, as one of our roles."""
        name = pwd.getpwuid(os.geteuid()).pw_name
        rules = "local all all peer map=loket\n"
        people = "".join(f'loket "{name}" {role}\n' for role in (SUPERUSER, *ROLES))
        for file, content in (("pg_hba.conf", rules), ("pg_ident.conf", people)):
            (self.data / file).write_text(content, encoding="utf-8")

    def _forget_stale_pid(self) -> None:
        """Remove the pid file when its number now belongs to another program.

        PostgreSQL itself sees that a process is gone, but not that the number was
        given out again, as in a container. No server works here: we looked.
        """
        if not Path("/proc/self").exists():
            return
        locks = (self.data / "postmaster.pid", self.run / ".s.PGSQL.5432.lock")
        for lock in locks:
            with suppress(OSError, ValueError):
                pid = int(lock.read_text().splitlines()[0])
                if Path(f"/proc/{pid}").exists():
                    lock.unlink()

    def _wait(self) -> None:
        engine = create_engine(self.superuser_url, hide_parameters=True)
        deadline = time.monotonic() + PATIENCE
        try:
            while True:
                with suppress(OperationalError), engine.connect():
                    return
                if self.child.has_died() or time.monotonic() > deadline:
                    raise StartProblem(_explain(self.child))
                time.sleep(0.05)
        finally:
            engine.dispose()


class EmbeddedValkey:
    """Valkey in the home, on a socket; what it was told survives a crash."""

    def __init__(self, home: Path, account: Account) -> None:
        self.folder = home.resolve() / "valkey"
        self.socket = run_folder(home) / "valkey.sock"
        self.log = home.resolve() / "log" / "valkey.log"
        self.account = account
        self.programs = home.resolve() / "programs"
        self.child = Child("Valkey", self._launch, log=self.log)

    def start(self) -> None:
        """Start and wait until it answers."""
        self.program = find_valkey(self.programs)
        self.account.own(self.folder)
        self.child.start()
        deadline = time.monotonic() + PATIENCE
        with redis.Redis(unix_socket_path=str(self.socket)) as client:
            while True:
                with suppress(redis.ConnectionError):
                    client.ping()
                    return
                if self.child.has_died() or time.monotonic() > deadline:
                    raise StartProblem(_explain(self.child))
                time.sleep(0.05)

    def stop(self) -> None:
        """Stop; everything is on disk."""
        self.child.stop()

    def _launch(self) -> "subprocess.Popen[bytes]":
        for program in ("valkey-server", "redis-server"):
            end_living_in(self.folder, program, signal.SIGTERM)
        settings = {
            "--port": "0",
            "--unixsocket": str(self.socket),
            "--unixsocketperm": "700",
            "--dir": str(self.folder),
            "--appendonly": "yes",
            "--save": "",
            "--maxmemory-policy": "noeviction",
        }
        options = [part for setting in settings.items() for part in setting]
        return launch(
            [self.program, *options],
            log=self.log,
            cwd=self.folder,
            account=self.account,
        )


class EmbeddedPair:
    """The two servers of one home (or one of them), with databases and roles."""

    def __init__(
        self,
        home: Path,
        *,
        durable: bool = True,
        with_postgres: bool = True,
        with_valkey: bool = True,
    ) -> None:
        prepare_home(home)
        self.home = home
        account = account_for(home)
        secure_run_folder(run_folder(home), account)
        self.postgres = EmbeddedPostgres(home, account, durable=durable)
        self.valkey = EmbeddedValkey(home, account)
        servers: list[tuple[bool, EmbeddedPostgres | EmbeddedValkey]] = [
            (with_postgres, self.postgres),
            (with_valkey, self.valkey),
        ]
        self.servers = [server for wanted, server in servers if wanted]

    @property
    def children(self) -> list[Child]:
        """The processes, in the order in which they start."""
        return [server.child for server in self.servers]

    def start(self) -> Addresses:
        """Start, and make roles and databases where they are missing."""
        try:
            for server in self.servers:
                server.start()
            if self.postgres in self.servers:
                provision(self.postgres.superuser_url)
        except BaseException:
            self.stop()
            raise
        return addresses(self.home)

    def stop(self) -> None:
        """Stop, the database last."""
        for server in reversed(self.servers):
            server.stop()


def _own_environ() -> dict[str, str]:
    """Without the PG variables of the caller, which would change the server."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PG", "LC_", "LANG"))
    } | {"LC_ALL": "C"}


def _explain(child: Child) -> str:
    words = child.last_words()
    cause = "De schijf is vol.\n" if "No space left" in words else ""
    return (
        f"{child.name} start niet. {cause}Het einde van {child.log}:\n{words}\n"
        "Wat u kunt doen: los de oorzaak op die hierboven staat en start opnieuw, of"
        " probeer een lege map met --home."
    )
