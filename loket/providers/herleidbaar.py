"""What tells who somebody is: it may not stand in an omschrijving voor aanbieder."""

import re
from datetime import date

from loket.bsn import is_bsn
from loket.cases.dossier.inwoner import Inwoner
from loket.datum import lees_datum
from loket.errors import LoketError, RuleViolation

_NINE_DIGITS = re.compile(r"(?<!\d)\d(?:[ .-]?\d){8}(?!\d)")
_DATE = re.compile(
    r"(?<!\d)(?:\d{4}-\d{1,2}-\d{1,2}|\d{1,2}(?:\s*[-/. ]\s*)(?:\d{1,2}|[a-z]{3,9})"
    r"(?:\s*[-/. ]\s*)\d{2,4})(?!\d)"
)


def refuse_bsn(text: str, field: str) -> None:
    """Refuse a text with a BSN: no aanbieder needs it in free words.

    Raises:
        RuleViolation: a number in it passes the 11-proef.
    """
    if _has_bsn(text):
        raise RuleViolation("Haal het BSN uit de tekst.", field)


def refuse_herleidbaar(
    text: str, client: Inwoner, vandaag: date, field: str = "omschrijving"
) -> None:
    """Refuse a text that says who the cliënt is, and say what has to go.

    Raises:
        RuleViolation: it holds a name, BSN, birth date, address, telephone or e-mail.
    """
    found = _found(text, client, vandaag)
    if found:
        raise RuleViolation(
            "De aanbieder weet nog niet om wie het gaat. Haal dit uit de"
            f" {field}: {', '.join(found)}.",
            field,
        )


def _found(text: str, client: Inwoner, vandaag: date) -> list[str]:
    lowered = " ".join(text.casefold().split())
    checks = (
        ("de naam", _has_name(lowered, client)),
        ("het BSN", _has_bsn(lowered)),
        ("de geboortedatum", _has_birth(lowered, client, vandaag)),
        ("het adres", _has_address(lowered, client)),
        ("het telefoonnummer", _has_digits(lowered, client.telefoon)),
        ("het e-mailadres", _has_word(lowered, client.email)),
    )
    return [what for what, there in checks if there]


def _has_name(text: str, client: Inwoner) -> bool:
    given = (client.voornamen or "").split()
    names = [client.achternaam, client.partnernaam, *given]
    return any(_has_word(text, name) for name in names)


def _has_word(text: str, word: str | None) -> bool:
    """Whole words only: Groen is no greenery, and two letters are no name."""
    clean = " ".join((word or "").casefold().split())
    if len(clean) < 3:
        return False
    return re.search(rf"(?<!\w){re.escape(clean)}(?!\w)", text) is not None


def _has_bsn(text: str) -> bool:
    return any(is_bsn(re.sub(r"\D", "", n)) for n in _NINE_DIGITS.findall(text))


def _has_birth(text: str, client: Inwoner, vandaag: date) -> bool:
    born = client.geboortedatum
    return born is not None and any(
        _read(typed, vandaag) == born for typed in _DATE.findall(text)
    )


def _read(typed: str, vandaag: date) -> date | None:
    try:
        return lees_datum(typed, niet_na=vandaag)
    except LoketError:
        return None


def _has_address(text: str, client: Inwoner) -> bool:
    street = f"{client.straat} {client.huisnummer}" if client.huisnummer else None
    postcode = (client.postcode or "").replace(" ", "").casefold()
    return _has_word(text, street) or bool(
        postcode and postcode in text.replace(" ", "")
    )


def _has_digits(text: str, number: str | None) -> bool:
    digits = re.sub(r"\D", "", number or "")
    return len(digits) >= 8 and digits[-8:] in re.sub(r"[\s().-]", "", text)
