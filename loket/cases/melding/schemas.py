"""The shape of the one form for all domains."""

from typing import Any
from uuid import UUID

from marshmallow import ValidationError, post_load, validates_schema

from loket.cases.dossier.contactmoment import Kanaal
from loket.cases.dossier.dossier import BetrokkeneRol, Bevoegdheid
from loket.cases.dossier.schemas import IDENTITEIT, NaamSchema
from loket.cases.melding.melding import Huishoudtype, Verwijzer
from loket.cases.producten.product import Domein
from loket.formfields import (
    Bsn,
    Choice,
    Choices,
    Day,
    FormSchema,
    OneOf,
    Text,
    Ticked,
)

ROWS = 5
"""Needs that fit on one form; more can be added in the onderzoek."""
SHOWN_ROWS = 2
"""The others wait behind a click until something is typed in them."""
NIEUW = "nieuw"
"""Answer that says: none of the people that were found, this is somebody new."""
REACH = ("telefoon", "email", "contactwens", "taal")
MELDER = ("achternaam", "voorvoegsel", "voorletters", "telefoon")
ADRES = {
    "straat": "de straat",
    "huisnummer": "het huisnummer",
    "postcode": "de postcode",
    "woonplaats": "de woonplaats",
}
WITHOUT_BSN = {
    "geboortedatum": "de geboortedatum",
    **ADRES,
}
"""To find somebody again, and to send the letter that the law asks for."""
OWN = "client"
OTHER = "ander"


class PlanSchema(FormSchema):
    """The day the persoonlijk plan came in."""

    ontvangen_op = Day(required=True)


class MeldingSchema(NaamSchema):
    """Who it is about, who tells it, what is asked, what is needed."""

    inwoner = Text()
    bsn = Bsn()
    telefoon = Text(most=30)
    email = Text(most=200)
    contactwens = Text(most=500)
    taal = Text(most=50)
    kanaal = Choice(
        Kanaal,
        required=True,
        error_messages={"required": "Kies hoe de melding binnenkwam."},
    )
    ontvangen_op = Day(
        required=True,
        error_messages={"required": "Vul in op welke dag de melding binnenkwam."},
    )
    verwijzer = Choice(
        Verwijzer,
        required=True,
        error_messages={"required": "Kies wie de weg naar het loket wees."},
    )
    huishoudtype = Choice(
        Huishoudtype,
        required=True,
        error_messages={"required": "Kies hoe de inwoner woont."},
    )
    hulpvraag = Text(
        required=True,
        most=4000,
        error_messages={"required": "Vul de vraag van de inwoner in."},
    )
    wie = OneOf(
        {OWN, OTHER},
        required=True,
        error_messages={"required": "Kies wie dit meldt."},
    )
    melder_achternaam = Text(most=100)
    melder_voorvoegsel = Text(most=20)
    melder_voorletters = Text(most=20)
    melder_telefoon = Text(most=30)
    melder_rol = Choice(BetrokkeneRol)
    bevoegdheid = Choice(Bevoegdheid)
    melder_straat = Text(most=100)
    melder_huisnummer = Text(most=10)
    melder_postcode = Text(most=7)
    melder_woonplaats = Text(most=80)
    behoefte_1 = Text(most=1000)
    labels_1 = Choices(Domein)
    behoefte_2 = Text(most=1000)
    labels_2 = Choices(Domein)
    behoefte_3 = Text(most=1000)
    labels_3 = Choices(Domein)
    behoefte_4 = Text(most=1000)
    labels_4 = Choices(Domein)
    behoefte_5 = Text(most=1000)
    labels_5 = Choices(Domein)
    spoed = Ticked()
    spoed_toelichting = Text(most=2000)
    clientondersteuning_verteld = Ticked()

    @validates_schema(skip_on_field_errors=False)
    def check_person(self, data: dict[str, Any], **_: Any) -> None:
        """Ask enough of somebody new to find them again."""
        if _chosen(data.get("inwoner")):
            return
        errors = {}
        if not data.get("achternaam"):
            errors["achternaam"] = ["Vul de achternaam in."]
        if not data.get("bsn"):
            errors |= {
                name: [f"Vul {words} in, want er is geen BSN."]
                for name, words in WITHOUT_BSN.items()
                if not data.get(name)
            }
        if errors:
            raise ValidationError(errors)

    @validates_schema(skip_on_field_errors=False)
    def check_melder(self, data: dict[str, Any], **_: Any) -> None:
        """Ask who tells it, and an address for whoever gets the letters."""
        if data.get("wie") != OTHER:
            return
        errors = {}
        if not data.get("melder_achternaam"):
            errors["melder_achternaam"] = ["Vul de naam in van wie dit meldt."]
        if not data.get("melder_rol"):
            errors["melder_rol"] = ["Kies wie de melder is voor de inwoner."]
        if not data.get("bevoegdheid"):
            errors["bevoegdheid"] = ["Kies waarom de melder namens de inwoner spreekt."]
        if data.get("bevoegdheid") and data["bevoegdheid"].gets_letters:
            errors |= {
                f"melder_{name}": [f"Vul {words} in van wie de brieven krijgt."]
                for name, words in ADRES.items()
                if not data.get(f"melder_{name}")
            }
        if errors:
            raise ValidationError(errors)

    @validates_schema(skip_on_field_errors=False)
    def check_needs(self, data: dict[str, Any], **_: Any) -> None:
        """Ask one need at least, each with its domains."""
        errors = {}
        for row in range(1, ROWS + 1):
            text, labels = data.get(f"behoefte_{row}"), data.get(f"labels_{row}")
            if text and not labels:
                errors[f"labels_{row}"] = ["Kies een of meer domeinen."]
            if labels and not text:
                errors[f"behoefte_{row}"] = ["Vul in wat er nodig is."]
        if not errors and not data.get("behoefte_1"):
            errors["behoefte_1"] = ["Vul ten minste één behoefte in."]
        if data.get("spoed") and not data.get("spoed_toelichting"):
            errors["spoed_toelichting"] = ["Vul in waarom er spoed is."]
        if errors:
            raise ValidationError(errors)

    @post_load
    def gather(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Put together what belongs together."""
        return {
            "inwoner_id": _chosen(data.get("inwoner")),
            "persoon": _pick(data, (*IDENTITEIT, *REACH)),
            "bereik": {name: data.get(name) for name in REACH},
            "melder": _melder(data) if data["wie"] == OTHER else None,
            "melding": _melding(data),
        }


def _chosen(inwoner: str | None) -> UUID | None:
    """Read who was chosen; anything that is no id means nobody."""
    try:
        return UUID(inwoner) if inwoner else None
    except ValueError:
        return None


def _pick(data: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: data[name] for name in names if data.get(name) is not None}


def _melder(data: dict[str, Any]) -> dict[str, Any]:
    names = (*MELDER, *ADRES)
    person = {
        name: data[f"melder_{name}"] for name in names if data.get(f"melder_{name}")
    }
    place = {"melder_rol": data["melder_rol"], "bevoegdheid": data["bevoegdheid"]}
    return {"persoon": person, "plaats": place}


def _melding(data: dict[str, Any]) -> dict[str, Any]:
    names: tuple[str, ...] = (
        "kanaal",
        "ontvangen_op",
        "hulpvraag",
        "spoed",
        "spoed_toelichting",
        "verwijzer",
        "huishoudtype",
        "clientondersteuning_verteld",
    )
    rows = range(1, ROWS + 1)
    needs = [
        (data[f"behoefte_{row}"], data[f"labels_{row}"])
        for row in rows
        if data.get(f"behoefte_{row}")
    ]
    return {name: data.get(name) for name in names} | {"behoeften": needs}
