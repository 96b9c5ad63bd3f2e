"""The trail as a file: an auditor checks it without a database and without secrets."""

import json
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from audit.test_keten import AT, seal, small_batches, write
from audit.test_keten import code as code
from loket.audit.checking import PublicKey, verify_export
from loket.audit.closing import CLOSING
from loket.audit.export import (
    BATCHES,
    KEYS,
    README,
    ROWS,
    Period,
    write_export,
)
from loket.audit.signing import keyring
from loket.audit_cli import check_export
from loket.db import Scope
from loket.errors import RuleViolation

small_batches = small_batches
ALWAYS = Period(date(2000, 1, 1), date(2100, 1, 1))


@pytest.fixture
def path(database, code, small_batches, tmp_path) -> Path:
    write(database, code, 20, subjects=2)
    seal(database, code)
    path = tmp_path / "spoor.zip"
    with database.session(Scope.of(code)) as session:
        ring = keyring(session.info["vault"], code)
        assert write_export(session, ring, code, ALWAYS, path, AT) == 20
    return path


def rewritten(path: Path, name: str, change: Callable[[str], str]) -> Path:
    """Copy the file with one part changed."""
    other = path.with_name("ander.zip")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(other, "w") as new:
        for each in old.namelist():
            body = old.read(each).decode()
            new.writestr(each, change(body) if each == name else body)
    return other


def test_is_whole_and_explains_itself(path):
    assert verify_export(path) == []
    with zipfile.ZipFile(path) as pack:
        assert "sha256" in pack.read(README).decode()
        assert len(pack.read(ROWS).splitlines()) == 20
        assert len(pack.read(BATCHES).splitlines()) == 3
    done = CliRunner().invoke(check_export, [str(path)])
    assert done.exit_code == 0
    assert "handtekeningen kloppen" in done.output


def test_holds_only_the_days_that_were_asked(database, code, path, tmp_path):
    with database.session(Scope.of(code)) as session:
        ring = keyring(session.info["vault"], code)
        period = Period(date(2000, 1, 1), date(2000, 1, 2))
        other = tmp_path / "leeg.zip"
        assert write_export(session, ring, code, period, other, AT) == 0
    assert verify_export(other) == []


def twice(body: str) -> str:
    """Put a row in the place of its neighbour: the count stays what it was."""
    lines = body.splitlines()
    return "\n".join([lines[0], lines[0], *lines[2:]])


def without(body: str, number: int) -> str:
    lines = body.splitlines()
    return "\n".join(each for each in lines if json.loads(each)["bundel"] != number)


def cut(body: str) -> str:
    return "\n".join(body.splitlines()[:-1])


CHANGES: list[tuple[str, Callable[[str], str], str]] = [
    (ROWS, lambda body: body.replace("consulent", "teamleider", 1), "gewijzigd"),
    (ROWS, lambda body: "\n".join(body.splitlines()[1:]), "ontbreken 1"),
    (ROWS, lambda body: twice(body), "twee keer"),
    (ROWS, lambda body: twice(body), "ontbreken 1"),
    (ROWS, lambda body: without(body, 2), "bundel 2: er ontbreken 7"),
    (BATCHES, lambda body: body.replace('aantal\\":7', 'aantal\\":8', 1), "kop"),
    (BATCHES, lambda body: "\n".join(body.splitlines()[1:]), "sluit niet aan"),
    (BATCHES, lambda body: body.replace('bladen": ["', 'bladen": ["00', 1), "blad"),
    (BATCHES, lambda body: cut(body), "de laatste bundel is 2, en hoort 3"),
    (ROWS, lambda body: without(body, 3), "bundel 3: er ontbreken 6"),
    (ROWS, lambda body: "", "bundel 1: er ontbreken 7"),
    (CLOSING, lambda body: body.replace("bundel", "bundelx"), "slot: de handtekening"),
    (
        KEYS,
        lambda body: json.dumps({"1": {"vanaf": 1, "sleutel": "00" * 32}}),
        "handtekening",
    ),
]


def test_tells_what_was_changed_in_the_file(path):
    for name, change, told in CHANGES:
        other = rewritten(path, name, change)
        with zipfile.ZipFile(path) as old, zipfile.ZipFile(other) as new:
            assert old.read(name) != new.read(name)

        assert any(told in each for each in verify_export(other)), told
        assert CliRunner().invoke(check_export, [str(other)]).exit_code == 1


def test_a_key_got_in_another_way_is_believed_above_the_one_in_the_file(path):
    assert any(
        "handtekening" in each
        for each in verify_export(path, {1: PublicKey(1, bytes(32))})
    )


def test_the_command_takes_that_key_and_warns_without_it(path):
    with zipfile.ZipFile(path) as pack:
        (said,) = json.loads(pack.read(KEYS)).values()
    key = f"1:{said['sleutel']}"

    alone = CliRunner().invoke(check_export, [str(path)])
    good = CliRunner().invoke(check_export, [str(path), "--sleutel", f"1:{key}"])
    bad = CliRunner().invoke(check_export, [str(path), "--sleutel", f"1:1:{'00' * 32}"])
    odd = CliRunner().invoke(check_export, [str(path), "--sleutel", "een"])
    assert "uit het bestand zelf" in alone.output
    assert (good.exit_code, "uit het bestand zelf" in good.output) == (0, False)
    assert (bad.exit_code, odd.exit_code) == (1, 2)


def test_is_for_who_asks_alone_and_replaces_nothing(database, code, path, tmp_path):
    assert path.stat().st_mode & 0o777 == 0o600
    before = path.read_bytes()
    with database.session(Scope.of(code)) as session:
        ring = keyring(session.info["vault"], code)
        with pytest.raises(RuleViolation, match="bestaat al"):
            write_export(session, ring, code, ALWAYS, path, AT)
        assert path.read_bytes() == before
        assert [each.name for each in tmp_path.iterdir()] == [path.name]

        held = tmp_path / "ander.zip.deel"
        held.write_text("van een ander")
        with pytest.raises(RuleViolation, match="bestaat al"):
            write_export(session, ring, code, ALWAYS, tmp_path / "ander.zip", AT)
    assert held.read_text() == "van een ander"


def test_another_file_is_refused(tmp_path):
    other = tmp_path / "brief.txt"
    other.write_text("Geachte heer")

    with pytest.raises(RuleViolation, match="geen"):
        verify_export(other)
