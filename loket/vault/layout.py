"""How the sealed columns of a model lie: which cell, which key, which row."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, ClassVar, NoReturn, SupportsIndex
from uuid import UUID

from sqlalchemy import event, select
from sqlalchemy.orm import Mapper, Session, object_session
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.exc import DetachedInstanceError

from loket.vault.cell import key_version, label_hash, strip, unseal
from loket.vault.errors import KeyMissing, Tampered
from loket.vault.tokens import Find
from loket.vault.vault import Vault

OPENED = "_opened"
_decoder = json.JSONDecoder()
SHOWS_GONE = "vault_shows_gone"
"""In `session.info` of who only shows: a destroyed value says so, and raises nothing.

Jobs go without it: no letter and no message goes out with that word in it.
"""


class Sealed:
    """A model with sealed fields; see `loket.vault.fields`."""

    __scope__: ClassVar[str] = "dossier_id"
    """Name of the UUID column that says which key seals the row."""
    __scope_kind__: ClassVar[str] = "dossier"
    """What kind of scope the row's key belongs to, when this row makes it."""
    __fixed_tenant__: ClassVar[str | None] = None
    """Tenant of a table without `gemeente_code`."""
    __layout__: ClassVar["Layout"]

    def __reduce_ex__(self, protocol: SupportsIndex) -> NoReturn:
        raise TypeError("a row with sealed fields is not pickled")


class Hidden(dict[str, str]):
    """Opened texts of one group; hides them from repr and pickle."""

    def __repr__(self) -> str:
        return f"<{len(self)} opened>"

    def __reduce_ex__(self, protocol: SupportsIndex) -> NoReturn:
        raise TypeError("opened values are not pickled")


class Opened:
    """What a cell held when it was opened; has no telling repr."""

    __slots__ = ("cell", "value")

    def __init__(self, cell: bytes, value: Any) -> None:
        self.cell = cell
        self.value = value


@dataclass(frozen=True)
class Pending:
    """A value that was set and waits for the flush that seals it."""

    value: Any = field(repr=False)
    changed: frozenset[str]

    def __reduce_ex__(self, protocol: SupportsIndex) -> NoReturn:
        raise TypeError("a value that waits to be sealed is not pickled")


@dataclass(frozen=True)
class Slot:
    """One column of cells: of one field, or of a group."""

    name: str
    kind: str
    label: str | None = None
    """Fixed name within the cells; give it when table or field is renamed."""
    seal_null: bool = False

    @cached_property
    def attribute(self) -> str:
        """Attribute of the model that holds the raw cell."""
        return f"_{self.name}_ct"

    @cached_property
    def is_group(self) -> bool:
        """Whether the cell holds several fields by name."""
        return self.kind == "group"

    @property
    def is_always_sealed(self) -> bool:
        """Whether emptiness is hidden too."""
        return self.is_group or self.seal_null

    def pack(self, value: Any) -> bytes | None:
        """Make the bytes that are sealed; None is null."""
        if self.is_group:
            plain = json.dumps(value or {}, ensure_ascii=False, separators=(",", ":"))
            return plain.encode()
        if value is None:
            return None
        if isinstance(value, bytes):
            return value
        return str(value).encode()

    def unpack(self, packed: bytes | None) -> Any:
        """Read what `pack` made."""
        if self.is_group:
            # half the time of `json.loads`, which looks for encodings and spaces first
            return Hidden(_decoder.raw_decode((packed or b"{}").decode())[0])
        if packed is None or self.kind == "bytes":
            return packed
        return packed.decode()


@dataclass(frozen=True)
class Indexed:
    """A field that can be found by tokens."""

    name: str
    slot: Slot
    finds: tuple[Find, ...]
    unique: bool
    unpack: Callable[[Any], object]

    def read(self, held: Any) -> object:
        """Take the value of this field out of what its slot holds."""
        packed = held.get(self.name) if self.slot.is_group else held
        return None if packed is None else self.unpack(packed)


@dataclass
class Layout:
    """All that is sealed in one model."""

    table: str
    scope: str
    scope_kind: str
    fixed_tenant: str | None
    slots: dict[str, Slot]
    indexed: tuple[Indexed, ...]
    names: frozenset[str]
    """Every name that only a row can set, never a bulk statement."""
    hashes: dict[str, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for slot in self.slots.values():
            label = slot.label or f"{self.table}.{slot.name}"
            self.hashes[slot.name] = label_hash(label, slot.kind)

    def index_name(self, name: str, find: Find) -> str:
        """Name of the search index of one field."""
        return f"{self.table}.{name}.{find.name}"

    def tenant_of(self, row: object) -> str | None:
        """Gemeente whose key wraps the key of this row."""
        # straight from the dict: asking the attribute could load an expired row
        return self.fixed_tenant or row.__dict__.get("gemeente_code")

    def scope_of(self, row: object) -> UUID | None:
        """Scope whose key seals this row."""
        return row.__dict__.get(self.scope)


def vault_of(session: Session) -> Vault:
    """Find the vault that travels with the session."""
    vault = session.info.get("vault")
    if not isinstance(vault, Vault):
        raise TypeError("session.info['vault'] holds no Vault")
    return vault


def shows_gone(row: object) -> bool:
    """Whether the session of this row shows what is destroyed as destroyed."""
    session = object_session(row)
    return session is not None and bool(session.info.get(SHOWS_GONE))


def value_of(row: Any, slot: Slot) -> Any:
    """Read a slot: what was set, what was opened before, or open it now."""
    # a loaded cell stands in the dict; the attribute loads what is not there
    cell = row.__dict__.get(slot.attribute)
    if cell is None:
        cell = getattr(row, slot.attribute)
    if cell is None:
        return Hidden() if slot.is_group else None
    if type(cell) is Pending:
        return cell.value
    opened = row.__dict__.get(OPENED)
    if opened is None:
        opened = row.__dict__[OPENED] = {}
    known = opened.get(slot.name)
    # by identity: after an expiry, a refresh or a rollback the cell is another object
    if known is not None and known.cell is cell:
        return known.value
    try:
        value = _open(row, slot, cell)
    except KeyMissing:
        cell, value = _open_anew(row, slot, cell)
    opened[slot.name] = Opened(cell, value)
    return value


def _open(row: Any, slot: Slot, cell: bytes) -> Any:
    session = object_session(row)
    if session is None:
        raise DetachedInstanceError("a sealed field is read within its session")
    vault, layout = vault_of(session), row.__layout__
    tenant = layout.fixed_tenant or row.gemeente_code
    scope = getattr(row, layout.scope)
    version = key_version(cell)
    key = vault.known_key(tenant, scope, version)
    if key is None:
        vault.load({scope, *_scopes_in(session)})
        key = vault.key(tenant, scope, version)
    try:
        padded = unseal(key, layout.hashes[slot.name], scope, row.id, cell)
        value = slot.unpack(strip(padded))
    except ValueError:
        raise Tampered from None
    if vault.on_open is not None:
        vault.on_open(session, row, slot.name)
    return value


def _open_anew(row: Any, slot: Slot, cell: bytes) -> tuple[bytes, Any]:
    """Open what stands there now: the key of what was loaded may have been replaced.

    Raises:
        KeyMissing: the same cell still stands there, and nobody has its key.
    """
    session, column = object_session(row), row.__table__.c[slot.name]
    if session is None:
        raise KeyMissing
    asked = select(column).where(row.__table__.c.id == row.id)
    now = session.connection().scalar(asked)
    if now is None or now == cell:
        raise KeyMissing
    set_committed_value(row, slot.attribute, now)
    return now, _open(row, slot, now)


def _scopes_in(session: Session) -> Iterable[UUID]:
    """Gather the scopes of everything at hand, so that a page asks its keys once."""
    for row in session.identity_map.values():
        if isinstance(row, Sealed):
            scope = row.__layout__.scope_of(row)
            if scope is not None:
                yield scope


_labels: dict[bytes, str] = {}


def check_layout(mapper: Mapper[Any], layout: Layout) -> None:
    """Refuse labels that meet, and groups that two people could overwrite."""
    for slot in layout.slots.values():
        owner = f"{mapper.class_.__module__}.{mapper.class_.__qualname__}.{slot.name}"
        held = _labels.setdefault(layout.hashes[slot.name], owner)
        if held != owner:
            raise TypeError(f"{owner} and {held} have the same label")
        if slot.is_group and mapper.version_id_col is None:
            raise TypeError(f"{owner} is a group: the model needs a version_id_col")


@event.listens_for(Mapper, "mapper_configured")
def _lay_out(mapper: Mapper[Any], cls: type[Any]) -> None:
    if not issubclass(cls, Sealed):
        return
    members = [getattr(base, "__dict__", {}) for base in reversed(cls.__mro__)]
    found = {name: value for names in members for name, value in names.items()}
    slots = {slot.name: slot for slot in map(_slot_of, found.values()) if slot}
    layout = Layout(
        table=str(mapper.local_table),
        scope=cls.__scope__,
        scope_kind=cls.__scope_kind__,
        fixed_tenant=cls.__fixed_tenant__,
        slots=slots,
        names=frozenset(
            name for name, value in found.items() if hasattr(value, "own_slot")
        ),
        indexed=tuple(
            indexed for indexed in map(_indexed_of, found.values()) if indexed
        ),
    )
    if layout.fixed_tenant and layout.indexed:
        raise TypeError(f"{cls.__name__} has no gemeente to keep its tokens under")
    check_layout(mapper, layout)
    cls.__layout__ = layout


def _slot_of(member: object) -> Slot | None:
    slot = getattr(member, "own_slot", None) if hasattr(member, "own_slot") else None
    return slot if isinstance(slot, Slot) else None


def _indexed_of(member: object) -> Indexed | None:
    indexed = getattr(member, "indexed", None) if hasattr(member, "own_slot") else None
    return indexed if isinstance(indexed, Indexed) else None
