"""The trail as a file that Excel opens: plain text, nothing that calculates."""

import csv
from collections.abc import Iterable, Sequence
from datetime import datetime
from io import StringIO

from loket.cases.werkvoorraad.werkblad import harmless
from loket.termijnen import ZONE

KOPPEN = (
    *("Wanneer", "Wie", "Rol", "Handeling", "Uitkomst", "Dossier", "Personen"),
    *("Hoe gezien", "Bijzonderheid", "Via", "Netwerkadres", "Nummer van de regel"),
)
CUT = "Er zijn meer regels. Kies een kortere periode."
BOM = "\ufeff"
"""Without it Excel reads letters with accents wrong."""


def write_csv(rijen: Iterable[Sequence[object]], *, is_cut: bool = False) -> str:
    """Write the lines with semicolons, as Excel in Dutch expects.

    `is_cut` says under the lines that not all of them fitted.
    """
    made = StringIO()
    made.write(BOM)
    writer = csv.writer(made, delimiter=";", lineterminator="\r\n")
    writer.writerow(KOPPEN)
    for rij in rijen:
        writer.writerow([_cell(each) for each in rij])
    if is_cut:
        writer.writerow([CUT])
    return made.getvalue()


def _cell(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(ZONE).strftime("%d-%m-%Y %H:%M:%S")
    return harmless(str(value))
