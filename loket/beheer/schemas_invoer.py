"""Shapes of an import: the file, each row of it, and the confirmation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from marshmallow import ValidationError, pre_load

from loket.beheer.invoer import Fout, Gelezen
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


def read_rows(invoer: Invoer, rijen: Sequence[Rij]) -> list[Gelezen]:
    """Read the cells of each row; what cannot be read is told per cell."""
    schema = invoer.schema()
    return [_read(schema, rij) for rij in rijen]


def _read(schema: FormSchema, rij: Rij) -> Gelezen:
    fouten = [Fout(rij.nummer, name, FORMULE) for name in rij.formules]
    known: dict[str, Any]
    try:
        known = schema.load(rij.cellen)
    except ValidationError as error:
        known = dict(error.valid_data or {})
        told: dict[str, Any] = error.normalized_messages()  # type: ignore[no-untyped-call]  # marshmallow left this one bare
        fouten += [
            Fout(rij.nummer, name, str(text))
            for name, texts in told.items()
            if name not in rij.formules
            for text in texts
        ]
    for name in rij.formules:
        known.pop(name, None)
    return Gelezen(rij.nummer, known, tuple(fouten))


FORMULE = "Hier staat een formule. Plak in plaats daarvan de waarde."
