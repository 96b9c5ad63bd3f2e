"""A drawing that somebody uploads: only shapes and colours come through.

An SVG is a program as much as a picture. What is known to be harmless is copied into a
new drawing; what could run, fetch, or grow without end is refused, with what to do
about it. Notes that drawing programs leave behind are left out.
"""

import re
from collections.abc import Iterator

from lxml import etree
from lxml.etree import _Element as Element

from loket.errors import RuleViolation
from loket.huisstijl.maskers import is_nested

SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"
XHTML = "http://www.w3.org/1999/xhtml"
FIELD = "logo"
MOST_ELEMENTS = 2000
MOST_DEPTH = 30
MOST_USES = 100

SHAPES = frozenset(
    {
        "svg",
        "g",
        "defs",
        "symbol",
        "use",
        "path",
        "rect",
        "circle",
        "ellipse",
        "line",
        "polyline",
        "polygon",
        "linearGradient",
        "radialGradient",
        "stop",
        "clipPath",
        "mask",
        "title",
        "desc",
        "style",
    }
)
LEFT_OUT = frozenset({"metadata"})
DRAWING = frozenset(
    {
        "clip-path",
        "clip-rule",
        "color",
        "display",
        "fill",
        "fill-opacity",
        "fill-rule",
        "mask",
        "opacity",
        "overflow",
        "stop-color",
        "stop-opacity",
        "stroke",
        "stroke-dasharray",
        "stroke-dashoffset",
        "stroke-linecap",
        "stroke-linejoin",
        "stroke-miterlimit",
        "stroke-opacity",
        "stroke-width",
        "visibility",
    }
)
"""What may be said of a shape, as an attribute and in a style."""
PLACE = frozenset(
    {
        "class",
        "clipPathUnits",
        "cx",
        "cy",
        "d",
        "fx",
        "fy",
        "gradientTransform",
        "gradientUnits",
        "height",
        "id",
        "maskContentUnits",
        "maskUnits",
        "offset",
        "patternUnits",
        "points",
        "preserveAspectRatio",
        "r",
        "rx",
        "ry",
        "spreadMethod",
        "transform",
        "version",
        "viewBox",
        "width",
        "x",
        "x1",
        "x2",
        "y",
        "y1",
        "y2",
    }
)
_NUMBERS = frozenset({"width", "height"})
_LENGTH = re.compile(r"\s*([0-9]*\.?[0-9]+)\s*(px|pt|mm|cm|in|%)?\s*")
_VIEWBOX = re.compile(r"\s*(?:-?[0-9.]+[\s,]+){2}([0-9.]+)[\s,]+([0-9.]+)\s*")
_PLAIN = re.compile(r"[\w\s.,;:#%()+\-]*")
"""No quote, slash, backslash, at-sign or bracket of another kind: nothing hides."""
_URL = re.compile(r"url\s*\(", re.IGNORECASE)
_OWN_URL = re.compile(r"url\(#[\w.-]+\)")
_SELECTOR = re.compile(r"[\w.,#\s-]+")
_DECLARED = re.compile(r"""<\?xml[^>]*?encoding\s*=\s*["']([^"']*)["']""")


class LogoError(RuleViolation):
    """This picture cannot be the logo; the message says what to change."""

    def __init__(self, message: str) -> None:
        super().__init__(message, FIELD)


def clean_svg(raw: bytes) -> bytes:
    """Return the drawing with nothing in it but shapes and colours.

    Raises:
        LogoError: there is something in it that could run, fetch or grow.
    """
    root = _parse(raw)
    if root.tag != f"{{{SVG}}}svg":
        raise LogoError("Dit is geen SVG-tekening.")
    elements = [each for each in root.iter() if isinstance(each.tag, str)]
    if len(elements) > MOST_ELEMENTS:
        raise LogoError(
            f"De tekening heeft te veel onderdelen: meer dan {MOST_ELEMENTS}."
            " Maak het logo eenvoudiger."
        )
    made = _copy(root, 0)
    if made is None:  # the root is an svg, so it is never left out
        raise LogoError("Dit is geen SVG-tekening.")
    _check_uses(made)
    if is_nested(made):
        raise LogoError(
            "In de tekening staat een masker of uitsnede binnen een andere. Voeg ze"
            " samen tot één, of zet ze om in gewone vormen."
        )
    _size(made)
    etree.cleanup_namespaces(made, top_nsmap={None: SVG, "xlink": XLINK})
    return etree.tostring(made, encoding="utf-8")


def _parse(raw: bytes) -> Element:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise LogoError("De tekening is niet in UTF-8 geschreven.") from None
    declared = _DECLARED.search(text[:200])
    if declared and declared[1].lower() not in {"utf-8", "us-ascii", "ascii"}:
        raise LogoError("De tekening is niet in UTF-8 geschreven.")
    # before any parser sees it: an entity can grow to the size of the memory
    if re.search(r"<!\s*(DOCTYPE|ENTITY)", text, re.IGNORECASE):
        raise LogoError(
            "De tekening bevat een DOCTYPE of een ENTITY. Dat mag niet. Haal die regel"
            " weg, of sla het logo op als gewone SVG."
        )
    parser = etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError:
        raise LogoError("De tekening is geen goede SVG.") from None


def _copy(given: Element, depth: int) -> Element | None:
    """Copy what is harmless; None: a note of the drawing program, left out."""
    if depth > MOST_DEPTH:
        raise LogoError("De tekening is te diep in groepen verdeeld.")
    if not isinstance(given.tag, str) or not _is_drawing(etree.QName(given)):
        return None
    made = etree.Element(given.tag, nsmap={None: SVG, "xlink": XLINK})
    for key, value in given.attrib.items():
        _copy_attribute(made, str(key), str(value))
    local = etree.QName(given).localname
    if local == "style":
        made.text = _style_sheet(given.text or "")
    elif local in {"title", "desc"}:
        made.text = " ".join((given.text or "").split())[:200]
    else:
        copied = (_copy(child, depth + 1) for child in given)
        made.extend([each for each in copied if each is not None])
    return made


def _is_drawing(name: etree.QName) -> bool:
    """Whether to copy it; what another program notes for itself is not copied."""
    if name.namespace == XHTML:
        raise _not_allowed(name.localname)
    if name.namespace != SVG or name.localname in LEFT_OUT:
        return False
    if name.localname not in SHAPES:
        raise _not_allowed(name.localname)
    return True


_ADVICE = {
    "script": "een script",
    "foreignObject": "een stuk webpagina (foreignObject)",
    "image": "een plaatje in de tekening (image)",
    "text": "losse letters (text). Zet de letters om in vormen, ook wel contouren",
    "a": "een link",
}


def _not_allowed(name: str) -> LogoError:
    what = _ADVICE.get(name, f"het onderdeel “{name[:40]}”")
    return LogoError(f"In het logo mag dit niet staan: {what}.")


def _copy_attribute(made: Element, key: str, value: str) -> None:
    name = etree.QName(key)
    local = name.localname
    if local.lower().startswith("on"):
        raise LogoError(
            "In het logo mag dit niet staan: een opdracht die iets start"
            f" ({local[:40]})."
        )
    if local == "href" and name.namespace in {None, XLINK}:
        if not re.fullmatch(r"#[\w.-]+", value.strip()):
            raise _elsewhere()
        made.set(f"{{{XLINK}}}href", value.strip())
        return
    if name.namespace is not None:
        return
    if local == "style":
        made.set("style", _declarations(value))
    elif local in DRAWING or local in PLACE:
        made.set(local, _plain(value))


def _elsewhere() -> LogoError:
    return LogoError(
        "Het logo haalt iets op van een ander adres. Dat mag niet. Zet alles in de"
        " tekening zelf."
    )


def _plain(value: str) -> str:
    """Let a value through that is plain, and points at the drawing itself at most."""
    _check_urls(value)
    if not _PLAIN.fullmatch(value):
        raise LogoError(f"In het logo staat iets dat Loket niet kent: {value[:40]}")
    return value


def _check_urls(text: str) -> None:
    if len(_URL.findall(text)) != len(_OWN_URL.findall(text)):
        raise _elsewhere()


def _declarations(text: str) -> str:
    """Keep of a style what says how a shape is drawn; fonts and the like fall away."""
    _check_urls(text)
    kept = []
    for each in text.split(";"):
        name, _, value = each.partition(":")
        if name.strip() in DRAWING:
            kept.append(f"{name.strip()}:{_plain(value.strip())}")
    return ";".join(kept)


def _style_sheet(text: str) -> str:
    """Keep of a style sheet the rules that say how shapes are drawn.

    Each character is looked at once: a pattern that searches for whole rules needs
    hours for a sheet of nothing but spaces.
    """
    *rules, rest = _without_notes(text).split("}")
    kept = []
    for rule in rules:
        selector, _, body = rule.partition("{")
        if "{" not in rule or "{" in body or not _SELECTOR.fullmatch(selector):
            raise _odd_rule(rule)
        kept.append(f"{selector.strip()}{{{_declarations(body)}}}")
    if rest.strip():
        raise _odd_rule(rest)
    return "".join(kept)


def _odd_rule(rule: str) -> LogoError:
    """Refuse an @import, a nested rule, something hidden in an escape."""
    _check_urls(rule)
    return LogoError(
        "In het logo staan stijlregels die Loket niet kent. Sla het logo op met de"
        " kleuren bij de vormen zelf (presentation attributes)."
    )


def _without_notes(text: str) -> str:
    """Leave the notes of a style sheet out; one that never ends stays, for refusal."""
    kept, place = [], 0
    while (begin := text.find("/*", place)) >= 0:
        end = text.find("*/", begin + 2)
        if end < 0:
            break
        kept.append(text[place:begin])
        place = end + 2
    return "".join(kept) + text[place:]


def _check_uses(root: Element) -> None:
    """Refuse a drawing that repeats what repeats: ten times ten times ten, and so on.

    A part may be used again, but not a part that itself uses another one.
    """
    uses = list(root.iter(f"{{{SVG}}}use"))
    used = {str(each.get(f"{{{XLINK}}}href", ""))[1:] for each in uses}
    nested = any(
        str(above.get("id", "")) in used for each in uses for above in _and_above(each)
    )
    if nested or len(uses) > MOST_USES:
        raise LogoError(
            "De tekening gebruikt een onderdeel te vaak opnieuw. Zet het om in gewone"
            " vormen."
        )


def _and_above(element: Element) -> Iterator[Element]:
    yield element
    yield from element.iterancestors()


def _size(root: Element) -> None:
    """Give the drawing a viewBox, so that it fits wherever it stands.

    Raises:
        LogoError: nothing says how large it is.
    """
    found = _VIEWBOX.fullmatch(root.get("viewBox", ""))
    sides = [_LENGTH.fullmatch(root.get(name, "")) for name in ("width", "height")]
    if not found:
        if not all(sides) or any(each and each[2] == "%" for each in sides):
            raise LogoError("De tekening zegt niet hoe groot zij is (viewBox).")
        width, height = (each[1] for each in sides if each)
        root.set("viewBox", f"0 0 {width} {height}")
    for name in _NUMBERS:
        root.attrib.pop(name, None)


def sides_of(svg: bytes) -> tuple[float, float]:
    """Return width and height of a drawing that was cleaned.

    Raises:
        LogoError: it has no size.
    """
    root = etree.fromstring(svg)
    found = _VIEWBOX.fullmatch(root.get("viewBox", ""))
    try:
        width, height = (float(found[1]), float(found[2])) if found else (0.0, 0.0)
    except ValueError:
        width = height = 0.0
    if width <= 0 or height <= 0:
        raise LogoError("De tekening zegt niet hoe groot zij is (viewBox).")
    return width, height
