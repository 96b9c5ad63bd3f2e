"""Make our own values fit the narrow fields of a message; nothing else is lost."""

import re

from loket.iwmo.berichten.onderdelen import Telefoon

_LETTER = re.compile(r"[a-zA-ZÀ-ỳ]")
_PHONE = re.compile(r"\+?[0-9]{6,19}")
NEDERLAND = "0031"
MAX_TELEFOON = 15


def shorten(text: str | None, longest: int) -> str | None:
    """Cut a text to its field; an empty one is left out (RS033)."""
    return (text or "").strip()[:longest].rstrip() or None


def fit_straatnaam(text: str | None) -> str | None:
    """Street: 24 characters."""
    return shorten(text, 24)


def fit_voorvoegsel(text: str | None) -> str | None:
    """What stands before a surname: ten characters."""
    return shorten(text, 10)


def fit_voorletters(text: str | None) -> str | None:
    """Initials: six letters without dots or blanks (RS045)."""
    return "".join(_LETTER.findall(text or ""))[:6] or None


def fit_postcode(text: str | None) -> str | None:
    """Postcode: capitals without blanks (CS089)."""
    return shorten("".join((text or "").split()).upper(), 8)


def fit_telefoon(text: str | None) -> Telefoon | None:
    """Telephone: digits with the country apart, Dutch numbers only."""

    number = re.sub(r"[\s().\-/]", "", text or "")
    if not _PHONE.fullmatch(number):
        return None
    number = re.sub(r"^\+", "00", number)
    if number.startswith(NEDERLAND):
        number = "0" + number.removeprefix(NEDERLAND).removeprefix("0")
    if number.startswith("00") or len(number) > MAX_TELEFOON:
        return None
    return Telefoon(telefoonnummer=number, landnummer=NEDERLAND)
