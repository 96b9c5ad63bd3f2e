"""Killed between any two steps: nothing is lost, and nothing happens twice."""

import os
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event

from build.iwmo import CODE, NOW, SAMPLE, berichten, drop, files, verzoeken
from loket.db import Scope
from loket.iwmo.jobs import take_in
from loket.schedule import keep_all

pytestmark = pytest.mark.usefixtures("town_0384")
LATER = NOW + timedelta(hours=1)
"""After every lease and every wait."""
RENAMES = 6
"""Claim, done, and for the 316: its digest and the file itself; two to spare."""
COMMITS = 12
"""In a run without trouble there are at least eight; the rest finds none to miss."""


class Killed(BaseException):
    """The worker dies: no handler of the program catches this."""


class Counter:
    """Dies at the nth step, before or after taking it."""

    def __init__(self, last: int) -> None:
        self.left = last

    def step(self, *_: object) -> None:
        self.left -= 1
        if self.left == 0:
            raise Killed


@contextmanager
def renames(monkeypatch, last, *, after):
    """Die at the nth rename in the folders, before it or just after it."""
    counter = Counter(last)
    with monkeypatch.context() as patched:
        for name in ("rename", "replace"):
            real = getattr(os, name)

            def dying(*paths, _real=real, **how):
                if not after:
                    counter.step()
                _real(*paths, **how)
                if after:
                    counter.step()

            patched.setattr(os, name, dying)
        yield


def run(database, config, at):
    """Do what the worker does: take in, and keep what was promised."""
    take_in(database, config, at)
    keep_all(database, config, at)


def die(database, config):
    """Let the worker run until it dies; a run that survives is fine too."""
    try:
        run(database, config, NOW)
    except Killed:
        return True
    return False


def state(database, config):
    """Everything that may happen once."""
    with database.transaction(Scope.of(CODE)) as session:
        kept = sorted(b.soort for b in berichten(session))
        placed = [b.placed_at is not None for b in berichten(session, "316")]
        asked = len(verzoeken(session))
    counts = {f: len(files(config, f)) for f in ("in", "werk", "verwerkt", "failed")}
    return kept, placed, asked, counts, len(files(config, "out"))


DONE = (
    ["315", "316"],
    [True],
    2,
    {"in": 0, "werk": 0, "verwerkt": 1, "failed": 0},
    1,
)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("last", range(1, RENAMES + 1))
def test_at_a_rename(database, config, monkeypatch, last, after):
    drop(config, SAMPLE.read_bytes())

    with renames(monkeypatch, last, after=after):
        died = die(database, config)
    run(database, config, LATER)

    assert died or last > RENAMES - 2
    assert state(database, config) == DONE


@pytest.mark.parametrize("last", range(1, COMMITS + 1))
def test_before_a_commit(database, config, last):
    drop(config, SAMPLE.read_bytes())
    counter = Counter(last)
    event.listen(database.engine, "commit", counter.step)

    died = die(database, config)
    event.remove(database.engine, "commit", counter.step)
    run(database, config, LATER)

    assert died or last > COMMITS - 4
    assert state(database, config) == DONE


def test_what_was_put_in_the_folder_does_not_come_back_when_the_mailbox_took_it(
    database, config, monkeypatch
):
    drop(config, SAMPLE.read_bytes())
    with renames(monkeypatch, RENAMES - 2, after=True):
        assert die(database, config)
    for path in files(config, "out"):
        path.unlink()

    run(database, config, LATER)

    assert files(config, "out") == []
    assert state(database, config)[1] == [True]
