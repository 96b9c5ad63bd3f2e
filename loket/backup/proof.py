"""After putting back: is everything there, does it open, can it be found?"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, cast
from uuid import UUID

from sqlalchemy import (
    Connection,
    Engine,
    Table,
    create_engine,
    delete,
    func,
    select,
)
from sqlalchemy.orm import Mapper, Session

from loket import nouns
from loket.accounts.queries import gemeente_codes
from loket.app import open_vault
from loket.audit import verify as trail
from loket.audit.batch import INSTALLATION
from loket.audit.sealing import last_batch
from loket.audit.signing import anchored, keyring
from loket.audit.verify import verify_chain
from loket.backup.dump import TOKENS
from loket.backup.making import count_rows
from loket.backup.manifest import Manifest
from loket.config import Config
from loket.db import mapped
from loket.outside import connection_to
from loket.vault.cell import key_version, strip, unseal
from loket.vault.errors import KeyDestroyed, Tampered
from loket.vault.keystore import insert_many, tombstone
from loket.vault.layout import Layout, Sealed, Slot
from loket.vault.sealing import token_rows
from loket.vault.searchtoken import SearchToken, SearchUnique
from loket.vault.vault import Vault
from loket.vault.verify import Tally, verify_seals

CHUNK = 500
SAMPLE = 200
"""Rows of each table that are opened, unless all are."""
NOUNS = nouns.MODULES


@dataclass
class Proof:
    """What was looked at, and what was wrong."""

    tables: int = 0
    rows: int = 0
    opened: int = 0
    destroyed: int = 0
    """Cells of scopes that were destroyed: as it should be."""
    tokens: int = 0
    later: int = 0
    """Batches of the trail that were sealed after this copy: as it should be."""
    faults: list[str] = field(default_factory=list)

    @property
    def is_well(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults


def sealed_tables() -> list[tuple[Table, Layout]]:
    """List every table with cells."""
    mappers: list[Mapper[Any]] = sorted(
        mapped(), key=lambda each: str(each.local_table)
    )
    return [
        (cast("Table", each.local_table), each.class_.__layout__)
        for each in mappers
        if issubclass(each.class_, Sealed)
    ]


def compare_counts(connection: Connection, manifest: Manifest, proof: Proof) -> None:
    """Hold the rows that are here against those that were copied."""
    here = count_rows(connection, TOKENS)
    for table, expected in manifest.rows.items():
        found = here.get(table)
        proof.tables += 1
        proof.rows += found or 0
        if found != expected:
            counted = "de tabel ontbreekt" if found is None else f"{found} rijen"
            proof.faults.append(f"{table}: {counted}, verwacht {expected}")


@dataclass(frozen=True)
class Cells:
    """The cells of some rows of one table."""

    vault: Vault
    layout: Layout
    rows: list[Any]

    def load_keys(self) -> None:
        """Ask the keys of these rows with one question."""
        self.vault.load({row[1] for row in self.rows})

    def tenant_of(self, row: Any) -> str:
        """Whose key it is."""
        return self.layout.fixed_tenant or row[2]

    def open(self, row: Any, slot: Slot) -> Any:
        """Open one cell; None where nothing stands."""
        cell = getattr(row, slot.name)
        if cell is None:
            return None
        cell = bytes(cell)
        key = self.vault.key(self.tenant_of(row), row[1], key_version(cell))
        packed = unseal(key, self.layout.hashes[slot.name], row[1], row[0], cell)
        try:
            return slot.unpack(strip(packed))
        except ValueError:
            raise Tampered from None


def cells_of(
    connection: Connection,
    vault: Vault,
    table: Table,
    layout: Layout,
    slots: list[Slot],
    most: int | None,
) -> Iterator[Cells]:
    """Read cells in chunks, newest rows first."""
    tenant = [] if layout.fixed_tenant else [table.c.gemeente_code]
    columns = [table.c.id, table.c[layout.scope], *tenant]
    columns += [table.c[slot.name] for slot in slots]
    asked = select(*columns).order_by(table.c.id.desc()).limit(most)
    found = connection.execute(asked, execution_options={"yield_per": CHUNK})
    for rows in found.partitions():
        chunk = Cells(vault, layout, list(rows))
        chunk.load_keys()
        yield chunk


def open_cells(
    connection: Connection, vault: Vault, most: int | None, proof: Proof
) -> None:
    """Open cells of every table: a sample, or all of them."""
    for table, layout in sealed_tables():
        slots = list(layout.slots.values())
        wrong: dict[str, int] = {}
        for chunk in cells_of(connection, vault, table, layout, slots, most):
            for row in chunk.rows:
                for slot in slots:
                    try:
                        if chunk.open(row, slot) is not None:
                            proof.opened += 1
                    except KeyDestroyed:
                        proof.destroyed += 1
                    except Tampered:
                        wrong[slot.name] = wrong.get(slot.name, 0) + 1
        proof.faults += [
            f"{table.name}.{name}: {count} cellen gaan niet open"
            for name, count in wrong.items()
        ]


def rebuild_tokens(
    connection: Connection,
    vault: Vault,
    proof: Proof,
    tell: Callable[[int], object] = lambda _: None,
) -> None:
    """Make every search token anew: they are in no copy."""
    for model in (SearchToken, SearchUnique):
        connection.execute(delete(model))
    for table, layout in sealed_tables():
        if not layout.indexed:
            continue
        slots = list({each.slot.name: each.slot for each in layout.indexed}.values())
        for chunk in cells_of(connection, vault, table, layout, slots, None):
            shared, unique = _tokens(chunk, slots)
            for model, rows in ((SearchToken, shared), (SearchUnique, unique)):
                if rows:
                    named = cast("Table", model.__table__)
                    connection.execute(insert_many(named, rows))
            proof.tokens += len(shared) + len(unique)
            tell(len(chunk.rows))


def _tokens(
    chunk: Cells, slots: list[Slot]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    shared: list[dict[str, Any]] = []
    unique: list[dict[str, Any]] = []
    for row in chunk.rows:
        try:
            held = {slot.name: chunk.open(row, slot) for slot in slots}
        except (KeyDestroyed, Tampered):
            continue  # destroyed: nothing to find; the rest is told by `open_cells`
        place: tuple[str, UUID] = (chunk.tenant_of(row), row[1])
        for indexed in chunk.layout.indexed:
            value = held[indexed.slot.name]
            read = None if value is None else indexed.read(value)
            target = unique if indexed.unique else shared
            for version in chunk.vault.indexes(place[0]).writing:
                target += token_rows(
                    version, chunk.layout, indexed, place, row[0], read
                )
    return shared, unique


def count_tombstones(url: str) -> int:
    """Count what was destroyed, as a key store knows it."""
    with connection_to(url) as connection:
        counted = select(func.count()).select_from(tombstone)
        return connection.scalar(counted) or 0


def prove_trail(engine: Engine, vault: Vault, proof: Proof) -> None:
    """Check the chain of the trail, and the seals of rows that decide about people."""
    with Session(engine, info={"vault": vault}) as session:
        for chain in (INSTALLATION, *gemeente_codes(session)):
            last = last_batch(session, chain)
            number = last.nummer if last else 0
            keys, known = keyring(vault, chain), anchored(vault, chain)
            for found in verify_chain(session, keys, known, chain, trail.Tally()):
                if found.fault is trail.Fault.BATCH_REMOVED and found.nummer > number:
                    proof.later += 1
                else:
                    proof.faults.append(str(found))
            if chain != INSTALLATION:
                seals = verify_seals(session, chain, Tally())
                proof.faults += [str(each) for each in seals]


def prove(
    config: Config,
    manifest: Manifest,
    *,
    all_cells: bool = False,
    tell: Callable[[int], object] = lambda _: None,
) -> Proof:
    """Check a database that was put back, and make its search index.

    Works as the owner of the tables: no row is hidden from it.

    Raises:
        Tampered: the KEK at hand did not wrap these keys.
    """
    proof = Proof()
    vault = open_vault(config)
    engine = create_engine(config.database_owner_url, hide_parameters=True)
    try:
        vault.check()
        with engine.begin() as connection:
            compare_counts(connection, manifest, proof)
            rebuild_tokens(connection, vault, proof, tell)
            open_cells(connection, vault, None if all_cells else SAMPLE, proof)
        prove_trail(engine, vault, proof)
    finally:
        engine.dispose()
        vault.engine.dispose()
    return proof
