"""Roof: the home folder, and under whom the embedded servers live in it."""

import hashlib
import os
import pwd
import re
import shutil
import stat
import tempfile
from pathlib import Path

from loket.processes import OURSELVES, Account, StartProblem

LONGEST_SOCKET = 100
"""A socket path over 107 bytes fails; the name of the socket is in it."""
PLAIN_PATH = re.compile(r"[A-Za-z0-9_./-]+")
NEEDED_SPACE = 300_000_000
HIGHEST_UID = 61_000
"""Root's servers get the first free user number from here down."""


def run_folder(home: Path) -> Path:
    """Choose the folder of the sockets: in the home, unless that path will not do.

    It must be short, and redis-py stumbles over a space in it.
    """
    inside = home.resolve() / "run"
    fits = len(os.fsencode(inside)) + len("/.s.PGSQL.5432.lock") <= LONGEST_SOCKET
    if fits and PLAIN_PATH.fullmatch(str(inside)):
        return inside
    mark = hashlib.sha256(os.fsencode(inside)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"loket-{os.geteuid()}-{mark}"


def prepare_home(home: Path) -> None:
    """Make the home, and say clearly why it cannot be used."""
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        if os.geteuid() == 0:
            home.chmod(0o711)  # the servers' own user passes through, and reads nothing
        probe = home / ".probe"
        probe.write_bytes(b"loket")
        probe.unlink()
    except OSError as error:
        raise StartProblem(
            f"De map {home} is niet te gebruiken: {error.strerror}.\n"
            "Wat u kunt doen: kies een andere map met --home of LOKET_HOME."
        ) from error
    free = shutil.disk_usage(home).free
    if free < NEEDED_SPACE:
        raise StartProblem(
            f"De schijf is vol: in {home} is nog {free // 1_000_000} MB vrij, nodig is"
            f" {NEEDED_SPACE // 1_000_000} MB.\n"
            "Wat u kunt doen: maak ruimte, of kies een andere map met --home."
        )


def account_for(home: Path) -> Account:
    """Choose under whom the servers run: ourselves, or for root a user without rights.

    The owner of existing data stays its owner.
    """
    if os.geteuid() != 0:
        return OURSELVES
    _refuse_closed_parent(home)
    data = home / "postgres" / "data"
    if data.is_dir() and data.stat().st_uid != 0:
        return Account(data.stat().st_uid, data.stat().st_gid)
    uid = HIGHEST_UID
    while _has_name(uid):
        uid -= 1
    return Account(uid, uid)


def _has_name(uid: int) -> bool:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


def _refuse_closed_parent(home: Path) -> None:
    for folder in home.resolve().parents:
        if not folder.stat().st_mode & stat.S_IXOTH:
            raise StartProblem(
                f"De map {home} ligt in {folder}, en die is gesloten voor anderen. Als"
                " root draait Loket zijn servers onder een eigen gebruiker; die kan er"
                " niet bij.\nWat u kunt doen: gebruik --home /var/lib/loket, of start"
                " Loket als gewone gebruiker."
            )


def secure_run_folder(run: Path, account: Account) -> None:
    """Make the folder of the sockets; one that somebody else made is refused."""
    expected = {os.geteuid(), account.uid}
    if run.is_symlink() or (run.exists() and run.stat().st_uid not in expected):
        raise StartProblem(
            f"De map {run} is van een ander.\n"
            "Wat u kunt doen: verwijder die map, of kies een andere map met --home."
        )
    account.own(run)


def named_account() -> Account:
    """Choose who runs initdb: it wants a user that has a name."""
    if os.geteuid() != 0:
        if not _has_name(os.geteuid()):
            raise StartProblem(
                f"Gebruikersnummer {os.geteuid()} heeft geen naam op dit systeem, en"
                " PostgreSQL heeft die nodig.\nWat u kunt doen: start Loket als een"
                " gebruiker die bestaat (zie /etc/passwd), of geef eigen servers op."
            )
        return OURSELVES
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError as error:
        raise StartProblem(
            "De gebruiker 'nobody' bestaat niet op dit systeem.\n"
            "Wat u kunt doen: start Loket als gewone gebruiker."
        ) from error
    return Account(nobody.pw_uid, nobody.pw_gid)


def hand_over(folder: Path, account: Account) -> None:
    """Make this account the owner of everything in the folder."""
    if account.uid is None or account.gid is None:
        return
    for path in (folder, *folder.rglob("*")):
        os.chown(path, account.uid, account.gid, follow_symlinks=False)
