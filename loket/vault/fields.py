"""Sealed fields of a model: one line each, typed, opened when they are read.

    class Inwoner(Sealed, Gemeentelijk, Model):
        __scope__ = "id"
        identiteit = sealed_group()
        bsn = identiteit.text(find=exact(bsn_digits), unique=True)
        notitie = sealed.text(deferred=True)

A unique field can be compared in any select of a session that has a scope:
`select(Inwoner).where(Inwoner.bsn == "...")`. All other searching goes through
`loket.vault.search.search`, because other tokens are shared on purpose.
"""

import builtins
import datetime
from typing import (
    Any,
    Generic,
    NoReturn,
    TypedDict,
    TypeVar,
    Unpack,
    cast,
    overload,
)

from sqlalchemy import ColumnElement, ColumnOperators
from sqlalchemy.orm import mapped_column
from sqlalchemy.orm.util import AliasedInsp

from loket.vault import kinds, sealing
from loket.vault.cell import CipherBytes
from loket.vault.errors import KeyDestroyed
from loket.vault.kinds import Kind
from loket.vault.layout import (
    Hidden,
    Indexed,
    Pending,
    Sealed,
    Slot,
    shows_gone,
    value_of,
)
from loket.vault.masked import Masked, mask_bsn
from loket.vault.tokens import Find

__all__ = ["CipherBytes", "Field", "Masked", "Sealed", "mask_bsn", "sealed"]
__all__ += ["sealed_group"]

T = TypeVar("T")
Finds = Find | tuple[Find, ...]


class Expression:
    """A sealed field in SQL: only a unique one, and only compared with `==`."""

    def __init__(self, field: "Field[Any]", owner: Any) -> None:
        self.field = field
        self._owner = owner

    __hash__ = object.__hash__

    def __eq__(self, value: object) -> ColumnElement[bool]:  # type: ignore[override]  # SQL, as on a column
        indexed = self.field.indexed
        if indexed is None or not indexed.unique or value is None:
            self._refuse("==")
        return sealing.matches(self._owner, indexed, value)

    def _refuse(self, operator: str) -> NoReturn:
        raise TypeError(
            f"{self.field.name} is sealed and knows no {operator}: use"
            " loket.vault.search.search(), or filter and sort the opened rows"
        )

    def __ne__(self, value: object) -> NoReturn:
        self._refuse("!=")

    def __lt__(self, value: object) -> NoReturn:
        self._refuse("<")

    def __le__(self, value: object) -> NoReturn:
        self._refuse("<=")

    def __gt__(self, value: object) -> NoReturn:
        self._refuse(">")

    def __ge__(self, value: object) -> NoReturn:
        self._refuse(">=")

    def __bool__(self) -> NoReturn:
        self._refuse("truth")

    def __clause_element__(self) -> NoReturn:
        self._refuse("place in SQL")

    def adapt_to_entity(self, entity: AliasedInsp[Any]) -> "Expression":
        """Follow the model into `aliased()`."""
        return Expression(self.field, entity.entity)

    def __getattr__(self, name: str) -> NoReturn:
        if not name.startswith("_") and hasattr(ColumnOperators, name):
            self._refuse(name)
        raise AttributeError(name)


class Field(Generic[T]):
    """One sealed value of a row: in a cell of its own, or within a group."""

    name: str

    def __init__(
        self,
        kind: Kind[T],
        *,
        group: "Group | None" = None,
        find: Finds = (),
        unique: bool = False,
        deferred: bool = False,
        seal_null: bool = False,
        label: str | None = None,
    ) -> None:
        self.kind = kind
        self.own_slot: Slot | None = None
        self.indexed: Indexed | None = None
        self._group = group
        self._finds = (find,) if isinstance(find, Find) else find
        self._unique = unique
        self._deferred = deferred
        self._seal_null = seal_null
        self._label = label

    def __set_name__(self, owner: type[Any], name: str) -> None:
        self.name = name
        slot = self._group.own_slot if self._group else None
        if slot is None:
            slot = Slot(name, self.kind.name, self._label, self._seal_null)
            self.own_slot = slot
            add_column(owner, slot, self._deferred)
        self._slot = slot
        self._in_group = slot.is_group
        if self._finds:
            self.indexed = Indexed(
                name, slot, self._finds, self._unique, self.kind.unpack
            )

    @overload
    def __get__(self, row: None, owner: type[Any]) -> Expression: ...
    @overload
    def __get__(self, row: object, owner: type[Any]) -> T | None: ...
    def __get__(self, row: object | None, owner: type[Any]) -> Expression | T | None:
        if row is None:
            return Expression(self, owner)
        try:
            packed = value_of(row, self._slot)
        except KeyDestroyed:
            if not shows_gone(row):
                raise
            # in a group stand codes and days too: there it is as if unknown
            return None if self._in_group else self.kind.gone
        if self._in_group:
            packed = packed.get(self.name)
        return None if packed is None else self.kind.unpack(packed)

    def __set__(self, row: Any, value: T | None) -> None:
        held = self._hold(value)
        slot = self._slot
        if not self._in_group:
            setattr(row, slot.attribute, Pending(held, frozenset({self.name})))
            return
        now = value_of(row, slot)
        if now.get(self.name) == held:
            return
        waiting = getattr(row, slot.attribute)
        changed = waiting.changed if type(waiting) is Pending else frozenset()
        later = Hidden(now)
        later.pop(self.name, None)
        if held is not None:
            later[self.name] = cast("str", held)
        setattr(row, slot.attribute, Pending(later, changed | {self.name}))

    def _hold(self, value: T | None) -> Any:
        if value is None:
            return None
        try:
            return self.kind.hold(value)
        except (TypeError, ValueError) as wrong:
            raise type(wrong)(f"{self.name}: {wrong}") from None


def add_column(owner: type[Any], slot: Slot, deferred: bool) -> None:
    """Give the model the column of cells before it is mapped."""
    column = mapped_column(slot.name, CipherBytes(), nullable=True, deferred=deferred)
    setattr(owner, slot.attribute, column)


class Options(TypedDict, total=False):
    """What a field may be told; in a group only `find` and `unique`."""

    find: Finds
    unique: bool
    deferred: bool
    seal_null: bool
    label: str


class Fields:
    """One method for each kind of field."""

    def _make(self, kind: Kind[T], options: Options) -> Field[T]:
        return Field(kind, **options)

    def text(self, **options: Unpack[Options]) -> Field[str]:
        """Text of any length."""
        return self._make(kinds.TEXT, options)

    def date(self, **options: Unpack[Options]) -> Field[datetime.date]:
        """Calendar day."""
        return self._make(kinds.DATE, options)

    def bool(self, **options: Unpack[Options]) -> Field[builtins.bool]:
        """Yes or no."""
        return self._make(kinds.BOOL, options)

    def int(self, **options: Unpack[Options]) -> Field[builtins.int]:
        """Whole number."""
        return self._make(kinds.INT, options)

    def money(self, **options: Unpack[Options]) -> Field[builtins.int]:
        """Whole cents."""
        return self._make(kinds.MONEY, options)

    def bytes(self, **options: Unpack[Options]) -> Field[builtins.bytes]:
        """Document."""
        return self._make(kinds.BYTES, options)

    def json(self, **options: Unpack[Options]) -> Field[Any]:
        """Structure of lists and objects; comes back frozen."""
        return self._make(kinds.JSON, options)


class Group(Fields):
    """Fields that are shown together, sealed in one cell (JSON by field name)."""

    def __init__(self, label: str | None = None) -> None:
        self._label = label
        self.own_slot: Slot | None = None

    def __set_name__(self, owner: type[Any], name: str) -> None:
        self.own_slot = Slot(name, "group", self._label)
        add_column(owner, self.own_slot, deferred=False)

    def _make(self, kind: Kind[T], options: Options) -> Field[T]:
        if not options.keys() <= {"find", "unique"} or kind is kinds.BYTES:
            raise TypeError("this belongs outside a group, in a cell of its own")
        return Field(kind, group=self, **options)


sealed = Fields()


def sealed_group(*, label: str | None = None) -> Group:
    """Open a group of fields in the class body; its fields hang on the result."""
    return Group(label)
