"""Translate between XML elements and dataclasses, by the fields of the dataclass.

The order of the fields is the order of the elements; `toewijzing_nummer` is
`ToewijzingNummer`; what may be None may be absent; a tuple is a repeated element,
with the list element around it when `reeks` names one.
"""

import contextlib
import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from datetime import date, time
from enum import Enum
from types import UnionType
from typing import Any, ClassVar, TypeVar, get_args, get_origin, get_type_hints

from lxml import etree
from lxml.etree import _Element as Element

from loket.iwmo.xml import BASIS, BerichtFout, Reden

_INTEGER = re.compile(r"[+-]?[0-9]{1,18}")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(r"[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?")
_BLANK = " \t\r\n"


class Klasse:
    """A berichtklasse: its elements stand in the namespace of the message."""

    basis: ClassVar[bool] = False

    def __repr__(self) -> str:
        """Name the class only: the fields are personal data."""
        return f"<{type(self).__name__}>"


class Basistype(Klasse):
    """A complex type of the basisschema: its elements stand in that namespace."""

    basis: ClassVar[bool] = True


K = TypeVar("K", bound=Klasse)


def reeks(item: str, *, wrapped: bool = True, optional: bool = False) -> Any:
    """Declare a repeated element named `item`, inside a list element or loose."""
    marks = {"item": item, "wrapped": wrapped, "optional": optional}
    if optional:
        return field(default=(), metadata=marks)
    return field(metadata=marks)


@dataclass(frozen=True)
class Veld:
    """One field of a dataclass, as the translation sees it."""

    naam: str
    element: str
    soort: Any
    verplicht: bool
    item: str = ""
    wrapped: bool = False


_VELDEN: dict[str, tuple[Veld, ...]] = {}


def velden_of(klasse: type[Klasse]) -> tuple[Veld, ...]:
    """Work out the elements of a class, once."""
    name = f"{klasse.__module__}.{klasse.__qualname__}"
    if name not in _VELDEN:
        hints = get_type_hints(klasse)
        _VELDEN[name] = tuple(
            _make_veld(f.name, hints[f.name], f.metadata)
            for f in fields(klasse)  # type: ignore[arg-type]  # each Klasse is one
        )
    return _VELDEN[name]


def _make_veld(naam: str, hint: Any, marks: Any) -> Veld:
    element = "".join(part.capitalize() for part in naam.split("_"))
    if "item" in marks:
        soort = get_args(hint)[0]
        item, wrapped = marks["item"], marks["wrapped"]
        return Veld(naam, element, soort, not marks["optional"], item, wrapped)
    if get_origin(hint) is UnionType:
        soort = next(part for part in get_args(hint) if part is not type(None))
        return Veld(naam, element, soort, verplicht=False)
    return Veld(naam, element, hint, verplicht=True)


class Lezer:
    """Read the elements of one message; everything must be known and in order."""

    def __init__(self, namespace: str, *, retour: bool) -> None:
        self._namespace = namespace
        self._retour = retour

    def read(self, klasse: type[K], element: Element) -> K:
        """Make the dataclass that this element describes."""
        children = deque(element)
        values: dict[str, Any] = {}
        for veld in velden_of(klasse):
            values[veld.naam] = self._take(klasse, veld, children)
        if children:
            raise BerichtFout(Reden.STRUCTUUR, klasse.__name__)
        return klasse(**values)

    def _take(self, klasse: type[Klasse], veld: Veld, children: deque[Element]) -> Any:
        if veld.item:
            return self._take_list(klasse, veld, children)
        found = self._next(klasse, veld.element, children)
        if found is not None:
            return self._read_value(veld.soort, veld.element, found)
        if veld.verplicht:
            raise BerichtFout(Reden.STRUCTUUR, veld.element)
        return None

    def _take_list(
        self, klasse: type[Klasse], veld: Veld, children: deque[Element]
    ) -> tuple[Any, ...]:
        if veld.naam == "retour_codes" and not self._retour:
            return ()  # left in place, so that the reader trips over it
        inside = children
        if veld.wrapped:
            wrapper = self._next(klasse, veld.element, children)
            inside = deque(() if wrapper is None else wrapper)
            if wrapper is not None and not inside:
                raise BerichtFout(Reden.STRUCTUUR, veld.element)
        items = []
        while (found := self._next(klasse, veld.item, inside)) is not None:
            items.append(self._read_value(veld.soort, veld.item, found))
        if (veld.wrapped and inside) or (veld.verplicht and not items):
            raise BerichtFout(Reden.STRUCTUUR, veld.element)
        return tuple(items)

    def _next(
        self, klasse: type[Klasse], name: str, children: deque[Element]
    ) -> Element | None:
        namespace = BASIS if klasse.basis else self._namespace
        if children and children[0].tag == f"{{{namespace}}}{name}":
            return children.popleft()
        return None

    def _read_value(self, soort: Any, name: str, element: Element) -> Any:
        if issubclass(soort, Klasse):
            return self.read(soort, element)
        if len(element):
            raise BerichtFout(Reden.STRUCTUUR, name)
        return parse_value(soort, name, element.text or "")


def parse_value(soort: type[Any], name: str, text: str) -> Any:
    """Read one value as the XSD writes it; the error names the element only."""
    value = None
    with contextlib.suppress(ValueError):
        value = _PARSERS[soort](text) if soort in _PARSERS else soort(text)
    if value is None:
        raise BerichtFout(Reden.WAARDE, name)
    return value


def _matching(pattern: re.Pattern[str], text: str) -> str:
    text = text.strip(_BLANK)
    if not pattern.fullmatch(text):
        raise ValueError
    return text


def _parse_text(text: str) -> str:
    if not text.strip():
        raise ValueError
    return text


_PARSERS: dict[type[Any], Callable[[str], Any]] = {
    str: _parse_text,
    int: lambda text: int(_matching(_INTEGER, text)),
    date: lambda text: date.fromisoformat(_matching(_DATE, text)),
    time: lambda text: time.fromisoformat(_matching(_TIME, text)),
}


class Schrijver:
    """Write the elements of one message in the order of the fields."""

    def __init__(self, naam: str, namespace: str) -> None:
        self._namespace = namespace
        self._prefixes = {"iwmo": BASIS, naam: namespace}

    def write(self, bericht: Klasse) -> bytes:
        """Write the whole message: UTF-8 without BOM, lines end in CR LF (OP192)."""
        root = etree.Element(f"{{{self._namespace}}}Bericht", nsmap=self._prefixes)
        self._fill(root, bericht)
        body: bytes = etree.tostring(root, encoding="UTF-8", pretty_print=True)
        text = b'<?xml version="1.0" encoding="UTF-8"?>\n' + body
        return text.replace(b"\n", b"\r\n")

    def _fill(self, parent: Element, klasse: Klasse) -> None:
        namespace = BASIS if klasse.basis else self._namespace
        for veld in velden_of(type(klasse)):
            value = getattr(klasse, veld.naam)
            if veld.item:
                self._add_list(parent, veld, value, namespace)
            elif value is not None:
                self._add(parent, f"{{{namespace}}}{veld.element}", value)
            elif veld.verplicht:
                raise BerichtFout(Reden.STRUCTUUR, veld.element)

    def _add_list(
        self, parent: Element, veld: Veld, items: tuple[Any, ...], namespace: str
    ) -> None:
        if not items:
            if veld.verplicht:
                raise BerichtFout(Reden.STRUCTUUR, veld.element)
            return
        if veld.wrapped:
            parent = etree.SubElement(parent, f"{{{namespace}}}{veld.element}")
        for item in items:
            self._add(parent, f"{{{namespace}}}{veld.item}", item)

    def _add(self, parent: Element, tag: str, value: Any) -> None:
        child = etree.SubElement(parent, tag)
        if isinstance(value, Klasse):
            self._fill(child, value)
            return
        written = False
        try:
            child.text = format_value(value)
            written = bool(child.text.strip())
        except ValueError:  # characters that XML cannot carry
            pass
        if not written:
            raise BerichtFout(Reden.WAARDE, etree.QName(tag).localname)


def format_value(value: Any) -> str:
    """Write one value as the XSD reads it: without time zone (RS032, RS034)."""
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, time):
        return value.replace(tzinfo=None).isoformat("seconds")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)
