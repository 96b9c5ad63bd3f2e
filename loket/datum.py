"""Days as people write and read them."""

import re
from datetime import date

from babel.dates import format_date, get_month_names

from loket.errors import LoketError

PIVOT = 40
"""Two digits below this are of this century: 26 is 2026, 48 is 1948."""
YEARS = range(1000, 2300)
"""Beyond these a typing error is sure, and terms could not be counted any more."""

_ISO = re.compile(r"(?P<jaar>[0-9]{4})-(?P<maand>[0-9]{1,2})-(?P<dag>[0-9]{1,2})")
_GETALLEN = re.compile(
    r"(?P<dag>[0-9]{1,2})[-./ ]+(?P<maand>[0-9]{1,2})[-./ ]+"
    r"(?P<jaar>[0-9]{4}|[0-9]{2})"
)
_WOORDEN = re.compile(
    r"(?P<dag>[0-9]{1,2})[-. ]+(?P<maand>[a-z]{3,9})\.?[- ]+(?P<jaar>[0-9]{4}|[0-9]{2})"
)
_MAANDEN = {
    name.lower().rstrip("."): number
    for width in ("wide", "abbreviated")
    for number, name in get_month_names(width, locale="nl").items()
} | {"mar": 3, "sept": 9}


def lees_datum(
    text: str, *, niet_na: date | None = None, field: str | None = "datum"
) -> date:
    """Read a date as people type it: `1-1-48`, `01.01.1948`, `1 jan 1948`, ISO.

    Args:
        text: what was typed.
        niet_na: the last day that can be right, such as today for a birth date;
            it also settles the century of a year in two digits.
        field: the field that the message belongs to.

    Raises:
        LoketError: it is no date, or it is after `niet_na`.
    """
    clean = " ".join(text.strip().lower().split())
    found = (
        _ISO.fullmatch(clean) or _GETALLEN.fullmatch(clean) or _WOORDEN.fullmatch(clean)
    )
    if not found:
        raise LoketError("Vul een datum in, zoals 23-11-2026.", field)
    day = _build(found, niet_na, field)
    if niet_na and day > niet_na:
        raise LoketError(f"Vul een datum in die niet na {kort(niet_na)} ligt.", field)
    return day


def _build(found: re.Match[str], niet_na: date | None, field: str | None) -> date:
    maand = found["maand"]
    number = int(maand) if maand.isdigit() else _MAANDEN.get(maand, 0)
    jaar = int(found["jaar"])
    short = len(found["jaar"]) == 2
    if short:
        jaar += 2000 if jaar < PIVOT else 1900
    if jaar not in YEARS:
        raise LoketError("Dit jaar kan niet kloppen. Kijk het na.", field)
    try:
        day = date(jaar, number, int(found["dag"]))
        if short and niet_na and day > niet_na:
            day = date(jaar - 100, number, int(found["dag"]))
    except ValueError:
        raise LoketError(
            "Deze datum bestaat niet. Kijk de dag en de maand na.", field
        ) from None
    return day


def kort(day: date) -> str:
    """Write a day for a table: 03-11-2026, so that days stand under each other."""
    return day.strftime("%d-%m-%Y")


def lang(day: date) -> str:
    """Write a day for a letter: 23 november 2026."""
    return format_date(day, "d MMMM y", locale="nl")


def met_weekdag(day: date) -> str:
    """Write a day with its weekday: maandag 23 november 2026."""
    return format_date(day, "EEEE d MMMM y", locale="nl")
