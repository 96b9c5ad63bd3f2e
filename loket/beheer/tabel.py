"""Reading a table that somebody made: CSV or Excel, however it was typed."""

import csv
import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from loket.errors import LoketError

MOST_BYTES = 2 * 1024 * 1024
MOST_UNPACKED = 30 * 1024 * 1024
MOST_PARTS = 200
MOST_TAGS = 500_000
"""Of the XML in all parts together: a small file can unpack to hours of reading."""
PACKED = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
MOST_ROWS = 2000
MOST_COLUMNS = 40
MOST_CELL = 1000
ZIP = b"PK\x03\x04"
OLD_EXCEL = b"\xd0\xcf\x11\xe0"
UNREADABLE = "Dit Excel-bestand kan niet worden gelezen."
FORBIDDEN = ("vbaProject", "externalLinks", "embeddings", "activeX")


class FileError(LoketError):
    """This file cannot be read; the message says what to do."""

    status = 422

    def __init__(self, message: str) -> None:
        super().__init__(message, "bestand")


@dataclass(frozen=True)
class Rij:
    """One row as somebody typed it; `nummer` is the row in the file, from 1."""

    nummer: int
    cellen: dict[str, str]
    formules: tuple[str, ...] = ()
    """Columns that hold a formula instead of a value."""


def lees_tabel(data: bytes, kolommen: Sequence[str]) -> list[Rij]:
    """Read the rows below the header; empty rows and unknown columns are left out.

    Raises:
        FileError: it is no table we can read, it is too large, or a column is missing.
    """
    if not data:
        raise FileError("Kies een bestand. Dit bestand is leeg.")
    if len(data) > MOST_BYTES:
        raise FileError("Dit bestand is te groot: maximaal 2 MB.")
    if data.startswith(OLD_EXCEL):
        raise FileError("Sla het bestand op als .xlsx of .csv, zonder wachtwoord.")
    lines = _excel(data) if data.startswith(ZIP) else _csv(data)
    return _rows(lines, kolommen)


def _csv(data: bytes) -> Iterator[list[Any]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    if "\0" in text:
        raise FileError("Dit is geen CSV-bestand en geen Excel-bestand.")
    first = text.split("\n", 1)[0]
    delimiter = max(";,\t", key=first.count)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    except csv.Error:
        raise FileError("Dit CSV-bestand kan niet worden gelezen.") from None


def _excel(data: bytes) -> Iterator[list[Any]]:
    _refuse_odd_zip(data)
    try:
        book = openpyxl.load_workbook(
            io.BytesIO(data), read_only=True, data_only=False, keep_links=False
        )
        sheet: Any = book.worksheets[0]
        for row in sheet.iter_rows(max_row=MOST_ROWS + 2, max_col=MOST_COLUMNS):
            yield [_Formule() if cell.data_type == "f" else cell.value for cell in row]
    except (InvalidFileException, KeyError, ValueError, IndexError, SyntaxError):
        raise FileError(UNREADABLE) from None


class _Formule:
    """A cell that computes: what it shows is not what was typed."""


def _refuse_odd_zip(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            parts = packed.infolist()
            unpacked = sum(part.file_size for part in parts)
            if len(parts) > MOST_PARTS or unpacked > MOST_UNPACKED:
                raise FileError("Dit Excel-bestand is te groot.")
            if any(word in part.filename for part in parts for word in FORBIDDEN):
                raise FileError("Haal macro's en koppelingen uit het bestand.")
            if any(part.compress_type not in PACKED for part in parts):
                raise FileError(UNREADABLE)
            _refuse_odd_xml(packed, parts)
    except (zipfile.BadZipFile, zlib.error, RuntimeError, EOFError):
        raise FileError(UNREADABLE) from None


def _refuse_odd_xml(packed: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> None:
    """Look at every part; zipfile stops at the size that was announced."""
    tags = 0
    for part in parts:
        xml = packed.read(part)
        tags += xml.count(b"<")
        if b"<!DOCTYPE" in xml:
            raise FileError(UNREADABLE)
        if tags > MOST_TAGS:
            raise FileError("Dit Excel-bestand is te groot.")


def _rows(lines: Iterable[list[Any]], kolommen: Sequence[str]) -> list[Rij]:
    numbered = enumerate(lines, start=1)
    _, head = next(numbered, (0, []))
    names = [_name(cell) for cell in head[:MOST_COLUMNS]]
    missing = [name for name in kolommen if name not in names]
    if missing:
        raise FileError(
            f"Deze kolom ontbreekt: {missing[0]}. Zet de namen van de kolommen in de"
            " eerste rij, zoals in het voorbeeld."
        )
    found: list[Rij] = []
    for number, line in numbered:
        known = [
            (name, cell)
            for name, cell in zip(names, line, strict=False)
            if name in kolommen
        ]
        formules = tuple(name for name, cell in known if isinstance(cell, _Formule))
        cellen = {name: _typed(cell) for name, cell in known}
        if not formules and not any(cellen.values()):
            continue
        found.append(Rij(number, cellen, formules))
        if len(found) > MOST_ROWS:
            raise FileError(f"Zet niet meer dan {MOST_ROWS} rijen in een bestand.")
    if not found:
        raise FileError("Er staan geen rijen in dit bestand.")
    return found


def _name(cell: Any) -> str:
    return "_".join(_typed(cell).lower().split())


def _typed(cell: Any) -> str:
    """Return what somebody would have typed to get this cell."""
    if cell is None or isinstance(cell, _Formule):
        return ""
    if isinstance(cell, bool):
        return "ja" if cell else "nee"
    if isinstance(cell, datetime | date):
        return f"{cell:%d-%m-%Y}"
    if isinstance(cell, float):
        return f"{cell:.10g}"
    return str(cell).strip()[: MOST_CELL + 1]
