"""The worklist as an Excel file: plain text and days, nothing that calculates."""

import tempfile
from collections.abc import Iterable, Sequence
from datetime import date
from io import BytesIO

import xlsxwriter

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")
_WIDTH = 24


def make_werkblad(
    koppen: Sequence[str],
    rijen: Iterable[Sequence[str | int | date | None]],
    *,
    melding: str = "",
) -> bytes:
    """Write a sheet row by row; what Excel kept on disk meanwhile is wiped.

    `melding` comes under the rows, for instance that some did not fit.
    """
    rows = list(rijen)  # whoever breaks off does so before anything is written
    made = BytesIO()
    with tempfile.TemporaryDirectory(prefix="loket-werkblad-") as folder:
        book = xlsxwriter.Workbook(
            made,
            {
                "constant_memory": True,
                "tmpdir": folder,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
                "default_date_format": "dd-mm-yyyy",
            },
        )
        sheet = book.add_worksheet("Werkvoorraad")
        sheet.set_column(0, max(len(koppen) - 1, 0), _WIDTH)
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, koppen, book.add_format({"bold": True}))
        last = 0
        for last, rij in enumerate(rows, 1):
            for column, value in enumerate(rij):
                _write(sheet, last, column, value)
        if melding:
            sheet.write_string(last + 2, 0, melding)
        book.close()
    return made.getvalue()


def harmless(text: str) -> str:
    """Let no text be read as a formula, also not after it was saved as csv."""
    return f"'{text}" if text.startswith(_DANGEROUS) else text


def _write(
    sheet: xlsxwriter.worksheet.Worksheet,
    row: int,
    column: int,
    value: str | int | date | None,
) -> None:
    if isinstance(value, date):
        sheet.write_datetime(row, column, value)
    elif isinstance(value, int):
        sheet.write_number(row, column, value)
    else:
        sheet.write_string(row, column, harmless(value or ""))
