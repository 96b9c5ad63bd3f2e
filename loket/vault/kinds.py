"""The kinds of value a cell can hold, and how each becomes bytes."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, Generic, TypeVar

from loket.vault.masked import Masked

T = TypeVar("T")


@dataclass(frozen=True)
class Kind(Generic[T]):
    """How one type is checked, packed and unpacked; its name is sealed along."""

    name: str
    accepts: Callable[[object], bool]
    pack: Callable[[T], str | bytes]
    unpack: Callable[[Any], T]
    gone: T | None = None
    """What a page shows of a value whose key is destroyed."""

    def hold(self, value: T) -> str | bytes:
        """Check a value that was set and keep it as it will be sealed.

        Raises:
            TypeError: it is of another type; the text does not show the value.
        """
        if not self.accepts(value):
            raise TypeError(f"a {self.name} is wanted, not {type(value).__name__}")
        packed = self.pack(value)
        try:
            if isinstance(packed, str):
                packed.encode()
        except UnicodeEncodeError:
            # the original error carries the whole value
            raise ValueError("text holds a lone surrogate") from None
        return packed


def _is_day(value: object) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime)


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_json(value: object) -> bool:
    return isinstance(value, (Mapping, list, tuple, str, int, float))


def _freeze(value: Any) -> Any:
    if isinstance(value, Mapping):
        return MappingProxyType({key: _freeze(item) for key, item in value.items()})
    if isinstance(value, (list, tuple)):
        return tuple(_freeze(item) for item in value)
    return Masked(value) if isinstance(value, str) else value


def _thaw(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _thaw(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_thaw(item) for item in value]
    return value


def _pack_json(value: Any) -> str:
    try:
        return json.dumps(
            _thaw(value), ensure_ascii=False, allow_nan=False, separators=(",", ":")
        )
    except (TypeError, ValueError):
        # the original error may carry the value
        raise ValueError("value cannot be written as JSON") from None


GONE = "Vernietigd"
TEXT: Kind[str] = Kind("text", lambda value: isinstance(value, str), str, Masked, GONE)
DATE: Kind[date] = Kind("date", _is_day, date.isoformat, date.fromisoformat)
BOOL: Kind[bool] = Kind(
    "bool",
    lambda value: isinstance(value, bool),
    lambda value: "1" if value else "0",
    lambda packed: packed == "1",
)
INT: Kind[int] = Kind("int", _is_number, str, int)
MONEY: Kind[int] = Kind("money", _is_number, str, int)
"""Whole cents."""
BYTES: Kind[bytes] = Kind(
    "bytes",
    lambda value: isinstance(value, bytes),
    bytes,
    bytes,
)
"""A document; never part of a group."""
JSON: Kind[Any] = Kind(
    "json", _is_json, _pack_json, lambda packed: _freeze(json.loads(packed))
)
