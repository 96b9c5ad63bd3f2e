"""Masks and clip paths of a drawing: one may hide a part, but not a part of another.

A browser draws a mask anew for each shape that has it. A mask in which a shape has a
mask of its own, and so on, doubles the work at each level: thirty lines keep it busy
for hours.
"""

import re
from collections.abc import Iterator

from lxml.etree import _Element as Element

_NS = "{http://www.w3.org/2000/svg}"
_HREF = "{http://www.w3.org/1999/xlink}href"
HIDING = frozenset({"clip-path", "mask"})
_TOKEN = re.compile(r"[.#]?[\w-]+")
Selector = frozenset[str]
"""What a shape must all have: .class, #id, name. Empty: it holds for every shape."""


def is_nested(root: Element) -> bool:
    """Tell whether a cleaned drawing has a mask or clip path inside another one."""
    selectors = list(_selectors(root))
    named: dict[str, list[Element]] = {}
    for each in root.iter():
        named.setdefault(f"#{each.get('id')}", []).append(each)
    return any(
        _hides(part, selectors)
        for holder in root.iter(f"{_NS}clipPath", f"{_NS}mask")
        for part in _drawn_by(holder, named)
    )


def _drawn_by(holder: Element, named: dict[str, list[Element]]) -> Iterator[Element]:
    """Go through it and what it uses; what is used does not use anything itself."""
    for part in holder.iter():
        yield part
        if part.tag == f"{_NS}use":
            for used in named.get(str(part.get(_HREF)), []):
                yield from used.iter()


def _hides(part: Element, selectors: list[Selector]) -> bool:
    """Whether a mask or clip path is put on this shape, in whatever way."""
    if any("url(" in str(part.get(name, "")) for name in HIDING):
        return True
    if _declares(str(part.get("style", ""))):
        return True
    has = {
        str(part.tag).removeprefix(_NS),
        f"#{part.get('id')}",
        *(f".{name}" for name in str(part.get("class", "")).split()),
    }
    return any(selector <= has for selector in selectors)


def _selectors(root: Element) -> Iterator[Selector]:
    """Read from the style sheets which shapes get a mask or a clip path.

    Of a selector only the last part counts: at worst it holds for too many shapes.
    """
    for sheet in root.iter(f"{_NS}style"):
        for rule in (sheet.text or "").split("}"):
            chosen, _, body = rule.partition("{")
            if _declares(body):
                for one in chosen.split(","):
                    yield frozenset(_TOKEN.findall((one.split() or [""])[-1]))


def _declares(style: str) -> bool:
    told = (each.partition(":") for each in style.split(";"))
    return any(name.strip() in HIDING and "url(" in value for name, _, value in told)
