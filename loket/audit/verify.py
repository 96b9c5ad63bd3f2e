"""Is the trail still what it was? Names each record that is not."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    Row,
    Table,
    all_,
    any_,
    cast,
    column,
    exists,
    func,
    select,
    true,
)
from sqlalchemy import Uuid as UuidType
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from loket.audit.batch import NOTHING, AuditBatch, AuditLeaf
from loket.audit.leaf import (
    FORM,
    FORMS,
    RECORD,
    canonical,
    leaf_hash,
    leaf_mac,
    root_of,
)
from loket.audit.sealing import SLOWEST, first_id, in_chain, subjects_of
from loket.audit.signing import Keyring, Signer, is_signed
from loket.db import Model, read_whole


class Fault(StrEnum):
    """What can be wrong with the trail."""

    CHANGED = "gewijzigd"
    REMOVED = "verwijderd"
    INSERTED = "later ingevoegd"
    LEAF_CHANGED = "het blad in de keten is gewijzigd"
    LEAF_REMOVED = "uit de keten verwijderd"
    LEAF_MOVED = "op een andere plaats in de keten gezet"
    BATCH_CHANGED = "de bundel is gewijzigd"
    BATCH_UNSIGNED = "de handtekening onder de bundel klopt niet"
    BATCH_REMOVED = "de bundel ontbreekt"
    CHAIN_BROKEN = "de bundel sluit niet aan op de vorige"
    NOT_ANCHORED = "de bundel is een andere dan de sleutelopslag kent"
    NO_KEY = "de sleutel van de handtekening ontbreekt"
    KEY_REPLACED = "ondertekend met een sleutel die al was vervangen"
    LEAF_FORGED = "een blad in de keten dat niet van Loket is"


Leaves = Sequence[Row[str, UUID, int, bytes, bytes]]


@dataclass(frozen=True)
class Finding:
    """One fault: in which chain, and which row or batch."""

    fault: Fault
    keten: str
    nummer: int
    """Number of the batch; 0 for a row that is in none."""
    tabel: str = ""
    row_id: UUID | None = None

    def __str__(self) -> str:
        what = f"{self.tabel} {self.row_id}" if self.row_id else "bundel"
        return f"keten {self.keten}, bundel {self.nummer}: {what}: {self.fault.value}"


@dataclass
class Strange:
    """What stands in the chain and is not of Loket: it hides no row."""

    batches: list[UUID] = field(default_factory=list)
    leaves: list[tuple[UUID, int]] = field(default_factory=list)
    """Batch and position."""


@dataclass
class Tally:
    """How far the check came."""

    batches: int = 0
    rows: int = 0
    waiting: int = 0
    """Rows of the last day that are in no batch yet: the next run seals them."""


def verify_chain(
    session: Session,
    ring: Keyring,
    anchors: Mapping[int, bytes],
    chain: str,
    tally: Tally,
) -> Iterator[Finding]:
    """Check one chain from its first batch on; holds one batch at a time.

    Args:
        ring: every version of the signing key of this chain.
        anchors: what the key store knows: number of a batch → its hash.
        tally: counts along, for who shows progress.
    """
    ring = replace(ring, anchor_of=anchors.get)
    last: AuditBatch | None = None
    # sealing goes on after what is ours, whatever somebody put in between
    before = ours = NOTHING
    seen: set[int] = set()
    strange = Strange()
    for batch in _batches(session, chain):
        yield from _verify_header(batch, (before, ours), ring, anchors)
        yield from _verify_rows(session, batch, ring.signer_of(batch), strange)
        tally.batches += 1
        tally.rows += batch.aantal
        seen.add(batch.nummer)
        before = batch.hash
        if ring.is_ours(batch):
            last, ours = batch, batch.hash
        else:
            strange.batches.append(batch.id)
    for number in sorted(anchors.keys() - seen):
        yield Finding(Fault.BATCH_REMOVED, chain, number)
    yield from _verify_foreign_leaves(session, chain)
    yield from _verify_strays(session, chain, last, strange, tally)


def _batches(session: Session, chain: str) -> Iterator[AuditBatch]:
    last: int | None = None
    while True:
        # a number below one is forged: it is looked at as well
        later = true() if last is None else AuditBatch.nummer > last
        batch = session.scalars(
            select(AuditBatch)
            .where(AuditBatch.keten == chain, later)
            .order_by(AuditBatch.nummer)
            .limit(1)
        ).one_or_none()
        if batch is None:
            return
        yield batch
        last = batch.nummer
        session.expunge(batch)


def _verify_header(
    batch: AuditBatch,
    before: tuple[bytes, bytes],
    ring: Keyring,
    anchors: Mapping[int, bytes],
) -> Iterator[Finding]:
    def found(fault: Fault) -> Finding:
        return Finding(fault, batch.keten, batch.nummer)

    if batch.hash != batch.hash_of_header():
        yield found(Fault.BATCH_CHANGED)
    signer = ring.signer_of(batch)
    if signer is None:
        yield found(Fault.NO_KEY)
    elif not is_signed(batch, signer.public):
        yield found(Fault.BATCH_UNSIGNED)
    elif not ring.is_in_force(batch):
        yield found(Fault.KEY_REPLACED)
    if batch.previous not in before:
        yield found(Fault.CHAIN_BROKEN)
    if batch.nummer in anchors and anchors[batch.nummer] != batch.hash:
        yield found(Fault.NOT_ANCHORED)


def _verify_rows(
    session: Session, batch: AuditBatch, signer: Signer | None, strange: Strange
) -> Iterator[Finding]:
    leaves = session.execute(
        select(
            AuditLeaf.tabel,
            AuditLeaf.row_id,
            AuditLeaf.positie,
            AuditLeaf.hash,
            AuditLeaf.mac,
        )
        .where(AuditLeaf.batch_id == batch.id)
        .order_by(AuditLeaf.positie)
    ).all()
    held = {leaf.positie: leaf for leaf in leaves}
    actual = _hashes(session, batch.form, leaves)
    for position in range(batch.places):
        leaf, row_id = held.get(position), batch.row_id(position)
        if leaf is None:
            yield _of(batch, Fault.LEAF_REMOVED, "rij", row_id)
            continue
        fault = _fault_of(batch, leaf, actual.get((leaf.tabel, leaf.row_id)), signer)
        if fault:
            yield _of(batch, fault, leaf.tabel, row_id)
    for position, leaf in held.items():
        if position in range(batch.places) and leaf.row_id == batch.row_id(position):
            continue
        strange.leaves.append((batch.id, position))
        yield _of(batch, Fault.LEAF_FORGED, leaf.tabel, leaf.row_id)
    if len(leaves) == batch.places and (
        batch.aantal != batch.places
        or root_of([bytes(leaf.hash) for leaf in leaves]) != batch.root
    ):
        yield Finding(Fault.BATCH_CHANGED, batch.keten, batch.nummer)


def _fault_of(
    batch: AuditBatch,
    leaf: Row[str, UUID, int, bytes, bytes],
    actual: bytes | None,
    signer: Signer | None,
) -> Fault | None:
    if leaf.row_id != batch.row_id(leaf.positie):
        return Fault.LEAF_MOVED
    if signer is not None:
        mac = leaf_mac(signer.mark_key, batch.id, leaf.positie, bytes(leaf.hash))
        if mac != leaf.mac:
            return Fault.LEAF_CHANGED
    if actual is None:
        return Fault.REMOVED
    return Fault.CHANGED if actual != leaf.hash else None


def _of(batch: AuditBatch, fault: Fault, table: str, row_id: UUID) -> Finding:
    return Finding(fault, batch.keten, batch.nummer, table, row_id)


def _hashes(
    session: Session, form: int, leaves: Leaves
) -> dict[tuple[str, UUID], bytes]:
    """Hash the rows as they stand now."""
    found = {}
    for table, row_id, told in texts(session, form, leaves):
        found[table, row_id] = leaf_hash(told)
    return found


def texts(
    session: Session, form: int, leaves: Leaves
) -> Iterator[tuple[str, UUID, str]]:
    """Write the rows of these leaves as they stand now, the way they are hashed."""
    # a form that nobody knows is of a forged batch: all its rows are told
    for name, columns in FORMS.get(form, {}).items():
        ids = [leaf.row_id for leaf in leaves if leaf.tabel == name]
        if not ids:
            continue
        table = Model.metadata.tables[name]
        wanted = any_(cast(ids, ARRAY(UuidType)))
        asked = select(*(table.c[each] for each in columns)).where(table.c.id == wanted)
        told = subjects_of(session, ids) if name == RECORD else {}
        for row in session.execute(asked):
            text = canonical(name, columns, row, told.get(row.id, ()))
            yield name, row.id, text


def _verify_foreign_leaves(session: Session, chain: str) -> Iterator[Finding]:
    """Find leaves of this gemeente that stand in a batch of another chain, or in none.

    Nobody's check comes along there.
    """
    own = exists().where(AuditBatch.id == AuditLeaf.batch_id, AuditBatch.keten == chain)
    asked = select(AuditLeaf.tabel, AuditLeaf.row_id).where(
        in_chain(Model.metadata.tables[AuditLeaf.__tablename__], chain), ~own
    )
    read_whole(session)
    for table, row_id in session.execute(asked.execution_options(yield_per=5_000)):
        yield Finding(Fault.LEAF_FORGED, chain, 0, table, row_id)


def _verify_strays(
    session: Session,
    chain: str,
    last: AuditBatch | None,
    strange: Strange,
    tally: Tally,
) -> Iterator[Finding]:
    """Find rows in no batch: fresh ones wait, older ones were put there later."""
    since = last.until - SLOWEST if last else None
    read_whole(session)
    for name in FORMS[FORM]:
        table = Model.metadata.tables[name]
        asked = select(table.c.id).where(
            in_chain(table, chain), ~_is_checked(table, chain, strange)
        )
        for row_id in session.scalars(asked.execution_options(yield_per=5_000)):
            if since is None or row_id > first_id(since):
                tally.waiting += 1
            else:
                yield Finding(Fault.INSERTED, chain, 0, name, row_id)


def _is_checked(table: Table, chain: str, strange: Strange) -> ColumnElement[bool]:
    """Say that a row is in a batch of this very chain, in a place of its own.

    A leaf alone is no proof: one that points at a batch of another chain, which the
    check of this one never sees, would hide a row that was put there later.
    """
    sealed = (
        exists()
        .where(AuditLeaf.tabel == table.name, AuditLeaf.row_id == table.c.id)
        .where(AuditBatch.id == AuditLeaf.batch_id, AuditBatch.keten == chain)
    )
    # what is not there is not asked: it would cost a plan of its own
    if strange.batches:
        wanted = all_(cast(strange.batches, ARRAY(UuidType)))
        sealed = sealed.where(AuditBatch.id != wanted)
    if strange.leaves:
        odd = _odd_places(strange.leaves)
        sealed = sealed.where(
            ~exists().where(
                odd.c.batch == AuditLeaf.batch_id, odd.c.position == AuditLeaf.positie
            )
        )
    return sealed


def _odd_places(leaves: Sequence[tuple[UUID, int]]) -> FromClause:
    """Make a table of places: any number of them in one statement."""
    places = func.unnest(
        cast([batch for batch, _ in leaves], ARRAY(UuidType)),
        cast([position for _, position in leaves], ARRAY(Integer)),
    ).table_valued(column("batch", UuidType()), column("position", Integer()))
    return places.render_derived(name="odd")
