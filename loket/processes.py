"""Roof: the processes that Loket starts, watches, restarts and stops."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from loket.errors import LoketError

SET_PARENT_DEATH_SIGNAL = 1
LARGEST_LOG = 10_000_000
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


class StartProblem(LoketError):
    """Loket cannot start, and the person at the terminal can do something about it."""


@dataclass(frozen=True)
class Account:
    """The unprivileged user under whom root runs a server; None keeps our own."""

    uid: int | None = None
    gid: int | None = None

    def own(self, folder: Path) -> None:
        """Give this account the folder, closed to everyone else."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.uid is not None and self.gid is not None:
            os.chown(folder, self.uid, self.gid)
        folder.chmod(0o700)


OURSELVES = Account()


def _die_with_parent(number: int) -> None:
    """Linux sends this signal when we are killed: no server is left behind."""
    if LIBC is not None:
        LIBC.prctl(SET_PARENT_DEATH_SIGNAL, number)


def open_log(path: Path) -> int:
    """Open a log to append to; a large one moves aside, once."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > LARGEST_LOG:
        path.replace(path.with_suffix(".1.log"))
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)


def launch(
    command: Sequence[str | Path],
    *,
    log: Path | None,
    cwd: Path,
    environ: Mapping[str, str] | None = None,
    account: Account = OURSELVES,
    last_signal: signal.Signals = signal.SIGTERM,
) -> "subprocess.Popen[bytes]":
    """Start a process of its own session, that ends when we end.

    Its own session, because Ctrl-C must reach us only: we stop in the right order.
    """
    output = None if log is None else open_log(log)
    try:
        return subprocess.Popen(  # noqa: S603 -- the command is ours
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT if log else None,
            cwd=cwd,
            env=None if environ is None else dict(environ),
            user=account.uid,
            group=account.gid,
            extra_groups=None if account.uid is None else [],
            start_new_session=True,
            preexec_fn=partial(_die_with_parent, last_signal),
        )
    finally:
        if output is not None:
            os.close(output)


@dataclass
class Child:
    """One process under our care: how it starts and how it is asked to stop."""

    name: str
    start_process: Callable[[], "subprocess.Popen[bytes]"]
    stop_signal: signal.Signals = signal.SIGTERM
    patience: float = 20.0
    log: Path | None = None
    process: "subprocess.Popen[bytes] | None" = None
    deaths: int = 0
    started: float = 0.0
    asked: bool = False
    due: float = 0.0

    def start(self) -> None:
        """Start it, once."""
        self.started = time.monotonic()
        self.asked = False
        self.process = self.start_process()

    def has_died(self) -> bool:
        """Whether it was started and has ended by itself."""
        return self.process is not None and self.process.poll() is not None

    def revive(self, now: float, stable_after: float = 60.0) -> bool:
        """Start it again if it died, each time a little later; tell if we did.

        What has lived for a while begins anew: its next restart is quick.
        """
        if not self.has_died():
            return False
        if not self.due:
            lived = now - self.started
            self.deaths = 1 if lived > stable_after else self.deaths + 1
            self.due = now + min(2.0 ** min(self.deaths - 1, 5), 30.0)
        if now < self.due:
            return False
        self.due = 0.0
        self.start()
        return True

    def ask_to_stop(self) -> None:
        """Ask it to stop, once (twice means: drop what you do), and do not wait."""
        if self.process is not None and not self.asked:
            self.asked = True
            self.process.send_signal(self.stop_signal)

    def stop(self) -> None:
        """Ask it to stop, wait, and in the end make it."""
        if self.process is None:
            return
        self.ask_to_stop()
        try:
            self.process.wait(self.patience)
        except subprocess.TimeoutExpired:
            end_session(self.process.pid)
            self.process.wait()

    def last_words(self, lines: int = 5) -> str:
        """Return the end of its log, to tell why it does not start."""
        if self.log is None or not self.log.exists():
            return ""
        text = self.log.read_text(encoding="utf-8", errors="replace")
        return "\n".join(text.splitlines()[-lines:])


def end_session(leader: int) -> None:
    """End a process and the children that share its session."""
    with suppress(ProcessLookupError):
        os.killpg(leader, signal.SIGKILL)


def living_in(folder: Path, program: str) -> list[int]:
    """List the processes of a program that work in this folder (Linux)."""
    home = folder.resolve()
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            named = (entry / "comm").read_text().startswith(program)
            if named and (entry / "cwd").readlink() == home:
                found.append(int(entry.name))
    return found


def end_living_in(
    folder: Path, program: str, first: signal.Signals, patience: float = 20.0
) -> None:
    """Stop what an earlier, killed start left behind, so that the data has one user."""
    deadline = time.monotonic() + patience
    for pid in living_in(folder, program):
        _send(pid, first)
    while living := living_in(folder, program):
        if time.monotonic() > deadline:
            for pid in living:
                _send(pid, signal.SIGKILL)
            deadline += patience
        time.sleep(0.05)


def _send(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.kill(pid, number)
