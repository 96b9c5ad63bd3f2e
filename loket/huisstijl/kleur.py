"""Colours as numbers: contrast (WCAG 2.2, 1.4.3), shades, and which may be used."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from loket.errors import RuleViolation

LEAST = 4.5
"""Contrast of text with what it stands on (WCAG 2.2, success criterion 1.4.3)."""
LEAST_LINE = 3.0
"""Contrast of a line or an edge with what it stands on (WCAG 2.2, 1.4.11)."""
WHITE = "#ffffff"
STANDAARD = "#0d5490"
"""The main colour of Loket itself, where no gemeente chose one."""
SURFACES = {
    "op wit": WHITE,
    "op het lichtgrijs van de schermen": "#eff2f5",
    "in een melding op lichtblauw": "#e0edf7",
    "in een melding op lichtgroen": "#ddf7e4",
    "in een melding op lichtoranje": "#ffeee1",
    "in een melding op lichtrood": "#feeded",
}
"""What a link stands on, in the tokens of the look."""
_HEX = re.compile(r"#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})")
_TINT, _SEARCH = 0.12, 0.88
_NEARLY_BLACK = 15.0
_Pairs = Callable[[str], list[tuple[str, float]]]


def read_kleur(typed: str, field: str) -> str:
    """Read a colour as somebody types it: `#0D5490`, `0d5490` or `#159`.

    Raises:
        RuleViolation: it is no colour.
    """
    found = _HEX.fullmatch(typed.strip())
    if not found:
        raise RuleViolation(
            "Schrijf de kleur als # met zes cijfers of letters, zoals #0d5490.", field
        )
    digits = found[1].lower()
    if len(digits) == 3:
        digits = "".join(each * 2 for each in digits)
    return f"#{digits}"


def _channels(kleur: str) -> tuple[int, int, int]:
    return int(kleur[1:3], 16), int(kleur[3:5], 16), int(kleur[5:7], 16)


def mix(kleur: str, other: str, part: float) -> str:
    """Mix two colours; `part` is how much of the first, from 0 to 1."""
    pairs = zip(_channels(kleur), _channels(other), strict=True)
    mixed = (round(a * part + b * (1 - part)) for a, b in pairs)
    return "#" + "".join(f"{each:02x}" for each in mixed)


def _luminance(kleur: str) -> float:
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (each / 255 for each in _channels(kleur))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, from 1 (none) to 21 (black and white)."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


@dataclass(frozen=True)
class Trappen:
    """The shades of a main colour, from nearly white to nearly black."""

    t50: str
    t100: str
    t200: str
    t300: str
    t400: str
    t500: str
    t600: str
    t700: str


def trappen(accent: str) -> Trappen:
    """Derive the shades that the look asks for; a nearly black one gets lighter."""
    towards = WHITE if contrast(accent, WHITE) > _NEARLY_BLACK else "#000000"
    edge = mix(accent, WHITE, 0.86)
    return Trappen(
        t50=mix(accent, WHITE, 0.05),
        t100=mix(accent, WHITE, _TINT),
        t200=mix(accent, WHITE, 0.25),
        t300=mix(accent, WHITE, 0.45),
        t400=edge if contrast(edge, WHITE) >= LEAST_LINE else accent,
        t500=accent,
        t600=mix(accent, towards, 0.75 if towards != WHITE else 0.88),
        t700=mix(accent, towards, 0.5 if towards != WHITE else 0.94),
    )


def balk_of(accent: str, tweede: str | None) -> str:
    """Return the colour of the bar above each page."""
    return tweede or trappen(accent).t600


def zoekvak_of(balk: str) -> str:
    """Return the colour of the search box, which lies lighter on the bar."""
    return mix(balk, WHITE, _SEARCH)


def check_accent(kleur: str) -> None:
    """Refuse a main colour that somebody cannot read, as text or under white text.

    Raises:
        RuleViolation: it is too light; names the ratio and a shade that passes.
    """
    _check(kleur, "accent", _accent_pairs)


def check_tweede(kleur: str) -> None:
    """Refuse a second colour on which the white text of the bar cannot be read.

    Raises:
        RuleViolation: it is too light; names the ratio and a shade that passes.
    """
    _check(kleur, "tweede", _tweede_pairs)


def _accent_pairs(kleur: str) -> list[tuple[str, float]]:
    tint = trappen(kleur).t100
    return [
        ("Witte letters op deze kleur", contrast(WHITE, kleur)),
        *(
            (f"Letters in deze kleur {where}", contrast(kleur, surface))
            for where, surface in SURFACES.items()
        ),
        ("Letters in deze kleur op een lichte tint ervan", contrast(kleur, tint)),
    ]


def _tweede_pairs(kleur: str) -> list[tuple[str, float]]:
    return [
        ("Witte letters op deze kleur", contrast(WHITE, kleur)),
        ("Witte letters in het zoekvak", contrast(WHITE, zoekvak_of(kleur))),
    ]


def _check(kleur: str, field: str, pairs: _Pairs) -> None:
    low = [pair for pair in pairs(kleur) if pair[1] < LEAST]
    if not low:
        return
    where, reached = low[0]
    raise RuleViolation(
        f"Deze kleur is te licht. {where} halen een contrast van {_told(reached)} op 1."
        " Nodig is 4,5 op 1. De dichtstbijzijnde donkerdere tint die wel mag:"
        f" {_darker(kleur, pairs)}.",
        field,
    )


def _darker(kleur: str, pairs: _Pairs) -> str:
    """Return the nearest shade towards black that passes; black itself always does."""
    shades = (mix(kleur, "#000000", 1 - step / 100) for step in range(1, 101))
    return next(s for s in shades if min(ratio for _, ratio in pairs(s)) >= LEAST)


def _told(ratio: float) -> str:
    # rounded down: 4,49 that reads as 4,5 would be no reason to refuse
    return f"{int(ratio * 10) / 10:.1f}".replace(".", ",")
