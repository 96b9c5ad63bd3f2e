"""Twins: what makes a demo big, stamped after cases that were played.

A model was played through the operations. Its twin is the same rows, on the same
days, with ids, references and numbers of its own, about somebody else, and with every
cell sealed under keys of its own. So a twin is what the operations would have made: a
test plays a case twice, stamps one of them and compares every table. Three things
differ. Its letters are a blank leaf, what waits for a setting is not promised, and
the numbers of beschikkingen do not count up with the days.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import cycle, islice
from random import Random
from uuid import UUID

import click
from psycopg import Connection, sql
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from loket.accounts.queries import gemeente_codes
from loket.db import ALPHABET, Model, uuid7
from loket.demo.mould import Cell, Mould, draw_twin, layouts
from loket.demo.town import SEED, share_bsns
from loket.demo.unit import columns_of, copied_tables, read_units
from loket.vault.cell import seal
from loket.vault.layout import Hidden
from loket.vault.sealing import token_rows
from loket.vault.searchtoken import SearchToken, SearchUnique
from loket.vault.vault import Vault
from loket.vault.verify import seal_unsealed

BATCH = 250
"""Units that are written together: bounds what is held in memory."""
SPREAD = 386_712_403_907
"""Odd and no multiple of 3 or 5: steps through every reference without a repeat."""
TOKENS = (SearchUnique.__tablename__, SearchToken.__tablename__)


@contextmanager
def owner_of(engine: Engine) -> Iterator[Connection]:
    """Connect as the owner of the tables: COPY is refused to roles under policies.

    Everything that is done is committed together, or nothing is.
    """
    with engine.begin() as connection:
        driver = connection.connection.driver_connection
        if not isinstance(driver, Connection):
            raise TypeError("COPY needs psycopg")
        yield driver


def references(start: int) -> Iterator[str]:
    """Give out references that look drawn and never return."""
    base = len(ALPHABET)
    place = start
    while True:
        place = (place + SPREAD) % base**8
        letters, rest = "", place
        for _ in range(8):
            rest, at = divmod(rest, base)
            letters += ALPHABET[at]
        yield f"{letters[:4]}-{letters[4:]}"


class Press:
    """Stamps twins of moulds into the tables."""

    def __init__(
        self, connection: Connection, vault: Vault, bsns: Iterator[str | None]
    ) -> None:
        self.connection = connection
        self.vault = vault
        self.bsns = bsns
        self.chance = Random(SEED)  # noqa: S311 -- the same town every time
        self.references = references(uuid7().int % len(ALPHABET) ** 8)
        self.lines: dict[str, list[str]] = defaultdict(list)
        self.tables = copied_tables()
        self.layouts = layouts()
        self.last = self._read_numbers()

    def _read_numbers(self) -> Counter[tuple[str, str]]:
        query = "SELECT gemeente_code, soort, laatste FROM teller"
        return Counter(
            {
                (code, soort): last
                for code, soort, last in self.connection.execute(query)
            }
        )

    def stamp(self, moulds: Sequence[Mould]) -> None:
        """Make one twin of each of these and write them."""
        drawn = [(mould, {old: uuid7() for old in mould.ids}) for mould in moulds]
        self.vault.prepare(
            {
                (cell.tenant, ids[cell.scope]): cell.layout.scope_kind
                for mould, ids in drawn
                for cell in mould.cells
            }
        )
        for mould, ids in drawn:
            self._fill(mould, ids)
        self._write()

    def _fill(self, mould: Mould, ids: dict[str, UUID]) -> None:
        twin = draw_twin(self.chance, mould, lambda: next(self.bsns, None))
        values = [str(new) for new in ids.values()]
        values += islice(self.references, len(mould.references))
        values += [self._number(of) for of in mould.numbers]
        for cell in mould.cells:
            packed, place = cell.packed, (cell.tenant, ids[cell.scope])
            if cell.is_of_inwoner:
                held = twin[cell.row, cell.slot.name]
                packed = json.dumps(
                    held, ensure_ascii=False, separators=(",", ":")
                ).encode()
                self._index(cell, place, ids[cell.row], held)
            version, key = self.vault.sealing_key(*place, cell.layout.scope_kind)
            label = cell.layout.hashes[cell.slot.name]
            made = seal(key, version, label, place[1], ids[cell.row], packed)
            values.append(f"\\\\x{made.hex()}")
        for pattern in mould.patterns:
            text = pattern.text % tuple([values[hole] for hole in pattern.holes])
            self.lines[pattern.table].append(text)

    def _number(self, of: tuple[str, str]) -> str:
        self.last[of] += 1
        return str(self.last[of])

    def _index(
        self, cell: Cell, place: tuple[str, UUID], row: UUID, held: dict[str, str]
    ) -> None:
        for indexed in cell.layout.indexed:
            if indexed.slot.name != cell.slot.name:
                continue
            table = TOKENS[0] if indexed.unique else TOKENS[1]
            value = indexed.read(Hidden(held))
            version = self.vault.indexes(place[0]).reading
            for made in token_rows(version, cell.layout, indexed, place, row, value):
                token = f"\\\\x{made.pop('token').hex()}"
                fields = {**{k: str(v) for k, v in made.items()}, "token": token}
                names = columns_of(Model.metadata.tables[table])
                self.lines[table].append(
                    "\t".join(fields[name] for name in names) + "\n"
                )

    def _write(self) -> None:
        for table in (*self.tables, *(Model.metadata.tables[name] for name in TOKENS)):
            lines = self.lines.pop(table.name, None)
            if not lines:
                continue
            query = sql.SQL("COPY {} ({}) FROM STDIN").format(
                sql.Identifier(table.name),
                sql.SQL(", ").join(map(sql.Identifier, columns_of(table))),
            )
            with self.connection.cursor().copy(query) as copy:
                copy.write("".join(lines))

    def keep_numbers(self) -> None:
        """Let the next beschikking and toewijzing count on from the last twin."""
        for (code, soort), last in self.last.items():
            self.connection.execute(
                "UPDATE teller SET laatste = %s"
                " WHERE gemeente_code = %s AND soort = %s",
                (last, code, soort),
            )


def stamp_twins(
    engine: Engine,
    vault: Vault,
    before: set[str],
    count: int,
    bsns: Sequence[str],
) -> None:
    """Make `count` dossiers after the models that came since `before`."""
    with owner_of(engine) as connection:
        moulds = [Mould(unit, vault) for unit in read_units(connection, before)]
        press = Press(connection, vault, share_bsns(bsns, count))
        with click.progressbar(length=count, label="Tweelingen") as bar:
            for batch in batches(moulds, count):
                press.stamp(batch)
                bar.update(sum(mould.dossiers for mould in batch))
        press.keep_numbers()
    seal_rows(engine, vault)
    analyse(engine)


def seal_rows(engine: Engine, vault: Vault) -> None:
    """Give the twins the row seals that the operations would have left."""
    with Session(engine, info={"vault": vault}) as session, session.begin():
        for code in gemeente_codes(session):
            seal_unsealed(session, code)


def batches(moulds: Sequence[Mould], count: int) -> Iterator[list[Mould]]:
    """Take the moulds in turn until there are exactly so many dossiers."""
    single = [mould for mould in moulds if mould.dossiers == 1]
    todo: list[Mould] = []
    for mould in cycle(moulds):
        if count <= 0:
            break
        chosen = mould if mould.dossiers <= count else single[0]
        todo.append(chosen)
        count -= chosen.dossiers
        if len(todo) == BATCH:
            yield todo
            todo = []
    if todo:
        yield todo


def analyse(engine: Engine) -> None:
    """Tell PostgreSQL that the tables have grown, so that it plans for it."""
    with owner_of(engine) as connection:
        for table in copied_tables():
            connection.execute(sql.SQL("ANALYZE {}").format(sql.Identifier(table.name)))
        for name in TOKENS:
            connection.execute(sql.SQL("ANALYZE {}").format(sql.Identifier(name)))
