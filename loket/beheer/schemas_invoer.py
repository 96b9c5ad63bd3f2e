"""Shapes of an import: the file, each row of it, and the confirmation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from marshmallow import ValidationError, pre_load

from loket.beheer.invoer import Fout
from loket.beheer.schemas_aanbod import Postcodes, is_productcode
from loket.beheer.tabel import Rij
from loket.cases.producten.product import Domein, Eenheid
from loket.formfields import (
    Cents,
    Choice,
    Day,
    FormSchema,
    Number,
    OneOf,
    Text,
    Ticked,
)


class BevestigSchema(FormSchema):
    """That what was shown may be carried out; why, when a day has passed."""

    terugwerkend = Ticked()
    reden = Text(load_default="", most=500)
    stand = Text(load_default="", most=100)


class RegelRij(FormSchema):
    """A row with what was agreed about one product in one contract."""

    contract = Text(required=True, most=40)
    product = Text(required=True, most=5)
    tarief = Cents(required=True)
    postcodes = Postcodes(load_default=list)
    maximum = Number(1, 100_000, load_default=None)
    vanaf = Day(required=True)
    tot_en_met = Day(load_default=None)


class ProductRij(FormSchema):
    """A row with one product."""

    code = Text(required=True, most=5, validate=is_productcode)
    naam = Text(required=True, most=100)
    categorie = OneOf({f"{number:02d}" for number in range(100)}, required=True)
    domein = Choice(Domein, required=True)
    eenheid = Choice(Eenheid, required=True)
    dienst = OneOf({"ja", "nee"}, required=True)
    eigen_bijdrage = OneOf({"ja", "nee"}, required=True)
    vanaf = Day(required=True)
    tot_en_met = Day(load_default=None)

    @pre_load
    def loosen(self, data: Mapping[str, Any], **_: Any) -> dict[str, Any]:
        """Give back what a spreadsheet takes away: leading zeros, small letters."""
        loose = dict(data)
        for name in ("categorie", "eenheid"):
            if loose.get(name):
                loose[name] = str(loose[name]).strip().zfill(2)
        for name in ("domein", "dienst", "eigen_bijdrage"):
            if loose.get(name):
                loose[name] = str(loose[name]).strip().lower().replace(" ", "_")
        return loose


@dataclass(frozen=True)
class Invoer:
    """One kind of table that can be taken in."""

    soort: str
    titel: str
    schema: type[FormSchema]
    voorbeeld: tuple[str, ...]
    """One row as an example, in the order of the columns."""

    @property
    def kolommen(self) -> list[str]:
        """Names of the columns, in order."""
        return list(self.schema().fields)


INVOER = {
    "tarieven": Invoer(
        "tarieven",
        "Tarieven in contracten",
        RegelRij,
        ("C-2027-01", "02A03", "68,40", "1234, 1235", "40", "1-1-2027", ""),
    ),
    "producten": Invoer(
        "producten",
        "Producten",
        ProductRij,
        (
            "02A03",
            "Begeleiding individueel",
            "02",
            "zorg",
            "01",
            "ja",
            "ja",
            "1-1-2027",
            "",
        ),
    ),
}


def read_rows(
    invoer: Invoer, rijen: Sequence[Rij]
) -> tuple[list[tuple[int, dict[str, Any]]], list[Fout]]:
    """Read the cells of each row; what cannot be read is told per cell."""
    schema = invoer.schema()
    good: list[tuple[int, dict[str, Any]]] = []
    fouten: list[Fout] = []
    for rij in rijen:
        found = [(name, FORMULE) for name in rij.formules]
        try:
            answers = schema.load(rij.cellen)
        except ValidationError as error:
            told: dict[str, Any] = error.normalized_messages()  # type: ignore[no-untyped-call]  # marshmallow left this one bare
            found += [(n, str(t[0])) for n, t in told.items() if n not in rij.formules]
        if found:
            fouten += [Fout(rij.nummer, name, text) for name, text in found]
        else:
            good.append((rij.nummer, answers))
    return good, fouten


FORMULE = "Hier staat een formule. Plak in plaats daarvan de waarde."
