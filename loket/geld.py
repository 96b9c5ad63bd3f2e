"""Money: whole cents inside, Dutch notation outside."""

import re

from babel.numbers import format_decimal

from loket.errors import LoketError

MAX_CENT = 2_000_000_000
"""Twenty million euro: more is a typing error, and it fits an integer column."""

_NOISE = re.compile(r"€|\beur(?:o)?\b|\s", re.IGNORECASE)
_DUTCH = re.compile(r"-?[0-9]{1,3}(\.[0-9]{3})*(,[0-9]{1,2})?")
_PLAIN = re.compile(r"-?[0-9]{1,12}([.,][0-9]{1,2})?")


def bedrag(cent: int) -> str:
    """Write cents as an amount: 120450 becomes € 1.204,50."""
    euros, rest = divmod(abs(cent), 100)
    sign = "-" if cent < 0 else ""
    return f"€ {sign}{format_decimal(euros, locale='nl')},{rest:02d}"


def lees_bedrag(
    text: str, *, field: str | None = "bedrag", negatief: bool = False
) -> int:
    """Read an amount as people type it (`1.204,50`, `€ 1204.5`, `12,-`), in cents.

    Raises:
        LoketError: it is no amount, it is negative where it may not be, or too large.
    """
    clean = re.sub(r",-{1,2}$", "", _NOISE.sub("", text))
    if _DUTCH.fullmatch(clean):
        plain = clean.replace(".", "").replace(",", ".")
    elif _PLAIN.fullmatch(clean):
        plain = clean.replace(",", ".")
    else:
        raise LoketError("Vul een bedrag in, zoals 1.204,50.", field)
    cent = _cents(plain)
    if cent < 0 and not negatief:
        raise LoketError("Vul een bedrag in dat niet onder nul ligt.", field)
    if abs(cent) > MAX_CENT:
        raise LoketError(f"Vul een bedrag in tot en met {bedrag(MAX_CENT)}.", field)
    return cent


def _cents(plain: str) -> int:
    sign = -1 if plain.startswith("-") else 1
    euros, _, rest = plain.lstrip("-").partition(".")
    return sign * (int(euros) * 100 + int(rest.ljust(2, "0")))
