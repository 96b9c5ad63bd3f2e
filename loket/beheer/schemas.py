"""Shapes of the forms of the beheerder."""

from typing import Any

from marshmallow import fields

from loket.accounts.norm import LONGEST, Norm, Soort
from loket.accounts.user import Deed
from loket.authz import Role
from loket.formfields import (
    Bsn,
    Cents,
    Choice,
    Choices,
    Day,
    FormSchema,
    Number,
    OneOf,
    Ref,
    Text,
    VanafSchema,
)

ASKED: dict[str, Any] = {"required": "Vul de waarde in."}
ROL_ASKED: dict[str, Any] = {"required": "Kies een rol."}
LAST_ASKED: dict[str, Any] = {"required": "Vul de laatste dag in."}
CHOSEN: dict[str, Any] = {"required": "Kies ja of nee."}


def waarde_schema(norm: Norm) -> FormSchema:
    """Make the form of one rule: its value, from which day, and why."""
    asked: dict[str, fields.Field[Any]] = {}
    if norm.soort is Soort.GEWICHTEN:
        for word in norm.keuzes:
            asked[f"waarde_{word}"] = Number(norm.least, norm.most)
    else:
        asked["waarde"] = _field(norm)
    made: type[FormSchema] = type("WaardeSchema", (VanafSchema,), asked)
    return made()


def _field(norm: Norm) -> fields.Field[Any]:
    if norm.soort is Soort.JA_NEE:
        return OneOf({"ja", "nee"}, required=True, error_messages=CHOSEN)
    if norm.soort is Soort.TEKST:
        return Text(required=True, most=LONGEST, error_messages=ASKED)
    if norm.soort is Soort.BEDRAG:
        return Cents(required=True, error_messages=ASKED)
    return Number(norm.least, norm.most, required=True, error_messages=ASKED)


def take_waarde(norm: Norm, answers: dict[str, Any]) -> Any:
    """Take the value of this rule out of the answers of its form."""
    if norm.soort is Soort.GEWICHTEN:
        given = {word: answers.pop(f"waarde_{word}", None) for word in norm.keuzes}
        return {word: weight for word, weight in given.items() if weight is not None}
    waarde = answers.pop("waarde")
    return waarde == "ja" if norm.soort is Soort.JA_NEE else waarde


def show_waarde(norm: Norm, waarde: Any) -> dict[str, Any]:
    """Put a value in the fields of its form, as somebody would type it."""
    if waarde is None:
        return {}
    if norm.soort is Soort.GEWICHTEN:
        return {f"waarde_{word}": str(weight) for word, weight in waarde.items()}
    if norm.soort is Soort.JA_NEE:
        return {"waarde": "ja" if waarde else "nee"}
    if norm.soort is Soort.BEDRAG:
        return {"waarde": f"{waarde // 100},{waarde % 100:02d}"}
    return {"waarde": str(waarde)}


class ZoekSchema(FormSchema):
    """A name to look for: by POST, so that it stands in no address or log."""

    zoek = Text(load_default="", most=100)


class RolSchema(FormSchema):
    """A role and in which period."""

    rol = Choice(Role, required=True, error_messages=ROL_ASKED)
    van = Day(required=True)
    tot = Day(load_default=None)


class NieuweGebruikerSchema(FormSchema):
    """Somebody new with the first roles."""

    naam = Text(required=True, most=100)
    login = Text(
        required=True,
        most=100,
        error_messages={"required": "Vul een gebruikersnaam in."},
    )
    rollen = Choices(
        Role, required=True, error_messages={"required": "Kies een of meer rollen."}
    )
    van = Day(required=True)
    tot = Day(load_default=None)


class EindeSchema(FormSchema):
    """The last day of what is ended."""

    laatste_dag = Day(required=True, error_messages=LAST_ASKED)


class EindeStandSchema(EindeSchema):
    """The last day, of something that a colleague may have ended meanwhile."""

    stand = Text(load_default="", most=100)


class TokenSchema(FormSchema):
    """A token: what it is for, what it may and until when."""

    naam = Text(
        required=True,
        most=100,
        error_messages={"required": "Vul in waarvoor het token is."},
    )
    scopes = fields.List(
        Text(), required=True, error_messages={"required": "Kies wat het token mag."}
    )
    geldig_tot = Day(required=True, error_messages=LAST_ASKED)


class TeamSchema(FormSchema):
    """How a team is called."""

    naam = Text(
        required=True,
        most=100,
        error_messages={"required": "Vul de naam van het team in."},
    )


class TeamlidSchema(FormSchema):
    """Who works in a team, from when."""

    user_id = Ref(required=True, error_messages={"required": "Kies een collega."})
    van = Day(required=True)
    tot = Day(load_default=None)


class MandaatSchema(VanafSchema):
    """Who may decide what: to a role, or to one person."""

    deed = Choice(Deed, required=True, error_messages={"required": "Kies het besluit."})
    rol = Choice(Role, load_default=None)
    user_id = Ref(load_default=None, allow_none=True)
    productcategorie = Text(load_default=None, most=10, allow_none=True)
    max_bedrag_cent = Cents(load_default=None, allow_none=True)
    tot = Day(load_default=None)


class ProefSchema(FormSchema):
    """A case to try against the mandaten."""

    deed = Choice(Deed, required=True, error_messages={"required": "Kies het besluit."})
    productcategorie = Text(
        required=True,
        most=10,
        error_messages={"required": "Kies de productcategorie."},
    )
    bedrag_cent = Cents(
        required=True,
        error_messages={"required": "Vul de kosten per jaar in."},
    )
    dag = Day(required=True, error_messages={"required": "Vul de dag in."})


class GemeenteSchema(FormSchema):
    """What stands on letters and pages of the gemeente."""

    naam = Text(required=True, most=100)
    adres = Text(load_default="")
    postadres = Text(load_default="")
    telefoon = Text(load_default="", most=30)
    website = Text(load_default="", most=100)
    stand = Text(load_default="", most=100)


class LogPersoonSchema(FormSchema):
    """Whose trail is asked for; the BSN is never kept."""

    bsn = Bsn(
        required=True,
        error_messages={"required": "Vul het BSN in."},
        metadata={"secret": True},
    )
