"""Replacing the keys of every level under load, killed again and again: `name: value`.

Writers and readers are processes of their own and work on all the time, while the
KEK, the key of the gemeente, the data keys and the search index are replaced in turn
by a process that is killed at a random moment, again and again. At the end every row
must hold what its writer stored last, under the newest keys only, and be found.

Uses the PostgreSQL of `LOKET_TEST_SERVER` (a superuser's URL), or starts its own.
"""

import argparse
import json
import os
import random
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from select import select as select_fd
from typing import Any
from uuid import UUID

from databases import databases
from sqlalchemy import Engine, MetaData, func, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, Session, mapped_column

from loket.db import Database, Gemeentelijk, Id, Model, Scope, make_engine
from loket.errors import LoketError
from loket.vault.cell import key_version
from loket.vault.epoch import StillAtWork
from loket.vault.fields import Sealed, sealed, sealed_group
from loket.vault.kek.local import LocalKek
from loket.vault.rebuild import Rebuild
from loket.vault.reseal import Reseal
from loket.vault.rewrap import AlreadyTurning, StillInUse, rotate_gemeente, rotate_kek
from loket.vault.search import search
from loket.vault.searchtoken import SearchToken, SearchUnique
from loket.vault.tokens import bsn_digits, exact, prefix, surname_nl
from loket.vault.vault import Vault

GEMEENTE = "0396"
LEVELS = ("kek", "gemeente", "data", "index")
NAMES = ("van den Berg", "Jansen", "Yıldız", "Dijkstra", "Meijer", "de Vries")
PAGE = 25
INDEX_LIFETIME = 0.5
"""Half a minute in an office: here nobody waits that long."""


class Bench(Model):
    __abstract__ = True
    metadata = MetaData()


class Persoon(Sealed, Gemeentelijk, Bench):
    __tablename__ = "persoon"
    __scope__ = "id"
    __scope_kind__ = "inwoner"
    id: Mapped[Id]
    version: Mapped[int] = mapped_column()
    identiteit = sealed_group()
    bsn = identiteit.text(find=exact(bsn_digits), unique=True)
    achternaam = identiteit.text(find=(exact(surname_nl), prefix(surname_nl, 3)))
    notitie = sealed.text()
    __mapper_args__ = {"version_id_col": version}


def keks(newest: int) -> LocalKek:
    """Hold every version of the KEK up to this one."""
    return LocalKek({each: bytes([each]) * 32 for each in range(1, newest + 1)})


def office(data_url: str, keys_url: str, newest_kek: int) -> tuple[Database, Vault]:
    """Open what one process works with."""
    vault = Vault(
        make_engine(keys_url), keks(newest_kek), index_lifetime=INDEX_LIFETIME
    )
    return Database(make_engine(data_url), vault=vault), vault


Tell = Callable[[object], None]
"""Sends one line to the process that runs the whole."""


class Member:
    """A process of its own, with one pipe back."""

    def __init__(self, work: Callable[[Tell], None]) -> None:
        reader, writer = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            os.close(reader)
            _be_a_member(work, writer)
        os.close(writer)
        self._reader = reader
        self._heard = b""
        self._is_over = False

    def lines(self, *, to_the_end: bool = False) -> list[object]:
        """Return what it told so far, or wait until it has told everything."""
        while not self._is_over and (
            to_the_end or select_fd([self._reader], [], [], 0)[0]
        ):
            more = os.read(self._reader, 1 << 16)
            if not more:
                self._is_over = True
                break
            self._heard += more
        whole = self._heard.rpartition(b"\n")[0]
        return [json.loads(line) for line in whole.splitlines()]

    def begin(self) -> None:
        """Wait for its first line."""
        while not self.lines():
            if not select_fd([self._reader], [], [], 60)[0] or self._is_over:
                raise ChildProcessError

    def end(self, sent: signal.Signals | None = None) -> int:
        """Send it a signal, hear the rest, and return how it ended."""
        if sent is not None:
            os.kill(self.pid, sent)
        self.lines(to_the_end=True)
        os.close(self._reader)
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


def _be_a_member(work: Callable[[Tell], None], writer: int) -> None:
    """Work in a child, and never return from it."""

    def tell(what: object) -> None:
        line = f"{json.dumps(what)}\n".encode()
        while line:
            line = line[os.write(writer, line) :]

    try:
        work(tell)
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


class Stopped:
    """Whether somebody asked this process to end; tells now and then how far it is."""

    def __init__(self, tell: Tell) -> None:
        self._asked = False
        self._tell = tell
        self._told_at = 0.0
        signal.signal(signal.SIGTERM, self._ask)

    def _ask(self, *_: object) -> None:
        self._asked = True

    def after(self, done: int) -> bool:
        """Say how much is done; return whether it is enough."""
        if time.monotonic() - self._told_at > 1:
            self._told_at = time.monotonic()
            self._tell(done)
        return self._asked


# who writes


def write(database: Database, number: int, tell: Tell) -> None:
    """Change rows and make new ones until told to stop; tell what must stand there."""
    draw, stop = random.Random(number), Stopped(tell)
    rows: dict[UUID, tuple[str, str, str]] = {}
    commits, errors = 0, Counter[str]()
    while not stop.after(commits):
        try:
            with database.transaction(Scope.of(GEMEENTE)) as session:
                changed = _change(session, draw, rows, number)
                if draw.random() < 0.01:
                    # flushed, not committed: a slow transaction
                    session.flush()
                    time.sleep(draw.random() / 2)
            rows[changed.id] = (
                str(changed.bsn),
                str(changed.achternaam),
                str(changed.notitie),
            )
            commits += 1
        except (SQLAlchemyError, LoketError) as error:
            errors[type(error).__name__] += 1
    held = {str(row): each for row, each in rows.items()}
    tell({"commits": commits, "errors": errors, "rows": held})


def _change(
    session: Session,
    draw: random.Random,
    rows: dict[UUID, tuple[str, str, str]],
    number: int,
) -> Persoon:
    note = f"{draw.getrandbits(64):x}" * draw.randint(1, 20)
    if len(rows) < 50 or draw.random() < 0.02:
        row = Persoon(
            gemeente_code=GEMEENTE,
            bsn=f"{number}{len(rows):08}",
            achternaam=draw.choice(NAMES),
            notitie=note,
        )
        session.add(row)
        return row
    found = session.get_one(Persoon, draw.choice(list(rows)))
    # what another process could have lost would be missed here first
    if (found.bsn, found.achternaam, found.notitie) != rows[found.id]:
        raise LostError
    found.notitie = note
    if draw.random() < 0.3:
        found.achternaam = draw.choice(NAMES)
    return found


class LostError(LoketError):
    """A row does not hold what was committed."""

    def __init__(self) -> None:
        super().__init__("lost")


# who reads


def read(database: Database, number: int, fixed: dict[UUID, str], tell: Tell) -> None:
    """Read pages and search until told to stop; count what is wrong."""
    draw, stop = random.Random(number), Stopped(tell)
    vault = database.session().info["vault"]
    reads = searches = missed = 0
    errors = Counter[str]()
    cold_at = time.monotonic()
    while not stop.after(reads):
        if time.monotonic() - cold_at > 2:
            # as a process that has just begun
            vault.clear()
            cold_at = time.monotonic()
        try:
            with database.transaction(Scope.of(GEMEENTE)) as session:
                reads += _read_pages(session, draw)
                missed += _search(session, draw, fixed)
                searches += 2
        except (SQLAlchemyError, LoketError) as error:
            errors[type(error).__name__] += 1
    tell({"reads": reads, "searches": searches, "missed": missed, "errors": errors})


def _read_pages(session: Session, draw: random.Random) -> int:
    reads = 0
    for _ in range(8):
        last = UUID(int=draw.getrandbits(48) << 80)
        asked = select(Persoon).where(Persoon.id > last).limit(PAGE)
        rows = session.scalars(asked).all() or session.scalars(
            select(Persoon).limit(PAGE)
        )
        for row in rows:
            if not row.bsn or not row.notitie:
                raise LostError
            reads += 2
        session.expire_all()
    return reads


def _search(session: Session, draw: random.Random, fixed: dict[UUID, str]) -> int:
    """Look for somebody whom nobody changes: by BSN, and by first letters."""
    row, bsn = draw.choice(list(fixed.items()))
    found = session.scalars(select(Persoon.id).where(Persoon.bsn == bsn)).all()
    by_name = search(
        session, Persoon, gemeente_code=GEMEENTE, bsn=bsn, achternaam="Vast*"
    )
    return (list(found) != [row]) + ([each.id for each in by_name] != [row])


# who replaces keys


def turn(database: Database, vault: Vault, level: str, tell: Tell) -> None:
    """Replace the keys of one level; say when it begins."""
    tell("begun")
    while True:
        # killed ones may hold the turn a moment longer; slow ones hold the old key
        with suppress(AlreadyTurning, StillInUse, StillAtWork):
            if level == "kek":
                rotate_kek(vault.engine, vault.tenant_keys, "bench", _nothing)
            elif level == "gemeente":
                rotate_gemeente(
                    vault.engine, vault.tenant_keys, GEMEENTE, "bench", _nothing
                )
            elif level == "data":
                Reseal(
                    database, vault, GEMEENTE, patience=30, metadata=Bench.metadata
                ).run()
            else:
                Rebuild(
                    database, vault, GEMEENTE, patience=30, metadata=Bench.metadata
                ).run()
            return
        time.sleep(0.05)


def _nothing(_done: int, _total: int) -> None:
    return None


# the whole


@dataclass(frozen=True)
class Size:
    """How much is asked, and how long it may take."""

    kills: int
    commits: int
    reads: int
    seconds: float
    people: int
    levels: tuple[str, ...]


class Run:
    """One run, from the first row to the last look."""

    def __init__(self, data: Engine, keys: Engine, size: Size) -> None:
        self.urls = [
            each.url.render_as_string(hide_password=False) for each in (data, keys)
        ]
        self.size = size
        self.most_kek = 200
        self.kek = 1
        self.kills: Counter[str] = Counter()
        self.done: Counter[str] = Counter()
        self.draw = random.Random(time.time_ns())
        self.data, self.keys = data, keys

    def run(self) -> bool:
        """Do all of it; tell whether nothing was wrong."""
        fixed = self._fill()
        begun = time.monotonic()
        crew = [self._member(partial(_write, number)) for number in (1, 2)]
        crew += [self._member(partial(_read, number, fixed)) for number in (3, 4)]
        try:
            for member in crew:
                member.begin()
            while not self._is_enough(crew, begun):
                for level in self.size.levels:
                    self._turn(level)
        finally:
            died = [member.end(signal.SIGTERM) for member in crew]
        told = [member.lines()[-1] for member in crew]
        if any(died) or not all(isinstance(each, dict) for each in told):
            raise ChildProcessError
        return self._judge(told, fixed, time.monotonic() - begun)

    def _is_enough(self, crew: list[Member], begun: float) -> bool:
        if time.monotonic() - begun > self.size.seconds:
            return True
        commits, reads = (
            sum(int(member.lines()[-1]) for member in half)
            for half in (crew[:2], crew[2:])
        )
        return (
            sum(self.kills.values()) >= self.size.kills
            and commits >= self.size.commits
            and reads >= self.size.reads
        )

    def _member(self, work: Callable[[Database, Tell], None]) -> Member:
        urls, newest = self.urls, self.most_kek

        def begin(tell: Tell) -> None:
            database, _ = office(*urls, newest)
            work(database, tell)

        return Member(begin)

    def _fill(self) -> dict[str, str]:
        database, vault = office(*self.urls, 1)
        with database.transaction(Scope.of(GEMEENTE)) as session:
            rows = [
                Persoon(
                    gemeente_code=GEMEENTE,
                    bsn=f"9{number:08}",
                    achternaam="Vastenburg",
                    notitie=f"blijft {number}",
                )
                for number in range(self.size.people)
            ]
            session.add_all(rows)
        database.engine.dispose()
        vault.engine.dispose()
        return {str(row.id): str(row.bsn) for row in rows}

    def _turn(self, level: str) -> None:
        """Replace the keys of a level, killed a few times before it may end."""
        if level == "kek":
            self.kek += 1
        for _ in range(self.draw.randint(1, 3)):
            turner = self._turner(level)
            time.sleep(self.draw.random() ** 2)
            if turner.end(signal.SIGKILL) == -signal.SIGKILL:
                self.kills[level] += 1
        if self._turner(level).end() != 0:
            raise ChildProcessError(level)
        self.done[level] += 1

    def _turner(self, level: str) -> Member:
        urls, newest = self.urls, self.kek

        def begin(tell: Tell) -> None:
            database, vault = office(*urls, newest)
            turn(database, vault, level, tell)

        turner = Member(begin)
        turner.begin()
        return turner

    # the last look

    def _judge(self, told: list[Any], fixed: dict[str, str], seconds: float) -> bool:
        rows = {UUID(row): held for each in told for row, held in _rows(each)}
        rows |= {UUID(row): None for row in fixed}
        errors: Counter[str] = Counter()
        for each in told:
            errors.update(each["errors"])
        database, vault = office(*self.urls, self.kek)
        figures = {
            "seconds": round(seconds),
            "kills": sum(self.kills.values()),
            **{f"turned {level}": self.done[level] for level in LEVELS},
            "commits": sum(int(each.get("commits", 0)) for each in told),
            "reads": sum(int(each.get("reads", 0)) for each in told),
            "searches": sum(int(each.get("searches", 0)) for each in told),
        }
        wrong = {
            "errors": sum(errors.values()),
            "missed while searching": sum(int(each.get("missed", 0)) for each in told),
            "lost": self._lost(database, rows),
            "cells under an old key": self._old_cells(database),
            "keys that should be gone": self._old_keys(),
            "tokens of an old index": self._old_tokens(vault),
            "not found afterwards": self._not_found(database, rows, fixed),
        }
        for name, value in {**figures, **wrong}.items():
            print(f"{name}: {value}", flush=True)
        for name, count in errors.items():
            print(f"error {name}: {count}", flush=True)
        database.engine.dispose()
        vault.engine.dispose()
        return not any(wrong.values())

    def _lost(self, database: Database, rows: dict[UUID, list[str] | None]) -> int:
        lost = 0
        with database.transaction(Scope.of(GEMEENTE)) as session:
            held = {row.id: row for row in session.scalars(select(Persoon))}
            for row, wanted in rows.items():
                found = held.get(row)
                if found is None or found.bsn is None:
                    lost += 1
                elif wanted is not None:
                    now = [found.bsn, found.achternaam, found.notitie]
                    lost += now != wanted
        return lost + len(held.keys() - rows.keys())

    def _old_cells(self, database: Database) -> int:
        with self.keys.connect() as connection:
            newest = dict(
                connection.execute(
                    text("SELECT scope_id, max(version) FROM data_key GROUP BY 1")
                ).all()
            )
        old = 0
        with database.transaction(Scope.of(GEMEENTE)) as session:
            cells = session.connection().execute(
                text("SELECT id, identiteit, notitie FROM persoon")
            )
            for row in cells:
                old += sum(
                    key_version(cell) < newest[row.id]
                    for cell in (row.identiteit, row.notitie)
                )
        return old

    def _old_keys(self) -> int:
        with self.keys.connect() as connection:
            return int(
                connection.scalar(
                    text(
                        "SELECT (SELECT count(*) - count(DISTINCT scope_id)"
                        " FROM data_key) + (SELECT count(*) - 2 FROM tenant_key)"
                        " + (SELECT count(*) FROM tenant_key WHERE kek_version < :kek)"
                    ),
                    {"kek": self.kek},
                )
                or 0
            )

    def _old_tokens(self, vault: Vault) -> int:
        now = vault.indexes(GEMEENTE).reading.number
        with self.data.connect() as connection:
            return sum(
                connection.scalar(
                    select(func.count())
                    .select_from(table)
                    .where(table.index_version != now)
                )
                or 0
                for table in (SearchToken, SearchUnique)
            )

    def _not_found(
        self,
        database: Database,
        rows: dict[UUID, list[str] | None],
        fixed: dict[str, str],
    ) -> int:
        missed = 0
        with database.transaction(Scope.of(GEMEENTE)) as session:
            wanted = {UUID(row): bsn for row, bsn in fixed.items()}
            wanted |= {row: held[0] for row, held in rows.items() if held}
            for row, bsn in wanted.items():
                asked = select(Persoon.id).where(Persoon.bsn == bsn)
                missed += session.scalars(asked).all() != [row]
            for name in NAMES:
                found = search(
                    session, Persoon, gemeente_code=GEMEENTE, achternaam=name
                )
                named = {row for row, held in rows.items() if held and held[1] == name}
                missed += {row.id for row in found} != named
        return missed


def _rows(told: dict[str, Any]) -> Iterator[tuple[str, list[str]]]:
    yield from told.get("rows", {}).items()


def _write(number: int, database: Database, tell: Tell) -> None:
    write(database, number, tell)


def _read(number: int, fixed: dict[str, str], database: Database, tell: Tell) -> None:
    read(database, number, {UUID(row): bsn for row, bsn in fixed.items()}, tell)


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--kills", type=int, default=25)
    asked.add_argument("--commits", type=int, default=10_000)
    asked.add_argument("--reads", type=int, default=1_000_000)
    asked.add_argument("--seconds", type=float, default=600)
    asked.add_argument("--people", type=int, default=300)
    asked.add_argument("--levels", nargs="+", choices=LEVELS, default=LEVELS)
    size = Size(**vars(asked.parse_args()))
    with databases(Bench.metadata) as (data, keys):
        is_right = Run(data, keys, size).run()
    sys.exit(0 if is_right else 1)


if __name__ == "__main__":
    main()
