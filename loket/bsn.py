"""The burgerservicenummer: reading, checking and hiding it."""

import re

from loket.errors import LoketError

_WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, -1)
_SEPARATORS = re.compile(r"[\s.\-]+")
_DIGITS = re.compile(r"[0-9]{8,9}")
_VISIBLE = 3


def parse_bsn(text: str, field: str | None = "bsn") -> str:
    """Read a BSN as people type it; eight digits get their leading zero back.

    The message never repeats the number: it may end up in a log.

    Raises:
        LoketError: it has no eight or nine digits, or it fails the elfproef.
    """
    digits = _SEPARATORS.sub("", text)
    if not _DIGITS.fullmatch(digits):
        raise LoketError("Vul een burgerservicenummer van 9 cijfers in.", field)
    bsn = digits.zfill(9)
    if not is_bsn(bsn):
        raise LoketError(
            "Dit burgerservicenummer klopt niet. Kijk de cijfers na.", field
        )
    return bsn


def is_bsn(text: str) -> bool:
    """Whether this is nine digits that pass the elfproef."""
    if not re.fullmatch(r"[0-9]{9}", text) or not int(text):
        return False
    total = sum(
        weight * int(digit) for weight, digit in zip(_WEIGHTS, text, strict=True)
    )
    return total % 11 == 0


def mask_bsn(bsn: str) -> str:
    """Hide a BSN except its last three digits."""
    return "•" * (len(bsn) - _VISIBLE) + bsn[-_VISIBLE:]
