"""docs/kolommen.csv names every column: sealed, a search token, or why it is plain.

A new field that holds what somebody told is one line in a model (`sealed.text()`); a
plain column has to say in the register why it may be read by whoever has the database.
"""

import csv
from collections.abc import Iterable

import pytest
from sqlalchemy import (
    Boolean,
    Column,
    Date,
    DateTime,
    Enum,
    MetaData,
    Table,
    Text,
    Uuid,
)

from build.rows import mappers
from house.source import LOKET
from loket.vault.cell import CipherBytes

REGISTER = LOKET.parent / "docs" / "kolommen.csv"
SEALED = "verzegeld"
TOKEN = "zoekteken"
WHY: dict[str, str] = {
    "sleutel": "says which row, gemeente or person belongs to which; no content",
    "moment": "when something was recorded",
    "keuze": "one of a closed list, on which work or policy filters",
    "kenmerk": "a random reference or a number given out, which tells nothing",
    "werk": "product, size, day, score or state: work filters and sorts on it",
    "beleid": "coarse on purpose (PC4, age class), frozen for policy",
    "aanbod": "what the gemeente offers or contracts: public, about nobody",
    "gemeente": "how the gemeente works: settings, texts, looks",
    "medewerker": "of a person who works with Loket, not of a resident",
    "spoor": "the trail: codes and ids, never content",
    "techniek": "how Loket keeps its work apart and in order; no content",
}
OF_RESIDENTS = {"kenmerk", "werk", "beleid", "techniek", "keuze"}
"""Reasons that a column of somebody's case may have."""
TYPES = {"sleutel": (Uuid, Text), "moment": (DateTime,), "keuze": (Enum, Boolean)}
TELLING = (
    *("naam", "bsn", "adres", "straat", "postcode", "woonplaats", "telefoon", "mail"),
    *("tekst", "toelichting", "omschrijving", "reden", "geboortedatum", "notitie"),
    *("verklaring", "opmerking", "antwoord", "iban"),
)
"""Words in a name of a column that promise something of a person."""

Lines = dict[tuple[str, str], str]


def register() -> Lines:
    with REGISTER.open(encoding="utf-8", newline="") as lines:
        return {
            (row["tabel"], row["kolom"]): row["waarom"] for row in csv.DictReader(lines)
        }


def wrong_in(tables: Iterable[Table], lines: Lines) -> list[str]:
    """Say of each column what is wrong with what the register says of it."""
    return [
        f"{table.name}.{column.name}: {why}"
        for table in tables
        for column in table.columns
        if (why := _wrong(column, lines.get((table.name, column.name))))
    ]


def _wrong(column: Column[object], said: str | None) -> str | None:
    if said is None:
        return "is not in docs/kolommen.csv: seal it, or say why it may be plain"
    if isinstance(column.type, CipherBytes) != (said == SEALED):
        return f"is {'' if said != SEALED else 'not '}sealed"
    if said in (SEALED, TOKEN):
        return None
    if said not in WHY:
        return f"{said} is no reason"
    if not isinstance(column.type, TYPES.get(said, object)):
        return f"a {said} has another type"
    telling = any(word in column.name for word in TELLING)
    text = not isinstance(column.type, (Uuid, DateTime, Enum, Boolean))
    if text and telling and said in OF_RESIDENTS:
        return "tells something of a person: seal it"
    return None


def tables() -> list[Table]:
    return [mapper.local_table for mapper in mappers()]


def test_every_column_is_sealed_or_says_why_not():
    assert wrong_in(tables(), register()) == []


def test_the_register_names_no_column_that_is_gone():
    there = {(table.name, column.name) for table in tables() for column in table.c}

    assert len(there) > 900
    assert set(register()) - there == set()


@pytest.mark.parametrize(
    ("column", "said"),
    [
        (Column("levensverhaal", Text), None),
        (Column("levensverhaal", Text), SEALED),
        (Column("levensverhaal", Text), "zomaar"),
        (Column("levensverhaal", Text), "keuze"),
        (Column("geboortedatum", Date), "werk"),
        (Column("huisarts_naam", Text), "techniek"),
        (Column("verhaal", CipherBytes), "werk"),
    ],
    ids=lambda value: str(value),
)
def test_a_plain_column_with_something_of_a_person_is_found(column, said):
    noun = Table("noun", MetaData(), column)
    lines = {("noun", column.name): said} if said else {}

    assert len(wrong_in([noun], lines)) == 1
