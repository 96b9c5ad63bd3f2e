"""Shapes of the forms about what the gemeente can grant, and at which price."""

import re
from typing import Any

from marshmallow import ValidationError, fields

from loket.cases.producten.product import Domein, Eenheid
from loket.formfields import (
    Cents,
    Choice,
    Day,
    FormSchema,
    Number,
    OneOf,
    Ref,
    Text,
    Ticked,
    VanafSchema,
)
from loket.providers.contract import Contractvorm

CODE = re.compile(r"[0-9A-Za-z]{1,5}")
NIEUW = "nieuw"
"""No code: the address of the page for something new."""
MOST_POSTCODES = 500
GRONDCODE = re.compile(r"[a-z][a-z0-9_]{1,39}")


def _asked(text: str) -> dict[str, Any]:
    return {"required": text}


def is_productcode(code: str) -> None:
    """Refuse a code that cannot travel in a message."""
    if not CODE.fullmatch(code) or code == NIEUW:
        raise ValidationError("Gebruik 1 tot en met 5 letters of cijfers.")


def is_grondcode(code: str) -> None:
    """Refuse a code that is no word."""
    if not GRONDCODE.fullmatch(code) or code == NIEUW:
        raise ValidationError("Gebruik kleine letters, cijfers en _, zoals mantelzorg.")


class _Huisstijl(FormSchema):
    accent = Text(required=True, most=20)
    tweede = Text(load_default="", most=20)
    zonder_logo = Ticked()
    logo_bewaard = Text(load_default="", most=300_000)
    """A logo that was tried before, carried along: a browser keeps no chosen file."""


class HuisstijlSchema(VanafSchema, _Huisstijl):
    """A house style that begins; colours and logo are read by `loket.huisstijl`."""


class _Product(FormSchema):
    naam = Text(required=True, most=100)
    categorie = OneOf(
        {f"{number:02d}" for number in range(100)},
        required=True,
        error_messages=_asked("Kies de categorie."),
    )
    domein = Choice(Domein, required=True, error_messages=_asked("Kies het domein."))
    eenheid = Choice(Eenheid, required=True, error_messages=_asked("Kies de eenheid."))
    is_dienst = Ticked()
    eigen_bijdrage = Ticked()


class ProductSchema(_Product):
    """A product that is new."""

    code = Text(required=True, most=5, validate=is_productcode)
    van = Day(required=True)
    tot = Day(load_default=None)


class ProductVanafSchema(VanafSchema, _Product):
    """A product that becomes something else."""


class _Grond(FormSchema):
    artikel = Text(
        required=True, most=100, error_messages=_asked("Vul het artikel in.")
    )
    tekst = Text(required=True, most=600, error_messages=_asked("Vul de tekst in."))
    alleen_pgb = Ticked()


class GrondSchema(_Grond):
    """A ground to refuse that is new."""

    code = Text(required=True, most=40, validate=is_grondcode)
    van = Day(required=True)
    tot = Day(load_default=None)


class GrondVanafSchema(VanafSchema, _Grond):
    """A ground that reads otherwise."""


class Postcodes(fields.Field[Any]):
    """Four-digit postcodes, however they are separated: 1234, 1235-1237."""

    default_error_messages: dict[str, Any] = {
        "invalid": "Vul postcodes in van vier cijfers, zoals 1234, 1235.",
        "too_many": "Vul niet meer dan 500 postcodes in.",
    }

    def _deserialize(self, value: Any, *about: Any, **kwargs: Any) -> Any:
        typed = super()._deserialize(value, *about, **kwargs)
        try:
            return lees_postcodes(str(typed))
        except ValueError as error:
            raise self.make_error(str(error)) from None


def lees_postcodes(text: str) -> list[str]:
    """Read postcodes as people type them, a range with a hyphen included.

    Raises:
        ValueError: `invalid` or `too_many`.
    """
    found: set[str] = set()
    for part in (
        re.sub(r"\s*[-–]\s*", "-", text).replace(",", " ").replace(";", " ").split()
    ):
        match = re.fullmatch(r"([1-9][0-9]{3})(?:-([1-9][0-9]{3}))?", part)
        if match is None:
            raise ValueError("invalid")
        first, last = int(match[1]), int(match[2] or match[1])
        if last < first:
            raise ValueError("invalid")
        if last - first >= MOST_POSTCODES:
            raise ValueError("too_many")
        found.update(str(code) for code in range(first, last + 1))
    if len(found) > MOST_POSTCODES:
        raise ValueError("too_many")
    return sorted(found)


def is_agb(agb: str) -> None:
    """Refuse what is no AGB-code."""
    if not re.fullmatch(r"[0-9]{8}", agb):
        raise ValidationError("Vul de 8 cijfers van de AGB-code in.")


class AanbiederSchema(FormSchema):
    """An aanbieder that is new here."""

    naam = Text(required=True, most=100)
    agb = Text(
        required=True,
        most=8,
        validate=is_agb,
        error_messages=_asked("Vul de AGB-code in."),
    )
    telefoon = Text(load_default="", most=20)


class ContractSchema(FormSchema):
    """A contract that is new."""

    aanbieder_id = Ref(required=True, error_messages=_asked("Kies de aanbieder."))
    nummer = Text(required=True, most=40, error_messages=_asked("Vul het nummer in."))
    vorm = Choice(Contractvorm, required=True)
    berichten = Ticked()
    plaatsingsverzoek = Ticked()
    van = Day(required=True)
    tot = Day(load_default=None)


class _Regel(FormSchema):
    tarief_cent = Cents(required=True)
    pc4_gebied = Postcodes(load_default=list)
    max_clienten = Number(1, 100_000, load_default=None)


class RegelSchema(_Regel):
    """A product that is new in a contract."""

    product_code = Text(
        required=True, most=5, error_messages=_asked("Kies het product.")
    )
    van = Day(required=True)
    tot = Day(load_default=None)


class RegelVanafSchema(VanafSchema, _Regel):
    """Another tariff, area or ceiling."""


class TekstSchema(VanafSchema):
    """A text of a letter that reads otherwise."""

    tekst = Text(required=True, most=8000, error_messages=_asked("Vul de tekst in."))
